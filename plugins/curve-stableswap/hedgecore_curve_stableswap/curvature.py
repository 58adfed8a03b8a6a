"""Gamma of a StableSwap pool in closed form: how the holdings move with the prices.

Differentiating p_i = mu (1 + a / x_i) along the invariant (see `curve`) and writing the result
in the cash c_i = price_i holding_i of each coin, which is proportional to x_i + a, gives

    Gamma_ij = +h_i h_j / V (n + sum(x) / a) [c_i c_j + sum_l (c_l - c_i)(c_l - c_j)] / W
    Gamma_ii = -h_i^2   / V (n + sum(x) / a) spread(all c but c_i) / W

with V = sum(c), W = spread(all c) and spread(c) = sum(c^2) + sum_{l<m} (c_l - c_m)^2. The diagonal
has only positive terms. Rates enter through x_i = rate_i h_i / D alone. At the peg Gamma_ii is
-D (n - 1)(Ann + n) / n^3; for two coins -D (A + 1) / 4. That Gamma p = 0 is an identity in c.
"""

import numpy as np

from hedgecore_curve_stableswap.curve import BLOCK, Array, inverse_a


def gamma(amplification: float, d: float, prices: Array, holdings: Array, rates: Array) -> Array:
    """Return d holdings_i / d prices_j (n, n, N) at a state, in real coins and real prices.

    Prices and holdings are (n, N) and belong together: those of `curve.holdings` at the prices,
    or the pool's own balances at its `curve.spot`. Rates are (n,).
    """
    n, size = prices.shape
    result = np.empty((n, n, size))
    for start in range(0, size, BLOCK):
        block = slice(start, start + BLOCK)
        shares = holdings[:, block] * (rates[:, None] / d)
        steepness = n + shares.sum(axis=0) * inverse_a(amplification, shares)
        _fill(result[:, :, block], prices[:, block], holdings[:, block], steepness)
    return result


def _fill(result: Array, prices: Array, holdings: Array, steepness: Array) -> None:
    """Write one block of gamma into result (n, n, block)."""
    cash = prices * holdings
    value = cash.sum(axis=0)
    cash /= value
    scaled = holdings * (steepness / (value * spread(cash)))
    for i in range(len(cash)):
        result[i, i] = -holdings[i] * scaled[i] * spread(cash[np.arange(len(cash)) != i])
        for j in range(i):
            result[i, j] = result[j, i] = holdings[i] * scaled[j] * crossing(cash, i, j)


def spread(cash: Array) -> Array:
    """Return sum(c^2) + sum_{l<m} (c_l - c_m)^2 over the rows of cash (k, N).

    The second sum is k times that of squared deviations from the mean.
    """
    deviation = cash - cash.mean(axis=0)
    return _dot(cash, cash) + len(cash) * _dot(deviation, deviation)


def crossing(cash: Array, i: int, j: int) -> Array:
    """Return c_i c_j + sum_l (c_l - c_i)(c_l - c_j); of either sign for three coins or more."""
    total: Array = cash[i] * cash[j] + _dot(cash - cash[i], cash - cash[j])
    return total


def _dot(left: Array, right: Array) -> Array:
    """Return sum_l left_l right_l (N,) over the rows."""
    total: Array = np.einsum("ik,ik->k", left, right)
    return total
