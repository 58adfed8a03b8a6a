"""Gamma of a StableSwap pool in closed form: how the holdings move with the prices.

Differentiating p_i = mu (1 + a / x_i) along the invariant (see `curve`) and writing the result
in the cash c_i = price_i holding_i of each coin, which is proportional to x_i + a, gives

    Gamma_ij = +h_i h_j / V (n + sum(x) / a) [c_i c_j + sum_l (c_l - c_i)(c_l - c_j)] / W
    Gamma_ii = -h_i^2   / V (n + sum(x) / a) spread(all c but c_i) / W

with V = sum(c), W = spread(all c) and spread(c) = sum(c^2) + sum_{l<m} (c_l - c_m)^2. The diagonal
has only positive terms. Rates enter through x_i = rate_i h_i / D alone. At the peg Gamma_ii is
-D (n - 1)(Ann + n) / n^3; for two coins -D (A + 1) / 4. That Gamma p = 0 is an identity in c.
"""

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from hedgecore_curve_stableswap.curve import inverse_a


def gamma(
    amplification: float,
    d: float,
    prices: Sequence[Any],
    holdings: Sequence[Any],
    rates: Sequence[float],
) -> list[list[Any]]:
    """Gamma d holdings_i / d prices_j, n rows of n, at a state, in real coins and real prices.

    Prices and holdings, n each, belong together: those of `curve.holdings` at the prices, or the
    pool's own balances at its `curve.spot`. They are floats, or arrays (N,).
    """
    n = len(prices)
    shares = [held * (rate / d) for held, rate in zip(holdings, rates, strict=True)]
    steepness = n + reduce(add, shares) * inverse_a(amplification, shares)
    worths = [price * held for price, held in zip(prices, holdings, strict=True)]
    value = reduce(add, worths)
    cash = [worth / value for worth in worths]
    scale = steepness / (value * spread(cash))
    result: list[list[Any]] = [[None] * n for _ in range(n)]
    for i, held in enumerate(holdings):
        scaled = held * scale
        result[i][i] = -held * scaled * spread(cash[:i] + cash[i + 1 :])
        for j in range(i):
            result[i][j] = result[j][i] = holdings[j] * scaled * crossing(cash, i, j)
    return result


def spread(cash: Sequence[Any]) -> Any:
    """Sum sum(c^2) + sum_{l<m} (c_l - c_m)^2 over the rows of cash.

    The second sum is k times that of squared deviations from the mean.
    """
    k, mean = len(cash), reduce(add, cash) / len(cash)
    off = [each - mean for each in cash]
    return _squares(cash) + k * _squares(off)


def crossing(cash: Sequence[Any], i: int, j: int) -> Any:
    """Cross term c_i c_j + sum_l (c_l - c_i)(c_l - c_j); of either sign for three coins or more."""
    others = [(each - cash[i]) * (each - cash[j]) for each in cash]
    return cash[i] * cash[j] + reduce(add, others)


def _squares(numbers: Sequence[Any]) -> Any:
    return reduce(add, [each * each for each in numbers])
