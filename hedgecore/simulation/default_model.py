"""Default price model of a book that names none: geometric Brownian motion of what is hedged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from hedgecore.books.book import Book
from hedgecore.errors import SpecError
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.simulation.price_models.correlated import Correlated
from hedgecore.simulation.price_models.gbm import GBM


def default_model(book: Book, correlations: Any, pegs: Any) -> AbstractPriceModel:
    """One Brownian motion, or several that are correlated.

    Args:
        book: with a volatility of each asset that moves.
        correlations: as ``{"WETH:WBTC": 0.8}``, of each pair of them.
        pegs: asset → the asset that it follows.

    Raises:
        SpecError: a volatility or a correlation is unknown, with the line that the book needs.

    """
    moved = movers(book)
    missing = [name for name in moved if name not in book.market.vols]
    if missing or not moved:
        raise SpecError(_vols(missing or ["ASSET"]))
    if len(moved) == 1:
        return GBM(asset=moved[0], pegs=pegs)
    if not isinstance(correlations, Mapping):
        raise SpecError(f"must be a table, not {correlations!r:.80}", field="correlations")
    unknown = list(_unknown(moved, correlations))
    if unknown:
        raise SpecError(_pairs(unknown), field="correlations")
    parts = tuple(GBM(asset=name) for name in moved)
    return Correlated(parts=parts, correlations=correlations, pegs=pegs)


def movers(book: Book) -> list[str]:
    """Assets that are hedged, and others with a volatility that the positions depend on."""
    traded = [asset for each in book.instruments for asset in each.hedges]
    hedged = book.request.assets if book.request.assets is not None else traded
    exposed = book.portfolio.exposure(book.market).assets
    more = [asset for asset in exposed if asset in book.market.vols]
    names = book.market.assets.underlying((*hedged, *more))
    return [each for each in names if each != book.market.numeraire]


def _unknown(names: list[str], given: Mapping[str, Any]) -> Iterator[str]:
    known = {frozenset(str(pair).split(":")) for pair in given}
    return (f"{a}:{b}" for a, b in combinations(names, 2) if frozenset((a, b)) not in known)


def _vols(missing: list[str]) -> str:
    lines = ", ".join(f"{name} = 0.8" for name in missing)
    return (
        f"how much {' and '.join(missing)} moves is unknown: add to the book, under [vols], "
        f"{lines} (0.8 is 80 % a year; put your own), or give a price model"
    )


def _pairs(unknown: list[str]) -> str:
    lines = ", ".join(f'"{pair}" = 0.8' for pair in unknown)
    return (
        f"how {' and '.join(unknown)} move together is unknown: add to the book, under "
        f"[simulation], correlations = {{ {lines} }} (put your own), or give a price model"
    )
