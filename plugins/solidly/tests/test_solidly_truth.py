"""The recorded 60-digit cases, the judge over all of the domain, and the peg itself."""

import os

import numpy as np
import pytest
from hedgecore_solidly import SolidlyStable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgecore import Market, PriceError
from hedgecore.testing import check_pool_model

GOAL = 1e-13
DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "60"))
PAIR = ("A", "B")


def pool(reserves, share=1.0):
    return SolidlyStable(assets=PAIR, reserves=reserves, share=share)


def test_recorded_curves(curve_case, oracle):
    params, want = curve_case["params"], curve_case["expected"]
    model = pool((float(params["reserve0"]), float(params["reserve1"])))
    price = float(curve_case["price"])
    greeks = model.greeks(price)
    assert oracle.error(greeks.value, want["value"]) <= GOAL
    assert oracle.error(greeks.delta, want["delta"]) <= GOAL
    assert oracle.error(greeks.holdings[1], want["quote_amount"]) <= GOAL
    if want["gamma"] == "-inf":
        assert greeks.gamma == -np.inf
    else:
        assert oracle.error(greeks.gamma, want["gamma"]) <= GOAL
    assert oracle.error(model.spot(), want["spot"]) <= 1e-15


def test_the_judge_agrees_with_the_record(curve_case, oracle):
    params, want = curve_case["params"], curve_case["expected"]
    if float(curve_case["price"]) == 1.0:
        pytest.skip("the judge divides by the slope, which is 0 there")
    due = oracle.at((params["reserve0"], params["reserve1"]), 1, curve_case["price"])
    pairs = zip(due, map(want.get, ("value", "delta", "quote_amount", "gamma")), strict=True)
    assert all(abs(mine / oracle.exact(theirs) - 1) <= 1e-25 for mine, theirs in pairs)


def test_random_pools_agree_with_the_judge(oracle):
    """Reserves over 24 decades; prices at all distances of 1, from the next double on."""
    rng = np.random.default_rng(41)
    for _ in range(DRAWS):
        reserves = tuple(float(x) for x in 10 ** rng.uniform(-6, 18, 2))
        away = rng.choice([-1, 1]) * 10 ** rng.uniform(-15.5, 1)
        price = float(np.exp(away * rng.random()) if rng.random() < 0.7 else 10 ** (9 * away / 10))
        if price == 1.0:
            continue
        model = pool(reserves, float(10 ** rng.uniform(-6, 0)))
        assert oracle.worst(oracle.at(reserves, model.share, price), model, price) <= GOAL


def test_the_ratio_of_two_market_prices_is_not_rounded(oracle):
    """1 ulp off the peg, of prices in dollars whose double quotient is another: 26 % of delta."""
    model = pool((3e6, 2e6))
    for ulps in (-3, -1, 1, 2):
        quote = 2345.6
        base = quote + ulps * np.spacing(quote)
        exposure = model.exposure(Market(prices={"A": base, "B": quote}))
        due = oracle.at(model.reserves, 1, oracle.exact(base) / oracle.exact(quote))
        assert oracle.error(exposure.delta[0], due.base) <= GOAL
        assert oracle.error(exposure.delta[1], due.quote) <= GOAL
        assert oracle.error(exposure.value, due.value * oracle.exact(quote)) <= GOAL
        assert oracle.error(exposure.gamma[0, 0], due.gamma / oracle.exact(quote)) <= GOAL


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(base=st.floats(1e-18, 1e30), quote=st.floats(1e-18, 1e30), log_price=st.floats(-30, 30))
def test_any_pool_at_any_price(oracle, base, quote, log_price):
    price = 10.0**log_price
    if price == 1.0:
        return
    assert oracle.worst(oracle.at((base, quote), 1, price), pool((base, quote)), price) <= GOAL


def test_at_the_peg_gamma_is_minus_infinite_and_nothing_else():
    """And it is finite at the next doubles: ∝ |P − 1|^(−2/3)."""
    model = pool((1e6, 1e6))
    at, above, below = (model.greeks(p) for p in (1.0, np.nextafter(1, 2), np.nextafter(1, 0)))
    assert (at.value, at.delta) == pytest.approx((2e6, 1e6), rel=4e-16)
    assert at.gamma == -np.inf
    c = 1e6 / 6
    for greeks, away in ((above, 2.0**-52), (below, 2.0**-53)):
        assert greeks.gamma == pytest.approx(-c * (2 / away) ** (2 / 3), rel=1e-4)
    assert model.gamma([0.5, 1.0, 2.0])[1] == -np.inf
    assert np.isfinite(model.gamma([0.5, 2.0])).all()
    assert model.breakpoints() == (1.0,)


def test_the_gamma_at_the_peg_has_a_finite_integral():
    """∫ Γ over a move of 1 % each way is how the base held moves: 17 % of it.

    To the part that lies nearer to 1 than doubles do.
    """
    model = pool((1e6, 1e6))
    root = np.linspace(0.0, np.cbrt(0.01), 20_001)
    middle = (root[1:] + root[:-1]) / 2
    width = 3 * middle**2 * np.diff(root)
    total = sum((model.gamma(1 + way * middle**3) * width).sum() for way in (1, -1))
    assert total == pytest.approx(model.delta(1.01) - model.delta(0.99), rel=1e-5)


def test_no_answer_in_a_market_is_nan():
    market = Market(prices={"A": 1.0, "B": 1.0}, numeraire="USD")
    exposure = pool((3e6, 2e6)).exposure(market)
    assert np.isfinite(exposure.delta).all()
    assert not np.isnan(exposure.gamma).any()
    assert np.diag(exposure.gamma).tolist() == [-np.inf, -np.inf]


def test_the_reserves_come_back_from_the_spot():
    rng = np.random.default_rng(42)
    for _ in range(DRAWS):
        reserves = tuple(10 ** rng.uniform(3, 6, 2))
        model = pool(reserves)
        assert model.greeks(model.spot()).holdings == pytest.approx(reserves, rel=1e-11)
        assert model.at_state().exposure(
            Market(prices={"A": 1.0, "B": 1.0})
        ).delta == pytest.approx(reserves, rel=1e-15)


def test_scalars_are_scalars_and_prices_are_checked():
    model = pool((3.0, 7.0))
    for answer in (model.value(2.0), model.delta(2.0), model.gamma(2.0)):
        assert isinstance(answer, np.float64)
    greeks = model.greeks(np.geomspace(1, 2, 6).reshape(2, 3))
    assert greeks.value.shape == greeks.delta.shape == greeks.gamma.shape == (2, 3)
    for bad in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(PriceError):
            model.value(bad)


@pytest.mark.parametrize("reserves", [(1e6, 1e6), (3e6, 2e6), (1e-6, 1e9), (5e12, 1.0)])
def test_it_keeps_the_laws_of_pools(reserves):
    check_pool_model(pool(reserves, share=0.01))
