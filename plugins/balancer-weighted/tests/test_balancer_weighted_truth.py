"""The recorded 60-digit cases, published numbers, and all of the domain."""

import os
from itertools import pairwise

import numpy as np
import pytest
from hedgecore_balancer_weighted import BalancerWeighted
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgecore import Market, PriceError, impermanent_loss
from hedgecore.testing import check_pool_model

GOAL = 1e-13
DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "150"))
NAMES = tuple("ABCDEFGH")


def pool(weights, balances, share=1.0):
    assets = NAMES[: len(weights)]
    return BalancerWeighted(assets=assets, weights=weights, balances=balances, share=share)


def market_of(prices):
    named = zip(NAMES, prices, strict=False)
    return Market(prices={name: float(price) for name, price in named}, numeraire="USD")


def worst(oracle, model, prices):
    """Return the worst error over both ways to ask: in the market, and in the quote."""
    exposure = model.exposure(market_of(prices))
    at = oracle.at(model.weights, model.balances, model.share, prices)
    ratio = np.array([float(price) for price in prices[:-1]]) / float(prices[-1])
    mine = model.greeks(ratio if len(ratio) > 1 else ratio[0])
    there = oracle.at(model.weights, model.balances, model.share, [*ratio, 1.0])
    trimmed = there._replace(gamma=[row[:-1] for row in there.gamma[:-1]])
    gamma = np.reshape(mine.gamma, (len(ratio), len(ratio)))
    return max(
        oracle.worst(at, exposure.value, exposure.delta, exposure.gamma),
        oracle.worst(trimmed, mine.value, mine.holdings, gamma),
    )


def test_recorded_curve(curve_case, oracle):
    params, want = curve_case["params"], curve_case["expected"]
    weights, balances = ([float(x) for x in params[name]] for name in ("weights", "balances"))
    model = pool(weights, balances)
    exposure = model.exposure(market_of(curve_case["prices"]))
    got = exposure.value, exposure.delta, exposure.gamma
    pairs = [(got[0], want["value"]), *zip(got[1], want["delta"], strict=True)]
    for mine, theirs in zip(got[2], want["gamma"], strict=True):
        pairs += zip(mine, theirs, strict=True)
    assert max(oracle.error(*pair) for pair in pairs) <= GOAL
    assert worst(oracle, model, [float(p) for p in curve_case["prices"]]) <= GOAL


def test_the_judge_agrees_with_the_record(curve_case, oracle):
    params, want = curve_case["params"], curve_case["expected"]
    at = oracle.at(params["weights"], params["balances"], 1, curve_case["prices"])
    for mine, theirs in [(at.value, want["value"]), *zip(at.held, want["delta"], strict=True)]:
        assert abs(mine - oracle.exact(theirs)) <= 1e-28 * abs(mine)
    for mine, theirs in zip(at.gamma, want["gamma"], strict=True):
        for ours, others in zip(mine, theirs, strict=True):
            assert abs(ours - oracle.exact(others)) <= 1e-28 * abs(ours)


def test_three_assets_by_the_numbers():
    """hedging.md, section 4: w (.5, .3, .2), V₀ 40 000, prices × (1.5, 1, .8)."""
    weights, start = np.array([0.5, 0.3, 0.2]), np.array([2000.0, 1.0, 0.5])
    moved = start * [1.5, 1.0, 0.8]
    model = pool(weights, 40_000 * weights / start)
    assert float(model.worth(market_of(start))) == pytest.approx(40_000, rel=1e-15)
    assert float(model.worth(market_of(moved))) == pytest.approx(46851.5127744149, abs=5e-11)
    entry, price = start[:2] / start[2], moved[:2] / moved[2]
    assert 100 * impermanent_loss(model, entry, price) == pytest.approx(-3.19935377, abs=5e-9)


def test_half_and_half_is_a_constant_product(oracle):
    """V = 2 √(B₀ B₁ P)."""
    model = pool((0.5, 0.5), (3.0, 7000.0))
    for price in np.geomspace(1e-9, 1e9, 19):
        base, quote, p = map(oracle.exact, (3.0, 7000.0, float(price)))
        value = 2 * oracle.mp.sqrt(base * quote * p)
        greeks = model.greeks(price)
        due = (value, value / 2 / p, -value / 4 / p**2)
        assert max(map(oracle.error, (greeks.value, greeks.delta, greeks.gamma), due)) <= 1e-15


def drawn(rng):
    """Draw 2 to 8 weights from 0.01 to 0.99, balances over 24 decades, a share, and prices."""
    n = int(rng.integers(2, 9))
    raw = rng.dirichlet(np.full(n, rng.choice([0.3, 1.0, 5.0])))
    weights = 0.01 + (1 - 0.01 * n) * raw
    balances = 10.0 ** rng.uniform(-12, 12, n)
    spread = rng.choice([0.0, 1e-9, 0.1, 9.0])
    prices = 10.0 ** (rng.uniform(-12, 12) + spread * rng.uniform(-1, 1, n))
    if rng.random() < 0.5:
        prices *= weights / balances
    return tuple(weights), tuple(balances), float(10 ** rng.uniform(-9, 0)), tuple(prices)


