"""The StableSwap kernel keeps its promises: sixty-digit cases, laws, and refusals."""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import curve
import oracle
import point
from curvature import gamma
from curve import BLOCK, NotConvergedError, holdings, invariant, spot
from fuzz import REGIMES, one
from twofold import Array, quotient

CASES = Path("/work/shared/cases/curves")
VALUE, HOLDINGS, GAMMA = 1e-13, 1e-12, 1e-12


def cases(curve: str) -> list[dict]:
    """Read the sixty-digit cases of one curve."""
    return json.loads((CASES / f"{curve}.json").read_text())["cases"]


def named(curve: str) -> list:
    """Give each case its id as a test name."""
    return [pytest.param(case, id=case["id"]) for case in cases(curve)]


def floats(numbers: list) -> Array:
    """Decimal strings of doubles, back as doubles."""
    return np.array(numbers, dtype=float)


def off(number: float, truth: str) -> float:
    """Relative distance from a decimal truth."""
    return float(abs(Decimal(float(number)) / Decimal(truth) - 1))


def check_gamma(curved: Array, truth: list) -> None:
    """Diagonal relative; the rest against the geometric mean of the diagonal."""
    size = np.sqrt(-np.diagonal(floats(truth)))
    for i, row in enumerate(truth):
        for j, g in enumerate(row):
            error = float(abs(Decimal(float(curved[i, j])) - Decimal(g)))
            assert error <= GAMMA * size[i] * size[j]


def check_basket(case: dict, amplification: float) -> None:
    """Compare one n-coin case, value and holdings and gamma."""
    params, truth = case["params"], case["expected"]
    rates, prices = floats(params["rates"]), floats(case["prices"])[:, None]
    d = invariant(amplification, rates * floats(params["balances"]))
    held = holdings(amplification, d, prices, rates)
    assert off(d, truth["D"]) <= 1e-15
    assert off((prices * held).sum(), truth["value"]) <= VALUE
    assert max(map(off, held[:, 0], truth["delta"])) <= HOLDINGS
    check_gamma(gamma(amplification, d, prices, held, rates)[:, :, 0], truth["gamma"])


def check_pair(case: dict, share: float) -> None:
    """Compare one two-coin case, quoted in coin 1."""
    params, truth, price = case["params"], case["expected"], float(case["price"])
    prices, rates = np.array([[price], [1.0]]), np.ones(2)
    d = invariant(float(params["A"]), floats(params["balances"]))
    held = holdings(float(params["A"]), d, prices, rates)
    assert off(share * (prices * held).sum(), truth["value"]) <= VALUE
    assert off(share * held[0, 0], truth["delta"]) <= HOLDINGS
    curved = gamma(float(params["A"]), d, prices, held, rates)
    assert off(share * curved[0, 0, 0], truth["gamma"]) <= GAMMA


@pytest.mark.parametrize("case", named("stableswap"))
def test_stableswap_agrees_with_sixty_digits(case: dict) -> None:
    check_basket(case, float(case["params"]["A"]))


@pytest.mark.parametrize("case", named("balancer_stable"))
def test_balancer_stable_is_the_same_curve(case: dict) -> None:
    check_basket(case, case["params"]["amp"] / case["params"]["amp_precision"])


@pytest.mark.parametrize("case", named("stableswap_2coin"))
def test_two_coins_agree_with_sixty_digits(case: dict) -> None:
    check_pair(case, float(case["params"]["share"]))


@pytest.mark.parametrize("case", [c for c in cases("greeks_quote") if c["regime"] == "stableswap"])
def test_quoted_greeks_agree_with_sixty_digits(case: dict) -> None:
    check_pair(case, 1.0)


@pytest.mark.parametrize("regime", REGIMES)
def test_random_pools_agree_with_the_oracle(regime: str) -> None:
    rng = np.random.default_rng(20)
    d, value, held, diagonal, rest, back = np.max([one(rng, regime) for _ in range(40)], axis=0)
    assert d <= 1e-15
    assert value <= VALUE
    assert held <= HOLDINGS
    assert max(diagonal, rest) <= GAMMA
    assert back <= 1e-14


