"""The CryptoSwap invariant of Curve v2, in one variable per state.

With xp_i = balance_i * scale_i, n coins, x_i = xp_i / D, K0 = prod(n x_i), Ann what the contract
calls A over its multiplier (n^n is in it) and g its gamma, M. Egorov, "Automatic market-making with
dynamic peg" (2021) keeps, in units of D,

    K sum(x) + prod(x) = K + 1 / n^n,    K = (Ann / n^n) K0 g^2 / (g + 1 - K0)^2.

Divided by K, with the uneven part of the balances v = 1 / K0 - 1 >= 0 and e = 1 - K0 = v / (1 + v),

    sum(x) = 1 + h(v),    h = v (g + e)^2 / (Ann g^2).                                     (1)

In z = -ln K0 = log1p(v) the function h is increasing and convex, and ln K0 is concave in x: the
level set is strictly convex for all A, g > 0. The derivatives that prices and gamma need are

    a = dh/dz  = (g + e) [(g + e)(1 + v) + 2e] / (Ann g^2),
    b = d2h/dz2 = [2(g + e) + (g + e)^2 (1 + v) + 2(g + 2e) / (1 + v)] / (Ann g^2).

All are rational in v with positive terms only; 1 - K0 is never formed from the balances. How far
those are from even is told without cancellation too: by the inequality of the means, in

    s = (sum(x) / n)^n / prod(x) - 1 = (1 + v)(1 + h)^n - 1,                               (2)

which is a sum of squares of differences. That gives v, and so D, from the balances.
"""

import math
from collections.abc import Sequence
from functools import reduce
from operator import add, mul
from typing import Any, NamedTuple

import numpy as np

from hedgecore import ConvergenceError

TINY = 1e-300
"""Unevenness in place of one of zero, so that the logarithm is finite."""
LEAST = 1e-90
"""The least part of all balances that one may be: the product of three is a double."""
SMALLEST, LARGEST = 1e-10, 1e12
"""Ann and gamma of which states are solved."""
LAST_STEP = 1e-9
MAX_STEPS = 100
PAIR = 2


class Curve(NamedTuple):
    """The invariant's two parameters: Ann, with n^n in it, and gamma."""

    ann: float
    gamma: float


def check_domain(curve: Curve) -> None:
    """Refuse a curve outside of what is solved.

    Raises:
        ConvergenceError: Ann or gamma is.

    """
    if not all(SMALLEST <= each <= LARGEST for each in curve):
        limits = f"solved are Ann and gamma from {SMALLEST:g} to {LARGEST:g}"
        said = f"amplification / a_multiplier, Ann, is {curve.ann:g}, and gamma {curve.gamma:g}"
        raise ConvergenceError(f"curve-cryptoswap: {said}; {limits}")


class Terms(NamedTuple):
    """h(v) and its first two derivatives in z = log1p(v)."""

    h: Any
    a: Any
    b: Any


def terms(curve: Curve, v: Any) -> Terms:
    """Terms h, a and b at v, floats or arrays."""
    scale = 1.0 / (curve.ann * curve.gamma * curve.gamma)
    whole = 1.0 + v
    e = v / whole
    w = curve.gamma + e
    steep, twice = w * whole, e + e
    a = (scale * w) * (steep + twice)
    b = scale * (w * (2.0 + steep) + (w + w + twice) / whole)
    return Terms((scale * v) * (w * w), a, b)


def elasticities(curve: Curve, v: Any, n: int) -> tuple[Any, Any]:
    """Elasticities ∂ln D/∂ln Ann and ∂ln D/∂ln gamma of n balances as they are, at v.

    By (1) with sum(x) and 1 + v as powers −1 and n of D: positive terms alone.
    """
    h, a, _ = terms(curve, v)
    e = v / (1.0 + v)
    own = h / (1.0 + h + n * a)
    return own, 2.0 * own * e / (curve.gamma + e)


def unevenness(v: Any, h: Any, n: int) -> Any:
    """Unevenness s of (2) at v."""
    grown = 1.0 + h
    power = 1.0 + grown if n == PAIR else 1.0 + grown * (1.0 + grown)
    return v + (1.0 + v) * h * power


def spread(x: Sequence[Any]) -> Any:
    """Spread s = (sum(x) / n)^n / prod(x) - 1 of two or three numbers, as a sum of squares."""
    if len(x) == PAIR:
        return (x[0] - x[1]) ** 2 / (4.0 * x[0] * x[1])
    half = reduce(add, x) / 2.0
    squares = [(x[i - 1] - x[i - 2]) ** 2 * (half + 3.0 * x[i]) for i in range(3)]
    return reduce(add, squares) / (27.0 * reduce(mul, x))


def starting_v(curve: Curve, s: Any, n: int) -> Any:
    """Start v near the root of s(v) = s: exact where it is small, and of its order elsewhere."""
    far = _cbrt(curve.ann * curve.gamma * curve.gamma / n * s)
    return s / (1.0 + s / far)


def _cbrt(number: Any) -> Any:
    return math.cbrt(number) if isinstance(number, float) else np.cbrt(number)


def solve_v(curve: Curve, s: float, n: int) -> float:
    """Root v of s(v) = s, a float, by Newton's method in logarithms."""
    s = max(s, TINY)
    v: float = starting_v(curve, s, n)
    for _ in range(MAX_STEPS):
        h, a, _ = terms(curve, v)
        there = unevenness(v, h, n)
        slope = (1.0 + there) * (1.0 + n * a / (1.0 + h)) / there * (v / (1.0 + v))
        step = math.log(s / there) / slope
        v *= math.exp(step)
        if abs(step) <= LAST_STEP:
            return v
    raise convergence_error(MAX_STEPS, step)


def invariant(curve: Curve, xp: Sequence[float]) -> tuple[float, float]:
    """D of the scaled balances xp (n,), in their unit, and v."""
    check_domain(curve)
    total = math.fsum(xp)
    shares = [each / total for each in xp]
    if not min(shares) >= LEAST:
        reason = f"balances too uneven for an invariant: {', '.join(f'{x:.3g}' for x in xp)}"
        raise ConvergenceError(f"curve-cryptoswap: {reason}")
    v = solve_v(curve, spread(shares), len(xp))
    d: float = total / (1.0 + terms(curve, v).h)
    return d, v


def convergence_error(steps: int, residual: float) -> ConvergenceError:
    """Error that says that Newton's method did not settle."""
    message = f"curve-cryptoswap: no state in {steps} steps; the last was {residual:.3g} (relative)"
    return ConvergenceError(message, iterations=steps, residual=residual)
