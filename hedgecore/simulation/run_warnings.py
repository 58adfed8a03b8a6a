"""Warnings of a run: those of its book, and a history that does not fit to it."""

from __future__ import annotations

from collections.abc import Iterator

from hedgecore.books.book import Book
from hedgecore.simulation.settings import Simulation
from hedgecore.simulation.start_price import start_confusions


def run_warnings(its: Simulation) -> Iterator[str]:
    """Sentences on what to doubt of a run; the age of its prices where any of them is used."""
    if isinstance(its.book, Book):
        yield from its.book.warnings if _is_priced_today(its) else its.book.timeless_warnings
    yield from (f"{each}." for each in start_confusions(its.price_model, its.market))


def _is_priced_today(its: Simulation) -> bool:
    """True if a price of the book has a part in the run: a history may bring all of them."""
    if its.price_model.times() is None:
        return True
    start, own = its.price_model.start(its.market).prices, its.market.prices
    return any(start[asset] == own[asset] for asset in own if asset != its.market.numeraire)
