"""The judge: recorded truth, and 70-digit arithmetic that shares no code with the plugin.

Nothing of the kernel's algebra is trusted: a bisection gives a first guess, Newton on the bordered
system of the raw polynomial F(xp) = Ann S + D - Ann D - D^(n+1) / (n^n prod xp) polishes it, and
the answer is returned only when F = 0 and price = lambda grad F hold to 1e-50. The level set is
strictly convex, so that those conditions have one solution. Gamma is read off the same matrix.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded

MP = MPContext()
MP.dps = 70
RECORDED = {
    "basket_case": recorded("curves/stableswap", "curves/balancer_stable"),
    "pair_case": recorded("curves/stableswap_2coin"),
    "greeks_case": recorded(
        "curves/greeks_quote", wanted=lambda case: case["regime"] == "stableswap"
    ),
    "chain_case": recorded("chain/curve_stableswap", "chain/balancer_stable"),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


class Truth(NamedTuple):
    """The state at some prices, in real coins."""

    value: Any
    held: list[Any]
    gamma: list[list[Any]]


class Swap(NamedTuple):
    """What a swap pays, what it leaves of that coin, and how far apart the two roots are."""

    paid: Any
    left: Any
    apart: Any


class Errors(NamedTuple):
    """Relative errors; those of gamma's rest by the geometric mean of its diagonal."""

    value: float
    held: float
    diagonal: float
    rest: float


def exact(number: Any) -> Any:
    """Return a float, an int, a Fraction or a decimal text in 70 digits."""
    if isinstance(number, Fraction):
        return MP.mpf(number.numerator) / number.denominator
    return MP.mpf(number)


def _each(numbers: Any) -> list[Any]:
    return [exact(number) for number in numbers]


def _guess(ann: Any, p: list[Any]) -> list[Any]:
    """Bisect ln tau, by the sign of the invariant's defect, for the shares of D."""
    n, least = len(p), min(p)
    low, high = MP.mpf(-80), MP.mpf(40)
    for _ in range(70):
        tau = MP.exp((low + high) / 2)
        t = [(x - least) / least + tau * x / least for x in p]
        a = (MP.fprod(t) / (ann * MP.mpf(n) ** n)) ** (MP.mpf(1) / (n + 1))
        x = [a / s for s in t]
        too_much = sum(x) > 1 + a - 1 / ann
        low, high = ((low + high) / 2, high) if too_much else (low, (low + high) / 2)
    return x


def _system(ann: Any, x: list[Any], p: list[Any], rate: Any) -> tuple[Any, Any]:
    """Return the bordered matrix and the residual of the raw KKT conditions, with D = 1."""
    n = len(x)
    depth = 1 / (MP.mpf(n) ** n * MP.fprod(x))
    system, residual = MP.matrix(n + 1, n + 1), MP.matrix(n + 1, 1)
    for i in range(n):
        slope = ann + depth / x[i]
        for j in range(n):
            system[i, j] = -rate * depth * (2 if i == j else 1) / (x[i] * x[j])
        system[i, n] = system[n, i] = slope
        residual[i] = p[i] - rate * slope
    residual[n] = -(ann * sum(x) + 1 - ann - depth)
    return system, residual


class Oracle:
    """What tests ask of the judge."""

    exact = staticmethod(exact)

    @staticmethod
    def invariant(amplification: Any, xp: Any) -> Any:
        """Bisect F for D between 0 and S, then Newton."""
        xp, ann = _each(xp), exact(amplification) * len(xp)
        n, total = len(xp), sum(xp)
        shape = MP.fprod(n * x / total for x in xp)

        def defect(w: Any) -> Any:
            return w ** (n + 1) / shape + (ann - 1) * w - ann

        low, high = MP.mpf(0), MP.mpf(1)
        for _ in range(60):
            middle = (low + high) / 2 if low else high / 4
            low, high = (middle, high) if defect(middle) < 0 else (low, middle)
        for _ in range(12):
            high -= defect(high) / ((n + 1) * high**n / shape + ann - 1)
        assert abs(defect(high)) <= MP.mpf(10) ** -55 * (ann + 1)
        return high * total

    @classmethod
    def state(cls, amplification: Any, d: Any, prices: Any, rates: Any) -> Truth:
        """Solve for the state of a pool with invariant d at one price vector (n,); certified."""
        q, r = _each(prices), _each(rates)
        p, n, ann = (
            [a / b for a, b in zip(q, r, strict=True)],
            len(q),
            exact(amplification) * len(q),
        )
        x = _guess(ann, p)
        rate = p[0] / (ann + 1 / (MP.mpf(n) ** n * MP.fprod(x)) / x[0])
        for _ in range(12):
            system, residual = _system(ann, x, p, rate)
            scale = [abs(residual[i] / p[i]) for i in range(n)]
            if max(*scale, abs(residual[n]) / (ann * sum(x))) < MP.mpf(10) ** -50:
                break
            step = MP.lu_solve(system, residual)
            x = [x[i] + step[i] for i in range(n)]
            rate += step[n]
        else:
            raise ArithmeticError
        inverse, d = system**-1, exact(d)
        held = [d * x[i] / r[i] for i in range(n)]
        gamma = [[d * inverse[i, j] / (r[i] * r[j]) for j in range(n)] for i in range(n)]
        return Truth(sum(a * b for a, b in zip(q, held, strict=True)), held, gamma)

    @classmethod
    def slopes(cls, amplification: Any, xp: Any) -> list[Any]:
        """Return dF/dxp: prices of the scaled coins in some unit."""
        n, xp, d = len(xp), _each(xp), cls.invariant(amplification, xp)
        depth = d ** (n + 1) / (MP.mpf(n) ** n * MP.fprod(xp))
        return [exact(amplification) * n + depth / x for x in xp]

    @staticmethod
    def swap(amplification: Any, xp: Any, d: Any, way: tuple[int, int], given: Any) -> Swap:
        """Swap `given` scaled coins way[0] for coins way[1], along the curve, at no fee.

        F is a quadratic in one coin, y^2 + (S' + D/Ann - D) y = D^(n+1) / (n^n Ann prod' xp).
        """
        n, xp, d = len(xp), _each(xp), exact(d)
        ann = exact(amplification) * n
        before, xp[way[0]] = xp[way[1]], xp[way[0]] + exact(given)
        del xp[way[1]]
        half = (sum(xp) + d / ann - d) / 2
        right = d ** (n + 1) / (MP.mpf(n) ** n * ann * MP.fprod(xp))
        root = MP.sqrt(half**2 + right)
        return Swap(before - (root - half), root - half, 2 * root)

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
        due, n = [_each(row) for row in truth.gamma], range(len(truth.held))
        sizes = [MP.sqrt(-due[i][i]) for i in range(len(due))]
        rest = [
            float(abs(exact(float(gamma[i][j])) - due[i][j]) / (sizes[i] * sizes[j]))
            for i in range(len(due))
            for j in range(i)
        ]
        return Errors(
            cls.error(value, truth.value),
            max(cls.error(held[i], truth.held[i]) for i in n),
            max(cls.error(gamma[i][i], due[i][i]) for i in range(len(due))),
            max(rest, default=0.0),
        )


@pytest.fixture(scope="session")
def oracle() -> type[Oracle]:
    """Return the judge."""
    return Oracle
