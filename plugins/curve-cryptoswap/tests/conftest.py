"""The judge: recorded truth, and 80-digit arithmetic that shares no algebra with the plugin.

Newton's method on the bordered system of the raw invariant, with D = 1,

    F(x) = K (sum(x) - 1) + prod(x) - n^-n,  K = Ann n^-n K0 g^2 / (g + 1 - K0)^2,  K0 = prod(n x),

starts from any guess, the plugin's answer among them, and is believed only when F = 0 and
price = rate grad F hold to 1e-50: the level set is strictly convex, so that those conditions have
one solution. Gamma is read off the inverse of the same matrix.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded

MP = MPContext()
MP.dps = 80
SMALL = MP.mpf(10) ** -50
RECORDED = {
    "curve_case": recorded("curves/cryptoswap_2coin", "curves/tricrypto"),
    "chain_case": recorded("chain/curve_cryptoswap"),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


class Truth(NamedTuple):
    """The state at some prices, in real coins."""

    value: Any
    held: list[Any]
    gamma: list[list[Any]]


class Errors(NamedTuple):
    """Relative errors; those of gamma by the geometric mean of its diagonal."""

    value: float
    held: float
    gamma: float


def exact(number: Any) -> Any:
    """Return a float, an int, a Fraction or a decimal text in 80 digits."""
    if isinstance(number, Fraction):
        return MP.mpf(number.numerator) / number.denominator
    return MP.mpf(number)


def each(numbers: Any) -> list[Any]:
    """Return all of them in 80 digits."""
    return [exact(number) for number in numbers]


class Setup(NamedTuple):
    """A pool in exact numbers: Ann, gamma, the scale and the scaled balance of each asset."""

    ann: Any
    gamma: Any
    scales: list[Any]
    xp: list[Any]


class Steepness(NamedTuple):
    """K and its first two derivatives in K0."""

    k: Any
    first: Any
    second: Any


def steepness(ann: Any, g: Any, k0: Any) -> Steepness:
    """Return K(K0), by the quotient rule."""
    away = g + 1 - k0
    scale = ann * g**2
    return Steepness(
        scale * k0 / away**2,
        scale * (g + 1 + k0) / away**3,
        scale * (4 * (g + 1) + 2 * k0) / away**4,
    )


def slopes(ann: Any, g: Any, x: list[Any]) -> tuple[Any, list[Any], list[list[Any]]]:
    """Return F, its gradient and its Hessian at the shares x of D."""
    n, product, total = len(x), MP.fprod(x), sum(x)
    k0 = MP.mpf(n) ** n * product
    k, first, second = steepness(ann / MP.mpf(n) ** n, g, k0)
    over = total - 1
    gradient = [first * k0 / a * over + k + product / a for a in x]
    hessian = [[MP.mpf(0)] * n for _ in range(n)]
    for i, a in enumerate(x):
        for j, b in enumerate(x):
            cross = 0 if i == j else (first * k0 * over + product) / (a * b)
            bend = second * k0**2 / (a * b) * over + first * k0 * (1 / a + 1 / b)
            hessian[i][j] = cross + bend
    return k * over + product - MP.mpf(n) ** -n, gradient, hessian


def _bordered(its: Setup, x: list[Any], p: list[Any], rate: Any) -> tuple[Any, Any]:
    """Return the matrix and the residual of the conditions of the least p.x on F = 0."""
    n = len(x)
    value, gradient, hessian = slopes(its.ann, its.gamma, x)
    system, off = MP.matrix(n + 1, n + 1), MP.matrix(n + 1, 1)
    for i in range(n):
        system[i, n] = system[n, i] = gradient[i]
        off[i] = p[i] - rate * gradient[i]
        for j in range(n):
            system[i, j] = rate * hessian[i][j]
    off[n] = -value
    return system, off


class Oracle:
    """What tests ask of the judge."""

    exact = staticmethod(exact)
    truth = Truth
    mp = MP

    @staticmethod
    def shared(truth: Truth, share: Any) -> Truth:
        """Return the truth of a part of the pool."""
        part = exact(share)
        gamma = [[part * one for one in row] for row in truth.gamma]
        return Truth(part * truth.value, [part * one for one in truth.held], gamma)

    @staticmethod
    def setup(pool: Any, gamma: Any = None) -> Setup:
        """Return the pool of a model, exact; with its contract's own gamma where that is given."""
        scales = [*each(pool.price_scale), exact(1)]
        xp = [a * b for a, b in zip(each(pool.balances), scales, strict=True)]
        ann = exact(pool.amplification) / exact(pool.a_multiplier)
        return Setup(ann, exact(pool.curve_gamma if gamma is None else gamma), scales, xp)

    @staticmethod
    def invariant(its: Setup) -> Any:
        """Return D: F(xp / D) = 0, of which the left side falls in D; bisected, then the secant."""

        def defect(d: Any) -> Any:
            return slopes(its.ann, its.gamma, [x / d for x in its.xp])[0]

        low = len(its.xp) * MP.fprod(its.xp) ** (MP.mpf(1) / len(its.xp))
        high = sum(its.xp)
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if defect(middle) > 0 else (low, middle)
        here, there = defect(low), defect(high)
        for _ in range(20):
            if here == there or low == high:
                break
            low, high = low - here * (low - high) / (here - there), low
            here, there = defect(low), here
        assert low == high or abs(low / high - 1) < SMALL
        return low

    @classmethod
    def state(cls, its: Setup, prices: Any, guess: Any) -> Truth:
        """Return the certified state at prices of the assets in one unit, from a guess."""
        d, n, scales = cls.invariant(its), len(its.xp), its.scales
        q = each(prices)
        p = [a / b for a, b in zip(q, scales, strict=True)]
        x = [a * b / d for a, b in zip(each(guess), scales, strict=True)]
        rate = p[0] / slopes(its.ann, its.gamma, x)[1][0]
        for _ in range(40):
            system, off = _bordered(its, x, p, rate)
            scaled = [abs(off[i] / p[i]) for i in range(n)]
            if max(*scaled, abs(off[n]) * MP.mpf(n) ** n) < SMALL:
                break
            step = MP.lu_solve(system, off)
            x = [x[i] + step[i] for i in range(n)]
            rate += step[n]
        else:
            raise ArithmeticError
        assert min(x) > 0
        inverse = system**-1
        held = [d * x[i] / scales[i] for i in range(n)]
        gamma = [[d * inverse[i, j] / (scales[i] * scales[j]) for j in range(n)] for i in range(n)]
        return Truth(sum(a * b for a, b in zip(q, held, strict=True)), held, gamma)

    @classmethod
    def spot(cls, its: Setup) -> list[Any]:
        """Return the prices at which the balances are the state, the last of them 1."""
        d = cls.invariant(its)
        _, gradient, _ = slopes(its.ann, its.gamma, [x / d for x in its.xp])
        price = [slope * scale for slope, scale in zip(gradient, its.scales, strict=True)]
        return [one / price[-1] for one in price]

    @staticmethod
    def error(got: Any, want: Any) -> float:
        """Return the relative error; infinite for anything but zero where zero is due."""
        got, want = exact(float(got)), exact(want)
        if got == want:
            return 0.0
        return float(abs(got - want) / abs(want)) if want else float("inf")

    @classmethod
    def errors(cls, truth: Truth, value: Any, held: Any, gamma: Any) -> Errors:
        """Compare all of one state: the truth may be numbers or decimal texts."""
        due = [each(row) for row in truth.gamma]
        sizes = [MP.sqrt(-row[i]) for i, row in enumerate(due)]
        off = [
            float(abs(exact(float(gamma[i][j])) - due[i][j]) / (sizes[i] * sizes[j]))
            for i in range(len(due))
            for j in range(i + 1)
        ]
        pairs = zip(held, truth.held, strict=True)
        return Errors(
            cls.error(value, truth.value), max(cls.error(*pair) for pair in pairs), max(off)
        )


@pytest.fixture(scope="session")
def oracle() -> type[Oracle]:
    """Return the judge."""
    return Oracle
