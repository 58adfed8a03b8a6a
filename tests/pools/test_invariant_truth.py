"""Curves from their invariant alone, against the cases, closed forms, and an independent solve."""

import json
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curves import curve, normwise, solidly
from hedgecore import Market

CASES = Path(__file__).parents[1] / "cases" / "curves"
EPSILON = float(np.finfo(float).eps)
PRICES = 10.0 ** np.linspace(-6, 6, 1201)


def cases(name):
    table = json.loads((CASES / f"{name}.json").read_text())
    return [pytest.param(case, id=case["id"]) for case in table["cases"]]


def numbers(given):
    return np.array(given, dtype=float)


def assert_true_to(model, case):
    """Compare all n assets in the cases' common unit, as `exposure` does."""
    at = dict(zip(model.assets, map(float, case["prices"]), strict=True))
    got, expected = model.exposure(Market(prices=at, numeraire="USD")), case["expected"]
    assert got.value == pytest.approx(float(expected["value"]), rel=1e-12)
    assert got.delta == pytest.approx(numbers(expected["delta"]), rel=1e-11)
    assert normwise(got.gamma, numbers(expected["gamma"])) < 1e-10


@pytest.mark.parametrize("case", cases("custom_phi"))
@pytest.mark.sample(12)
def test_a_formula_is_enough(case):
    code = compile(case["params"]["phi"], case["id"], "eval")
    names = case["params"]["variables"]

    def phi(x):
        return eval(code, {"__builtins__": {}}, dict(zip(names, x, strict=True)))  # noqa: S307

    assert_true_to(curve(phi, *map(float, case["params"]["balances"])), case)


@pytest.mark.parametrize("case", cases("custom_ces"))
def test_constant_elasticity_from_flat_to_stiff(case):
    params = case["params"]
    rho, scales = float(params["rho"]), numbers(params["coeffs"])

    def phi(x):
        return np.sign(rho) * sum(a * xi**rho for a, xi in zip(scales, x, strict=True))

    assert_true_to(curve(phi, *map(float, params["balances"])), case)


@pytest.mark.parametrize("case", cases("solidly_stable"))
@pytest.mark.sample(12)
def test_solidly_as_near_to_its_peg_as_a_price_can_be(case):
    """A few of 1e-13 from 1, gamma is that of just this double, though it is nearly infinite."""
    params, expected = case["params"], case["expected"]
    got = solidly(float(params["reserve0"]), float(params["reserve1"])).greeks(float(case["price"]))
    assert got.value == pytest.approx(float(expected["value"]), rel=1e-12)
    assert got.delta == pytest.approx(float(expected["delta"]), rel=1e-11)
    assert got.gamma == pytest.approx(float(expected["gamma"]), rel=1e-10)


TRANSFORMED = {
    "x·y": lambda x, y: x * y,
    "its root": lambda x, y: np.sqrt(x * y),
    "ln": lambda x, y: np.log(x) + np.log(y),
    "ln, of 1 at the reserves": lambda x, y: np.log(x / 5e3) + np.log(y / 1.5e7),
    "ninth power": lambda x, y: (x * y) ** 9,
    "-1/xy": lambda x, y: -1 / (x * y),
    "1/xy, which decreases": lambda x, y: 1 / (x * y),
    "expm1": lambda x, y: np.expm1(1e-11 * x * y),
    "bounded": lambda x, y: -np.exp(-1e-12 * x * y),
}


@pytest.mark.parametrize("name", TRANSFORMED)
def test_any_monotone_transformation_is_the_same_curve(name):
    model, depth = curve(lambda x: TRANSFORMED[name](*x), 5e3, 1.5e7), np.sqrt(7.5e10)
    got = model.greeks(PRICES)
    assert got.value == pytest.approx(2 * depth * np.sqrt(PRICES), rel=1e-13)
    assert got.delta == pytest.approx(depth / np.sqrt(PRICES), rel=1e-13)
    assert got.gamma == pytest.approx(-depth / (2 * PRICES**1.5), rel=1e-13)
    assert model.spot() == pytest.approx(3000.0, rel=1e-15)


