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


@pytest.mark.parametrize("price", [2.0, np.float64(2.0), 2])
@pytest.mark.parametrize("method", ["value", "delta", "gamma", "greeks"])
def test_one_number_reaches_the_formula_as_a_float(pool, method, price):
    getattr(pool, method)(price)
    assert pool.asked == [float]


@pytest.mark.parametrize("price", [[2.0], np.array(2.0), np.array([2.0, 3.0]), np.float32(2.0)])
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
    ("price", "m", "point"),
    [
        (2.0, 1, (2.0,)),
        (3, 1, (3.0,)),
        ([1.0, 2], 2, (1.0, 2.0)),
        (np.array([1.0, 2.0]), 2, (1.0, 2.0)),
        (np.ones((2, 2)), 2, None),
        ([1.0], 2, None),
        ([1.0, True], 2, None),
        ([1.0, -1.0], 2, None),
        (2.0, 2, None),
        ("12", 2, None),
    ],
)
def test_a_point_is_m_plain_numbers(price, m, point):
    assert point_of(price, m) == point


def test_names_that_come_later_are_there(pool):
    assert hc.build is not None
    assert set(hc.__all__) <= set(dir(hc))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = hc.nothing
    assert hc.Greeks(*pool.greeks(2.0)).value == pool.value(2.0)
