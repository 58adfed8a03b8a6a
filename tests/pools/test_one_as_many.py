"""One price is refused, fails and is answered as many are, whichever way it takes."""

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc

METHODS = ("value", "delta", "gamma", "greeks")
ONE = hc.build({"kind": "uniswap-v2", "assets": ["A", "B"], "reserves": [10.0, 30_000.0]})
TWO = hc.build(
    {
        "kind": "balancer-weighted",
        "assets": ["A", "B", "C"],
        "weights": [0.5, 0.25, 0.25],
        "balances": [1.0, 2.0, 3.0],
    }
)
NO_NUMBERS = {
    "dates": np.array([5, 6], dtype="M8[ns]"),
    "spans": np.array([5, 6], dtype="m8[ns]"),
    "objects": np.array([3.0, 4.0], dtype=object),
    "truths": np.array([True, True]),
    "masked": np.ma.array([3.0, 4.0], mask=[True, False]),
}


@frozen(kw_only=True)
class OnFloats(hc.PairPool):
    """Holdings as given, or a failure, on floats as on arrays."""

    kind = "on-floats"
    accepts_floats = True

    assets: tuple[str, str] = ("A", "B")
    held: tuple = (1, 2)
    error: BaseException | None = None

    def _holdings(self, price):  # noqa: ARG002 - the same at all
        if self.error is not None:
            raise self.error
        return self.held

    def _gamma(self, price, holdings):  # noqa: ARG002
        return 0.0 * price


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_is_no_price_among_many_is_none_alone(name, method):
    both = NO_NUMBERS[name]
    for pool, price in ((ONE, both), (ONE, both[:1]), (ONE, both[:1].reshape(())), (TWO, both)):
        with pytest.raises(hc.PriceError, match=r"a price is (masked|a number or an array)"):
            getattr(pool, method)(price)


def test_a_mask_that_hides_nothing_is_none():
    price = np.ma.array([3.0, 4.0], mask=[False, False])
    assert ONE.value(price).tolist() == ONE.value([3.0, 4.0]).tolist()
    assert TWO.value(price) == TWO.value([3.0, 4.0])


@pytest.mark.parametrize("held", [(1, 2), (True, False), (0, 1.0)])
def test_whole_numbers_of_a_formula_come_back_as_float64(held):
    pool = OnFloats(held=held)
    for price in (3.0, np.array([3.0]), np.array([3.0, 4.0])):
        answers = (*pool.greeks(price), pool.value(price), pool.delta(price), pool.gamma(price))
        assert {each.dtype for each in answers} == {np.dtype(np.float64)}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "error", [TypeError("a type"), KeyError("a key"), SystemExit(3), ValueError("a value")]
)
def test_a_formula_that_fails_on_a_float_fails_in_our_terms(method, error):
    said = []
    for price in (3.0, np.array([3.0]), [3.0, 4.0]):
        with pytest.raises((hc.PluginError, TypeError, KeyError)) as caught:
            getattr(OnFloats(error=error), method)(price)
        notes = getattr(caught.value, "__notes__", [])
        said.append((type(caught.value), str(caught.value), notes[:1]))
        error.__notes__ = []
    assert said[0] == said[1] == said[2]
    assert said[0][0] is hc.PluginError or said[0][2] == ["in a formula of 'on-floats'"]


def test_what_does_not_add_up_on_a_float_the_array_answers():
    assert OnFloats(held=(np.ones(1), 2.0)).greeks(3.0).holdings.tolist() == [1.0, 2.0]
    with pytest.raises(hc.PluginError, match="a formula returned"):
        OnFloats(held=(1j, 2.0)).greeks(3.0)
