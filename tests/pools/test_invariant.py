"""Curves from their invariant alone: shapes, laws, flat spots, and everything that is refused."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curves import Solidly, curve, normwise, solidly
from hedgecore import BasketPool, ConvergenceError, Market, PluginError, SpecError
from hedgecore.registry.validation import faults

PRICES = 10.0 ** np.linspace(-6, 6, 101)


def powers(x, weights):
    return np.prod(np.stack([xi**w for w, xi in zip(weights, x, strict=True)]), axis=0)


def test_holdings_at_spot_are_the_reserves():
    model = curve(lambda x: powers(x, (0.2, 0.3, 0.5)), 10.0, 2e5, 3.0)
    assert model.greeks(model.spot()).holdings == pytest.approx(model.reserves, rel=1e-14)
    assert (
        model.at_state().worth(Market(prices={"A": 2.0, "B": 1.0, "C": 1.0}, numeraire="C"))
        == 200023
    )


def test_a_batch_of_any_shape_is_its_points():
    model = curve(lambda x: powers(x, (0.2, 0.3, 0.5)) + 1e-3 * sum(x), 10.0, 2e3, 3.0)
    prices = 10 ** np.random.default_rng(3).uniform(-3, 3, (4, 5, 2))
    got = model.greeks(prices)
    assert got.gamma.shape == (4, 5, 2, 2)
    for at in np.ndindex(4, 5):
        alone = model.greeks(prices[at])
        assert got.value[at] == pytest.approx(alone.value, rel=1e-13)
        assert got.holdings[at] == pytest.approx(alone.holdings, rel=1e-12)
        assert normwise(got.gamma[at], alone.gamma) < 1e-12


def test_blocks_do_not_show(monkeypatch):
    prices, model = PRICES, solidly(1e3, 1e3)
    whole = model.greeks(prices)
    monkeypatch.setattr("hedgecore.pools.invariant.BLOCK", 28)
    assert model.greeks(prices).delta == pytest.approx(whole.delta, rel=1e-13)
    assert model.value(np.empty(0)).shape == (0,)


@given(st.floats(-6, 6), st.floats(-3, 3))
def test_euler_and_the_numeraire_hold(decade, skew):
    model = solidly(1e4, 1e4 * 10**skew)
    given = Market(prices={"A": 10**decade, "B": 0.37}, numeraire="USD")
    exposure = model.exposure(given)
    prices = np.array([10**decade, 0.37])
    assert exposure.delta @ prices == pytest.approx(exposure.value, rel=1e-14)
    size = np.abs(exposure.gamma) @ prices
    assert np.abs(exposure.gamma @ prices) == pytest.approx(0 * size, abs=1e-13 * size.max())
    assert (exposure.gamma == exposure.gamma.T).all()


@pytest.mark.parametrize("reserves", [(1e3, 1e3), (1e6, 2e5), (3.0, 7e4)])
def test_at_its_singular_point_gamma_is_infinite_and_the_rest_is_fine(reserves):
    model = solidly(*reserves)
    got = model.greeks(1.0)
    side = ((reserves[0] ** 3 * reserves[1] + reserves[0] * reserves[1] ** 3) / 2) ** 0.25
    assert got.value == pytest.approx(2 * side, rel=1e-14)
    assert got.delta == pytest.approx(side, rel=2e-5)  # which one ulp of price moves as far
    assert got.gamma == -np.inf


def test_virtual_reserves_are_exact_up_to_the_edge_and_refused_beyond():
    model = curve(lambda x: (x[0] + 10) * (x[1] + 10), 10.0, 10.0)
    inside = 4 * (1 - 1e-9)
    assert model.delta(inside) == pytest.approx(20 / np.sqrt(inside) - 10, rel=1e-6)
    assert model.gamma(inside) == pytest.approx(-10 / inside**1.5, rel=1e-8)
    said = r"price \[20\.0\].*would run out of A.*holds none of it beyond.*write its closed form"
    with pytest.raises(ConvergenceError, match=said):
        model.value(np.array([1.0, 20.0, 2.0]))


def bump(x):
    u = np.log(x[0] / x[1])
    return np.log(x[0]) + np.log(x[1]) + 0.9 * np.exp(-4 * (u - 2) ** 2)


FAILING = {
    "a sum has one price": (lambda x: x[0] + x[1], 2.0, "flat, like a sum"),
    "spheres are inside out": (lambda x: x[0] ** 2 + x[1] ** 2, 1.0, "reserves.*not quasi-concave"),
    "one asset is a burden": (lambda x: x[0] - x[1], 1.0, "does not increase in B: slopes"),
    "constant": (lambda x: 1.0 + 0 * x[0], 1.0, "does not increase in A, B"),
    "Leontief": (lambda x: np.minimum(x[0], x[1] - 1), 1.0, "does not increase in A"),
    "no number": (lambda x: np.log(x[0] - 100) + x[1], 1.0, "does not increase.*nan"),
    "overflow": (lambda x: np.exp(100 * x[0]) * x[1], 1.0, "slopes.*nan"),
    "kink": (
        lambda x: np.minimum(x[0] ** 0.8 * x[1] ** 0.2, x[0] ** 0.2 * x[1] ** 0.8 / 1.1),
        1.0,
        "kink",
    ),
    "a dent in the way": (bump, 0.1, "near .*bends the wrong way, which is not quasi-concave"),
    "a dent jumped over": (bump, 0.02, "which is cheaper: between them the invariant bends"),
    "below the least double": (lambda x: x[0] ** 0.97 + x[1] ** 0.97, 1e12, "would run out of A"),
}


@pytest.mark.parametrize("name", FAILING)
def test_what_the_invariant_does_not_describe_is_refused_with_the_reason(name):
    phi, price, says = FAILING[name]
    model = curve(phi, 10.0, 10.0)
    with pytest.raises(ConvergenceError, match=says):
        model.greeks(price)


def test_numbers_that_underflow_are_no_curve():
    with pytest.raises(ConvergenceError, match="underflows: choose other units, or its log"):
        curve(lambda x: x[0] * x[1], 1e-200, 1e-200).value(1.0)


def test_a_failure_says_how_far_it_came():
    with pytest.raises(ConvergenceError) as caught:
        curve(lambda x: x[0] + x[1], 10.0, 10.0).value(2.0)
    assert caught.value.iterations > 0
    assert caught.value.residual == pytest.approx(np.log(2))


def test_a_basket_on_a_flat_has_delta_but_no_gamma():
    model = curve(lambda x: (x[0] + x[1]) * x[2], 10.0, 10.0, 20.0)
    assert model.delta([1.0, 1.0]).tolist() == [10.0, 10.0]
    with pytest.raises(ConvergenceError, match="gamma is infinite"):
        model.gamma([1.0, 1.0])


@pytest.mark.parametrize("phi", [lambda x: x, lambda x: np.stack([x[0], x[1]])])
def test_an_invariant_must_be_one_number_for_each_point(phi):
    with pytest.raises(PluginError, match="one number for each point"):
        curve(phi, 10.0, 10.0).value(1.0)


def test_an_unsupported_function_is_named():
    with pytest.raises(TypeError, match=r"numpy\.sin"):
        curve(lambda x: np.sin(x[0]) * x[1], 1.0, 1.0).value(1.0)


@pytest.mark.parametrize("reserves", [(1.0,), (1.0, 0.0), (1.0, -2.0), (1.0, np.inf), (1.0, "2")])
def test_reserves_are_positive_and_one_for_each_asset(reserves):
    with pytest.raises(SpecError, match="reserves"):
        Solidly(assets=("A", "B"), reserves=reserves)


def test_it_is_a_pool_like_any_other():
    model = solidly(2e3, 1e3)
    model.value(1.1)
    assert isinstance(model, BasketPool)
    assert faults("hedgecore_pools", Solidly) == []
    assert pickle.loads(pickle.dumps(model)) == model  # noqa: S301 - our own
    assert hash(model) == hash(solidly(2e3, 1e3))
