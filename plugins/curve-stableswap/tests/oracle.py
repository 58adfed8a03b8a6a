"""Sixty-digit truth for a StableSwap pool, from the raw invariant and its KKT conditions.

Nothing of the kernel's algebra is trusted: a bisection gives a first guess, Newton on the bordered
system of the raw polynomial F(xp) = Ann S + D - Ann D - D^(n+1) / (n^n prod xp) polishes it, and
the answer is returned only when F = 0 and price = lambda grad F hold to 1e-50. The level set is
strictly convex, so that those conditions have one solution. Gamma is read off the same matrix.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from mpmath import matrix, mp, mpf

from twofold import Array

mp.dps = 70

Number = Any  # mpmath has no types


@dataclass(frozen=True)
class Truth:
    """The state at one price vector, in real coins."""

    d: Number
    holdings: list[Number]
    value: Number
    gamma: list[list[Number]]


def exact(numbers: Array) -> list[Number]:
    """Take doubles as exact numbers."""
    return [mpf(float(x)) for x in numbers]


def invariant(amplification: float, xp: list[Number]) -> Number:
    """Bisect F for D between 0 and S, then Newton."""
    n, total = len(xp), sum(xp)
    ann, shape = mpf(amplification) * n, mp.fprod(n * x / total for x in xp)

    def defect(w: Number) -> Number:
        return w ** (n + 1) / shape + (ann - 1) * w - ann

    low, high = mp.mpf(0), mp.mpf(1)
    for _ in range(60):
        middle = (low + high) / 2 if low else high / 4
        low, high = (middle, high) if defect(middle) < 0 else (low, middle)
    for _ in range(12):
        high -= defect(high) / ((n + 1) * high**n / shape + ann - 1)
    if abs(defect(high)) > mpf(10) ** -55 * (ann + 1):
        raise ArithmeticError
    return high * total


def _guess(ann: Number, p: list[Number]) -> list[Number]:
    """Bisect ln tau, by the sign of the invariant's defect, for the shares of D."""
    n, least = len(p), min(p)
    low, high = mpf(-80), mpf(40)
    for _ in range(70):
        tau = mp.exp((low + high) / 2)
        t = [(x - least) / least + tau * x / least for x in p]
        a = (mp.fprod(t) / (ann * mpf(n) ** n)) ** (mpf(1) / (n + 1))
        x = [a / s for s in t]
        too_much = sum(x) > 1 + a - 1 / ann
        low, high = ((low + high) / 2, high) if too_much else (low, (low + high) / 2)
    return x


def _system(ann: Number, x: list[Number], p: list[Number], rate: Number) -> tuple[Any, Any]:
    """Return the bordered matrix and the residual of the raw KKT conditions, with D = 1."""
    n = len(x)
    depth = 1 / (mpf(n) ** n * mp.fprod(x))
    slope = [ann + depth / s for s in x]
    system, residual = matrix(n + 1, n + 1), matrix(n + 1, 1)
    for i in range(n):
        for j in range(n):
            system[i, j] = -rate * depth * (2 if i == j else 1) / (x[i] * x[j])
        system[i, n] = system[n, i] = slope[i]
        residual[i] = p[i] - rate * slope[i]
    residual[n] = -(ann * sum(x) + 1 - ann - depth)
    return system, residual


def state(amplification: float, d: Number, prices: Array, rates: Array) -> Truth:
    """Solve for the state at one price vector (n,); certified, or ArithmeticError."""
    n, ann = len(prices), mpf(amplification) * len(prices)
    q, r = exact(prices), exact(rates)
    p = [a / b for a, b in zip(q, r, strict=True)]
    x = _guess(ann, p)
    rate = p[0] / (ann + 1 / (mpf(n) ** n * mp.fprod(x)) / x[0])
    for _ in range(12):
        system, residual = _system(ann, x, p, rate)
        scale = [abs(residual[i] / p[i]) for i in range(n)]
        if max(*scale, abs(residual[n]) / (ann * sum(x))) < mpf(10) ** -50:
            break
        step = mp.lu_solve(system, residual)
        x = [x[i] + step[i] for i in range(n)]
        rate += step[n]
    else:
        raise ArithmeticError
    inverse = system**-1
    h = [d * x[i] / r[i] for i in range(n)]
    g = [[d * inverse[i, j] / (r[i] * r[j]) for j in range(n)] for i in range(n)]
    return Truth(d, h, sum(a * b for a, b in zip(q, h, strict=True)), g)


def errors(truth: Truth, value: float, holdings: Array, gamma: Array) -> np.ndarray:
    """Return the four relative errors: value, holdings, gamma's diagonal, gamma's rest."""
    n = len(holdings)
    g = truth.gamma
    worst_h = max(abs(mpf(float(holdings[i])) / truth.holdings[i] - 1) for i in range(n))
    worst_d = max(abs(mpf(float(gamma[i, i])) / g[i][i] - 1) for i in range(n))
    worst_o = max(
        abs(mpf(float(gamma[i, j])) - g[i][j]) / mp.sqrt(g[i][i] * g[j][j])
        for i in range(n)
        for j in range(n)
        if i != j
    )
    worst_v = abs(mpf(float(value)) / truth.value - 1)
    return np.array([float(e) for e in (worst_v, worst_h, worst_d, worst_o)])
