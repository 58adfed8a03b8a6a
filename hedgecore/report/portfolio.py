"""A portfolio, and a book, as tables, columns and JSON: what is held, and of which kind."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgecore.books.book import Book
from hedgecore.market.portfolio import Balance, Portfolio
from hedgecore.registry.specs import kind_of
from hedgecore.report.frames import Columns
from hedgecore.tables.render import Table, amount, cash


def kind(thing: Any) -> str:
    """Kind of a priced thing, "balance" for one; of what has none, the name of its class."""
    return "balance" if isinstance(thing, Balance) else kind_of(thing) or type(thing).__name__


def tables(portfolio: Portfolio) -> list[Table]:
    """Table of the parts."""
    rows = [(each.name, kind(each.priced), amount(each.amount)) for each in portfolio.parts]
    return [Table("Portfolio", ("name", "kind", "amount"), rows)]


def columns(portfolio: Portfolio) -> Columns:
    """Columns of the parts, a row for each."""
    parts = portfolio.parts
    return {
        "name": [each.name for each in parts],
        "kind": [kind(each.priced) for each in parts],
        "amount": np.array([each.amount for each in parts], dtype=np.float64),
    }


def document(portfolio: Portfolio) -> dict[str, Any]:
    """Mapping for JSON."""
    rows = [
        {"name": each.name, "kind": kind(each.priced), "amount": each.amount}
        for each in portfolio.parts
    ]
    return {"parts": rows}


def book_tables(book: Book) -> list[Table]:
    """Tables of the positions with their worth, and of what may be traded."""
    unit = book.market.numeraire
    lines = book_columns(book)
    money = [cash(worth) for worth in lines["worth"]]
    names = (lines[head] for head in ("position", "kind", "at"))
    rows = [*zip(*names, money, strict=True), ("Total", "", "", cash(np.sum(lines["worth"])))]
    held = {name: amount(own.contracts) for name, own in book.held.items()}
    traded = [
        (each.name, kind(each), ", ".join(each.hedges), held.get(each.name, "–"))
        for each in book.instruments
    ]
    offers = Table("Instruments", ("instrument", "kind", "hedges", "held"), traded)
    heads = ("position", "kind", "taken at", f"worth {unit}")
    return [Table("Positions", heads, rows), *([offers] if traded else [])]


def book_columns(book: Book) -> Columns:
    """Columns of the positions and of the contracts held, a row for each."""
    lines, market = book.lines, book.market
    worths = [np.asarray(each.amount * each.priced.worth(market)) for each in lines]
    return {
        "position": [each.name for each in lines],
        "kind": [kind(each.model) for each in lines],
        "at": [each.at for each in lines],
        "amount": np.array([each.amount for each in lines], dtype=np.float64),
        "worth": np.array([worth.item() for worth in worths], dtype=np.float64),
    }
