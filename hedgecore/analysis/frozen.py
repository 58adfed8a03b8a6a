"""Frozen inputs of a book: fields taken as they stand, and what a change of each is worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore.books.book import Book
from hedgecore.books.positions import Position
from hedgecore.market.frozen import SupportsFrozen
from hedgecore.market.market import Market
from hedgecore.market.terms import supports
from hedgecore.pools.model import PoolModel
from hedgecore.registry.specs import spec_of

PART = 0.01
"""The rise that a slope is per, a fraction of the value."""


@frozen(kw_only=True)
class FrozenInput:
    """One number of a position's curve that stands still.

    Attributes:
        position: whose.
        field: of its table.
        of: the asset, of a list with one number for each; None of a single number.
        value: as the book says it.
        slope: change of the position's worth on its curve at the market's prices, in the numeraire,
            as the value rises by 1 %, to first order; None where that has no closed form.
        moved_by: what moves it.

    """

    position: str
    field: str
    of: str | None
    value: float
    slope: float | None
    moved_by: str


def frozen_inputs(book: Book) -> tuple[FrozenInput, ...]:
    """All that the positions of a book take as it stands, in their order.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> pool = {"name": "lp", "kind": "curve-stableswap", "assets": ["DAI", "USDC"],
        ...     "amplification": 200.0, "balances": [1e6, 2e6]}
        >>> prices = {"DAI": 1.001, "USDC": 1.0}
        >>> book = Book.from_tables({"prices": prices, "numeraire": "USD", "position": [pool]})
        >>> [(each.field, each.value, round(each.slope, 2)) for each in frozen_inputs(book)]
        [('amplification', 200.0, 8.54)]

    """
    return tuple(row for each in book.lines for row in _rows(each, book.market))


def _rows(line: Position, market: Market) -> Iterator[FrozenInput]:
    model = line.model
    if not supports(model, SupportsFrozen):
        return
    stated, moved_by = spec_of(model), model.frozen_fields()
    for name, slope in model.frozen_slopes(market).items():
        values = np.atleast_1d(stated[name])
        slopes = np.full(values.shape, np.nan) if slope is None else np.atleast_1d(slope)
        assets = _assets(line.model, len(values)) if isinstance(stated[name], list) else (None,)
        for of, value, one in zip(assets, values, slopes, strict=True):
            yield FrozenInput(
                position=line.name, field=name, of=of, value=float(value),
                slope=_finite_or_none(PART * line.amount * one), moved_by=moved_by[name],
            )  # fmt: skip


def _assets(model: Any, count: int) -> tuple[str | None, ...]:
    """Assets that a list of a pool's numbers is of, in order; None each of anything else."""
    return model.assets[:count] if isinstance(model, PoolModel) else (None,) * count


def _finite_or_none(number: Any) -> float | None:
    return float(number) if np.isfinite(number) else None
