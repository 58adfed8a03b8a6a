"""The state of a CryptoSwap pool at any price.

An arbitrageur minimises sum(p x) over sum(x) = 1 + h(z), z = -ln prod(n x) (see `invariant`), with
p_i = price_i / scale_i, hence p_i = mu (1 + a / x_i). With p_m the least of them, write

    r_i = (p_i - p_m) / p_m,    t_i = a / x_i = r_i + tau (1 + r_i),    u_i = 1 / t_i,

where tau = p_m / mu - 1 has only positive terms beside it: nothing cancels, at the peg or in a
crash. Two unknowns are left for any number of coins, tau and v: see `newton`.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from hedgecore import ConvergenceError, divide_exact
from hedgecore_curve_cryptoswap.invariant import PAIR, Curve, check_domain, terms
from hedgecore_curve_cryptoswap.newton import Rises, State, minimum, refine, size
from hedgecore_curve_cryptoswap.start import start

WIDEST = 1e30
"""The range in which a state is solved, of (p_i - p_m) / p_m."""


def shares(curve: Curve, prices: Sequence[Any], scales: Sequence[float]) -> Sequence[Any]:
    """Shares of D that arbitrage leaves in the pool at real prices, n, in any one unit.

    Of n floats, or of n arrays (N,).

    Raises:
        ConvergenceError: no state is found, rather than a number that is none.

    """
    state = solve(curve, rises(prices, scales))
    a = terms(curve, state.v).a
    return [a * each for each in state.u]


def rises(prices: Sequence[Any], scales: Sequence[float]) -> Rises:
    """Rises of prices over their scales, to the last digit: nothing is divided first."""
    scaled = [
        (price, 0.0) if scale == 1.0 else divide_exact(price, scale)
        for price, scale in zip(prices, scales, strict=True)
    ]
    least = reduce(minimum, [high for high, _ in scaled])
    found = [((high - least) + low) / least for high, low in scaled]
    widest = max(map(size, found))
    if not widest <= WIDEST:
        apart = f"prices a factor of {1.0 + widest:.3g} apart; solved are up to {WIDEST:g}"
        raise ConvergenceError(f"curve-cryptoswap: {apart}")
    grown = [1.0 + rise for rise in found]
    if len(found) == PAIR:
        return Rises(found, grown, [(found[0] - found[1]) ** 2])
    return Rises(found, grown, [(found[k - 1] - found[k - 2]) ** 2 for k in range(3)])


def solve(curve: Curve, given: Rises) -> State:
    """State with these rises.

    Raises:
        ConvergenceError: none is found, or the curve is outside of what is solved.

    """
    check_domain(curve)
    return refine(curve, given, *start(curve, given))