@pytest.mark.parametrize("n", range(2, 9))
@pytest.mark.parametrize("amplification", [0.3, 1.0, 200.0, 1e6])
def test_at_the_peg_the_pool_is_even_and_gamma_is_known(n: int, amplification: float) -> None:
    rates = 1.0 + np.arange(n) / 7.0
    held = holdings(amplification, 1e6, rates[:, None], rates)
    curved = gamma(amplification, 1e6, rates[:, None], held, rates)[:, :, 0]
    peg = 1e6 * (amplification * n + n) / n**3 * (1.0 - n * np.eye(n)) / np.outer(rates, rates)
    np.testing.assert_allclose(held[:, 0], 1e6 / n / rates, rtol=1e-14)
    np.testing.assert_allclose(curved, peg, rtol=1e-13)


@pytest.mark.parametrize("amplification", [0.01, 0.5, 0.9999999999999999, 1.0000000000000002, 50.0])
def test_ann_on_either_side_of_one_is_the_same_formula(amplification: float) -> None:
    prices, rates = np.array([1e-9, 0.5, 1.0]), np.ones(3)
    for a in (amplification, amplification / 3.0):
        truth = oracle.state(a, oracle.mpf(1), prices, rates)
        held = holdings(a, 1.0, prices[:, None], rates)
        curved = gamma(a, 1.0, prices[:, None], held, rates)
        value = float(prices @ held[:, 0])
        assert oracle.errors(truth, value, held[:, 0], curved[:, :, 0]).max() <= 1e-13


def some_prices(size: int) -> Array:
    """Four coins about the peg, some crashing."""
    rng = np.random.default_rng(1)
    return np.exp(rng.normal(0.0, 0.01, (4, size))) * 10 ** -rng.uniform(0, 9, (4, size)).round()


def test_a_batch_equals_its_points() -> None:
    prices, rates = some_prices(2 * BLOCK + 3), np.array([1.0, 1.1, 1.2, 1.3])
    held = holdings(200.0, 1.0, prices, rates)
    for k in (0, BLOCK - 1, BLOCK, 2 * BLOCK + 2):
        alone = holdings(200.0, 1.0, prices[:, k : k + 1], rates)
        np.testing.assert_allclose(held[:, k : k + 1], alone, rtol=1e-14)


@pytest.mark.parametrize("amplification", [0.1, 1.0, 200.0, 1e6])
@pytest.mark.parametrize("n", range(2, 9))
def test_a_point_in_floats_equals_the_arrays(n: int, amplification: float) -> None:
    rng = np.random.default_rng(n)
    for _ in range(20):
        rates = np.exp(rng.normal(0.0, 0.1, n))
        prices = rates * np.exp(rng.normal(0.0, rng.choice([0.0, 1e-3, 5.0]), n))
        held = holdings(amplification, 3.0, prices[:, None], rates)
        curved = gamma(amplification, 3.0, prices[:, None], held, rates)[:, :, 0]
        alone = point.holdings(amplification, 3.0, prices.tolist(), rates.tolist())
        bent = point.gamma(amplification, 3.0, prices.tolist(), alone, rates.tolist())
        size = np.sqrt(np.outer(curved.diagonal(), curved.diagonal()))
        np.testing.assert_allclose(alone, held[:, 0], rtol=1e-14)
        assert (np.abs(curved - bent) <= 5e-14 * size).all()


def test_gamma_of_the_prices_vanishes_and_gamma_is_symmetric() -> None:
    prices, rates = some_prices(100), np.array([1.0, 1.1, 1.2, 1.3])
    held = holdings(200.0, 1.0, prices, rates)
    curved = gamma(200.0, 1.0, prices, held, rates)
    moved = np.einsum("ijk,jk->ik", curved, prices)
    size = np.einsum("ijk,jk->ik", np.abs(curved), prices)
    assert np.array_equal(curved, curved.transpose(1, 0, 2))
    assert (np.abs(moved) <= 1e-14 * size).all()


