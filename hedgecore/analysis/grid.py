"""A grid of scenarios of a whole book, revalued by many processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from attrs import evolve

from hedgecore.analysis.profit import Profit, Scenario
from hedgecore.analysis.scenario import scenario
from hedgecore.books.book import Book
from hedgecore.hedging.result import Hedge
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.parallel import Progress, map_blocks

SIZE = 16_384
"""Scenarios of a task, or one row of the grid where that is more."""


def scenarios(
    book: Book,
    there: Market,
    *,
    hedge: Hedge | None = None,
    workers: int = 1,
    cluster: Any = None,
    progress: Progress | None = None,
) -> Scenario:
    """Profit of a book in markets of shape S, the grid divided along the first axis.

    Each scenario is the same to the last bit, however many workers there are.

    Args:
        book: positions, and the market from which they start.
        there: markets of shape S, as `Market.shifted` makes them.
        hedge: traded at the book's market, and held.
        workers: processes on this machine.
        cluster: the address of a Dask scheduler, or its client, in place of workers.
        progress: called with how many parts are done, and of how many.

    Raises:
        SpecError: as `scenario` and `map_blocks` do.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> book = Book.load("examples/book.toml")
        >>> there = book.market.shifted(prices={"WETH": [1500.0, 2700.0]})
        >>> scenarios(book, there, workers=1).before.full.shape
        (2,)

    """
    parts = list(_split(there))
    work = partial(scenario, book, hedge=hedge)
    found = map_blocks(work, parts, workers=workers, cluster=cluster, progress=progress)
    return evolve(
        found[0],
        there=there,
        before=_join([each.before for each in found]),
        after=None if hedge is None else _join([each.after for each in found if each.after]),
    )


def _split(there: Market) -> Iterator[Market]:
    shape = there.shape
    if not shape:
        yield there
        return
    rows = max(1, SIZE * shape[0] // max(1, int(np.prod(shape))))
    for first in range(0, shape[0], rows):
        here = slice(first, first + rows)
        yield evolve(
            there,
            prices={asset: _part(price, shape, here) for asset, price in there.prices.items()},
            vols={asset: _part(vol, shape, here) for asset, vol in there.vols.items()},
        )


def _part(given: Any, shape: tuple[int, ...], here: slice) -> Any:
    """One number as given; of an array, some rows."""
    return np.broadcast_to(given, shape)[here] if np.ndim(given) else given


def _join(parts: Sequence[Profit]) -> Profit:
    taylor = [each.taylor for each in parts if each.taylor is not None]
    whole: Array | None = _rows(taylor) if len(taylor) == len(parts) else None
    return Profit(full=_rows([each.full for each in parts]), taylor=whole, accrued=parts[0].accrued)


def _rows(parts: Sequence[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
