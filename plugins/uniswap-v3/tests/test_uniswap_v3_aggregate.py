"""Thousands of ranges as one curve: the exact sum of what each says alone."""

import math

import numpy as np
import pytest
from hedgecore_uniswap_v3 import UniswapV3, UniswapV3Position

import hedgecore as hc

GOAL = 1e-13
MARKETS = [
    hc.Market(prices={"WETH": 3000.0, "USDC": 0.999}),
    hc.Market(prices={"WETH": np.geomspace(1.0, 1e7, 12).reshape(3, 4), "USDC": 0.999}),
]


def ranges(rng, count):
    lower = 3000 * np.exp(rng.normal(0, 0.5, count))
    return [
        UniswapV3(assets=("WETH", "USDC"), liquidity=each, lower=low, upper=low * wide)
        for each, low, wide in zip(
            10 ** rng.uniform(-3, 12, count),
            lower,
            np.exp(rng.uniform(1e-9, 1, count)),
            strict=True,
        )
    ]


def positions(rng, count, **fields):
    lower = rng.integers(-203_000, -190_000, count)
    return [
        UniswapV3Position(
            tokens=("WETH", "USDC"),
            liquidity=int(10 ** rng.uniform(3, 18)),
            tick_lower=tick,
            tick_upper=tick + wide,
            decimals=[18, 6],
            **fields,
        )
        for tick, wide in zip(lower.tolist(), rng.integers(1, 900, count).tolist(), strict=True)
    ]


def exactly(terms):
    """Return the sum of arrays, exactly rounded."""
    stacked = np.stack(terms)
    return np.apply_along_axis(math.fsum, 0, stacked)


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize(
    "made",
    [
        lambda rng: ranges(rng, 300),
        lambda rng: positions(rng, 300),
        lambda rng: positions(rng, 300, quote="WETH"),
        lambda rng: positions(rng, 300, sqrt_price_x96=int(2**96 * 1.0001**-98_000)),
    ],
    ids=["prices", "ticks", "inverted", "with-a-state"],
)
@pytest.mark.parametrize("market", MARKETS, ids=["scalar", "array"])
@pytest.mark.sample(5)
def test_a_portfolio_of_many_is_the_exact_sum(made, short, market):
    rng = np.random.default_rng(5)
    models = made(rng)
    amounts = rng.uniform(-1 if short else 0.1, 2, len(models))
    held = hc.Portfolio(
        (f"{i}", m, k) for i, (m, k) in enumerate(zip(models, amounts, strict=True))
    )
    assert len(held.terms) == 1
    whole, each = held.exposure(market), [model.exposure(market) for model in models]
    for name in ("value", "delta", "gamma"):
        terms = [k * getattr(e, name) for k, e in zip(amounts, each, strict=True)]
        room = GOAL * exactly([np.abs(term) for term in terms])
        assert (np.abs(getattr(whole, name) - exactly(terms)) <= room).all(), name
    worth = exactly([k * m.worth(market) for k, m in zip(amounts, models, strict=True)])
    room = GOAL * exactly(
        [np.abs(k * m.worth(market)) for k, m in zip(amounts, models, strict=True)]
    )
    assert (np.abs(held.worth(market) - worth) <= room).all()


def test_a_small_range_far_out_is_not_drowned():
    """Where a large one has ended, what is left is the small one's own, to its last digits."""
    large, small = (
        {"liquidity": 1e9 / 3, "lower": 900.0, "upper": 1100.0},
        {"liquidity": 1e-3 / 7, "lower": 1000.0, "upper": 9000.0},
    )
    columns = {name: [large[name]] * 99 + [small[name]] for name in large}
    whole = UniswapV3.aggregate({"assets": [("A", "B")] * 100, **columns}, [0.1] * 99 + [1.0])
    alone = UniswapV3(assets=("A", "B"), **small)
    price = np.linspace(1200.0, 8999.0, 7)
    assert np.allclose(whole.delta(price), alone.delta(price), rtol=GOAL, atol=0)
    assert np.allclose(whole.gamma(price), alone.gamma(price), rtol=GOAL, atol=0)
    assert whole.delta(9000.0) == whole.gamma(9000.0) == 0.0


def test_beyond_all_edges_nothing_is_left_and_edges_are_theirs():
    models = ranges(np.random.default_rng(6), 200)
    columns = {
        name: [getattr(model, name) for model in models]
        for name in ("assets", "liquidity", "lower", "upper")
    }
    whole = UniswapV3.aggregate(columns, np.ones(200))
    top, bottom = max(columns["upper"]), min(columns["lower"])
    assert whole.delta([top, 1e300]).tolist() == [0.0, 0.0]
    assert whole.gamma([top, 1e300, np.nextafter(bottom, 0)]).tolist() == [0.0, 0.0, 0.0]
    assert whole.gamma(bottom) < 0
    assert set(whole.breakpoints()) == {*columns["lower"], *columns["upper"]}


def test_positions_at_their_state_hold_still():
    models = positions(np.random.default_rng(7), 100, sqrt_price_x96=int(2**96 * 1.0001**-98_000))
    held = hc.Portfolio((f"{i}", model.at_state(), -2.0) for i, model in enumerate(models))
    for market in MARKETS:
        each = [model.at_state().exposure(market) for model in models]
        whole = held.exposure(market)
        assert np.allclose(whole.delta, -2 * sum(e.delta for e in each), rtol=GOAL, atol=0)
        assert np.allclose(whole.gamma, -2 * sum(e.gamma for e in each), rtol=GOAL, atol=0)
    assert len(held.terms) == 1


@pytest.mark.parametrize("quote", ["WETH", "USDC"])
def test_one_price_has_the_arrays_own_bits(quote):
    rng = np.random.default_rng(8)
    for model in [*ranges(rng, 20), *positions(rng, 20, quote=quote)]:
        edges = np.array(model.breakpoints())
        near = [
            edges,
            np.nextafter(edges, 0),
            np.nextafter(edges, np.inf),
            edges.mean(keepdims=True),
        ]
        prices = np.concatenate([*near, [1e-300, 1.0, 1e300]])
        many = model.greeks(prices)
        for i, price in enumerate(prices):
            for whole, one in zip(many, model.greeks(price), strict=True):
                assert np.array_equal(whole[i], one)
