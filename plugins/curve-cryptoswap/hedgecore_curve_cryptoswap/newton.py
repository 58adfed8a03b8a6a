"""Newton's method for the state of a CryptoSwap pool, in the two unknowns that `state` derives.

With x_i = a u_i, u_i = 1 / t_i and t_i = r_i + tau (1 + r_i), the shares must sum to 1 + h, and the
u_i must be as uneven as the x_i:

    G1 = ln(a Q1 / (1 + h)) = 0,    Q1 = sum(u),
    G2 = ln(s(v) / S(u)) = 0,       S = (Q1 / n)^n / prod(u) - 1,

with s(v) of equation (2) of `invariant`; u_i - u_j = (1 + tau)(r_j - r_i) u_i u_j, so that S keeps
all its digits. In (ln tau, ln v), with Q2 = sum(u^2) and M = sum_{i<j} (u_i - u_j)^2,

    dG1 = -(Q1 + Q2) / Q1 T + (b / a - a / (1 + h)) dz,            T = dtau / (1 + tau),
    dG2 = M (1 + S) / (Q1 S) T + (1 + s)(1 + n a / (1 + h)) / s dz,  dz = dv / (1 + v).

Rational but for two logarithms. Formulas are written coin by coin, so that floats may stand for
arrays.
"""

import math
from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np

from hedgecore_curve_cryptoswap.invariant import (
    PAIR,
    TINY,
    Curve,
    convergence_error,
    terms,
    unevenness,
)

LAST_STEP = 1e-7
"""A step of both logarithms as small as this is the last: Newton's next is about its square."""
LONGEST_STEP = 4.0
MAX_STEPS = 60


class State(NamedTuple):
    """tau, v and the n numbers u_i = 1 / t_i: the shares of D are a(v) u_i."""

    tau: Any
    v: Any
    u: list[Any]


class Rises(NamedTuple):
    """r_i and 1 + r_i, n each; and (r_j - r_i)^2 of the pairs that leave out coin k, for each k."""

    rises: list[Any]
    grown: list[Any]
    squares: list[Any]

    def t(self, tau: Any) -> list[Any]:
        """Rises t_i = r_i + tau (1 + r_i)."""
        return [rise + tau * more for rise, more in zip(self.rises, self.grown, strict=True)]


def refine(curve: Curve, given: Rises, tau: Any, v: Any) -> State:
    """State with these rises, from a guess of tau and v.

    Raises:
        ConvergenceError: none is found.

    """
    for _ in range(MAX_STEPS):
        tau, v, worst = step(curve, given, tau, v)
        if worst <= LAST_STEP:
            return State(tau, v, [1.0 / each for each in given.t(tau)])
    raise convergence_error(MAX_STEPS, worst)


def step(curve: Curve, given: Rises, tau: Any, v: Any) -> tuple[Any, Any, float]:
    """Tau and v after a step of Newton's method, and the largest step of a logarithm."""
    n = len(given.rises)
    t = given.t(tau)
    u = [1.0 / each for each in t]
    q1 = reduce(add, u)
    pull = 1.0 + reduce(add, [each * each for each in u]) / q1
    uneven, push = s_of(given.squares, t, u, tau)
    h, a, b = terms(curve, v)
    y = a / (1.0 + h)
    due = unevenness(v, h, n)
    first, second = log(y * q1), log(due / uneven)
    bend, rise = b / a - y, (1.0 + 1.0 / due) * (1.0 + n * y)
    scale = 1.0 / (pull * rise + bend * push)
    along_tau = (first * rise - bend * second) * scale * ((1.0 + tau) / tau)
    along_v = -(pull * second + push * first) * scale * ((1.0 + v) / v)
    worst = max(size(along_tau), size(along_v))
    if worst > LONGEST_STEP:
        along_tau, along_v = _clip(along_tau), _clip(along_v)
    return tau * exp(along_tau), v * exp(along_v), worst


def s_of(squares: Sequence[Any], t: Sequence[Any], u: Sequence[Any], tau: Any) -> tuple[Any, Any]:
    """S of the u, and -dln S / T = M (1 + S) / (Q1 S), which is Q1 for two coins."""
    grown, q1 = (1.0 + tau) ** 2, reduce(add, u)
    if len(u) == PAIR:
        return squares[0] * grown * (u[0] * u[1]) * 0.25 + TINY, q1
    pairs = [u[1] * u[2], u[0] * u[2], u[0] * u[1]]
    apart = [square * pair for square, pair in zip(squares, pairs, strict=True)]
    each = [w * (q1 * one + 6.0) for w, one in zip(apart, t, strict=True)]
    uneven = reduce(add, each) * (grown / 54.0) + TINY
    squared = reduce(add, [w * pair for w, pair in zip(apart, pairs, strict=True)])
    return uneven, squared * grown * (1.0 + 1.0 / uneven) / q1


# What floats and arrays do by other names.


def minimum(left: Any, right: Any) -> Any:
    """Lesser of two, element by element."""
    return min(left, right) if isinstance(left, float) else np.minimum(left, right)


def size(number: Any) -> float:
    """Largest magnitude; NaN where one is."""
    return abs(number) if isinstance(number, float) else float(np.abs(number).max(initial=0.0))


def _clip(number: Any) -> Any:
    if isinstance(number, float):
        return max(-LONGEST_STEP, min(LONGEST_STEP, number))
    return np.clip(number, -LONGEST_STEP, LONGEST_STEP)


def exp(number: Any) -> Any:
    """Exponential."""
    return math.exp(number) if isinstance(number, float) else np.exp(number)


def log(number: Any) -> Any:
    """Natural logarithm."""
    return math.log(number) if isinstance(number, float) else np.log(number)
