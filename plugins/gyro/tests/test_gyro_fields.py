"""What the tables take and refuse, and what the models are: frozen, hashable, themselves again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from attrs.exceptions import FrozenInstanceError
from hedgecore_gyro import Gyro2Clp, GyroEClp

from hedgecore import SpecError, build, default_registry, schema, spec_of

NAN, INF = float("nan"), float("inf")
KINDS = {"gyro-2clp": Gyro2Clp, "gyro-eclp": GyroEClp}
BOTH = [
    *[("assets", ["DAI"]), ("assets", ["A", "B", "C"]), ("assets", ["DAI", "DAI"])],
    *[("balances", [1.0]), ("balances", [-1.0, 1.0]), ("balances", [NAN, 1.0])],
    *[("balances", [0.0, 0.0]), ("balances", [INF, 1.0]), ("balances", 1.0)],
    *[("rates", [1.0]), ("rates", [0.0, 1.0]), ("rates", [1.0, NAN]), ("rates", 1.0)],
    *[("share", 0.0), ("share", None), ("fee", 1.0), ("fee", "1bp")],
]
WRONG = [
    *[("gyro-2clp", *pair) for pair in BOTH],
    *[("gyro-eclp", *pair) for pair in BOTH],
    *[("gyro-2clp", "sqrt_alpha", 0.0), ("gyro-2clp", "sqrt_alpha", None)],
    *[("gyro-2clp", "sqrt_beta", 0.9994), ("gyro-2clp", "sqrt_beta", 0.5)],
    *[("gyro-eclp", "alpha", 0.0), ("gyro-eclp", "beta", 0.9985), ("gyro-eclp", "beta", 0.5)],
    *[("gyro-eclp", "c", 0.0), ("gyro-eclp", "s", 0.7), ("gyro-eclp", "s", -0.7071067811865476)],
    *[("gyro-eclp", "stretch", 0.99), ("gyro-eclp", "stretch", INF)],
]
MODELS = [
    *[kind(**kind.example) for kind in KINDS.values()],
    Gyro2Clp(assets=["A", "B"], sqrt_alpha=0.9, sqrt_beta=1.1, balances=[0.0, 5.0]),
    GyroEClp(**{**GyroEClp.example, "balances": [5, 0]}),
]
ALL = pytest.mark.parametrize("model", MODELS, ids=["range", "ellipse", "above", "below"])


@pytest.mark.parametrize(("kind", "field", "value"), WRONG)
def test_wrong_fields_are_named(kind, field, value):
    with pytest.raises(SpecError) as caught:
        KINDS[kind](**{**KINDS[kind].example, field: value})
    assert (caught.value.kind, caught.value.field) == (kind, field)


def test_rates_are_all_one_unless_given():
    assert MODELS[0].rates == (1.0, 1.0)


@ALL
def test_tables_round_trip_through_json_and_pickle(model):
    assert build(json.loads(json.dumps(spec_of(model)))) == model
    model.value(1.0)
    fresh = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    assert fresh == model
    assert hash(fresh) == hash(model)
    assert fresh.value(1.0) == model.value(1.0)


@ALL
def test_models_do_not_change(model):
    with pytest.raises(FrozenInstanceError):
        model.share = 0.5


def test_a_pool_with_one_balance_stands_at_its_edge():
    assert MODELS[2].spot() == pytest.approx(MODELS[2].breakpoints()[1], rel=1e-15)
    assert MODELS[3].spot() == pytest.approx(MODELS[3].breakpoints()[0], rel=1e-15)


def test_installed_under_their_own_kinds():
    assert {kind: default_registry()[kind] for kind in KINDS} == KINDS


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    assert all(f"`{name}`" in rows for kind in KINDS.values() for name in schema(kind))
