"""Portfolio: amounts of priced things, itself priced and linear; balances and tradables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc

AMOUNTS = st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3)


@pytest.fixture(scope="module")
def parts(product, weighted):
    return {
        "pair": product(assets=("WETH", "USDC"), depth=10.0),
        "basket": weighted(assets=("WBTC", "WETH", "USDC"), weights=(0.5, 0.2, 0.3), depth=2.0),
        "cash": hc.Balance("USDC"),
    }


@given(amounts=AMOUNTS)
def test_a_portfolio_is_the_sum_of_its_parts(parts, market, amounts):
    held = hc.Portfolio(
        [(name, part, k) for (name, part), k in zip(parts.items(), amounts, strict=True)]
    )
    exposures = [k * part.exposure(market) for part, k in zip(parts.values(), amounts, strict=True)]
    total = sum(exposures).over(["WBTC", "WETH", "USDC"])
    got = held.exposure(market).over(["WBTC", "WETH", "USDC"])
    scale = sum(np.abs(each.value) for each in exposures)
    assert np.allclose(got.delta, total.delta, rtol=1e-12, atol=1e-12)
    assert np.allclose(got.gamma, total.gamma, rtol=1e-12, atol=1e-12)
    assert abs(got.value - total.value) <= 1e-13 * scale
    assert abs(held.worth(market) - got.value) <= 1e-13 * scale


def test_an_amount_is_one_unless_given(parts, market):
    held = hc.Portfolio([("pair", parts["pair"])])
    assert held["pair"].amount == 1.0
    assert held.worth(market) == parts["pair"].worth(market)


def test_portfolios_nest(parts, market):
    inner = hc.Portfolio([("pair", parts["pair"], 2.0)])
    outer = hc.Portfolio([("inner", inner, 3.0)])
    assert np.isclose(outer.worth(market), 6 * parts["pair"].worth(market), rtol=1e-15)


def test_a_part_is_found_by_name_or_missed_with_the_nearest(parts):
    held = hc.Portfolio([("pair", parts["pair"], -2.0)])
    assert held["pair"].priced is parts["pair"]
    with pytest.raises(hc.SpecError, match="no part 'pairs'; did you mean 'pair'"):
        _ = held["pairs"]


def test_a_name_given_twice_is_refused(parts):
    with pytest.raises(hc.SpecError, match="called 'x'"):
        hc.Portfolio([("x", parts["pair"], 1.0), ("x", parts["cash"], 1.0)])


@pytest.mark.parametrize("amount", [np.nan, np.inf, -np.inf])
def test_an_amount_is_finite(parts, amount):
    with pytest.raises(hc.SpecError, match="amount of 'x'"):
        hc.Portfolio([("x", parts["pair"], amount)])


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)], ids=str)
def test_results_have_the_shape_of_the_market(parts, shape):
    market = hc.Market(prices={"WBTC": np.full(shape, 6e4), "WETH": 3e3, "USDC": 1.0})
    held = hc.Portfolio([(name, part, 2.0) for name, part in parts.items()])
    assert held.worth(market).shape == shape
    assert held.exposure(market).value.shape == shape
    assert held.exposure(market).gamma.shape == (*shape, 3, 3)


@pytest.mark.parametrize("shape", [(), (3,)], ids=str)
def test_an_empty_portfolio_is_worth_nothing_and_moves_with_nothing(shape):
    market = hc.Market(prices={"WETH": np.full(shape, 3e3)})
    nothing = hc.Portfolio([])
    assert np.array_equal(nothing.worth(market), np.zeros(shape))
    exposure = nothing.exposure(market)
    assert exposure.assets == ()
    assert exposure.value.shape == shape
    both = exposure + hc.Balance("WETH").exposure(market)
    assert both.assets == ("WETH",)


def test_none_of_a_singular_thing_is_nothing(stake, market):
    steep = stake(delta={"WETH": 1.0}, gamma={("WETH", "WETH"): -np.inf})
    held = hc.Portfolio([("steep", steep, 0.0), ("cash", hc.Balance("WETH"), 2.0)])
    assert held.exposure(market).gamma.tolist() == [[0.0]]


def test_a_balance_is_a_delta_of_one(market):
    held = hc.Balance("WBTC")
    assert held.worth(market) == 60000.0
    exposure = held.exposure(market)
    assert (exposure.value, exposure.delta.tolist(), exposure.gamma.tolist()) == (6e4, [1.0], [[0]])
    assert hc.Balance("USD").worth(market) == 1.0
    with pytest.raises(hc.AssetError, match="DOGE"):
        hc.Balance("DOGE").worth(market)


def test_a_tradable_is_contracts_of_a_priced_thing(parts, market):
    contract = hc.Tradable(
        name="lp", priced=parts["pair"], hedges=["WETH"], contract_size=2.5, lot=0.5, fee=0.003
    )
    assert contract.hedges == ("WETH",)
    assert np.isclose(contract.worth(market), 2.5 * parts["pair"].worth(market), rtol=1e-15)
    assert np.allclose(
        contract.exposure(market).gamma, 2.5 * parts["pair"].exposure(market).gamma, rtol=1e-15
    )
    assert (contract.lot, contract.min_size, contract.fee) == (0.5, 0.0, 0.003)


def test_one_asset_to_hedge_may_be_given_by_its_name_alone(parts):
    assert hc.Tradable(name="lp", priced=parts["pair"], hedges="WETH").hedges == ("WETH",)
