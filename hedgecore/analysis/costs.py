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


def order_carry(hedge: Hedge) -> dict[str, float | None]:
    """Instrument → carry of its order, in the numeraire per day, negative to pay; none of zero.

    None where the funding rate of what is traded is unknown.

    Examples:
        >>> book = Book.load("examples/book.toml")
        >>> order_carry(book.hedge())
        {}

    """
    rows = zip(hedge.problem.instruments, hedge.problem.unit_carry, strict=True)
    sizes = ((i.name, float(hedge.quantities[i.name]), one) for i, one in rows)
    each = {name: None if one is None else n * float(one) for name, n, one in sizes if n}
    return {name: number for name, number in each.items() if number != 0}


def position_carry(book: Book) -> dict[str, float | None]:
    """Position, or hedge that is held → carry in the numeraire per day; None where unknown.

    What a pool earns is unknown, and so is the funding of a perpetual without a rate.

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
    if not isinstance(model, SupportsCarry):
        return 0.0
    one = model.carry(book.market)
    return None if one is None else position.amount * float(one) + 0.0
