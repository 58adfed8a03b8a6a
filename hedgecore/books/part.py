"""Warnings on a part of a book: those of its positions, their hedge and assets, and no others."""

from __future__ import annotations

from collections.abc import Iterator

from hedgecore.books import checks
from hedgecore.books.book import Book


def part_warnings(book: Book, name: str | None, *, hedging: bool) -> tuple[str, ...]:
    """Sentences on one position of a book, or on all where there is no name.

    Args:
        book: whose.
        name: of the position, or of an instrument held.
        hedging: whether the instruments are shown with it.

    """
    return book.warnings if name is None else tuple(_warnings(book, name, hedging))


def _warnings(book: Book, name: str, hedging: bool) -> Iterator[str]:  # noqa: FBT001 - as it was given
    old = None if book.now is None else book.age_warning(book.now)
    if old is not None:
        yield f"The {old}."
    part = [each for each in book.lines if each.name == name]
    instruments = book.instruments if hedging else ()
    things = [*((each.name, each.model) for each in part), *((i.name, i) for i in instruments)]
    used = checks.used_names([model for _, model in things], book.market)
    stated = {asset: price for asset, price in book.stated_prices.items() if asset in used}
    yield from checks.distances(part, instruments, book.market, stated)
    yield from checks.concerns(things, book.market)