def logarithms(x, weights):
    return sum(w * np.log(xi) for w, xi in zip(weights, x, strict=True))


def powers(x, weights):
    return np.prod(np.stack([xi**w for w, xi in zip(weights, x, strict=True)]), axis=0)


@pytest.mark.parametrize("n", range(2, 9))
@pytest.mark.parametrize("phi", [powers, logarithms])
@pytest.mark.sample(5)
def test_weighted_pools_over_twelve_decades(n, phi):
    shipped = pytest.importorskip("hedgecore_balancer_weighted").BalancerWeighted
    rng = np.random.default_rng(n)
    weights, balances = rng.dirichlet(np.ones(n)), 10 ** rng.uniform(0, 7, n)
    model = curve(lambda x: phi(x, weights), *balances)
    reference = shipped(assets=model.assets, weights=weights, balances=balances)
    prices = 10 ** rng.uniform(-6, 6, (500, n - 1))
    at = prices[:, 0] if n == 2 else prices
    got, expected = model.greeks(at), reference.greeks(at)
    assert got.value == pytest.approx(expected.value, rel=1e-12)
    assert got.holdings == pytest.approx(expected.holdings, rel=1e-11)
    square = (500, n - 1, n - 1)
    assert normwise(got.gamma.reshape(square), expected.gamma.reshape(square)) < 1e-10


def mixture(x, scales, power, mixed):
    """Return Σ aᵢxᵢ^ρ + b (Π xᵢ)^(1/n), which is concave."""
    product = x[0]
    for xi in x[1:]:
        product = product * xi
    return sum(a * xi**power for a, xi in zip(scales, x, strict=True)) + (
        mixed * product ** (1 / len(scales))
    )


def mp_holdings(prices, level, start, family):
    """Return x from its conditions, p = μ∇φ and φ = k, with slopes by hand, to 40 digits."""
    scales, power, mixed = family
    n = len(prices)

    def conditions(*unknowns):
        x, mu = unknowns[:n], unknowns[n]
        root = mixed * mp.fprod(x) ** (1 / n) / n
        slopes = [a * power * xi**power + root for a, xi in zip(scales, x, strict=True)]
        worths = [p * xi for p, xi in zip(prices, x, strict=True)]
        stationary = [mu * s / w - 1 for s, w in zip(slopes, worths, strict=True)]
        return [*stationary, mixture(x, *family) / level - 1]

    guess = [*start, mp.fdot(prices, start) / level]
    return list(mp.findroot(conditions, guess, tol=1e-60, maxsteps=40))[:n]


@settings(max_examples=25)
@given(st.integers(2, 4), st.floats(0.05, 0.9), st.floats(0.01, 10.0), st.integers(0, 10_000))
def test_random_invariants_agree_with_an_independent_solve(n, power, mixed, seed):
    rng = np.random.default_rng(seed)
    family = (rng.uniform(0.5, 2, n), power, mixed)
    prices, reserves = 10 ** rng.uniform(-1, 1, n), 10 ** rng.uniform(0, 3, n)
    model = curve(lambda x: mixture(x, *family), *reserves)
    x = model._holdings(prices[:, None])
    gamma = model._gamma(prices[:, None], x)[..., 0]
    with mp.workdps(40):
        level, exact = mixture(list(map(mp.mpf, reserves)), *family), list(map(mp.mpf, prices))
        up, at, down = (
            numerically(mp_holdings([exact[0] + step, *exact[1:]], level, x[:, 0], family))
            for step in (mp.mpf("1e-12"), 0, mp.mpf("-1e-12"))
        )
        column = (up - down) / mp.mpf("2e-12")
    assert x[:, 0] == pytest.approx(numbers(at), rel=1e-11)
    scale = np.sqrt(gamma[0, 0] * np.diagonal(gamma))
    assert np.max(np.abs(gamma[:, 0] - numbers(column)) / scale) < 1e-10


def numerically(each):
    return np.array(each, dtype=object)
