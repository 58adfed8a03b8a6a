"""The StableSwap invariant of Curve and of Balancer's stable pools, at any price.

With xp_i = rate_i * balance_i, n coins and Ann = A n, where A is what the contract's A() returns,
M. Egorov, "StableSwap: efficient mechanism for stablecoin liquidity" (2019) keeps

    Ann sum(xp) + D = Ann D + D^(n+1) / (n^n prod(xp)).

In shares x_i = xp_i / D of the invariant, with K0 = prod(n x_i), that is

    sum(x) = 1 + a - 1 / Ann,    a = 1 / (Ann K0).                                       (1)

An arbitrageur minimises sum(p x) over (1), p_i = price_i / rate_i, hence p_i = mu (1 + a / x_i).
Write t_i = a / x_i = p_i / mu - 1. One number mu, common to all coins, is left to find:

    1 / a = (Ann n^n prod(1 / t))^(1 / (n+1)),    Q1 = sum(1 / t) = 1 + c / a,    c = 1 - 1 / Ann.

The unknown is tau = p_m / mu - 1 with p_m the least price, for then t_i = r_i + tau (1 + r_i) has
only positive terms in r_i = (p_i - p_m) / p_m: nothing cancels, at the peg or in a crash. See
`_newton` for how it is found, and why the root is unique for every A > 0.

The coins come first: prices and holdings are (n, N) for N price vectors, and every formula is
written coin by coin, so that floats may stand for the rows.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache, reduce
from operator import add, mul
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hedgecore import ConvergenceError, divide_exact

Array: TypeAlias = NDArray[np.float64]

LAST_STEP = 2e-8
"""A relative step as small as this is the last: Newton's next one would be about its square."""
MAX_STEPS = 40
"""Seven steps are the most ever seen; more than this means that the input is out of range."""

CUBE = 3

SMALLEST_A, LARGEST_A, WIDEST = 1e-9, 1e14, 1e30
"""The range in which up to eight coins are solved: of A, and of (p_i - p_m) / p_m."""

PAIR, NODES = 2, 1024


def _convergence_error(steps: int, residual: float) -> ConvergenceError:
    message = f"curve-stableswap: no state in {steps} steps; the last was {residual:.3g} (relative)"
    return ConvergenceError(message, iterations=steps, residual=residual)


def invariant(amplification: float, xp: Array) -> float:
    """D, the worth of the pool at the peg, from the scaled balances xp (n,).

    With w = D / S, S = sum(xp), and k = prod(n xp / S) in (0, 1], the invariant reads

        w^(n+1) / k + (Ann - 1) w = Ann.

    The left side is convex in w and at the start below it is at least Ann, so Newton descends
    monotonically; it stops where rounding makes it rise. All ratios: no power of D can overflow.
    """
    n = len(xp)
    ann = amplification * n
    total = math.fsum(xp)
    evenness = math.prod(n * float(x) / total for x in xp)
    if not 0.0 < evenness < math.inf:
        reason = f"balances too uneven for an invariant: prod(n xp / sum(xp)) = {evenness:.3g}"
        raise ConvergenceError(f"curve-stableswap: {reason}")
    ratio: float = min(1.0, (evenness * max(ann, 1.0)) ** (1 / (n + 1)) * (1.0 + 1e-14))
    for _ in range(MAX_STEPS):
        power: float = ratio**n / evenness
        step = (ratio * power + (ann - 1.0) * ratio - ann) / ((n + 1) * power + ann - 1.0)
        if not ratio - step < ratio:
            return (ratio - step) * total
        ratio -= step
    raise _convergence_error(MAX_STEPS, step / ratio)


def inverse_a(amplification: float, shares: Sequence[Any] | Array) -> Any:
    """1 / a = Ann K0 = Ann prod(n x) from the n shares x of D, floats or arrays alike."""
    n = len(shares)
    return amplification * n * reduce(mul, [n * share for share in shares])


def elasticity(amplification: float, shares: Sequence[Any] | Array) -> Any:
    """Elasticity ∂ln D/∂ln A of balances as they are, at the n shares x of D.

    (1/K0 − 1)/(Ann − 1 + (n + 1)/K0), 1/K0 − 1 = Ann (sum(x) − 1) by (1).
    """
    n = len(shares)
    ann = amplification * n
    uneven = ann / inverse_a(amplification, shares)
    return (uneven - 1.0) / (ann - 1.0 + (n + 1) * uneven)


