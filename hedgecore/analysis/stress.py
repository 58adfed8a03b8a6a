"""Stress test of a book: profit on a grid of prices, volatilities and days, before and after."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from hedgecore.analysis.axes import PRICE, VOLATILITY, Axis
from hedgecore.analysis.profit import Profit, Scenario
from hedgecore.analysis.scenario import scenario
from hedgecore.books.book import Book
from hedgecore.books.magnitudes import MOST_DAYS
from hedgecore.errors import SpecError
from hedgecore.hedging.result import Hedge
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.views import Drawable, NamedParts, Tabular

MOST = 1_000_000
"""Scenarios at once, at most."""


@frozen(eq=False)
class Stress(Tabular, Drawable, NamedParts[Profit]):
    """Profit of a book on a grid, one axis of the arrays for each direction.

    Attributes:
        book: the book.
        axes: the directions, of N₁, N₂, … points.
        result: the profit before and after the hedge, (N₁, N₂, …), in the numeraire.

    """

    book: Book
    axes: tuple[Axis, ...]
    result: Scenario

    @property
    def warnings(self) -> tuple[str, ...]:
        """Doubts about the book, in sentences."""
        return self.book.warnings

    @property
    def wide(self) -> list[int]:
        """Indices of the axes with more than one point."""
        return [k for k, each in enumerate(self.axes) if len(each) > 1]

    @property
    def sides(self) -> dict[str, Profit]:
        """The profit "before" the hedge, and "after" where there is one."""
        return {side: self.result[side] for side in self.result}

    def _parts_by_name(self) -> dict[str, Profit]:
        return self.sides

    @property
    def moving_assets(self) -> list[str]:
        """The assets whose price an axis moves."""
        return [name for each in self.axes if each.what == PRICE for name in each.names]

    @property
    def fixed_assets(self) -> list[str]:
        """The other assets of the book, whose price stays; empty where none moves."""
        assets = self.book.portfolio.exposure(self.result.here).assets
        gone = {*self.result.here.assets.underlying(self.moving_assets), self.result.here.numeraire}
        return [name for name in assets if name not in gone] if self.moving_assets else []


def stress(
    book: Book, axes: Sequence[Axis], *, days: float = 0.0, hedge: Hedge | None = None
) -> Stress:
    """Profit of a book at each point of the grid that `axes` span, by full revaluation.

    Args:
        book: positions, and the market from which prices move.
        axes: directions, as `hedgecore.analysis.axes.axis` makes them.
        days: that pass.
        hedge: traded at the book's market and held, ``book.hedge()`` say; None for none.

    Raises:
        SpecError: a price or a volatility is moved twice, the grid has over a million points, or
            days are a thousand years.

    Examples:
        >>> from hedgecore.analysis.axes import axis
        >>> from hedgecore.books.book import Book
        >>> book = Book.from_tables({"prices": {"ETH": 2000.0, "USD": 1.0}, "numeraire": "USD",
        ...     "holding": [{"asset": "ETH", "amount": 3.0}]})
        >>> stress(book, [axis(book.market, ["ETH"], [-0.1, 0.1])]).result.before.full.tolist()
        [-600.0, 600.0]

    """
    for what in (PRICE, VOLATILITY):
        _once(what, [name for each in axes if each.what == what for name in each.names])
    count = float(np.prod([float(len(each)) for each in axes]))
    if count > MOST:
        raise SpecError(f"{count:.0f} scenarios are too many: {MOST} at most")
    if days > MOST_DAYS:
        reason = f"must be {MOST_DAYS:,} at most, not {days:g}"
        raise SpecError(reason, kind="scenario", field="days")
    there = _market(book.market, axes, days)
    return Stress(book, tuple(axes), scenario(book, there, hedge=hedge))


def _once(what: str, names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise SpecError(f"the {what} of {name} is moved twice")


def _market(market: Market, axes: Sequence[Axis], days: float) -> Market:
    """Market of all combinations, of the shape (N₁, N₂, …)."""
    levels: dict[str, dict[str, Array]] = {PRICE: {}, VOLATILITY: {}}
    for k, each in enumerate(axes):
        shape = [-1 if i == k else 1 for i in range(len(axes))]
        for name, points in each.levels.items():
            levels[each.what][name] = points.reshape(shape)
    return market.shifted(prices=levels[PRICE], vols=levels[VOLATILITY], days=days)
