"""Gamma of a CryptoSwap pool in closed form: how the holdings move with the prices.

Differentiating p_i = mu (1 + a / x_i) along the invariant and writing the result in z_i = x_i + a,
which is proportional to the cash price_i holding_i of each coin, gives with k = b / a

    Gamma_ii = -h_i^2   f [sum_{j != i} z_j^2 + k sum_{l<m; l,m != i} (z_l - z_m)^2],
    Gamma_ij = +h_i h_j f [z_i z_j + k sum_l (z_l - z_i)(z_l - z_j)],
    f = (sum(x) + n a) / (a V [sum(z^2) + k sum_{l<m} (z_l - z_m)^2]),

where h are the holdings and V their worth. The diagonal has only positive terms; k = 1 is
StableSwap's. At the price scale Gamma_ii is StableSwap's with the same Ann.
"""

from collections.abc import Sequence
from functools import reduce
from operator import add, mul
from typing import Any, NamedTuple

from hedgecore_curve_cryptoswap.invariant import (
    PAIR,
    TINY,
    Curve,
    Terms,
    spread,
    terms,
    unevenness,
)
from hedgecore_curve_cryptoswap.newton import minimum, step
from hedgecore_curve_cryptoswap.state import rises


class Point(NamedTuple):
    """Point of the pool: shares of D, z up to a factor, its differences, and a, b."""

    x: Sequence[Any]
    z: Sequence[Any]
    apart: Sequence[Any]
    a: Any
    b: Any


def gamma(point: Point, holdings: Sequence[Any], value: Any) -> list[list[Any]]:
    """Gamma d holdings_i / d prices_j, n rows of n, in real coins and real prices.

    Of a pool that stands at a point with these holdings (n) and this worth; floats, or arrays (N,).
    """
    n, k = len(holdings), point.b / point.a
    squares, bends = [z * z for z in point.z], [k * (each * each) for each in point.apart]
    whole = (reduce(add, point.x) + n * point.a) / (point.a * value)
    scaled = [held * (whole / (reduce(add, squares) + reduce(add, bends))) for held in holdings]
    result: list[list[Any]] = [[None] * n for _ in range(n)]
    for i, held in enumerate(holdings):
        others = squares[:i] + squares[i + 1 :] + bends[i : i + n - PAIR]
        result[i][i] = -held * scaled[i] * reduce(add, others)
        for j in range(i):
            cross = k * (point.apart[i] * point.apart[j]) if n > PAIR else 0.0
            both = point.z[i] * point.z[j] - cross
            result[i][j] = result[j][i] = holdings[j] * scaled[i] * both
    return result


def point_from_v(curve: Curve, v: float, x: Sequence[Any], worths: Sequence[Any]) -> Point:
    """Point where v and the shares of D are known, and z from the worth of each coin."""
    _, a, b = terms(curve, v)
    return Point(x, worths, _pairs(worths), a, b)


def point_from_prices(
    curve: Curve, x: Sequence[Any], prices: Sequence[Any], scales: Sequence[float]
) -> Point:
    """Point at the prices, one step of Newton's method from the shares of D there.

    The shares are rounded: that costs eps / sqrt(gamma) of a and b, which the prices give back.
    """
    v, at = _v_near(curve, x)
    given = rises(prices, scales)
    tau, v, _ = step(curve, given, reduce(minimum, [at.a / each for each in x]), v)
    _, a, b = terms(curve, v)
    u = [1.0 / each for each in given.t(tau)]
    shares, scale = [a * each for each in u], -a * (1.0 + tau)
    pairs = zip(_products(u), _pairs(given.rises), strict=True)
    return Point(
        shares, [each + a for each in shares], [scale * (pair * rise) for pair, rise in pairs], a, b
    )


def _v_near(curve: Curve, x: Sequence[Any]) -> tuple[Any, Terms]:
    """Unevenness v near that of the shares, and h, a, b there.

    v = 1 / prod(n x) - 1 is good to an ulp of 1, and good enough for the ratio v / s(v); s has all
    the digits that the shares have.
    """
    n = len(x)
    rough = abs(1.0 / reduce(mul, [n * each for each in x]) - 1.0) + TINY
    v = (spread(x) + TINY) * (rough / unevenness(rough, terms(curve, rough).h, n))
    return v, terms(curve, v)


def _pairs(of: Sequence[Any]) -> list[Any]:
    """Differences of the pairs that leave out coin k, for each k; of two, of the two."""
    if len(of) == PAIR:
        return [of[1] - of[0]]
    return [of[k - 1] - of[k - 2] for k in range(3)]


def _products(of: Sequence[Any]) -> list[Any]:
    if len(of) == PAIR:
        return [of[1] * of[0]]
    return [of[k - 1] * of[k - 2] for k in range(3)]
