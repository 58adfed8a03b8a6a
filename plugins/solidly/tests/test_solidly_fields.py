"""What the table takes and refuses, and what the model is: frozen, hashable, itself again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from attrs.exceptions import FrozenInstanceError
from hedgecore_solidly import SolidlyStable

from hedgecore import SpecError, build, default_registry, schema, spec_of

NAN, INF = float("nan"), float("inf")
KIND = "solidly-stable"
WRONG = [
    *[("assets", ["DAI"]), ("assets", ["A", "B", "C"]), ("assets", ["DAI", "DAI"])],
    *[("assets", "DAI"), ("assets", ["DAI", None])],
    *[("reserves", [1.0]), ("reserves", [1.0, 1.0, 1.0]), ("reserves", [0.0, 1.0])],
    *[("reserves", [-1.0, 1.0]), ("reserves", [NAN, 1.0]), ("reserves", [INF, 1.0])],
    *[("reserves", 1.0), ("share", 0.0), ("share", None), ("fee", 1.0), ("fee", "1bp")],
]
MODEL = SolidlyStable(**SolidlyStable.example)


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        SolidlyStable(**{**SolidlyStable.example, field: value})
    assert (caught.value.kind, caught.value.field) == (KIND, field)


def test_tables_round_trip_through_json_and_pickle():
    again = build(json.loads(json.dumps(spec_of(MODEL))))
    assert again == MODEL
    MODEL.value(0.99)
    fresh = pickle.loads(pickle.dumps(MODEL))  # noqa: S301 - our own bytes
    assert fresh == MODEL
    assert hash(fresh) == hash(MODEL)
    assert fresh.value(0.99) == MODEL.value(0.99)


def test_models_do_not_change():
    with pytest.raises(FrozenInstanceError):
        MODEL.share = 0.5


def test_installed_under_its_own_kind():
    assert default_registry()[KIND] is SolidlyStable


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    assert all(f"`{name}`" in rows for name in schema(SolidlyStable))