def spot(amplification: float, balances: Array, rates: Array) -> Array:
    """Marginal prices (n,) at which the pool itself stands, the last one being 1.

    price_i = rate_i p_i is proportional to rate_i (1 + a / x_i), from the module's p_i.
    """
    xp = rates * balances
    shares = xp / invariant(amplification, xp)
    prices = rates * (1.0 + 1.0 / (inverse_a(amplification, shares) * shares))
    relative: Array = prices / prices[-1]
    return relative


def holdings(
    amplification: float, d: float, prices: Sequence[Any], rates: Sequence[float]
) -> Sequence[Any] | Array:
    """Real coins (n, N) that arbitrage leaves in the pool at real prices (n, N).

    Prices are in any one unit; n rates; d is in the unit of rate times balance. At one price vector
    n floats give n floats. Raises ConvergenceError rather than return a number that is not the
    state, also where the powers that lead to 1 / a could leave the range of doubles.
    """
    if isinstance(prices, tuple):
        return _state_holdings(amplification, d, prices, rates)
    with np.errstate(all="ignore"):
        return np.stack(_state_holdings(amplification, d, prices, rates))


def _state_holdings(
    amplification: float, d: float, prices: Sequence[Any], rates: Sequence[float]
) -> list[Any]:
    rises = _rises(prices, rates)
    _refuse_extremes(amplification, max(map(_size, rises)))
    shares = _shares(amplification * len(rates), rises)
    return [share * (d / rate) for share, rate in zip(shares, rates, strict=True)]


def _rises(prices: Sequence[Any], rates: Sequence[float]) -> list[Any]:
    """Rises r_i = (p_i - p_m) / p_m, exact to 1e-32 of p_i / p_m.

    The reference p_m need only be near the least price: the double nearest to it will do.
    """
    scaled = [
        (price, 0.0) if rate == 1.0 else divide_exact(price, rate)
        for price, rate in zip(prices, rates, strict=True)
    ]
    least = reduce(_less, [high for high, _ in scaled])
    return [((high - least) + low) / least for high, low in scaled]


def _refuse_extremes(amplification: float, widest: float) -> None:
    """Raise ConvergenceError where the powers of up to eight coins could over- or underflow."""
    if not (SMALLEST_A <= amplification <= LARGEST_A and widest <= WIDEST):
        apart = f"A = {amplification:.3g}, prices a factor of {1.0 + widest:.3g} apart"
        limits = f"A from {SMALLEST_A:g} to {LARGEST_A:g}, prices up to {WIDEST:g} apart"
        raise ConvergenceError(f"curve-stableswap: {apart}; solved are {limits}")


def _shares(ann: float, rises: Sequence[Any]) -> list[Any]:
    """Shares x_i = a / t_i of D in the state with these rises."""
    _, inverse_t, depth = state(ann, rises, _near)
    return [each / depth for each in inverse_t]


def state(ann: float, rises: Sequence[Any], start: Callable[..., Any] | None = None) -> Any:
    """State at these rises: tau, 1 / t of each coin, and 1 / a; from a guess of tau."""
    growths = [1.0 + rise for rise in rises]
    tau = _newton(ann, rises, growths, (start or _start)(ann, rises, growths))
    return tau, *_terms(ann, rises, growths, tau)


def _terms(
    ann: float, rises: Sequence[Any], growths: Sequence[Any], tau: Any
) -> tuple[list[Any], Any]:
    """1 / t of t_i = r_i + tau (1 + r_i), and 1 / a."""
    n, inverse_t = len(rises), []
    for rise, growth in zip(rises, growths, strict=True):
        t = tau * growth
        t += rise
        inverse_t.append(1.0 / t)
    product = inverse_t[0] * (ann * float(n) ** n)
    for each in inverse_t[1:]:
        product *= each
    return inverse_t, _root(product, n + 1)


def _start(ann: float, rises: Sequence[Any], growths: Sequence[Any]) -> Any:
    """Guess tau: exact at the peg, where t = n / Ann for all coins, and near in a crash.

    From a at the peg's tau, Q1 = 1 + c / a with as many equal terms as coins are near the peg.
    """
    peg, c = len(rises) / ann, (ann - 1.0) / ann
    inverse_t, depth = _terms(ann, rises, growths, peg)
    near = peg * reduce(add, inverse_t)
    return near / (1.0 + c * depth) if c >= 0.0 else near - c * depth


