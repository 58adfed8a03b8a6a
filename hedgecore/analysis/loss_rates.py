"""Loss of each position a day while its delta is hedged: by its own rule, or by that of its gamma.

Of a curve that the market moves along that is the loss versus rebalancing, −½ Σ Σᵢⱼ PᵢPⱼΓᵢⱼ, with
gammas effective over the book's move where delta jumps. Where more than the gamma decides, as where
an oracle's steps are traded against, a thing says it itself.
"""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np

from hedgecore.books.book import Book
from hedgecore.books.positions import Position
from hedgecore.errors import AssetError
from hedgecore.market.effective_gamma import effective_exposure
from hedgecore.market.market import Market
from hedgecore.market.terms import SupportsNetLoss, supports
from hedgecore.pools.model import PoolModel
from hedgecore.units import DAYS_PER_YEAR


def loss_rates(book: Book) -> dict[str, float | None]:
    """Position → what it loses while its delta is hedged, in the numeraire per day.

    Of pools, and of what has a rule of its own; an option's theta pays for its gamma. By the
    market's volatilities; None where one that counts is unknown, or a correlation, or where gamma
    is infinite.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> pool = {"kind": "uniswap-v2", "assets": ["ETH", "DAI"], "reserves": [1.0, 2000.0]}
        >>> book = Book.from_tables({"prices": {"ETH": 2000.0, "DAI": 1.0}, "numeraire": "DAI",
        ...     "vols": {"ETH": 0.73**0.5}, "position": [{"name": "lp", **pool}]})
        >>> round(loss_rates(book)["lp"], 9)  # σ²/8 of the worth a year
        1.0

    """
    return {
        each.name: _rate(each, book.market, book.request.move) for each in book.lines if _has(each)
    }


def net_losses(book: Book) -> dict[str, float | None]:
    """Loss per day, in the numeraire, of the positions that have a rule of their own for it.

    By their gamma they would have no LVR, or a gain; None where a number of the market is unknown.

    Example:
        >>> from hedgecore.books.book import Book
        >>> net_losses(Book.load("examples/book.toml"))
        {}

    """
    own = [each for each in book.lines if supports(each.model, SupportsNetLoss)]
    return {each.name: _rate(each, book.market, book.request.move) for each in own}


def _has(line: Position) -> bool:
    return isinstance(line.model, PoolModel) or supports(line.model, SupportsNetLoss)


def _rate(line: Position, market: Market, move: float) -> float | None:
    model = line.model
    try:
        if supports(model, SupportsNetLoss):
            return line.amount * float(model.net_loss(market))
        seen = effective_exposure(line.priced, market, move)
        if not seen.gamma.any():
            return 0.0
        found = float(seen.lvr_rate(_covariance(seen.assets, market)))
    except AssetError:
        return None
    return line.amount * found if np.isfinite(found) else None


def _covariance(assets: tuple[str, ...], market: Market) -> dict[tuple[str, str], float]:
    """Covariance per day of each pair that the market's volatilities tell."""
    vols = {asset: float(vol) / DAYS_PER_YEAR**0.5 for asset, vol in market.vols.items()}
    known = [asset for asset in assets if asset in vols]
    pairs = combinations_with_replacement(known, 2)
    products = {(one, other): vols[one] * vols[other] for one, other in pairs}
    return {pair: each for pair, each in products.items() if pair[0] == pair[1] or not each}
