"""Worth, delta and gamma of each position of a book, and of all."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from hedgecore.analysis.frozen import FrozenInput, frozen_inputs
from hedgecore.analysis.loss_rates import net_losses
from hedgecore.books.book import Book
from hedgecore.books.positions import Position
from hedgecore.errors import at_place
from hedgecore.market.effective_gamma import effective_exposure, is_density
from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio
from hedgecore.views import NamedParts, Tabular


@frozen(eq=False)
class LineGreeks:
    """A line of a book, a position or a hedge that is held, and the exposure of all of it."""

    position: Position
    exposure: Exposure


@frozen(eq=False)
class BookGreeks(Tabular, NamedParts[Exposure]):
    """Exposure of a book at its own market.

    Attributes:
        book: the book.
        positions: each, in the order of the book.
        total: all together, in the numeraire.
        move: of a price, a fraction, that some gammas are over; None where all are densities.
        net_losses: position → what it loses per day while its delta is hedged, of those that have a
            rule of their own for it, in the numeraire; None where unknown.
        frozen: what the positions take as it stands, though it moves by itself.

    """

    book: Book
    positions: tuple[LineGreeks, ...]
    total: Exposure
    move: float | None
    net_losses: Mapping[str, float | None]
    frozen: tuple[FrozenInput, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Doubts about the book, in sentences."""
        return self.book.warnings

    def _parts_by_name(self) -> dict[str, Exposure]:
        return {each.position.name: each.exposure for each in self.positions}


def book_greeks(book: Book) -> BookGreeks:
    """Worth (numeraire), delta (asset units) and gamma of each line of a book, and of all.

    Lines are the positions, and the hedge that is held. Gammas are effective over the move of the
    book's request, wherever they differ from the densities.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> book = Book.from_tables({"prices": {"ETH": 2000.0, "USD": 1.0}, "numeraire": "USD",
        ...     "holding": [{"asset": "ETH", "amount": 3.0}]})
        >>> float(book_greeks(book).total.value)
        6000.0

    """
    market, move = book.market, book.request.move
    lines = tuple(_line_greeks(each, market, move) for each in book.lines)
    whole = Portfolio((each.name, each.priced, each.amount) for each in book.lines)
    total = effective_exposure(whole, market, move)
    same = is_density(total.gamma, whole.exposure(market).gamma)
    return BookGreeks(
        book, lines, total, None if same else move, net_losses(book), frozen_inputs(book)
    )


def _line_greeks(line: Position, market: Market, move: float) -> LineGreeks:
    with at_place(line.name):
        return LineGreeks(line, line.amount * effective_exposure(line.priced, market, move))