@pytest.mark.parametrize("unit", [1e-30, 2.0**-40, 1e30])
def test_the_unit_of_prices_does_not_matter(unit: float) -> None:
    prices, rates = some_prices(50), np.ones(4)
    near = holdings(20.0, 1.0, prices, rates)
    np.testing.assert_allclose(holdings(20.0, 1.0, prices * unit, rates), near, rtol=1e-13)


def test_the_pool_stands_at_its_own_spot() -> None:
    balances, rates = np.array([27e6, 27e6, 108e6]), np.array([1.0, 1.02, 0.97])
    d = invariant(2000.0, rates * balances)
    own = spot(2000.0, balances, rates)
    assert own[-1] == 1.0
    np.testing.assert_allclose(holdings(2000.0, d, own[:, None], rates)[:, 0], balances, rtol=1e-12)


def test_the_invariant_of_an_even_pool_is_its_sum() -> None:
    assert invariant(100.0, np.full(3, 1e6)) == 3e6


def test_the_invariant_scales_with_the_balances() -> None:
    xp = np.array([1e-9, 3.0, 1e9])
    small, large = invariant(10.0, xp * 2.0**-200), invariant(10.0, xp * 2.0**200)
    assert small * 2.0**400 == large


def test_a_quotient_keeps_twice_the_digits() -> None:
    numerator, denominator = np.array([1.0, 2.0, 1e-30]), np.array([3.0, 7.0, 1.1])
    high, low = quotient(numerator, denominator)
    for q, d, h, lo in zip(numerator, denominator, high, low, strict=True):
        ratio = oracle.mpf(float(q)) / oracle.mpf(float(d))
        assert abs((oracle.mpf(float(h)) + oracle.mpf(float(lo))) / ratio - 1) < 1e-31


@pytest.mark.parametrize("bad", [0.0, np.inf, np.nan, -1.0, 1e-31])
def test_a_price_out_of_range_is_refused_not_answered(bad: float) -> None:
    with pytest.raises(ArithmeticError):
        holdings(100.0, 1.0, np.array([[1.0], [bad]]), np.ones(2))
    with pytest.raises(ArithmeticError):
        point.holdings(100.0, 1.0, [1.0, bad], [1.0, 1.0])


@pytest.mark.parametrize("amplification", [0.0, -1.0, 1e-10, 1e15, np.nan, np.inf])
def test_an_amplification_out_of_range_is_refused(amplification: float) -> None:
    with pytest.raises(OverflowError):
        holdings(amplification, 1.0, np.ones((2, 1)), np.ones(2))


@pytest.mark.parametrize("amplification", [1e-9, 1e14])
def test_the_ends_of_the_range_are_answered(amplification: float) -> None:
    prices, rates = 10.0 ** np.array([0, 4, 9, 13, 17, 21, 25, 29.9]), np.ones(8)
    truth = oracle.state(amplification, oracle.mpf(1), prices, rates)
    held = holdings(amplification, 1.0, prices[:, None], rates)[:, 0]
    assert max(abs(float(h / t - 1)) for h, t in zip(held, truth.holdings, strict=True)) <= 1e-13


def test_a_solver_that_does_not_settle_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curve, "MAX_STEPS", 1)
    with pytest.raises(NotConvergedError, match="in 1 steps") as caught:
        holdings(100.0, 1.0, np.array([[1.0], [1.01]]), np.ones(2))
    assert caught.value.steps == 1
    assert 0.0 < caught.value.residual < 1.0


@pytest.mark.parametrize("bad", [[0.0, 1.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_an_impossible_pool_has_no_invariant(bad: list[float]) -> None:
    with pytest.raises(OverflowError):
        invariant(100.0, np.array(bad))
