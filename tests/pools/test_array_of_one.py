"""One price of a kind whose formulas take arrays: an array of one, read-only, asked once."""

import numpy as np
import pytest
from attrs import field, frozen

import hedgecore as hc

METHODS = {"value": 0, "delta": 1, "gamma": 2, "greeks": 2}
"""Method → what it asks of the formulas besides holdings: gamma, from 2 on."""


@frozen(kw_only=True)
class Plain(hc.PairPool):
    """x·y = L² on arrays, noting what each formula is asked with."""

    kind = "plain"
    assets: tuple[str, str] = ("A", "B")
    asked: list = field(factory=list)

    def _holdings(self, price):
        self.asked.append(price)
        return 1.0 / np.sqrt(price), np.sqrt(price)

    def _gamma(self, price, holdings):
        self.asked.append(holdings)
        return -holdings[0] / (2.0 * price)


@frozen(kw_only=True)
class Halves(hc.BasketPool):
    """x²·y·z = 1 on arrays, by roots alone; gamma by jets."""

    kind = "halves"
    assets: tuple[str, ...] = ("A", "B", "C")

    def _holdings(self, prices):
        worth = np.sqrt(prices[0] * np.sqrt(prices[1] * prices[2]))
        return [worth / prices[0], worth / (2 * prices[1]), worth / (2 * prices[2])]


@frozen(kw_only=True)
class Root(hc.PayoffPool):
    """2√p on arrays."""

    kind = "root"
    assets: tuple[str, str] = ("A", "B")

    def _value(self, price):
        return 2.0 * np.sqrt(price)


@pytest.mark.parametrize("price", [2.0, 2, np.array(2.0), np.array([2.0]), np.array([[2.0]])])
@pytest.mark.parametrize("method", METHODS)
def test_each_formula_is_asked_once_with_an_array_of_one(method, price):
    pool = Plain()
    getattr(pool, method)(price)
    first, *rest = pool.asked
    assert first.shape == (1,)
    assert [each.shape for each in rest] == ([(2, 1)] if METHODS[method] == 2 else [])
    assert not any(each.flags.writeable for each in pool.asked)


@pytest.mark.parametrize(("pool", "points"), [
    (Plain(), np.geomspace(1e-300, 1e300, 50)),
    (Root(), np.geomspace(1e-100, 1e100, 50)),
    (Halves(), np.exp(np.random.default_rng(0).normal(0, 3, (50, 2)))),
], ids=lambda it: getattr(it, "kind", ""))  # fmt: skip
def test_one_price_has_the_bits_of_an_array(pool, points):
    whole = pool.greeks(points)
    for at, point in enumerate(points):
        given = point.tolist()
        for one in (pool.greeks(given), pool.greeks(points[at : at + 1])):
            for part, many in zip(one, whole, strict=True):
                assert np.reshape(part, many[at].shape).tobytes() == many[at].tobytes()
        for name in ("value", "delta", "gamma"):
            part = getattr(pool, name)(given)
            assert part.tobytes() == getattr(whole, name)[at].tobytes()


@pytest.mark.parametrize("constant", [2.0, 2, np.float64(2.0), np.array(2.0)])
def test_a_constant_is_taken_for_what_it_is_and_nothing_is_asked_twice(constant):
    asked = []

    def holdings(_, price):
        asked.append(price)
        return np.ones_like(price), constant

    pool = type("Constant", (Plain,), {"_holdings": holdings})()
    assert (pool.value(3.0), len(asked)) == (5.0, 1)


@pytest.mark.parametrize("answer", [
    (1.0, 2.0), (np.array([1]), np.array([2.0])), (np.float32([1.0]), np.array([2.0])),
    (np.ones((1, 1)), 2), np.array([[1.0], [2.0]]),
])  # fmt: skip
def test_answers_of_other_types_are_what_they_are_in_an_array(answer):
    pool = type("Odd", (Plain,), {"_holdings": lambda _, __: answer})()
    for price in (3.0, np.array([3.0])):
        assert np.ravel(pool.greeks(price).holdings).tolist() == [1.0, 2.0]
        assert np.ravel(pool.value(price)).tolist() == [5.0]


def failing(*answers, error=None):
    """A pool whose holdings are these, or fail."""

    def holdings(_, price):
        if error is not None:
            raise error
        return (*answers, np.ones(len(price)))[:2] if len(answers) < 3 else answers

    return type("Failing", (Plain,), {"_holdings": holdings})()


@pytest.mark.parametrize("pool", [
    failing(np.array([np.nan])), failing(np.array([np.inf])), failing(np.ones(1) * 1j),
    failing(np.array([1.0], dtype=object)), failing("text"), failing(1.0, 2.0, 3.0),
    failing(error=ValueError("a value")), failing(error=ZeroDivisionError("by zero")),
    failing(error=hc.PriceError("not here")), failing(error=TypeError("a type")),
])  # fmt: skip
@pytest.mark.parametrize("method", METHODS)
def test_one_price_is_refused_as_an_array_is(pool, method):
    said = []
    for price in (3.0, np.array([3.0]), [3.0]):
        with pytest.raises((hc.PluginError, hc.PriceError, TypeError)) as caught:
            getattr(pool, method)(price)
        notes = getattr(caught.value, "__notes__", [])
        said.append((type(caught.value), str(caught.value), notes[:1]))
    assert said[0] == said[1] == said[2]


def test_no_warning_leaves_a_formula():
    def holdings(_, price):
        return np.where(price > 2, price, 1.0 / (price - price)), price

    pool = type("Loud", (Plain,), {"_holdings": holdings})()
    with np.errstate(all="raise"):
        assert (pool.value(3.0), pool.delta(np.array([3.0]))) == (12.0, [3.0])
        assert np.geterr()["divide"] == "raise"
