"""The state of a CryptoSwap pool at any price.

An arbitrageur minimises sum(p x) over sum(x) = 1 + h(z), z = -ln prod(n x) (see `invariant`), with
p_i = price_i / scale_i, hence p_i = mu (1 + a / x_i). With p_m the least of them, write

    r_i = (p_i - p_m) / p_m,    t_i = a / x_i = r_i + tau (1 + r_i),    u_i = 1 / t_i,

where tau = p_m / mu - 1 has only positive terms beside it: nothing cancels, at the peg or in a
crash. Two unknowns are left for any number of coins, tau and v, and two equations: x_i = a u_i must
sum to 1 + h, and the u_i must be as uneven as the x_i,

    G1 = ln(a Q1 / (1 + h)) = 0,    Q1 = sum(u),
    G2 = ln(s(v) / S(u)) = 0,       S = (Q1 / n)^n / prod(u) - 1,

with s(v) and S of equation (2) there; u_i - u_j = (1 + tau)(r_j - r_i) u_i u_j, so that S keeps all
its digits. Newton's method in (ln tau, ln v); with Q2 = sum(u^2), M = sum_{i<j} (u_i - u_j)^2 and

    dG1 = -(Q1 + Q2) / Q1 T + (b / a - a / (1 + h)) dz,            T = dtau / (1 + tau),
    dG2 = M (1 + S) / (Q1 S) T + (1 + s)(1 + n a / (1 + h)) / s dz,  dz = dv / (1 + v).

Two equations, rational but for two logarithms; four to ten steps from the starting_v, whatever the
price. Formulas are written coin by coin, so that floats may stand for arrays.
"""

import math
from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np

from hedgecore import ConvergenceError, divide_exact
from hedgecore_curve_cryptoswap.invariant import (
    PAIR,
    TINY,
    Curve,
    convergence_error,
    starting_v,
    terms,
    unevenness,
)

LAST_STEP = 1e-7
"""A step of both logarithms as small as this is the last: Newton's next is about its square."""
LONGEST_STEP = 4.0
MAX_STEPS = 60

SMALLEST, LARGEST, WIDEST = 1e-10, 1e12, 1e30
"""The range in which a state is solved: of Ann and gamma, and of (p_i - p_m) / p_m."""


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
        """Return t_i = r_i + tau (1 + r_i)."""
        return [rise + tau * more for rise, more in zip(self.rises, self.grown, strict=True)]


def shares(curve: Curve, prices: Sequence[Any], scales: Sequence[float]) -> Sequence[Any]:
    """Return the n shares of D that arbitrage leaves in the pool at real prices, in any one unit.

    Of n floats, or of n arrays (N,).

    Raises:
        ConvergenceError: no state is found, rather than a number that is none.

    """
    state = solve(curve, rises(prices, scales))
    a = terms(curve, state.v).a
    return [a * each for each in state.u]


def rises(prices: Sequence[Any], scales: Sequence[float]) -> Rises:
    """Return the rises of prices over their scales, to the last digit: nothing is divided first."""
    scaled = [
        (price, 0.0) if scale == 1.0 else divide_exact(price, scale)
        for price, scale in zip(prices, scales, strict=True)
    ]
    least = reduce(minimum, [high for high, _ in scaled])
    found = [((high - least) + low) / least for high, low in scaled]
    widest = max(map(_size, found))
    if not widest <= WIDEST:
        apart = f"prices a factor of {1.0 + widest:.3g} apart; solved are up to {WIDEST:g}"
        raise ConvergenceError(f"curve-cryptoswap: {apart}")
    grown = [1.0 + rise for rise in found]
    if len(found) == PAIR:
        return Rises(found, grown, [(found[0] - found[1]) ** 2])
    return Rises(found, grown, [(found[k - 1] - found[k - 2]) ** 2 for k in range(3)])


def solve(curve: Curve, given: Rises) -> State:
    """Return the state with these rises.

    Raises:
        ConvergenceError: none is found, or the curve is outside of what is solved.

    """
    if not all(SMALLEST <= each <= LARGEST for each in curve):
        limits = f"Ann and gamma from {SMALLEST:g} to {LARGEST:g}"
        raise ConvergenceError(f"curve-cryptoswap: {curve}; solved are {limits}")
    tau, v = _start(curve, given)
    for _ in range(MAX_STEPS):
        tau, v, worst = step(curve, given, tau, v)
        if worst <= LAST_STEP:
            return State(tau, v, [1.0 / each for each in given.t(tau)])
    raise convergence_error(MAX_STEPS, worst)


def step(curve: Curve, given: Rises, tau: Any, v: Any) -> tuple[Any, Any, float]:
    """Return tau and v after a step of Newton's method, and the largest step of a logarithm."""
    n = len(given.rises)
    t = given.t(tau)
    u = [1.0 / each for each in t]
    q1 = reduce(add, u)
    pull = 1.0 + reduce(add, [each * each for each in u]) / q1
    uneven, push = _unevenness(given.squares, t, u, tau)
    h, a, b = terms(curve, v)
    y = a / (1.0 + h)
    due = unevenness(v, h, n)
    first, second = _log(y * q1), _log(due / uneven)
    bend, rise = b / a - y, (1.0 + 1.0 / due) * (1.0 + n * y)
    scale = 1.0 / (pull * rise + bend * push)
    along_tau = (first * rise - bend * second) * scale * ((1.0 + tau) / tau)
    along_v = -(pull * second + push * first) * scale * ((1.0 + v) / v)
    worst = max(_size(along_tau), _size(along_v))
    if worst > LONGEST_STEP:
        along_tau, along_v = _clip(along_tau), _clip(along_v)
    return tau * _exp(along_tau), v * _exp(along_v), worst


def _start(curve: Curve, given: Rises) -> tuple[Any, Any]:
    """Guess tau and v: exact at the peg, where t = n / Ann for all coins."""
    n = len(given.rises)
    tau = n / curve.ann + 0.0 * given.rises[0]
    t = given.t(tau)
    u = [1.0 / each for each in t]
    uneven, _ = _unevenness(given.squares, t, u, tau)
    v = starting_v(curve, uneven, n)
    h, a, _ = terms(curve, v)
    return tau * (reduce(add, u) * a / (1.0 + h)), v


def _unevenness(
    squares: Sequence[Any], t: Sequence[Any], u: Sequence[Any], tau: Any
) -> tuple[Any, Any]:
    """Return S of the u, and -dln S / T = M (1 + S) / (Q1 S), which is Q1 for two coins."""
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
    """Return the lesser of two, element by element."""
    return min(left, right) if isinstance(left, float) else np.minimum(left, right)


def _size(number: Any) -> float:
    """Return the largest magnitude; NaN where one is."""
    return abs(number) if isinstance(number, float) else float(np.abs(number).max(initial=0.0))


def _clip(number: Any) -> Any:
    if isinstance(number, float):
        return max(-LONGEST_STEP, min(LONGEST_STEP, number))
    return np.clip(number, -LONGEST_STEP, LONGEST_STEP)


def _exp(number: Any) -> Any:
    return math.exp(number) if isinstance(number, float) else np.exp(number)


def _log(number: Any) -> Any:
    return math.log(number) if isinstance(number, float) else np.log(number)
