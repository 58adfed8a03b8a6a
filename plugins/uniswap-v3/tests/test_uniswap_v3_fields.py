"""What the tables take and refuse, and what the models are: frozen, hashable, themselves again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from attrs.exceptions import FrozenInstanceError
from hedgecore_uniswap_v3 import (
    ConcentratedPositions,
    ConcentratedRanges,
    UniswapV3,
    UniswapV3Position,
)
from hedgecore_uniswap_v3.ticks import MAX_SQRT_PRICE_X96, MAX_TICK, MIN_SQRT_PRICE_X96, MIN_TICK

from hedgecore import SpecError, build, default_registry, schema, spec_of

NAN, INF = float("nan"), float("inf")
ROOT = 3543191142285914205922034
WRONG_RANGE = [
    ("assets", ["A"]),
    ("assets", ["A", "B", "C"]),
    ("assets", ["A", "A"]),
    ("assets", ["A", ""]),
    ("assets", "AB"),
    ("assets", [1, 2]),
    ("liquidity", -1),
    ("liquidity", NAN),
    ("liquidity", INF),
    ("liquidity", "many"),
    ("liquidity", True),
    ("lower", 0),
    ("lower", -1.0),
    ("lower", NAN),
    ("lower", None),
    ("upper", 2_500.0),
    ("upper", 1.0),
    ("upper", INF),
    ("price", 0.0),
    ("price", "3000"),
    ("fee", 1.0),
    ("fee", -0.1),
]
WRONG_POSITION = [
    ("tokens", ["A"]),
    ("tokens", None),
    ("liquidity", -1),
    ("liquidity", "-1"),
    ("liquidity", 2**256),
    ("liquidity", "1e18"),
    ("liquidity", NAN),
    ("tick_lower", MIN_TICK - 1),
    ("tick_lower", 0.5),
    ("tick_lower", True),
    ("tick_upper", MAX_TICK + 1),
    ("tick_upper", -200_310),
    ("tick_upper", -300_000),
    ("decimals", [18]),
    ("decimals", [18, -1]),
    ("decimals", [18, 78]),
    ("decimals", [18, 6.5]),
    ("decimals", 18),
    ("sqrt_price_x96", MIN_SQRT_PRICE_X96 - 1),
    ("sqrt_price_x96", MAX_SQRT_PRICE_X96 + 1),
    ("sqrt_price_x96", 1e30),
    ("quote", "DAI"),
    ("quote", 1),
    ("fee", 2),
]
MODELS = [
    UniswapV3(**UniswapV3.example),
    UniswapV3(**{**UniswapV3.example, "price": 3000.0, "fee": 0.003}),
    UniswapV3(**{**UniswapV3.example, "liquidity": 0}),
    UniswapV3Position(**UniswapV3Position.example),
    UniswapV3Position(**{**UniswapV3Position.example, "quote": "WETH", "sqrt_price_x96": ROOT}),
    UniswapV3Position(**{**UniswapV3Position.example, "liquidity": 2**128 - 1, "fee": 0.0005}),
    UniswapV3Position(**{**UniswapV3Position.example, "liquidity": 0.5}),
    UniswapV3Position(tokens=["A", "B"], liquidity=0, tick_lower=MIN_TICK, tick_upper=MAX_TICK),
]
ALL = pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.kind}")


def wrong(cls, rows):
    return [pytest.param(cls, *row, id=f"{cls.kind}.{row[0]}={row[1]!r:.30}") for row in rows]


@pytest.mark.parametrize(
    ("cls", "field", "value"),
    wrong(UniswapV3, WRONG_RANGE) + wrong(UniswapV3Position, WRONG_POSITION),
)
def test_wrong_fields_are_named(cls, field, value):
    with pytest.raises(SpecError) as caught:
        cls(**{**cls.example, field: value})
    assert (caught.value.kind, caught.value.field) == (cls.kind, field)
    assert str(caught.value).startswith(f"{cls.kind}.{field}: ")


@pytest.mark.parametrize("cls", [UniswapV3, UniswapV3Position])
def test_tables_say_what_is_missing_or_unknown(cls):
    table = {"kind": cls.kind, **cls.example}
    with pytest.raises(SpecError, match="did you mean 'liquidity'"):
        build({**table, "liqudity": 1})
    del table["liquidity"]
    with pytest.raises(SpecError, match="needs liquidity"):
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
    for name in ("liquidity", "fee", "assets"):
        with pytest.raises((FrozenInstanceError, AttributeError)):
            setattr(model, name, 1)
    assert model == build(spec_of(model))


def test_digits_as_text_are_the_same_integers():
    exact = 2**128 - 1
    table = {**UniswapV3Position.example, "liquidity": exact, "sqrt_price_x96": ROOT}
    text = {**table, "liquidity": str(exact), "sqrt_price_x96": str(ROOT), "tick_lower": "-200310"}
    assert UniswapV3Position(**text) == UniswapV3Position(**table)
    assert UniswapV3Position(**text).liquidity == exact


def test_the_quote_orders_the_assets():
    orders = dict.fromkeys((None, "USDC"), ("WETH", "USDC")) | {"WETH": ("USDC", "WETH")}
    for quote, assets in orders.items():
        model = UniswapV3Position(**{**UniswapV3Position.example, "quote": quote})
        assert model.assets == assets


def test_a_range_knows_its_pool_only_where_it_was_told():
    assert UniswapV3(**{**UniswapV3.example, "price": 3000.0}).spot() == 3000.0
    with pytest.raises(SpecError, match="uniswap-v3"):
        UniswapV3(**UniswapV3.example).spot()


def test_installed_under_its_own_kinds():
    for cls in (UniswapV3, UniswapV3Position, ConcentratedRanges, ConcentratedPositions):
        assert default_registry()[cls.kind] is cls


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    for cls in [UniswapV3, UniswapV3Position, ConcentratedRanges, ConcentratedPositions]:
        assert all(f"`{name}`" in rows for name in schema(cls))
    assert all(f"`{name}`" in rows for name in UniswapV3.alternatives())
