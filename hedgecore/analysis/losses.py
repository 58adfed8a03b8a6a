"""At which price a book loses what, before and after its hedge: by full revaluation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from hedgecore.analysis.profit import Profit
from hedgecore.analysis.scenario import scenario
from hedgecore.analysis.sweep import breaks, price_grid
from hedgecore.books.book import Book
from hedgecore.errors import HedgecoreError
from hedgecore.hedging.result import Hedge
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.ties import round_for_ties

REACH = 0.3
"""Move of prices, up and down, as a fraction."""
STEPS = 601


@frozen(eq=False, kw_only=True)
class PriceLoss:
    """Profit of a book as one price moves by ±`REACH` and all others stay; each (N,).

    Attributes:
        asset: whose price moves.
        price: its price in the book.
        moves: ascending, fractions of that price.
        before: profit without the hedge, in the numeraire.
        after: profit with it, fees left out.

    """

    asset: str
    price: float
    moves: Array
    before: Array
    after: Array

    def worst(self, side: str) -> tuple[float, float]:
        """Worst profit on a side of the hedge, "before" or "after", and the move with it."""
        profits: Array = getattr(self, side)
        at = int(np.argmin(round_for_ties(profits)))
        return float(profits[at]), float(self.moves[at])

    def at(self, moves: Array, side: str) -> Array:
        """Profit at some moves, (M,), linear between the prices that were tried."""
        return np.asarray(np.interp(moves, self.moves, getattr(self, side)))

    def moves_to_loss(self, loss: float, side: str) -> tuple[float | None, float | None]:
        """Moves nearest to 0, down and up, that lose so much; None where none does."""
        start = int(np.searchsorted(self.moves, 0.0))
        profits: Array = getattr(self, side)
        down = _first(self.moves[start::-1], profits[start::-1], -loss)
        return down, _first(self.moves[start:], profits[start:], -loss)


@frozen(eq=False, kw_only=True)
class Losses:
    """Profit of a book as each price moves alone, the worst after the hedge first.

    Attributes:
        by_price: a curve for each asset that can be moved so far.
        failures: asset → why something cannot be valued there.
        hedged: the assets that the hedge is to offset.
        worth: of the book, in the numeraire.
        numeraire: the unit of all profits.

    """

    by_price: tuple[PriceLoss, ...]
    failures: Mapping[str, str]
    hedged: tuple[str, ...]
    worth: float
    numeraire: str

    @property
    def worst_hedged(self) -> PriceLoss | None:
        """The worst among the assets that are hedged; None where none could be moved."""
        return next((each for each in self.by_price if each.asset in self.hedged), None)

    @property
    def worst_unhedged(self) -> PriceLoss | None:
        """The worst among the others."""
        return next((each for each in self.by_price if each.asset not in self.hedged), None)


def losses(book: Book, hedge: Hedge) -> Losses:
    """Profit of a book as the price of each asset moves alone, before and after a hedge.

    Args:
        book: the positions and the market.
        hedge: traded at the book's market and held.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> book = Book.from_tables({"prices": {"ETH": 2000.0, "USD": 1.0}, "numeraire": "USD",
        ...     "holding": [{"asset": "ETH", "amount": 3.0}],
        ...     "instrument": [{"name": "P", "kind": "perp", "underlying": "ETH", "lot": 1.0}]})
        >>> found = losses(book, book.hedge()).worst_hedged
        >>> [round(profit, 6) for profit in (found.worst("before")[0], found.worst("after")[0])]
        [-1800.0, 0.0]

    """
    curves, failures = [], {}
    for asset in hedge.problem.assets:
        if asset != book.market.numeraire:
            try:
                curves.append(_price_loss(book, hedge, asset))
            except HedgecoreError as error:
                failures[asset] = str(error)
    return Losses(
        by_price=tuple(sorted(curves, key=lambda each: round_for_ties(each.worst("after")[0]))),
        failures=failures,
        hedged=tuple(hedge.problem.hedged_assets),
        worth=float(hedge.before.value),
        numeraire=hedge.before.numeraire,
    )


def _price_loss(book: Book, hedge: Hedge, asset: str) -> PriceLoss:
    price = float(book.market.price(asset))
    edges = breaks(book.positions, asset, book.market)
    ends = price * (1 - REACH), price * (1 + REACH)
    prices = np.union1d(price_grid(*ends, STEPS, edges), [price])
    found = scenario(book, book.market.shifted(prices={asset: prices}), hedge=hedge)
    after: Profit = found.before if found.after is None else found.after
    return PriceLoss(
        asset=asset, price=price, moves=prices / price - 1.0, before=found.before.full,
        after=after.full,
    )  # fmt: skip


def _first(moves: Array, profits: Array, level: float) -> float | None:
    """First move, from the market outwards, whose profit is down at `level`."""
    below = np.flatnonzero(profits <= level)
    if not below.size:
        return None
    i = int(below[0])
    if not i:
        return float(moves[0])
    part = (profits[i - 1] - level) / (profits[i - 1] - profits[i])
    return float(moves[i - 1] + part * (moves[i] - moves[i - 1]))
