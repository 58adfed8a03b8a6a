"""What the table takes and refuses, and what the model is: frozen, hashable, itself again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from attrs.exceptions import FrozenInstanceError
from hedgecore_curve_stableswap import CurveStableswap

from hedgecore import SpecError, build, default_registry, schema, spec_of

NAN, INF = float("nan"), float("inf")
KIND = "curve-stableswap"
NINE = [f"T{i}" for i in range(9)]
WRONG = [
    *[("assets", ["DAI"]), ("assets", NINE), ("assets", ["DAI", "USDC", "DAI"])],
    *[("assets", "DAI"), ("assets", ["DAI", None, "USDT"])],
    *[("amplification", 0), ("amplification", -1.0), ("amplification", NAN)],
    *[("amplification", "2000"), ("amplification", None)],
    *[("balances", [1.0, 1.0]), ("balances", [1.0, 1.0, 0.0]), ("balances", [1.0, INF, 1.0])],
    *[("balances", [1.0, -1.0, 1.0]), ("balances", 1.0)],
    *[("rates", [1.0]), ("rates", [1.0, 0.0, 1.0]), ("rates", [1.0, NAN, 1.0]), ("rates", 1.0)],
    *[
        ("share", 0.0),
        ("share", 5),
        ("share", None),
        ("fee", 1.0),
        ("fee", -0.0001),
        ("fee", "1bp"),
    ],
]
MODELS = [
    CurveStableswap(**CurveStableswap.example),
    CurveStableswap(assets=NINE[:8], amplification=1, balances=[10**i for i in range(8)]),
    CurveStableswap(
        assets=["wstETH", "WETH"], amplification=50, balances=[1, 1.2], rates=[1.226470562881593, 1]
    ),
]
ALL = pytest.mark.parametrize("model", MODELS, ids=["example", "eight", "rates"])


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        CurveStableswap(**{**CurveStableswap.example, field: value})
    assert (caught.value.kind, caught.value.field) == (KIND, field)
    assert str(caught.value).startswith(f"{KIND}.{field}: ")


def test_tables_say_what_is_missing_or_unknown():
    table = {"kind": KIND, **CurveStableswap.example}
    with pytest.raises(SpecError, match="did you mean 'amplification'"):
        build({**table, "amplificaton": 100})
    del table["amplification"]
    with pytest.raises(SpecError, match="needs amplification"):
        build(table)


def test_rates_are_all_one_unless_given():
    assert MODELS[0].rates == (1.0, 1.0, 1.0)
    assert MODELS[1].rates == (1.0,) * 8


@ALL
def test_tables_round_trip_through_json(model):
    again = build(json.loads(json.dumps(spec_of(model))))
    assert again == model
    assert hash(again) == hash(model)


@ALL
def test_pickles_before_and_after_it_was_used(model):
    fresh = build(spec_of(model))
    before = pickle.loads(pickle.dumps(fresh))  # noqa: S301 - our own bytes
    value = fresh.value(fresh.spot())
    after = pickle.loads(pickle.dumps(fresh))  # noqa: S301 - our own bytes
    assert before == after == model
    assert before.value(fresh.spot()) == after.value(fresh.spot()) == value
    assert hash(after) == hash(model)


@ALL
def test_models_do_not_change(model):
    with pytest.raises(FrozenInstanceError):
        model.share = 0.5
    with pytest.raises((FrozenInstanceError, AttributeError)):
        model.invariant = 1.0


def test_installed_under_its_own_kind():
    assert default_registry()[KIND] is CurveStableswap


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    names = [*schema(CurveStableswap), *CurveStableswap.alternatives()]
    assert all(f"`{name}`" in rows for name in names)
