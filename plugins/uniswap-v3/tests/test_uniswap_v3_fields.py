"""What the tables take and refuse, and what the models are: frozen, hashable, themselves again."""

from pathlib import Path

import pytest
from hedgecore_uniswap_v3 import (
    ConcentratedPositions,
    ConcentratedRanges,
    UniswapV3,
    UniswapV3Position,
)
from hedgecore_uniswap_v3.ticks import MAX_SQRT_PRICE_X96, MAX_TICK, MIN_SQRT_PRICE_X96, MIN_TICK

from hedgecore import SpecError
from hedgecore.testing import table_checks

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
README = Path(__file__).parents[1] / "README.md"
CHECKS = [
    *table_checks(UniswapV3, wrong=WRONG_RANGE, models=MODELS[:3], readme=README),
    *table_checks(UniswapV3Position, wrong=WRONG_POSITION, models=MODELS[3:], readme=README),
    *table_checks(ConcentratedRanges, readme=README),
    *table_checks(ConcentratedPositions, readme=README),
]


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_table(check):
    check()


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
