"""The compiled loop where products of prices and balances leave the range of doubles."""

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.fast import VARIABLE, fast_from

pytest.importorskip("numba")


@pytest.fixture(autouse=True)
def loops(monkeypatch):
    """Loops answer, whatever the run says."""
    monkeypatch.setenv(VARIABLE, "1")


def halves(base, quote):
    """A pool of two halves: its value is 2·√(x·y·p)."""
    pair = {"assets": ["A", "B"], "weights": [0.5, 0.5], "balances": [base, quote]}
    return hc.build({"kind": "balancer-weighted", **pair})


@pytest.mark.parametrize(("base", "quote", "price"), [
    (1.0, 1e-50, 1e258), (1.0, 1e-50, 6e261), (1e-100, 1e-50, 1e-215), (1.0, 1.0, 1e290),
])  # fmt: skip
def test_far_away_a_loop_has_the_numbers_of_the_closed_form(base, quote, price):
    pool, prices = halves(base, quote), np.full(3, price)
    depth, root = np.sqrt(base) * np.sqrt(quote), np.sqrt(price)
    with fast_from(1):
        value, delta = pool.value(prices), pool.delta(prices)
    np.testing.assert_allclose(value, 2.0 * depth * root, rtol=1e-9)
    np.testing.assert_allclose(delta, depth / root, rtol=1e-9)


def test_a_price_that_the_formulas_refuse_is_refused_by_the_loop():
    with fast_from(1), pytest.raises(hc.PluginError, match="a formula gave NaN"):
        halves(1e-100, 1e-100).value(np.array([1.0, 5e-226]))
