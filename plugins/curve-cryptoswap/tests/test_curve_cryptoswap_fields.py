"""What the table takes and refuses, and what the model is: frozen, hashable, itself again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from attrs.exceptions import FrozenInstanceError
from hedgecore_curve_cryptoswap import CurveCryptoswap

from hedgecore import SpecError, build, default_registry, schema, spec_of

NAN, INF = float("nan"), float("inf")
KIND = "curve-cryptoswap"
WRONG = [
    *[("coins", ["USDC"]), ("coins", ["A", "B", "C", "D"]), ("coins", "USDC")],
    *[("coins", ["A", None, "B"])],
    *[("amplification", 0), ("amplification", -1.0), ("amplification", NAN)],
    *[("amplification", "many"), ("amplification", None), ("amplification", "0")],
    *[("a_multiplier", 0.0), ("gamma", 0.0), ("gamma", NAN), ("gamma", "0.01"), ("gamma", None)],
    *[("gamma", True), ("gamma", -1e-4), ("gamma", 11_809_167_828_997), ("gamma", 1e10)],
    *[("balances", [1.0, 1.0]), ("balances", [1.0, 1.0, 0.0]), ("balances", [1.0, INF, 1.0])],
    *[("balances", [1.0, "1", 1.0]), ("balances", 1.0), ("balances", "1")],
    *[("price_scale", [1.0]), ("price_scale", [1.0, 1.0, 1.0]), ("price_scale", [1.0, -1.0])],
    *[("price_scale", [1.0, NAN]), ("price_scale", 1.0), ("price_scale", [1.0, None])],
    *[("share", 0.0), ("share", None), ("fee", 1.0), ("fee", "1bp")],
]
PAIR = {
    "coins": ["USDC", "WETH"],
    "amplification": "400000",
    "gamma": 145_000_000_000_000 / 10**18,
    "balances": [2_000_000.0, 1_000.0],
    "price_scale": [2_000.0],
}
MODELS = [CurveCryptoswap(**CurveCryptoswap.example), CurveCryptoswap(**PAIR)]
ALL = pytest.mark.parametrize("model", MODELS, ids=["example", "pair"])


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        CurveCryptoswap(**{**CurveCryptoswap.example, field: value})
    assert (caught.value.kind, caught.value.field) == (KIND, field)
    assert str(caught.value).startswith(f"{KIND}.{field}: ")


def test_tables_say_what_is_missing_or_unknown():
    table = {"kind": KIND, **CurveCryptoswap.example}
    with pytest.raises(SpecError, match="did you mean 'price_scale'"):
        build({**table, "price_scales": [1.0, 1.0]})
    del table["gamma"]
    with pytest.raises(SpecError, match="needs gamma"):
        build(table)


def test_coins_stand_in_the_contracts_order_and_assets_end_with_the_quote():
    model = MODELS[0]
    assert model.coins == ("USDC", "WBTC", "WETH")
    assert model.assets == ("WBTC", "WETH", "USDC")
    assert model.balances == (61.3, 2_020.0, 4_210_000.0)
    assert model.coin_balances == (4_210_000.0, 61.3, 2_020.0)


def test_the_pool_of_may_2021_has_another_multiplier():
    old = {**CurveCryptoswap.example, "amplification": 54_000, "a_multiplier": 100}
    new = {**CurveCryptoswap.example, "amplification": 5_400_000}
    assert CurveCryptoswap(**old).curve == CurveCryptoswap(**new).curve
    assert CurveCryptoswap(**new).curve.ann == 540.0


def test_the_price_scale_of_a_pair_may_be_a_list_or_its_number():
    assert MODELS[1] == CurveCryptoswap(**{**PAIR, "price_scale": 2_000.0})


@ALL
def test_tables_round_trip_through_json(model):
    again = build(json.loads(json.dumps(spec_of(model))))
    assert again == model
    assert hash(again) == hash(model)
    assert "gamma" in spec_of(model)


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
    assert default_registry()[KIND] is CurveCryptoswap


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    assert all(f"`{name}`" in rows for name in schema(CurveCryptoswap))
