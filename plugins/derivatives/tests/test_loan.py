"""Loans: what is owed, what secures it, and where it is liquidated."""

import numpy as np
import pytest
from attrs import evolve
from hedgecore_derivatives import Loan

from hedgecore import Market, SpecError, build, spec_of

LOAN = Loan(
    name="L", asset="WETH", index=1.02, collateral=[["WBTC", 1.0, 0.78], ["USDC", 9000.0, 0.8]]
)
PRICES = {"WETH": 3000.0, "WBTC": 60_000.0, "USDC": 1.0}
SECURED = 0.78 * 60_000 + 0.8 * 9000


def market(**moved):
    return Market(prices={**PRICES, **moved})


def test_health_is_what_is_secured_over_what_is_owed():
    assert LOAN.health(market(), 10.0) == pytest.approx(SECURED / 30_600, rel=1e-15)
    assert LOAN.health(market(), [0.0, 10.0, 20.0])[0] == np.inf
    spots = np.array([1000.0, 3000.0])
    assert LOAN.health(market(WETH=spots), 10.0).shape == (2,)
    assert evolve(LOAN, collateral=[]).health(market(), 1.0) == 0.0


@pytest.mark.parametrize("asset", ["WETH", "WBTC", "USDC"])
def test_at_its_price_of_liquidation_the_health_is_one(asset):
    """Also of a pledge alone, with the others as they are."""
    borrowed = 16.0
    price = float(LOAN.liquidation_price(market(), borrowed, asset))
    assert price > 0
    assert LOAN.health(market(**{asset: price}), borrowed) == pytest.approx(1.0, rel=1e-14)
    worse = price * (1.001 if asset == "WETH" else 0.999)
    assert LOAN.health(market(**{asset: worse}), borrowed) < 1


def test_a_loop_on_one_asset_is_liquidated_by_neither_or_both():
    """WETH pledged and WETH owed: the price of WETH moves both sides."""
    loop = Loan(name="L", asset="WETH", collateral=[["WETH", 10.0, 0.8], ["USDC", 3000.0, 0.8]])
    price = float(loop.liquidation_price(market(), 9.0))
    assert loop.health(market(WETH=price), 9.0) == pytest.approx(1.0, rel=1e-14)
    assert loop.health(market(WETH=0.9 * price), 9.0) > 1  # more is owed than counted: it is short
    assert loop.liquidation_price(market(), 7.0) == 0.0  # more is counted than owed


def test_where_there_is_no_price_of_liquidation():
    assert LOAN.liquidation_price(market(), 1.0, "USDC") == 0.0  # the WBTC alone is enough
    assert LOAN.liquidation_price(market(), 0.0) == np.inf
    bare = evolve(LOAN, collateral=[["USDC", 0.0, 0.8]])
    assert bare.liquidation_price(market(), 1.0) == 0.0
    assert bare.liquidation_price(market(), 1.0, "USDC") == np.inf
    with pytest.raises(SpecError, match=r"loan\.collateral: has no 'DAI'"):
        LOAN.liquidation_price(market(), 1.0, "DAI")


BAD = ["WBTC", [["WBTC", 1.0]], [["", 1, 0.5]], [["WBTC", -1, 0.5]], [["WBTC", 1, 1.5]]]
BAD += [[["WBTC", 1, 0.5], ["WBTC", 2, 0.5]], [["WBTC", True, 0.5]], [[1, 1, 0.5]]]


@pytest.mark.parametrize("rows", BAD, ids=repr)
def test_pledges_that_make_no_sense_are_refused(rows):
    with pytest.raises(SpecError, match=r"loan\.collateral"):
        evolve(LOAN, collateral=rows)


def test_a_loan_with_its_pledges_is_a_table_and_back():
    assert build(spec_of(LOAN)) == LOAN
    assert hash(LOAN) == hash(build(spec_of(LOAN)))
