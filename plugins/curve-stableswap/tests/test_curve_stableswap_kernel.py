"""The kernel keeps its promises: the ends of its range, laws, and refusals."""

import numpy as np
import pytest
from hedgecore_curve_stableswap import curvature, curve
from hedgecore_curve_stableswap.curve import holdings, invariant, spot

from hedgecore import ConvergenceError, divide_exact


def gamma(*given):
    """Return gamma as one array, (n, n, N)."""
    return np.array(curvature.gamma(*given))


@pytest.mark.parametrize("n", range(2, 9))
@pytest.mark.parametrize("amplification", [0.3, 1.0, 200.0, 1e6])
def test_at_the_peg_the_pool_is_even_and_gamma_is_known(n, amplification):
    """Γ_ii = -D (n - 1)(Ann + n)/n³ and Γ_ij = D (Ann + n)/n³, over the rates."""
    rates = 1.0 + np.arange(n) / 7.0
    held = holdings(amplification, 1e6, rates[:, None], rates)
    curved = gamma(amplification, 1e6, rates[:, None], held, rates)[:, :, 0]
    peg = 1e6 * (amplification * n + n) / n**3 * (1.0 - n * np.eye(n)) / np.outer(rates, rates)
    np.testing.assert_allclose(held[:, 0], 1e6 / n / rates, rtol=1e-14)
    np.testing.assert_allclose(curved, peg, rtol=1e-13)


@pytest.mark.parametrize("a", [0.01, 0.5, 0.9999999999999999, 1.0000000000000002, 50.0])
@pytest.mark.parametrize("divided", [1, 3])
def test_ann_on_either_side_of_one_is_the_same_formula(oracle, a, divided):
    prices, rates = np.array([1e-9, 0.5, 1.0]), np.ones(3)
    truth = oracle.state(a / divided, 1, prices, rates)
    held = holdings(a / divided, 1.0, prices[:, None], rates)
    curved = gamma(a / divided, 1.0, prices[:, None], held, rates)[:, :, 0]
    value = float(prices @ held[:, 0])
    assert max(oracle.errors(truth, value, held[:, 0], curved)) <= 1e-13


@pytest.mark.parametrize("amplification", [1e-9, 1e14])
def test_the_ends_of_the_range_are_answered(oracle, amplification):
    prices, rates = 10.0 ** np.array([0, 4, 9, 13, 17, 21, 25, 29.9]), np.ones(8)
    truth = oracle.state(amplification, 1, prices, rates)
    held = holdings(amplification, 1.0, prices[:, None], rates)[:, 0]
    assert max(map(oracle.error, held, truth.held)) <= 1e-13


def some_prices(size):
    """Four coins about the peg, some crashing."""
    rng = np.random.default_rng(1)
    return np.exp(rng.normal(0.0, 0.01, (4, size))) * 10 ** -rng.uniform(0, 9, (4, size)).round()


def test_a_batch_equals_its_points():
    prices, rates = some_prices(1000), np.array([1.0, 1.1, 1.2, 1.3])
    held = holdings(200.0, 1.0, prices, rates)
    for k in (0, 1, 499, 999):
        alone = holdings(200.0, 1.0, prices[:, k : k + 1], rates)
        np.testing.assert_allclose(held[:, k : k + 1], alone, rtol=1e-14)


@pytest.mark.parametrize("amplification", [1e-3, 0.2, 200.0, 1e6])
def test_floats_give_what_arrays_do(amplification):
    prices, rates = some_prices(40), (1.0, 1.1, 1.2, 1.3)
    held = holdings(amplification, 1.0, prices, rates)
    bent = gamma(amplification, 1.0, prices, held, rates)
    for k, point in enumerate(map(tuple, prices.T.tolist())):
        alone = holdings(amplification, 1.0, point, rates)
        assert {type(each) for each in alone} == {float}
        np.testing.assert_allclose(alone, held[:, k], rtol=1e-13)
        curved = curvature.gamma(amplification, 1.0, point, held[:, k].tolist(), rates)
        np.testing.assert_allclose(curved, bent[..., k], rtol=1e-13)


def test_gamma_of_the_prices_vanishes_and_gamma_is_symmetric():
    prices, rates = some_prices(100), np.array([1.0, 1.1, 1.2, 1.3])
    held = holdings(200.0, 1.0, prices, rates)
    curved = gamma(200.0, 1.0, prices, held, rates)
    moved = np.einsum("ijk,jk->ik", curved, prices)
    size = np.einsum("ijk,jk->ik", np.abs(curved), prices)
    assert np.array_equal(curved, curved.transpose(1, 0, 2))
    assert (np.abs(moved) <= 1e-14 * size).all()


