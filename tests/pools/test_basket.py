"""BasketPool: n assets; exposure sees the market's own prices, undivided."""

import numpy as np
import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc
from hedgecore.numerics.jet import Jet

NAMES = ("A", "B", "C")
WEIGHTS = np.array([0.5, 0.2, 0.3])
PRICES = st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3).map(np.array)


def exact(prices, depth=4.0):
    """Holdings and gamma of the weighted mean in closed form, at prices (3,) in one unit."""
    worth = depth * np.prod((prices / WEIGHTS) ** WEIGHTS)
    share = WEIGHTS / prices
    return share * worth, worth * (np.outer(share, share) - np.diag(share / prices))


@pytest.fixture(scope="module")
def basket(weighted):
    return weighted(assets=NAMES, weights=tuple(WEIGHTS), depth=4.0)


@given(prices=PRICES)
def test_what_it_leaves_out_is_the_closed_form(basket, prices):
    held, bend = exact(np.append(prices[:2] / prices[2], 1.0))
    greeks = basket.greeks(prices[:2] / prices[2])
    assert np.allclose(greeks.holdings, held, rtol=1e-13, atol=0)
    assert np.allclose(greeks.gamma, bend[:2, :2], rtol=1e-12, atol=0)
    assert np.isclose(greeks.value, greeks.holdings @ np.append(prices[:2] / prices[2], 1.0))


@given(prices=PRICES)
def test_exposure_is_the_closed_form_in_any_market(basket, prices):
    market = hc.Market(prices=dict(zip(NAMES, prices, strict=True)))
    exposure = basket.exposure(market)
    held, bend = exact(prices)
    assert np.allclose(exposure.delta, held, rtol=1e-13, atol=0)
    assert np.allclose(exposure.gamma, bend, rtol=1e-12, atol=0)
    assert np.isclose(exposure.value, prices @ exposure.delta, rtol=1e-14)
    assert np.isclose(basket.worth(market), exposure.value, rtol=1e-14)
    assert (np.abs(exposure.gamma @ prices) <= 1e-12 * (np.abs(exposure.gamma) @ prices)).all()


@frozen(kw_only=True, eq=False)
class Watching(hc.BasketPool):
    """Keeps the prices that it is asked about."""

    kind = "watching"
    assets: tuple[str, ...] = NAMES
    seen: list = field(factory=list)

    def _holdings(self, prices):
        self.seen.append(prices.value if isinstance(prices, Jet) else prices)
        return np.stack([1.0 / row for row in prices])


def test_exposure_passes_the_markets_prices_undivided():
    pool, prices = Watching(), (3000.1, 7.3, 0.9997)
    pool.exposure(hc.Market(prices=dict(zip(NAMES, prices, strict=True))))
    pool.worth(hc.Market(prices=dict(zip(NAMES, prices, strict=True))))
    assert len(pool.seen) == 3
    for given_prices in pool.seen:
        assert given_prices.tolist() == [[price] for price in prices]


def test_a_price_in_the_quote_is_passed_with_the_quotes_own_one():
    pool = Watching()
    pool.delta([2.0, 3.0])
    assert pool.seen[0].tolist() == [[2.0], [3.0], [1.0]]


def test_prices_may_not_be_written():
    pool = Watching()
    pool.delta([2.0, 3.0])
    pool.worth(hc.Market(prices=dict.fromkeys(NAMES, 1.0)))
    for prices in pool.seen:
        with pytest.raises(ValueError, match="read-only"):
            prices[...] = 0.0


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)], ids=str)
def test_exposure_has_the_shape_of_the_market(basket, shape):
    market = hc.Market(prices={"A": np.full(shape, 2.0), "B": 1.0, "C": 3.0})
    exposure = basket.exposure(market)
    assert exposure.value.shape == basket.worth(market).shape == shape
    assert exposure.delta.shape == (*shape, 3)
    assert exposure.gamma.shape == (*shape, 3, 3)


