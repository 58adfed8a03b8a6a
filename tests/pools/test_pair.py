"""PairPool: what a plugin leaves out follows exactly, from holdings or from the payoff."""

import numpy as np
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc

PRICES = st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=5).map(np.array)


def close(got, exact, rtol=1e-14):
    return np.allclose(got, exact, rtol=rtol, atol=0)


@given(price=PRICES)
def test_gamma_from_holdings_is_the_closed_form(product, price):
    pool = product(assets=("A", "B"), depth=10.0)
    assert close(pool.value(price), 20 * np.sqrt(price))
    assert close(pool.delta(price), 10 / np.sqrt(price))
    assert close(pool.gamma(price), -5 / price**1.5)
    assert close(pool.greeks(price).holdings[:, 1], 10 * np.sqrt(price))


@given(price=PRICES)
def test_a_payoff_alone_gives_the_same_pool(product, payoff, price):
    by_payoff = payoff(assets=("A", "B"), depth=10.0).greeks(price)
    by_holdings = product(assets=("A", "B"), depth=10.0).greeks(price)
    for one, two in zip(by_payoff, by_holdings, strict=True):
        assert close(one, two)


def test_a_payoff_of_any_shape_is_taken(payoff):
    pool = payoff(assets=("A", "B"), depth=10.0)
    for shape in ((), (3,), (2, 3), (0,)):
        greeks = pool.greeks(np.full(shape, 4.0))
        assert np.shape(greeks.gamma) == shape
        assert greeks.holdings.shape == (*shape, 2)
        assert np.all(greeks.delta == 5.0)


@frozen(kw_only=True)
class Flat(hc.PayoffPool):
    """A payoff that is a plain number, or no number: a plugin may return anything."""

    kind = "flat"
    assets: tuple[str, str] = ("A", "B")
    says: object = 3.0

    def _value(self, price):  # noqa: ARG002
        return self.says


def test_a_constant_payoff_is_all_quote():
    greeks = Flat().greeks([1.0, 2.0])
    assert greeks.value.tolist() == [3.0, 3.0]
    assert greeks.delta.tolist() == greeks.gamma.tolist() == [0.0, 0.0]
    assert greeks.holdings.tolist() == [[0.0, 3.0], [0.0, 3.0]]


@pytest.mark.parametrize("says", [np.ones(5), np.ones((2, 2))], ids=["long", "wide"])
def test_a_payoff_of_the_wrong_shape_is_refused(says):
    with pytest.raises(hc.PluginError, match="flat"):
        Flat(says=says).value([1.0, 2.0])


@frozen(kw_only=True)
class Branching(hc.PayoffPool):
    """Formulas that cannot be differentiated, each in its way."""

    kind = "branching"
    assets: tuple[str, str] = ("A", "B")
    way: str = "sin"

    def _value(self, price):
        return {"sin": np.sin, "array": np.asarray, "float": float, "sort": np.sort}[self.way](
            price
        )


@pytest.mark.parametrize(
    ("way", "named"), [("sin", "sin"), ("array", "array"), ("float", "float"), ("sort", "sort")]
)
def test_what_cannot_be_differentiated_raises_naming_it(way, named):
    with pytest.raises(TypeError, match=named):
        Branching(way=way).delta([1.0, 2.0])


@frozen(kw_only=True)
class Range(hc.PairPool):
    """A concentrated range [1, 4), by clipping alone: a kink at each edge."""

    kind = "clipped"
    assets: tuple[str, str] = ("A", "B")

    def _holdings(self, price):
        root = np.sqrt(np.clip(price, 1.0, 4.0))
        return 1 / root - 0.5, root - 1


def test_gamma_is_the_right_limit_at_a_kink():
    inside = -0.5 / np.array([1.0, 2.0]) ** 1.5
    assert close(Range().gamma([1.0, 2.0]), inside)
    assert Range().gamma([4.0, 5.0, 0.5]).tolist() == [0.0, 0.0, 0.0]
    assert Range().gamma(np.nextafter(1.0, 0)) == 0.0
    assert close(Range().gamma(np.nextafter(4.0, 0)), -0.5 / 8)


@given(base=st.floats(1e-6, 1e6), quote=st.floats(1e-6, 1e6))
def test_exposure_and_worth_are_in_the_markets_numeraire(product, base, quote):
    pool = product(assets=("A", "B"), depth=10.0)
    market = hc.Market(prices={"A": base, "B": quote}, numeraire="EUR")
    exposure, p = pool.exposure(market), np.array([base, quote])
    assert exposure.numeraire == "EUR"
    assert close(exposure.delta, [10 * np.sqrt(quote / base), 10 * np.sqrt(base / quote)])
    assert close(exposure.value, 20 * np.sqrt(base * quote))
    assert close(pool.worth(market), exposure.value)
    assert close(p @ exposure.delta, exposure.value)
    assert (np.abs(exposure.gamma @ p) <= 1e-15 * (np.abs(exposure.gamma) @ p)).all()
    assert close(exposure.gamma[0, 0], -5 * np.sqrt(quote / base**3), rtol=1e-13)


def test_exposure_has_the_shape_of_the_market_even_where_the_pools_prices_are_scalars(product):
    pool = product(assets=("A", "B"), depth=10.0)
    market = hc.Market(prices={"A": 2.0, "B": 1.0, "C": np.ones((2, 3))})
    assert pool.worth(market).shape == (2, 3)
    exposure = pool.exposure(market)
    assert exposure.value.shape == (2, 3)
    assert exposure.gamma.shape == (2, 3, 2, 2)


def test_a_market_without_one_of_its_assets_is_refused_by_name(product):
    pool = product(assets=("A", "B"), depth=10.0)
    for call in (pool.worth, pool.exposure):
        with pytest.raises(hc.AssetError, match="'B'"):
            call(hc.Market(prices={"A": 2.0}))


def test_a_pair_has_two_assets():
    with pytest.raises(hc.SpecError, match=r"flat\.assets: needs the names of two assets"):
        Flat(assets=("A", "B", "C"))


def test_a_class_without_a_formula_says_what_to_write():
    @frozen(kw_only=True)
    class Empty(hc.PairPool):
        kind = "empty"
        assets: tuple[str, str] = ("A", "B")

    with pytest.raises(TypeError, match="Empty must define _holdings, or derive from PayoffPool"):
        Empty().value(1.0)