def test_random_pools_agree_with_the_judge(oracle):
    rng = np.random.default_rng(8)
    for _ in range(DRAWS):
        weights, balances, share, prices = drawn(rng)
        assert worst(oracle, pool(weights, balances, share), prices) <= GOAL


@pytest.mark.parametrize("n", range(2, 9))
def test_extreme_weights(oracle, n):
    """All but one asset at 1 %: 1 − w of the large one is the sum of the small ones."""
    weights = (0.01,) * (n - 1) + (1 - 0.01 * (n - 1),)
    for order in (weights, weights[::-1]):
        model = pool(order, tuple(10.0 ** np.linspace(-6, 9, n)))
        for spread in (0.0, 3.0, 9.0):
            prices = 10.0 ** np.linspace(spread, -spread, n)
            assert worst(oracle, model, prices) <= GOAL
            assert worst(oracle, model, prices[::-1]) <= GOAL


@pytest.mark.parametrize("weights", [(0.1,) * 2 + (0.8,), (0.7, 0.1, 0.2), (0.3, 0.3, 0.4)])
def test_weights_that_no_double_holds_are_normalised(oracle, weights):
    """0.7 + 0.1 + 0.2 is not 1 in doubles: the truth divides by the exact sum."""
    assert worst(oracle, pool(weights, (1.0, 1e6, 1e-3)), (3.0, 7.0, 1.1)) <= 4e-15
    off = tuple(w * (1 + 9e-10) for w in weights)
    assert worst(oracle, pool(off, (1.0, 1e6, 1e-3)), (3.0, 7.0, 1.1)) <= 4e-15


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    weight=st.floats(0.01, 0.99),
    base=st.floats(1e-18, 1e30),
    quote=st.floats(1e-18, 1e30),
    log_price=st.floats(-30, 30),
)
def test_any_pair(oracle, weight, base, quote, log_price):
    model = pool((weight, 1 - weight), (base, quote), 0.1)
    assert worst(oracle, model, (10.0**log_price, 1.0)) <= GOAL
    due = oracle.exact(weight) * oracle.exact(quote) / oracle.exact(base) / (1 - weight)
    assert oracle.error(model.spot(), due) <= 1e-15


def test_two_assets_are_a_pair():
    """Scalars come back as scalars, arrays in their shape, and no axis for the assets."""
    model = pool((0.8, 0.2), (3.0, 7.0))
    for answer in (model.value(2.0), model.delta(2.0), model.gamma(2.0)):
        assert isinstance(answer, np.float64)
    assert isinstance(model.spot(), float)
    greeks = model.greeks(np.geomspace(1, 2, 6).reshape(2, 3))
    assert greeks.value.shape == greeks.delta.shape == greeks.gamma.shape == (2, 3)
    assert greeks.holdings.shape == (2, 3, 2)
    for bad in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(PriceError):
            model.value(bad)


def test_more_assets_are_vectors():
    model = pool((0.5, 0.3, 0.2), (3.0, 7.0, 11.0))
    prices = np.geomspace(1, 2, 12).reshape(2, 3, 2)
    greeks = model.greeks(prices)
    assert greeks.value.shape == (2, 3)
    assert greeks.delta.shape == (2, 3, 2)
    assert greeks.gamma.shape == (2, 3, 2, 2)
    assert model.spot().shape == (2,)
    assert all(np.array_equal(model.gamma(prices[at]), greeks.gamma[at]) for at in np.ndindex(2, 3))
    with pytest.raises(PriceError, match="last axis of 2"):
        model.value(1.0)


def test_the_pool_holds_its_balances_at_its_own_spot(oracle):
    rng = np.random.default_rng(3)
    for _ in range(20):
        weights, balances, share, _ = drawn(rng)
        model = pool(weights, balances, share)
        held = model.greeks(model.spot()).holdings
        assert max(map(oracle.error, held, np.array(balances) * share)) <= 1e-14


def test_value_is_concave_and_touches_what_is_held():
    model = pool((0.8, 0.2), (29e6, 605.0))
    prices = model.spot() * np.geomspace(0.1, 10, 41)
    assert np.all(model.value(prices) <= prices * 29e6 + 605.0 + 1e-9)
    assert all(high > low for high, low in pairwise(model.delta(prices)))


def test_nothing_overflows_or_is_undefined():
    with np.errstate(all="raise", under="ignore"):
        for n in range(2, 9):
            model = pool((1 / n,) * n, (1e30, *(1e-18,) * (n - 1)))
            prices = np.geomspace(1e-30, 1e30, 31)[:, None] ** np.linspace(-1, 1, n)
            holdings = np.array(model._holdings(prices.T))
            gamma = np.array(model._gamma(prices.T, holdings))
            assert np.isfinite(holdings).all()
            assert np.isfinite(gamma).all()
            assert (holdings > 0).all()


@pytest.mark.parametrize("n", [2, 3, 8])
def test_it_keeps_the_laws_of_pools(n):
    rng = np.random.default_rng(n)
    weights = 0.01 + (1 - 0.01 * n) * rng.dirichlet(np.ones(n))
    check_pool_model(pool(tuple(weights), tuple(10.0 ** rng.uniform(-3, 6, n)), 0.01))