def test_arrays_of_markets_equal_each_market(basket):
    rows = np.random.default_rng(1).uniform(0.5, 2.0, (3, 2, 4))
    whole = basket.exposure(hc.Market(prices=dict(zip(NAMES, rows, strict=True))))
    for index in np.ndindex(2, 4):
        point = {name: row[index] for name, row in zip(NAMES, rows, strict=True)}
        one = basket.exposure(hc.Market(prices=point))
        assert np.allclose(whole.delta[index], one.delta, rtol=1e-15, atol=0)
        assert np.allclose(whole.gamma[index], one.gamma, rtol=1e-14, atol=0)


def test_a_basket_of_two_takes_and_gives_scalars(weighted):
    pool = weighted(assets=NAMES[:2], weights=(0.5, 0.5), depth=10.0)
    assert type(pool.value(4.0)) is np.float64
    assert type(pool.gamma(4.0)) is np.float64
    assert np.isclose(pool.value(4.0), 40.0, rtol=1e-15)
    assert np.isclose(pool.delta(4.0), 5.0, rtol=1e-15)
    assert np.isclose(pool.gamma(4.0), -5 / 8, rtol=1e-14)
    assert pool.delta([1.0, 4.0]).shape == (2,)


def test_the_numeraire_does_not_matter(basket):
    dollars = basket.exposure(hc.Market(prices={"A": 3.0, "B": 5.0, "C": 2.0}))
    halves = basket.exposure(hc.Market(prices={"A": 1.5, "B": 2.5, "C": 1.0}, numeraire="C"))
    assert np.allclose(dollars.delta, halves.delta, rtol=1e-14)
    assert np.allclose(dollars.value, 2 * halves.value, rtol=1e-14)
    assert np.allclose(dollars.gamma_cash, 2 * halves.gamma_cash, rtol=1e-13)


@frozen(kw_only=True)
class Odd(hc.BasketPool):
    """A plugin that gets its formula wrong, as `says` has it."""

    kind = "odd"
    assets: tuple[str, ...] = NAMES
    says: str = "fine"

    def _holdings(self, prices):
        if self.says == "written":
            prices *= 2
        rows = 1.0 / prices
        return {
            "two": rows[:2],
            "number": 3.0,
            "none": None,
            "nan": rows * np.nan,
            "long": np.ones((3, prices.shape[1] + 1)),
            "complex": rows * 1j,
        }.get(self.says, rows)

    def _gamma(self, prices, holdings):  # noqa: ARG002
        n, points = prices.shape
        return {"flat": np.ones((n, points + 1)), "small": np.ones((1, 1, points))}.get(
            self.says, np.zeros((n, n, points))
        )


@pytest.mark.parametrize("says", ["two", "number", "none", "nan", "long", "complex", "written"])
def test_a_formula_that_returns_nonsense_is_refused_by_kind(says):
    market = hc.Market(prices=dict.fromkeys(NAMES, 2.0))
    pool = Odd(says=says)
    for call in (pool.value, pool.delta, pool.gamma, pool.greeks):
        with pytest.raises(hc.PluginError, match="odd: "):
            call([[1.0, 2.0], [3.0, 4.0]])
    for call in (pool.worth, pool.exposure):
        with pytest.raises(hc.PluginError, match="odd: "):
            call(market)


@pytest.mark.parametrize("says", ["flat", "small"])
def test_a_gamma_of_the_wrong_shape_is_refused(says):
    market = hc.Market(prices=dict.fromkeys(NAMES, np.full(4, 2.0)))
    with pytest.raises(hc.PluginError, match="odd: "):
        Odd(says=says).gamma(np.ones((4, 2)))
    with pytest.raises(hc.PluginError, match="odd: "):
        Odd(says=says).exposure(market)


def test_a_class_without_a_formula_says_what_to_write():
    @frozen(kw_only=True)
    class Empty(hc.BasketPool):
        kind = "empty"
        assets: tuple[str, ...] = NAMES

    with pytest.raises(TypeError, match="Empty must define _holdings"):
        Empty().value([1.0, 1.0])
