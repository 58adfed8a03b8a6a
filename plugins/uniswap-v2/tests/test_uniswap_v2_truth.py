"""The recorded 60-digit cases, every way to quote them, and all of the domain."""

import numpy as np
import pytest
from hedgecore_uniswap_v2 import UniswapV2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgecore import Market, impermanent_loss

GOAL = 1e-13
RECORDED_DIGITS = 1e-28
LOGS = st.floats(-30, 30)


def pool(reserves, share=1.0, assets=("A", "B")):
    return UniswapV2(assets=assets, reserves=reserves, share=share)


def recorded_pool(case):
    params = case["params"]
    reserves = float(params["reserve0"]), float(params["reserve1"])
    return pool(reserves, float(params.get("share", 1))), float(case["price"])


def assert_close(oracle, got, want, goal=GOAL):
    errors = {name: oracle.error(number, want[name]) for name, number in got.items()}
    assert max(errors.values()) <= goal, errors


def test_recorded_curve(curve_case, oracle):
    model, price = recorded_pool(curve_case)
    greeks = model.greeks(price)
    got = {"value": greeks.value, "delta": greeks.delta, "gamma": greeks.gamma}
    got |= {"quote_amount": greeks.holdings[1], "spot": model.spot()}
    assert_close(oracle, got, curve_case["expected"])
    assert oracle.error(model.liquidity / model.share, curve_case["expected"]["invariant"]) <= GOAL


def test_judge_agrees_with_the_record(greeks_case, oracle):
    model, price = recorded_pool(greeks_case)
    at, p = oracle.at(model.reserves, 1, price), oracle.exact(price)
    usd, want = float(greeks_case["params"]["usd_price_of_quote"]), greeks_case["expected"]
    pairs = {"value": at.value, "delta": at.base, "gamma": at.gamma, "inv_value": at.value / p}
    pairs |= {"inv_delta": at.quote, "inv_gamma": p**3 * at.gamma, "usd_value": usd * at.value}
    for name, mine in pairs.items():
        assert abs(mine - oracle.exact(want[name])) <= RECORDED_DIGITS * abs(mine), name


def test_inverse_quote_from_the_same_model(greeks_case, oracle):
    model, price = recorded_pool(greeks_case)
    greeks = model.greeks(price)
    got = {"inv_value": greeks.value / price, "inv_delta": greeks.holdings[1]}
    assert_close(oracle, got | {"inv_gamma": price**3 * greeks.gamma}, greeks_case["expected"])


def test_inverse_quote_from_the_inverse_pool(greeks_case, oracle):
    """The price 1/P rounds, which moves value by half an ulp: well within the goal."""
    model, price = recorded_pool(greeks_case)
    inverse = pool(model.reserves[::-1], assets=("B", "A"))
    greeks = inverse.greeks(1 / price)
    got = {"inv_value": greeks.value, "inv_delta": greeks.delta, "inv_gamma": greeks.gamma}
    assert_close(oracle, got, greeks_case["expected"])
    assert oracle.errors(inverse, 1 / price) <= GOAL


def test_dollars(greeks_case, oracle):
    """The base's price P·q rounds: truth is taken at the ratio of the doubles in the market."""
    model, price = recorded_pool(greeks_case)
    usd = float(greeks_case["params"]["usd_price_of_quote"])
    exposure = model.exposure(Market(prices={"A": price * usd, "B": usd}, numeraire="USD"))
    p = oracle.exact(price * usd) / oracle.exact(usd)
    at = oracle.at(model.reserves, 1, p)
    want = greeks_case["expected"]
    assert oracle.error(exposure.value, usd * at.value) <= GOAL
    assert oracle.error(exposure.value, want["usd_value"]) <= GOAL
    hessian = [[1, -p], [-p, p * p]]
    for i, delta in enumerate((at.base, at.quote)):
        assert oracle.error(exposure.delta[i], delta) <= GOAL
        assert oracle.error(exposure.delta[i], want["usd_delta"][i]) <= GOAL
        for j in range(2):
            assert oracle.error(exposure.gamma[i, j], hessian[i][j] * at.gamma / usd) <= GOAL
            assert oracle.error(exposure.gamma[i, j], want["usd_gamma"][i][j]) <= GOAL


def test_cash_greeks_and_lvr(greeks_case, oracle):
    model, price = recorded_pool(greeks_case)
    exposure = model.exposure(Market(prices={"A": price, "B": 1.0}, numeraire="B"))
    variance = float(greeks_case["params"]["sigma"]) ** 2
    got = {"delta_cash": exposure.delta_cash[0], "gamma_cash_1pct": exposure.gamma_cash[0, 0]}
    got |= {"lvr_rate": exposure.lvr_rate({("A", "A"): variance})}
    assert_close(oracle, got, greeks_case["expected"])


def test_impermanent_loss(greeks_case, oracle):
    model, price = recorded_pool(greeks_case)
    loss = oracle.exact(float(impermanent_loss(model, model.spot(), price)))
    want = oracle.exact(greeks_case["expected"]["impermanent_loss"])
    assert abs(loss - want) <= 1e-14


def test_all_of_the_domain(oracle):
    rng = np.random.default_rng(2)
    corners = [(1e-18, 1e-18), (1e-18, 1e30), (1e30, 1e-18), (1e30, 1e30)]
    drawn = [tuple(10.0 ** rng.uniform(-18, 30, 2)) for _ in range(40)]
    for reserves in corners + drawn:
        model = pool(reserves, float(10 ** rng.uniform(-12, 0)))
        prices = [1e-30, 1e30, model.spot(), *10.0 ** rng.uniform(-30, 30, 12)]
        assert max(oracle.errors(model, price) for price in prices) <= GOAL, model


@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(base=st.floats(1e-18, 1e30), quote=st.floats(1e-18, 1e30), log_price=LOGS)
def test_any_pool(oracle, base, quote, log_price):
    model = pool((base, quote), 0.1)
    assert oracle.errors(model, 10.0**log_price) <= GOAL
    assert oracle.error(model.spot(), oracle.exact(quote) / oracle.exact(base)) <= 2**-53


def test_nothing_overflows_or_is_undefined():
    prices = np.geomspace(1e-30, 1e30, 61)
    with np.errstate(all="raise"):
        for reserves in ((1e-18, 1e-18), (1e30, 1e30)):
            model = pool(reserves)
            holdings = np.array(model._holdings(prices))
            assert (model._gamma(prices, holdings) < 0).all()
            assert (holdings > 0).all()


def test_state_and_curve_agree_at_spot():
    model = UniswapV2(**UniswapV2.example)
    market = Market(prices={"WETH": 3300.0, "USDC": 0.99}, numeraire="USD")
    exposure = model.at_state().exposure(market)
    assert tuple(exposure.delta) == (50.0, 150_000.0)
    assert exposure.gamma[0, 0] == model.gamma(model.spot()) / 0.99
    assert exposure.delta == pytest.approx(model.greeks(model.spot()).holdings, rel=1e-15)


def test_batches_are_pointwise():
    model, prices = UniswapV2(**UniswapV2.example), np.geomspace(1e3, 1e4, 6).reshape(2, 3)
    greeks = model.greeks(prices)
    assert greeks.holdings.shape == (2, 3, 2)
    assert all(model.gamma(prices[at]) == greeks.gamma[at] for at in np.ndindex(2, 3))
    assert isinstance(model.value(3000.0), np.float64)
