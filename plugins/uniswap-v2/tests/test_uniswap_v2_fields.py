"""What the table takes and refuses, and what the model is: frozen, hashable, itself again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from attrs.exceptions import FrozenInstanceError
from hedgecore_uniswap_v2 import UniswapV2

from hedgecore import SpecError, build, default_registry, schema, spec_of

NAN, INF = float("nan"), float("inf")
WRONG = [
    ("assets", ["A"]),
    ("assets", ["A", "B", "C"]),
    ("assets", ["A", "A"]),
    ("assets", ["A", None]),
    ("assets", "AB"),
    ("reserves", [1.0]),
    ("reserves", [1.0, 2.0, 3.0]),
    ("reserves", [1.0, 0.0]),
    ("reserves", [-1.0, 1.0]),
    ("reserves", [1.0, NAN]),
    ("reserves", [INF, 1.0]),
    ("reserves", ["1", 1.0]),
    ("reserves", 1.0),
    ("share", 0.0),
    ("share", 5),
    ("share", -0.5),
    ("share", NAN),
    ("share", None),
    ("fee", 1.0),
    ("fee", -0.003),
    ("fee", "0.3%"),
]
MODELS = [
    UniswapV2(**UniswapV2.example),
    UniswapV2(assets=("A", "B"), reserves=(1e-18, 1e30), fee=0.003),
    UniswapV2(assets=("A", "B"), reserves=(10**20, 1), share=1e-9, fee=0),
]
ALL = pytest.mark.parametrize("model", MODELS, ids=["example", "extreme", "integers"])


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        UniswapV2(**{**UniswapV2.example, field: value})
    assert (caught.value.kind, caught.value.field) == ("uniswap-v2", field)
    assert str(caught.value).startswith(f"uniswap-v2.{field}: ")


def test_tables_say_what_is_missing_or_unknown():
    table = {"kind": "uniswap-v2", **UniswapV2.example}
    with pytest.raises(SpecError, match="did you mean 'reserves'"):
        build({**table, "reserve": [1, 1]})
    del table["reserves"]
    with pytest.raises(SpecError, match="needs reserves"):
        build(table)


@ALL
def test_tables_round_trip_through_json(model):
    again = build(json.loads(json.dumps(spec_of(model))))
    assert again == model
    assert hash(again) == hash(model)


@ALL
def test_pickles_before_and_after_it_was_used(model):
    fresh = build(spec_of(model))
    before = pickle.loads(pickle.dumps(fresh))  # noqa: S301 - our own bytes
    value = fresh.value(3000.0)
    after = pickle.loads(pickle.dumps(fresh))  # noqa: S301 - our own bytes
    assert before == after == model
    assert before.value(3000.0) == after.value(3000.0) == value
    assert hash(after) == hash(model)


@ALL
def test_models_do_not_change(model):
    with pytest.raises(FrozenInstanceError):
        model.share = 0.5
    with pytest.raises((FrozenInstanceError, AttributeError)):
        model.liquidity = 1.0


def test_installed_under_its_own_kind():
    assert default_registry()["uniswap-v2"] is UniswapV2


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    names = [*schema(UniswapV2), *UniswapV2.alternatives()]
    assert all(f"`{name}`" in rows for name in names)
