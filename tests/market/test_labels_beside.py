"""Labelled rows in every public call that takes arrays: alike, or refused, never by position."""

import numpy as np
import pytest

import hedgecore as hc

pandas = pytest.importorskip("pandas")

WEEK = pandas.Series([2900.0, 3100.0], index=["mon", "tue"])
TURNED = pandas.Series([2.0, 1.0], index=["tue", "mon"])
TWICE = pandas.Series([2900.0, 3100.0], index=["mon", "mon"])
COUNTED = pandas.Series([2900.0, 3100.0])
WHOLE = hc.Market(prices={"WETH": WEEK, "USDC": 1.0}, numeraire="USD")
ONE = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
COINS = hc.Balance("WETH")
needs_pools = pytest.mark.skipif("uniswap-v2" not in hc.default_registry(), reason="no pool")
needs_contracts = pytest.mark.skipif("loan" not in hc.default_registry(), reason="no contracts")


def pool(**changed):
    table = {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
    return hc.build({**table, **changed})


def contract(kind, **more):
    return hc.build({"kind": kind, "name": "it", **more})


@needs_pools
@pytest.mark.parametrize("name", ["value", "delta", "gamma", "greeks"])
def test_prices_of_one_pool_stand_once(name):
    call = getattr(pool(), name)
    for labelled, counted, plain in zip(
        call(WEEK), call(COUNTED), call([2900.0, 3100.0]), strict=True
    ):
        np.testing.assert_array_equal(labelled, plain)
        np.testing.assert_array_equal(counted, plain)
    with pytest.raises(hc.SpecError, match="the price has two rows labelled 'mon'"):
        call(TWICE)
    with pytest.raises(hc.PriceError, match="a list of labelled series: align them"):
        call([WEEK, TURNED])


BESIDE = {
    "an amount of an exposure": lambda given: COINS.exposure(WHOLE) * given,
    "an amount before it": lambda given: given * COINS.exposure(WHOLE),
    "a delta": lambda given: hc.Exposure.of(WHOLE, 0.0, {"WETH": given}),
    "a value": lambda given: hc.Exposure.of(WHOLE, given, {"WETH": 1.0}),
    "holdings": lambda given: hc.in_numeraire(
        ("WETH", "USDC"), (given, 1.0), np.array([[0.0]]), WHOLE
    ),
    "a covariance of moments": lambda given: COINS.exposure(WHOLE).lvr_rate(
        {("WETH", "WETH"): given}
    ),
    "days beside prices": lambda given: WHOLE.shifted(days=given),
    "a price beside others": lambda given: hc.Market(
        prices={"WETH": [1.0, 2.0], "WBTC": 3.0}
    ).shifted(prices={"WBTC": given}),
    "held contracts": lambda given: hc.hedge(COINS, with_=[SPOT], market=WHOLE, held={"s": given}),
}
SPOT = hc.Tradable("s", COINS, hedges="WETH")


@pytest.mark.parametrize("row", BESIDE)
@pytest.mark.parametrize("given", [TURNED, WEEK, TWICE], ids=["turned", "alike", "twice"])
def test_rows_beside_numbers_whose_labels_are_forgotten_are_refused(row, given):
    with pytest.raises(hc.HedgecoreError, match=r"by to_numpy\(\)|two rows labelled"):
        BESIDE[row](given)


def test_numbers_without_labels_are_taken_as_before():
    double = COINS.exposure(WHOLE) * np.array([1.0, 2.0])
    assert double.value.tolist() == [2900.0, 6200.0]
    assert (COUNTED * COINS.exposure(ONE)).value.tolist() == [2900.0 * 3000.0, 3100.0 * 3000.0]
    polars = pytest.importorskip("polars")
    assert (COINS.exposure(WHOLE) * polars.Series([1.0, 2.0])).value.tolist() == [2900.0, 6200.0]


def test_moments_are_those_of_the_prices():
    assert hc.Market(prices={"A": WEEK}, time=WEEK).time.tolist() == [2900.0, 3100.0]
    with pytest.raises(hc.SpecError, match=r"prices\.A and time have differently labelled rows"):
        hc.Market(prices={"A": WEEK}, time=TURNED)
    with pytest.raises(hc.SpecError, match=r"prices\.WETH and days have differently labelled"):
        ONE.shifted(prices={"WETH": WEEK}, days=TURNED)


def test_covariances_of_moments_are_those_of_each_by_itself():
    """0.64 at 2900 and 0.5 at 3100, as two calls have it."""
    seen = hc.Exposure.of(WHOLE, 0.0, {"WETH": 0.0}, {("WETH", "WETH"): -1.0})
    each = seen.lvr_rate({("WETH", "WETH"): np.array([0.64, 0.5])})
    assert each.tolist() == pytest.approx([0.32 * 2900.0**2, 0.25 * 3100.0**2], rel=1e-15)


@needs_pools
def test_fields_of_a_model_are_no_labelled_series():
    """30 000 WETH beside ten dollars, if it was taken as it stands."""
    with pytest.raises(hc.SpecError, match=r"uniswap-v2\.reserves: is labelled"):
        pool(reserves=pandas.Series([30_000.0, 10.0], index=["USDC", "WETH"]))
    assert pool(reserves=pandas.Series([10.0, 30_000.0])) == pool()
    frame = pandas.DataFrame({"lower": [1.0], "upper": [2.0], "liquidity": [3.0]})
    with pytest.raises(hc.HedgecoreError, match="is labelled"):
        pool(assets=frame)


@needs_contracts
@pytest.mark.parametrize("name", ["health", "liquidation_price", "margin"])
def test_contracts_beside_prices_have_no_labels(name):
    loan = contract("loan", asset="WETH", collateral=[["USDC", 9000.0, 0.8]], leverage=2.0)
    call = getattr(loan, name)
    np.testing.assert_array_equal(call(ONE, WEEK), call(ONE, [2900.0, 3100.0]))
    with pytest.raises(hc.SpecError, match="labelled 'tue' and on"):
        call(WHOLE, TURNED)
