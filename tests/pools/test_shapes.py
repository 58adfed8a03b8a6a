"""One price in floats: the array's own numbers, and what floats cannot settle is the array's."""

import math

import numpy as np
import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc
from hedgecore.pools.shapes import point as point_of
from hedgecore.registry.validation import faults

PRICES = st.floats(1e-300, 1e300)


@frozen(kw_only=True)
class Noted(hc.PairPool):
    """x·y = L², noting what it is asked with; and odd at some prices."""

    kind = "noted"
    accepts_floats = True
    assets: tuple[str, str] = ("A", "B")
    asked: list = field(factory=list)

    def _holdings(self, price):
        self.asked.append(type(price))
        if isinstance(price, float):
            if price == 13.0:
                return 1.0 / 0.0, 1.0
            if price == 17.0:
                return math.nan, 1.0
            root = math.sqrt(price)
        else:
            root = np.where(price == 17.0, np.nan, np.sqrt(price))
        return 1.0 / root, root

    def _gamma(self, price, holdings):
        return -holdings[0] / (2.0 * price)


@pytest.fixture
def pool():
    return Noted()


@pytest.mark.parametrize("price", [2.0, np.float64(2.0), 2, np.array(2.0)])
@pytest.mark.parametrize("method", ["value", "delta", "gamma", "greeks"])
def test_one_number_reaches_the_formula_as_a_float(pool, method, price):
    getattr(pool, method)(price)
    assert pool.asked == [float]


@pytest.mark.parametrize("price", [[2.0], np.array([2.0, 3.0]), np.float32(2.0)])
def test_all_else_reaches_it_as_an_array(pool, price):
    pool.greeks(price)
    assert pool.asked == [np.ndarray]


@given(price=PRICES)
def test_the_numbers_are_the_arrays_own(price):
    pool = Noted()
    one, many = pool.greeks(price), pool.greeks([price])
    for alone, among in zip(one, many, strict=True):
        assert np.array_equal(alone, among[0])
    assert one[:3] == (pool.value(price), pool.delta(price), pool.gamma(price))
    assert {type(each) for each in one[:3]} == {np.float64}


def test_what_floats_cannot_say_the_array_answers(pool):
    assert pool.delta(13.0) == 1.0 / np.sqrt(13.0)
    assert pool.asked == [float, np.ndarray]


def test_nan_is_refused_with_the_price(pool):
    with pytest.raises(hc.PluginError, match=r"NaN at price \[17\.0\]"):
        pool.value(17.0)


@pytest.mark.parametrize("shape", [(1,), (1, 1), (1, 1, 1)])
def test_an_array_of_one_goes_as_a_float_and_keeps_its_shape(pool, shape):
    one, whole = pool.greeks(2.0), pool.greeks(np.full(shape, 2.0))
    assert pool.asked == [float, float]
    assert [part.shape for part in whole] == [shape, shape, shape, (*shape, 2)]
    for part, number in zip(whole, one, strict=True):
        assert np.array_equal(part, np.broadcast_to(number, part.shape))
    assert pool.value(np.full(shape, 2.0)).shape == pool.delta(np.full(shape, 2.0)).shape == shape


def test_an_array_of_one_point_of_a_basket_keeps_its_axes():
    basket = hc.build(
        {
            "kind": "balancer-weighted",
            "assets": ["A", "B", "C"],
            "weights": [0.5, 0.25, 0.25],
            "balances": [1.0, 2.0, 3.0],
        }
    )
    one, whole = basket.greeks([1.5, 2.5]), basket.greeks(np.array([[1.5, 2.5]]))
    for part, number in zip(whole, one, strict=True):
        assert np.array_equal(part, np.asarray(number)[None])
    with pytest.raises(hc.PriceError, match="needs a last axis of 2"):
        basket.value(np.array([[1.5], [2.5]]))


@frozen(kw_only=True)
class Root(hc.PayoffPool):
    """2√p, by closed forms of its slopes."""

    kind = "root"
    accepts_floats = True
    assets: tuple[str, str] = ("A", "B")

    def _value(self, price):
        return 2.0 * price**0.5

    def _delta(self, price):
        return price**-0.5

    def _gamma(self, price, holdings):  # noqa: ARG002 - as pools are asked
        return -0.5 * price**-1.5


def test_a_payoff_may_state_its_slopes():
    for price in (4.0, np.array([1.0, 4.0])):
        greeks = Root().greeks(price)
        assert np.array_equal(greeks.delta, np.asarray(price) ** -0.5)
        assert np.array_equal(greeks.holdings[..., 1], 2 * np.sqrt(price) - price * greeks.delta)
        assert np.array_equal(greeks.gamma, -0.5 * np.asarray(price) ** -1.5)
    assert faults("hedgecore_pools", Root) == []
    half = {"kind": "half", "accepts_floats": True, "_value": Root._value, "_gamma": Root._gamma}
    body = {"__annotations__": {"assets": tuple}, **half}
    found = faults("hedgecore_pools", frozen(type("Half", (hc.PayoffPool,), body)))
    assert any("writes _value, _delta and _gamma" in fault for fault in found)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf, True, "2", None, 10**400])
def test_what_is_no_price_is_refused_as_ever(pool, bad):
    with pytest.raises(hc.PriceError):
        pool.value(bad)
    assert pool.asked == []


def test_a_class_that_says_scalars_writes_both_formulas():
    body = {"kind": "half", "accepts_floats": True, "_holdings": lambda _, price: (price, price)}
    half = frozen(type("Half", (hc.PairPool,), {"__annotations__": {"assets": tuple}, **body}))
    assert any("says `accepts_floats`" in fault for fault in faults("hedgecore_pools", half))
    assert faults("hedgecore_pools", Noted) == []


@pytest.mark.parametrize(
    ("price", "m", "point", "axes"),
    [
        (2.0, 1, (2.0,), 0),
        (3, 1, (3.0,), 0),
        (np.array([[2.0]]), 1, (2.0,), 2),
        (np.array(3.0), 1, (3.0,), 0),
        (np.array([3]), 1, (3.0,), 1),
        (np.array([1.0, 2.0]), 1, None, 0),
        ([2.0], 1, None, 0),
        ([1.0, 2], 2, (1.0, 2.0), 0),
        (np.array([1.0, 2.0]), 2, (1.0, 2.0), 0),
        (np.array([[1.0, 2.0]]), 2, (1.0, 2.0), 1),
        (np.array([[1.0], [2.0]]), 2, None, 0),
        (np.ones((2, 2)), 2, None, 0),
        ([1.0], 2, None, 0),
        ([1.0, True], 2, None, 0),
        ([1.0, -1.0], 2, None, 0),
        (2.0, 2, None, 0),
        ("12", 2, None, 0),
    ],
)
def test_a_point_is_m_plain_numbers(price, m, point, axes):
    assert point_of(price, m) == (point, axes)


def test_names_that_come_later_are_there(pool):
    assert hc.build is not None
    assert set(hc.__all__) <= set(dir(hc))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = hc.nothing
    assert hc.Greeks(*pool.greeks(2.0)).value == pool.value(2.0)
