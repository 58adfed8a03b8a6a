"""From a pool's quote asset into the market's numeraire, with no difference of large numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


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
    prices = market.vector(assets)
    quote = prices[..., -1:]
    ratio = prices[..., :-1] / quote
    block = np.moveaxis(gamma, (0, 1), (-2, -1))
    edge = -np.sum(block * ratio[..., None, :], axis=-1)
    corner = -np.sum(edge * ratio, axis=-1)
    shape = np.broadcast_shapes(corner.shape, *(np.shape(part) for part in holdings))
    m = len(assets) - 1
    full = np.empty((*shape, m + 1, m + 1))
    full[..., :m, :m], full[..., :m, m], full[..., m, :m] = block, edge, edge
    full[..., m, m] = corner
    return holdings_exposure(assets, holdings, full / quote[..., None], market)


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
    shape = gamma.shape[:-2]
    delta = np.stack([np.broadcast_to(part, shape) for part in holdings], axis=-1)
    prices = np.broadcast_to(market.vector(assets), delta.shape)
    value = np.sum(prices * delta, axis=-1)
    made = Exposure(tuple(assets), market.numeraire, value, delta, gamma, {}, prices)
    return made.in_underlying(market)
