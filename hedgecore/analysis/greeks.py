"""Worth, delta and gamma of each position of a book, and of all."""

from __future__ import annotations

from attrs import frozen

from hedgecore.books.book import Book
from hedgecore.books.positions import Position
from hedgecore.errors import blamed
from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio


@frozen(eq=False)
class LineGreeks:
    """A line of a book, a position or a hedge that is held, and the exposure of all of it."""

    position: Position
    exposure: Exposure


@frozen(eq=False)
class BookGreeks:
    """Exposure of a book at its own market.

    Attributes:
        book: the book.
        positions: each, in the order of the book.
        total: all together, in the numeraire.

    """

    book: Book
    positions: tuple[LineGreeks, ...]
    total: Exposure


def book_greeks(book: Book) -> BookGreeks:
    """Worth (numeraire), delta (asset units) and gamma of each line of a book, and of all.

    Lines are the positions, and the hedge that is held.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> book = Book.from_tables({"prices": {"ETH": 2000.0, "USD": 1.0}, "numeraire": "USD",
        ...     "holding": [{"asset": "ETH", "amount": 3.0}]})
        >>> float(book_greeks(book).total.value)
        6000.0

    """
    lines = tuple(_line_greeks(each, book.market) for each in book.lines)
    whole = Portfolio((each.name, each.priced, each.amount) for each in book.lines)
    return BookGreeks(book, lines, whole.exposure(book.market))


def _line_greeks(line: Position, market: Market) -> LineGreeks:
    with blamed(line.name):
        return LineGreeks(line, line.amount * line.priced.exposure(market))
