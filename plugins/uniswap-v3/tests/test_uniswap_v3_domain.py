"""All of the domain against 60 digits: every tick, edge, quote and decimals."""

from itertools import product

import numpy as np
import pytest
from hedgecore_uniswap_v3 import UniswapV3, UniswapV3Position
from hedgecore_uniswap_v3.ticks import MAX_TICK, MIN_TICK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

GOAL = 1e-13
MOST = 2**128 - 1
TOKENS = ("T0", "T1")
RANGES = [
    (MIN_TICK, MAX_TICK),
    (MIN_TICK, MIN_TICK + 1),
    (MAX_TICK - 1, MAX_TICK),
    (MIN_TICK, 0),
    (0, MAX_TICK),
    (-1, 0),
    (0, 1),
    (-1, 1),
    (-200_310, -193_380),
    (-276_325, -276_324),
    (253_800, 261_800),
]


def around(price, steps=2):
    """Return the doubles within a few ulp of a price."""
    near = [price]
    for _ in range(steps):
        near = [np.nextafter(near[0], 0), *near, np.nextafter(near[-1], np.inf)]
    return near


def prices_for(model, rng, inside=4):
    """Return prices at, one ulp around, between and far beyond the edges."""
    lower, upper = model.breakpoints()
    within = np.exp(rng.uniform(np.log(lower), np.log(upper), inside))
    outside = [lower * 10.0 ** -rng.uniform(0, 30), upper * 10.0 ** rng.uniform(0, 30)]
    extreme = [lower * (1 - 1e-9), upper * (1 + 1e-9), 1e-150, 1e150]
    return np.array([*around(lower), *around(upper), *within, *outside, *extreme])


def position(ticks, decimals=(18, 6), liquidity=MOST, quote=None):
    names = ("tokens", "tick_lower", "tick_upper", "decimals", "liquidity", "quote")
    return dict(zip(names, (TOKENS, *ticks, decimals, liquidity, quote), strict=True))


def assert_true(oracle, table, prices):
    model = UniswapV3Position(**table)
    errors = oracle.errors(model, oracle.position(table), prices(model))
    assert max(errors) <= GOAL, (table, errors)


@pytest.mark.parametrize("quote", TOKENS)
@pytest.mark.parametrize("ticks", RANGES)
def test_edges_of_the_tick_range(ticks, quote, oracle):
    rng = np.random.default_rng(ticks[1] - ticks[0])
    for liquidity in (0, 1, 0.5, 10**18, MOST):
        table = position(ticks, liquidity=liquidity, quote=quote)
        assert_true(oracle, table, lambda model: prices_for(model, rng))


@pytest.mark.campaign
def test_all_decimals(oracle):
    rng = np.random.default_rng(36)
    for decimals in product(range(37), repeat=2):
        ticks = np.sort(rng.choice(2 * MAX_TICK + 1, 2, replace=False) - MAX_TICK)
        if rng.random() < 0.5:
            ticks[1] = ticks[0] + 1
        quote = TOKENS[rng.integers(2)]
        table = position(map(int, ticks), decimals, int(rng.integers(1, 2**62)), quote)
        assert_true(oracle, table, lambda model: prices_for(model, rng, 1)[[1, 2, 3, 6, 7, 8, 10]])


@pytest.mark.parametrize("quote", TOKENS)
def test_one_tick_ranges_everywhere(quote, oracle):
    rng = np.random.default_rng(1)
    for tick in range(MIN_TICK, MAX_TICK, 14_323):
        table = position((tick, tick + 1), (6, 18), 10**20, quote)
        assert_true(oracle, table, lambda model: prices_for(model, rng))


@st.composite
def tables(draw):
    lower = draw(st.integers(MIN_TICK, MAX_TICK - 1))
    ticks = lower, draw(st.integers(lower + 1, MAX_TICK))
    decimals = draw(st.tuples(st.integers(0, 36), st.integers(0, 36)))
    return position(ticks, decimals, draw(st.integers(0, MOST)), draw(st.sampled_from(TOKENS)))


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(table=tables(), at=st.floats(-0.2, 1.2))
def test_any_position(oracle, table, at):
    def prices(model):
        low, high = np.log(model.breakpoints())
        return np.exp(np.array([low + at * (high - low)]))

    assert_true(oracle, table, prices)


def double_ranges():
    rng = np.random.default_rng(3)
    for exponent in np.linspace(-60, 60, 41):
        lower = float(10.0**exponent * rng.uniform(1, 10))
        adjacent = float(np.nextafter(lower, np.inf))
        for upper in (adjacent, float(np.nextafter(adjacent, np.inf)), lower * (1 + 1e-12)):
            yield lower, upper
        yield lower, lower * float(rng.uniform(1, 3))
        yield lower, lower * float(10 ** rng.uniform(0, 30))


def test_ranges_between_doubles(oracle):
    rng = np.random.default_rng(4)
    for lower, upper in double_ranges():
        liquidity = float(10 ** rng.uniform(-20, 40))
        model = UniswapV3(assets=TOKENS, liquidity=liquidity, lower=lower, upper=upper)
        truth = oracle.between(liquidity, lower, upper)
        assert model.breakpoints() == (lower, upper)
        assert max(oracle.errors(model, truth, prices_for(model, rng))) <= GOAL, model


@pytest.mark.parametrize("quote", TOKENS)
def test_gamma_is_the_right_limit_at_breaks(quote):
    """A break is the first double at or above the edge; the double before it has the left limit."""
    for ticks in RANGES:
        model = UniswapV3Position(**position(ticks, quote=quote))
        lower, upper = model.breakpoints()
        assert model.gamma(lower) < 0 == model.gamma(np.nextafter(lower, 0))
        assert model.gamma(upper) == 0 > model.gamma(np.nextafter(upper, 0))


@pytest.mark.parametrize("ticks", RANGES)
def test_nothing_overflows_or_is_undefined(ticks):
    model = UniswapV3Position(**position(ticks, (36, 0)))
    prices = prices_for(model, np.random.default_rng(5))
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        holdings = np.array(model._holdings(prices))
        gamma = model._gamma(prices, holdings)
    assert np.isfinite(holdings).all()
    assert (holdings >= 0).all()
    assert (gamma <= 0).all()


def test_batches_are_pointwise_and_leave_prices_alone():
    model = UniswapV3Position(**position((-200_310, -193_380)))
    prices = np.geomspace(1e3, 1e4, 24).reshape(2, 3, 4)
    before = prices.copy()
    greeks = model.greeks(prices)
    assert (prices == before).all()
    assert greeks.value.shape == greeks.gamma.shape == (2, 3, 4)
    assert greeks.holdings.shape == (2, 3, 4, 2)
    assert all(model.delta(prices[at]) == greeks.delta[at] for at in np.ndindex(2, 3, 4))
    assert isinstance(model.delta(3000.0), np.float64)


def test_liquidity_is_the_same_either_way():
    one, other = (UniswapV3Position(**position((0, 10), (18, 7), quote=q)) for q in TOKENS)
    assert one.whole_liquidity == other.whole_liquidity
    assert one.assets == other.assets[::-1]
