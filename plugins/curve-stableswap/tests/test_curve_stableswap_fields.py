"""What the table takes and refuses, and what the model is: frozen, hashable, itself again."""

from pathlib import Path

import pytest
from hedgecore_curve_stableswap import CurveStableswap

from hedgecore.testing import table_checks

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
README = Path(__file__).parents[1] / "README.md"


@pytest.mark.parametrize(
    "check", table_checks(CurveStableswap, wrong=WRONG, models=MODELS, readme=README), ids=str
)
def test_table(check):
    check()


def test_rates_are_all_one_unless_given():
    assert MODELS[0].rates == (1.0, 1.0, 1.0)
    assert MODELS[1].rates == (1.0,) * 8
