"""Fees, carry and margin of a hedge, and the carry of a book, by name."""

from __future__ import annotations

from hedgecore.books.book import Book
from hedgecore.books.positions import Position
from hedgecore.hedging.result import Hedge
from hedgecore.market.terms import SupportsCarry
from hedgecore.pools.model import PoolModel


def fees(hedge: Hedge) -> dict[str, float | None]:
    """Instrument → fee of its order in the numeraire, None where unknown; of what is traded.

    Examples:
        >>> book = Book.load("examples/book.toml")
        >>> {name: round(fee, 2) for name, fee in fees(book.hedge()).items()}
        {'ETH-PERP': 144.87, 'BTC-PERP': 56.46}

    """
    rows = zip(hedge.problem.instruments, hedge.problem.unit_fees, strict=True)
    sizes = ((i.name, abs(float(hedge.quantities[i.name])), fee) for i, fee in rows)
    return {name: None if fee is None else n * float(fee) for name, n, fee in sizes if n}


def order_carry(hedge: Hedge) -> dict[str, float]:
    """Instrument → carry of its order, in the numeraire per day, negative to pay; none of zero.

    Examples:
        >>> book = Book.load("examples/book.toml")
        >>> order_carry(book.hedge())
        {}

    """
    rows = zip(hedge.problem.instruments, hedge.problem.unit_carry, strict=True)
    each = {i.name: float(hedge.quantities[i.name]) * float(one) for i, one in rows}
    return {name: number for name, number in each.items() if number}


def position_carry(book: Book) -> dict[str, float | None]:
    """Position, or hedge that is held → carry in the numeraire per day; None of a pool.

    Examples:
        >>> book = Book.load("examples/book.toml")
        >>> position_carry(book)["v4 ETH/USDC"] is None
        True

    """
    return {each.name: _carry(book, each) for each in book.lines}


def margins(hedge: Hedge) -> dict[str, float]:
    """Instrument → initial margin in the numeraire of the contracts wanted, held and traded.

    Infinite where they are more than the brackets of margin allow; none of what is neither.

    Examples:
        >>> book = Book.load("examples/book.toml")
        >>> round(margins(book.hedge())["ETH-PERP"], 2)
        289742.61

    """
    numbers = list(hedge.target.values())
    found = dict(zip(hedge.target, map(float, hedge.problem.margins(numbers)), strict=True))
    return {name: each for name, each in found.items() if hedge.target[name]}


def _carry(book: Book, position: Position) -> float | None:
    model = position.model
    if isinstance(model, PoolModel):
        return None
    known = isinstance(model, SupportsCarry)
    return position.amount * float(model.carry(book.market)) + 0.0 if known else 0.0