def test_cross_gammas_of_three_coins_take_either_sign(oracle):
    """Negative between the scarcest and the most abundant coin, with the third between them."""
    for dear, middle, sign in ((1.02, 1.0, 1), (1.1, 1.01, -1)):
        prices = np.array([1.0, dear, middle])
        held = holdings(100.0, 1.0, prices[:, None], np.ones(3))
        curved = gamma(100.0, 1.0, prices[:, None], held, np.ones(3))
        truth = oracle.state(100.0, 1, prices, np.ones(3)).gamma[0][1]
        assert sign * curved[0, 1, 0] > 0
        assert oracle.error(curved[0, 1, 0], truth) <= 1e-12


@pytest.mark.parametrize("unit", [1e-30, 2.0**-40, 1e30])
def test_the_unit_of_prices_does_not_matter(unit):
    prices, rates = some_prices(50), np.ones(4)
    near = holdings(20.0, 1.0, prices, rates)
    np.testing.assert_allclose(holdings(20.0, 1.0, prices * unit, rates), near, rtol=1e-13)


def test_the_pool_stands_at_its_own_spot():
    """Its price has rounding, and a flat curve turns that into Ann times as much of its coins."""
    balances, rates = np.array([27e6, 27e6, 108e6]), np.array([1.0, 1.02, 0.97])
    d = invariant(2000.0, rates * balances)
    own = spot(2000.0, balances, rates)
    assert own[-1] == 1.0
    np.testing.assert_allclose(holdings(2000.0, d, own[:, None], rates)[:, 0], balances, rtol=1e-12)


def test_the_invariant_of_an_even_pool_is_its_sum():
    for n in range(2, 9):
        assert invariant(100.0, np.full(n, 1e6)) == n * 1e6


def test_the_invariant_scales_with_the_balances():
    xp = np.array([1e-9, 3.0, 1e9])
    small, large = invariant(10.0, xp * 2.0**-200), invariant(10.0, xp * 2.0**200)
    assert small * 2.0**400 == large


def test_a_quotient_keeps_twice_the_digits(oracle):
    numerator, denominator = np.array([1.0, 2.0, 1e-30]), np.array([3.0, 7.0, 1.1])
    high, low = divide_exact(numerator, denominator)
    for q, d, h, lo in zip(numerator, denominator, high, low, strict=True):
        ratio = oracle.exact(float(q)) / oracle.exact(float(d))
        assert abs((oracle.exact(float(h)) + oracle.exact(float(lo))) / ratio - 1) < 1e-31


def test_few_steps_are_enough(monkeypatch):
    """Seven are the most ever seen, over 2 to 8 coins in all states of crash."""
    monkeypatch.setattr(curve, "MAX_STEPS", 7)
    rng = np.random.default_rng(5)
    crash = 10 ** -rng.uniform(0, 9, (8, 3000))
    for n in range(2, 9):
        for amplification in (1e-3, 1.0, 30.0, 1e3, 1e6):
            assert np.isfinite(holdings(amplification, 1.0, crash[:n], np.ones(n))).all()


@pytest.mark.parametrize("bad", [0.0, np.inf, np.nan, -1.0, 1e-31])
def test_a_price_out_of_range_is_refused_not_answered(bad):
    with pytest.raises(ConvergenceError, match=r"solved are|no state in"):
        holdings(100.0, 1.0, np.array([[1.0], [bad]]), np.ones(2))


@pytest.mark.parametrize("amplification", [0.0, -1.0, 1e-10, 1e15, np.nan, np.inf])
def test_an_amplification_out_of_range_is_refused(amplification):
    with pytest.raises(ConvergenceError, match="solved are A from"):
        holdings(amplification, 1.0, np.ones((2, 1)), np.ones(2))


def test_a_solver_that_does_not_settle_says_so(monkeypatch):
    monkeypatch.setattr(curve, "MAX_STEPS", 1)
    with pytest.raises(ConvergenceError, match="in 1 steps") as caught:
        holdings(100.0, 1.0, np.array([[1.0], [1.01]]), np.ones(2))
    assert caught.value.iterations == 1
    assert 0.0 < caught.value.residual < 1.0


@pytest.mark.parametrize("bad", [[0.0, 1.0], [np.nan, 1.0], [1e300, 1e-300]])
def test_an_impossible_pool_has_no_invariant(bad):
    with pytest.raises(ConvergenceError, match="too uneven"):
        invariant(100.0, np.array(bad))
