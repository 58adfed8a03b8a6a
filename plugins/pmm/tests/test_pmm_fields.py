"""What the table takes and refuses, and what the model is: frozen, hashable, itself again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from hedgecore_pmm import Pmm

from hedgecore import SpecError, build, default_registry, schema, spec_of

NAN, INF = float("nan"), float("inf")
WRONG = [
    *[("assets", ["A"]), ("assets", ["A", "B", "C"]), ("assets", ["A", "A"])],
    *[("oracle_price", 0.0), ("oracle_price", INF), ("oracle_price", "3000")],
    *[("k", [0.1]), ("k", [0.1, 1.1]), ("k", [-0.1, 0.1]), ("k", [NAN, 0.1]), ("k", 0.1)],
    *[("targets", [1.0]), ("targets", [0.0, 1.0]), ("targets", [1.0, INF])],
    *[("minimum", [-1.0, 0.0]), ("minimum", [0.0]), ("minimum", [0.0, NAN])],
    *[("minimum", [501.0, 0.0]), ("minimum", [0.0, 1_500_001.0])],
    *[("price", 0.0), ("share", 0.0), ("share", None), ("fee", 1.0), ("fee", -0.003)],
]
MODELS = [
    Pmm(**Pmm.example),
    Pmm(assets=("A", "B"), oracle_price=1, k=(0, 1), targets=(1e-18, 1e30), minimum=(0, 1e30)),
]
ALL = pytest.mark.parametrize("model", MODELS, ids=["example", "extreme"])


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        Pmm(**{**Pmm.example, field: value})
    assert (caught.value.kind, caught.value.field) == ("pmm", field)
    assert str(caught.value).startswith(f"pmm.{field}: ")


def test_tables_say_what_is_missing_or_unknown():
    table = {"kind": "pmm", **Pmm.example}
    with pytest.raises(SpecError, match="did you mean 'targets'"):
        build({**table, "target": [1, 1]})
    del table["targets"]
    with pytest.raises(SpecError, match="needs targets"):
        build(table)


@ALL
def test_tables_round_trip_and_models_pickle(model):
    again = build(json.loads(json.dumps(spec_of(model))))
    copied = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    assert again == copied == model
    assert hash(again) == hash(copied) == hash(model)
    assert copied.value(2.0) == model.value(2.0)


def test_installed_under_its_own_kind():
    assert default_registry()["pmm"] is Pmm


def test_the_state_is_the_pools_own_price():
    """Its holdings at its own price are taken; without a price it is taken at the market's."""
    pool = Pmm(**{**Pmm.example, "price": 3100.0})
    assert pool.spot() == 3100.0
    with pytest.raises(SpecError, match="does not know"):
        Pmm(**Pmm.example).spot()


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    assert all(f"`{name}`" in rows for name in schema(Pmm))
