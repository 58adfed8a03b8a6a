"""From a pool's quote asset into the market's numeraire, with no difference of large numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.market.alignment import add_arrays
from hedgecore.market.exposure import Exposure
from hedgecore.market.labels import refuse_labels
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import empty_columns


def in_numeraire(
    assets: Sequence[str], holdings: Sequence[ArrayLike], gamma: Array, market: Market
) -> Exposure:
    """Exposure S of a pool, exactly, from its numbers in units of the quote asset.

    With p the prices in the quote, P_q the quote's price and H = ∂x/∂p over the m assets before it,

        Δ = x,    Γ = [[H, −Hp], [−pᵀH, pᵀHp]] / P_q,

    so that ``P·Δ = V`` and ``ΓP = 0`` hold by construction, with no difference of large numbers.
    (Chain rule on ``V = P_q v(P₁/P_q, …)``; for a pair, ``γ [[1, −p], [−p, p²]] / P_q``.)

    Args:
        assets: n names, the quote last.
        holdings: n arrays of shape S or less.
        gamma: (m, m)+S or less, m = n − 1.
        market: has all n prices, of shape S.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> seen = hc.in_numeraire(("WETH", "USDC"), (10.0, 30_000.0), np.array([[-0.1]]), market)
        >>> float(seen.value), seen.gamma.tolist()
        (60000.0, [[-0.1, 300.0], [300.0, -900000.0]])

    """
    for asset, held in zip(assets, holdings, strict=True):
        refuse_labels(asset, held, market.shape)
    *prices, quote = (market.price(asset) for asset in assets)
    ratio = prices if _is_one(quote) else [price / quote for price in prices]
    edge = [_minus_sum(zip(gamma[i], ratio, strict=True)) for i in range(len(ratio))]
    corner = _minus_sum(zip(edge, ratio, strict=True))
    if not _is_one(quote):
        gamma, edge, corner = gamma / quote, [each / quote for each in edge], corner / quote
    shape = np.broadcast_shapes(market.shape, *map(np.shape, (corner, *holdings)))
    full = empty_columns(shape, len(assets), len(assets))
    for i, each in enumerate(edge):
        full[..., i, -1] = full[..., -1, i] = each
        for j in range(len(edge)):
            full[..., i, j] = gamma[i, j]
    full[..., -1, -1] = corner
    return holdings_exposure(assets, holdings, full, market)


def prices_in_quote(assets: Sequence[str], market: Market) -> tuple[Array, Array]:
    """Prices of a pool's assets in its quote, S+(m,) or a pair's S, and the quote's price, S.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "DAI": 0.5}, numeraire="USD")
        >>> [part.tolist() for part in hc.prices_in_quote(("WETH", "DAI"), market)]
        [6000.0, 0.5]

    """
    prices = market.vector(assets)
    quote = prices[..., -1]
    ratio = prices[..., :-1] / quote[..., None]
    return (ratio[..., 0] if len(assets) == 2 else ratio), quote  # noqa: PLR2004 - a pair


def holdings_exposure(
    assets: Sequence[str], holdings: Sequence[ArrayLike], gamma: Array, market: Market
) -> Exposure:
    """Exposure of n holdings, arrays of shape S, with gamma S+(n, n), in the numeraire."""
    shape, n = gamma.shape[:-2], len(assets)
    delta, prices = empty_columns(shape, n), empty_columns(shape, n)
    each = [market.price(asset) for asset in assets]
    for i, (price, part) in enumerate(zip(each, holdings, strict=True)):
        delta[..., i], prices[..., i] = part, price
    value = add_arrays(
        delta[..., i] if _is_one(price) else price * delta[..., i] for i, price in enumerate(each)
    )
    made = Exposure(tuple(assets), market.numeraire, value, delta, gamma, {}, prices)
    return made.in_underlying(market)


def _minus_sum(pairs: Iterable[tuple[Array, Array]]) -> Array:
    """Negative of a sum of products, −Σ a b, S."""
    total = add_arrays(a * b for a, b in pairs)
    return np.negative(total, out=total) if total.ndim else -total


def _is_one(price: Array) -> bool:
    """True if a price is the one number 1: what is multiplied by it or divided stays as it is."""
    return not price.ndim and bool(price == 1.0)
