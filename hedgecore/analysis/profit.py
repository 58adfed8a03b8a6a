"""Profit between markets: of one side of a hedge, and of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from hedgecore.hedging.result import Hedge
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.views import Drawable, NamedParts, Tabular

if TYPE_CHECKING:  # books come at first use
    from hedgecore.books.book import Book


@frozen(eq=False, kw_only=True)
class Profit:
    """Profit from the book's market to others, S, in the numeraire.

    Attributes:
        full: by full revaluation, with what accrues.
        taylor: by its Greeks, with what accrues; None where its gamma is infinite.
        accrued: funding and interest, a part of both; S or less. None where some is unknown, which
            is in neither.

    Example:
        >>> import hedgecore as hc
        >>> profit = hc.Profit(
        ...     full=np.array([-600.0]), taylor=np.array([-590.0]), accrued=np.array(0.0)
        ... )
        >>> profit.difference.tolist()
        [-10.0]

    """

    full: Array
    taylor: Array | None
    accrued: Array | None

    @property
    def difference(self) -> Array | None:
        """Profit that the Taylor estimate misses: full − taylor, S."""
        return None if self.taylor is None else self.full - self.taylor

    def __add__(self, their: Profit) -> Profit:
        known = self.taylor is not None and their.taylor is not None
        funded = self.accrued is not None and their.accrued is not None
        return Profit(
            full=self.full + their.full,
            taylor=np.asarray(self.taylor + their.taylor) if known else None,  # type: ignore[operator]
            accrued=self.accrued + their.accrued if funded else None,  # type: ignore[operator]
        )


@frozen(eq=False, kw_only=True)
class Scenario(Tabular, Drawable, NamedParts[Profit]):
    """Profits of a book from its own market to others, before and after a hedge.

    Attributes:
        book: the book.
        here: its market.
        there: the others, of shape S.
        days: that pass between, S or less.
        hedge: what is traded here and held; None if nothing.
        before: the profit of the positions alone.
        after: with the hedge, its fees left out; None where there is none.
        deaf: names of what has a volatility of its own, so that the market's does not move it.
        unfunded: names of what accrues at a funding rate that is unknown; in no profit.

    Example:
        >>> import hedgecore as hc
        >>> book = hc.Book.from_tables({
        ...     "numeraire": "USD",
        ...     "prices": {"WETH": 3000.0},
        ...     "position": [{"name": "coins", "kind": "spot", "asset": "WETH", "amount": 2.0}],
        ...     "instrument": [{"name": "ETH-PERP", "kind": "perp", "underlying": "WETH"}],
        ... })
        >>> there = book.market.shifted(prices={"WETH": [2700.0, 3300.0]})
        >>> found = hc.scenario(book, there, hedge=book.hedge())
        >>> found.before.full.tolist(), found.deaf
        ([-600.0, 600.0], ())

    """

    book: Book
    here: Market
    there: Market
    days: Array
    hedge: Hedge | None
    before: Profit
    after: Profit | None
    deaf: tuple[str, ...]
    unfunded: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Doubts about the book, in sentences."""
        return self.book.warnings

    def _parts_by_name(self) -> dict[str, Profit]:
        sides = {"before": self.before, "after": self.after}
        return {name: each for name, each in sides.items() if each is not None}