def _near(ann: float, rises: Sequence[Any], growths: Sequence[Any]) -> Any:
    """Guess tau: of two coins at many prices by a table, from which two steps lead to the end."""
    if len(rises) > PAIR or isinstance(rises[0], float) or ann < 1.0 or rises[0].size < NODES:
        return _start(ann, rises, growths)
    place = np.log1p(ann * (rises[0] + rises[1]))  # one of them is 0
    place *= NODES / math.log1p(ann * WIDEST)
    node = place.astype(np.intp)
    place -= node
    logs, slopes = _table(ann)
    place *= slopes.take(node)
    place += logs.take(node)
    return np.exp(place, out=place)


@lru_cache(maxsize=256)
def _table(ann: float) -> tuple[Array, Array]:
    """Logarithms of tau of two coins at nodes even in ln(1 + Ann r), and how far to the next."""
    rise = np.expm1(np.linspace(0.0, math.log1p(ann * WIDEST), NODES + 1)) / ann
    logs = np.log(state(ann, [np.zeros_like(rise), rise])[0])
    return logs, np.append(np.diff(logs), 0.0)


def _newton(ann: float, rises: Sequence[Any], growths: Sequence[Any], tau: Any) -> Any:
    """Solve f = ln(Q1 / (1 + c / a)) = 0 for tau, by Newton's method in ln tau.

    For Ann < 1, where c < 0, f = ln(Q1 - c / a). With Q2 = sum(1 / t^2), B = (Q1 + n) / (n + 1),
    and because (1 + r_i) / t_i = (1 + 1 / t_i) / (1 + tau), the slope is

        -df / d ln tau = tau / (1 + tau) [(Q1 + Q2) / Q1 - B (c / a) / (1 + c / a)]    (Ann >= 1)
        -df / d ln tau = tau / (1 + tau) [Q1 + Q2 - B c / a] / (Q1 - c / a)            (Ann < 1).

    From 1 / tau <= Q1 <= n / tau, Q1^2 <= n Q2 and Q2 <= Q1 / tau it lies between 1 / (n (n + 1))
    and 1: the root is unique, |f| <= |error of ln tau| <= n (n + 1) |f|, and a small step means a
    small error.
    """
    for _ in range(MAX_STEPS):
        step = _step((ann - 1.0) / ann, *_terms(ann, rises, growths, tau), tau)
        tau *= _exp(step)
        worst = _size(step)
        if worst <= LAST_STEP:
            return tau
    raise _convergence_error(MAX_STEPS, worst)


def _step(c: float, inverse_t: Sequence[Any], depth: Any, tau: Any) -> Any:
    """Newton's step of ln tau, f / -f'; depth = 1 / a. Arrays are worked on in place."""
    n = len(inverse_t)
    q1, q2 = inverse_t[0] + inverse_t[1], inverse_t[0] * inverse_t[0]
    for each in inverse_t[2:]:
        q1 += each
    for each in inverse_t[1:]:
        q2 += each * each
    q2 += q1
    depth *= c
    pull = q1 + n
    pull *= depth
    pull /= n + 1
    if c >= 0.0:
        depth += 1.0
        ratio = q1 / depth
        q2 /= q1
        pull /= depth
        q2 -= pull
    else:
        ratio = q1 - depth
        q2 -= pull
        q2 /= ratio
    step = _log(ratio)
    step *= 1.0 + tau
    q2 *= tau
    step /= q2
    return step


# What floats and arrays do by other names.


def _less(left: Any, right: Any) -> Any:
    return min(left, right) if isinstance(left, float) else np.minimum(left, right)


def _size(number: Any) -> float:
    """Largest magnitude, 0 of none; NaN where one is."""
    return abs(number) if isinstance(number, float) else float(np.abs(number).max(initial=0.0))


def _root(number: Any, degree: int) -> Any:
    """Root of a degree of 3 or more; those of 3 and 4 are the most asked, and have faster ways."""
    if degree == CUBE:
        return math.cbrt(number) if isinstance(number, float) else np.cbrt(number)
    if degree == CUBE + 1:
        return _square_root(_square_root(number))
    return number ** (1.0 / degree)


def _square_root(number: Any) -> Any:
    return math.sqrt(number) if isinstance(number, float) else np.sqrt(number, out=number)


def _exp(number: Any) -> Any:
    return math.exp(number) if isinstance(number, float) else np.exp(number)


def _log(number: Any) -> Any:
    return math.log(number) if isinstance(number, float) else np.log(number)
