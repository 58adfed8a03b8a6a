"""Order tickets in a file: JSON or CSV, sizes and prices as decimals with all their digits."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from hedgecore.books.book import Book
from hedgecore.errors import SpecError
from hedgecore.live.tickets import OrderTicket, slippage_of
from hedgecore.tables.atomic_write import write

SUFFIXES = (".json", ".csv")
COLUMNS = tuple(each.name for each in attrs.fields(OrderTicket))


def check_suffix(path: Path) -> None:
    """Refuse a file that order tickets cannot go into, by its name."""
    if path.suffix.lower() not in SUFFIXES:
        raise SpecError(f"orders go into a .json or .csv file, not {path.name}")


def row(ticket: OrderTicket) -> dict[str, Any]:
    """Ticket as a mapping: decimals as texts without exponents, so that no digit is lost."""
    return {name: _plain(each) for name, each in attrs.asdict(ticket).items()}


def document(
    tickets: Sequence[OrderTicket], book: Book, max_slippage: float | None = None
) -> dict[str, Any]:
    """Mapping for JSON: the orders, and what they rest on."""
    return {
        "as_of": None if book.as_of is None else book.as_of.isoformat(),
        "numeraire": book.market.numeraire,
        "max_slippage": slippage_of(book, max_slippage),
        "warnings": list(book.warnings),
        "orders": [row(each) for each in tickets],
    }


def save(
    tickets: Sequence[OrderTicket], book: Book, path: Path, max_slippage: float | None = None
) -> None:
    """Write order tickets, whole or not at all.

    Raises:
        SpecError: the file is neither JSON nor CSV, or cannot be written.

    """
    check_suffix(path)
    if path.suffix.lower() == ".csv":
        write(_csv(tickets), path)
    else:
        text = json.dumps(document(tickets, book, max_slippage), indent=2, allow_nan=False)
        write(text + "\n", path)


def _csv(tickets: Sequence[OrderTicket]) -> str:
    text = io.StringIO()
    out = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    out.writeheader()
    out.writerows(
        {name: str(v).lower() if isinstance(v, bool) else v for name, v in row(each).items()}
        for each in tickets
    )
    return text.getvalue()


def _plain(given: Any) -> Any:
    """Decimal as a text, without an exponent and without idle zeros; all else as it is."""
    if not isinstance(given, Decimal):
        return given
    text = f"{given:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
