"""`hedgecore greeks`: worth, delta and gamma of each position, and of all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore.books.book import Book
from hedgecore.books.positions import Position
from hedgecore.cli.options.common import AsJson, BookFile
from hedgecore.cli.terminal.screen import notes, say, show
from hedgecore.market.exposure import Exposure
from hedgecore.market.portfolio import Balance, Portfolio
from hedgecore.report import documents
from hedgecore.tables.render import Table, amount, cash

TOTAL = "Total"
BASIS_POINT = 1e-4
STANDING = ("pool", "price of", "in", "pool's spot", "market", "apart bp", "fee bp")


@frozen(eq=False)
class Line:
    """A position and what it is exposed to, its amount counted."""

    position: Position
    exposure: Exposure


def greeks(book: BookFile, *, as_json: AsJson = False) -> None:
    """Show worth, delta and gamma of each position and of all, and where each pool stands."""
    loaded = Book.load(book)
    lines = [Line(each, each.amount * each.priced.exposure(loaded.market)) for each in loaded.lines]
    whole = Portfolio((each.name, each.priced, each.amount) for each in loaded.lines)
    total = whole.exposure(loaded.market)
    if as_json:
        documents.dump(_document(loaded, lines, total))
    else:
        _print(loaded, lines, total)


def _document(book: Book, lines: list[Line], total: Exposure) -> dict[str, Any]:
    return {
        "numeraire": book.market.numeraire,
        "worth": total.value,
        "total": documents.exposure(total),
        "positions": [_position(line) for line in lines],
        "warnings": book.warnings,
    }


def _position(line: Line) -> dict[str, Any]:
    return {
        "name": line.position.name,
        "kind": _kind(line.position),
        "amount": line.position.amount,
        "at": line.position.at,
        "worth": line.exposure.value,
        "exposure": documents.exposure(line.exposure),
        "standing": documents.standing(line.position.standing),
    }


def _print(book: Book, lines: list[Line], total: Exposure) -> None:
    unit = book.market.numeraire
    worths = [(_name(x), _kind(x.position), x.position.at, cash(x.exposure.value)) for x in lines]
    worths.append((TOTAL, "", "", cash(total.value)))
    show(Table("Positions", ("position", "kind", "taken at", f"worth {unit}"), worths), names=3)
    say()
    rows = [row for x in lines for row in _rows(_name(x), x.exposure)] + list(_rows(TOTAL, total))
    heads = ("position", "asset", "delta", f"cash delta {unit}", f"gamma {unit} per 1 %")
    show(Table("Exposure: delta, and the change of cash delta per 1 % move", heads, rows), names=2)
    pools = [_standing(x.position) for x in lines if x.position.standing is not None]
    if pools:
        say()
        show(Table("Pools' own prices against the market's", STANDING, pools), names=3)
    if book.warnings:
        say()
        notes(book.warnings)
    if not lines:
        say("The book holds nothing.")


def _name(line: Line) -> str:
    many = line.position.amount
    return line.position.name if many == 1 else f"{amount(many)} × {line.position.name}"


def _kind(position: Position) -> str:
    return "balance" if isinstance(position.model, Balance) else str(position.model.kind)


def _rows(name: str, exposure: Exposure) -> Iterator[tuple[str, ...]]:
    columns = (exposure.delta, exposure.delta_cash, np.diagonal(exposure.gamma_cash))
    for asset, delta, money, gamma in zip(exposure.assets, *columns, strict=True):
        yield name, asset, amount(delta), cash(money), cash(gamma)


def _standing(position: Position) -> tuple[str, ...]:
    """Return the row of a pool whose own price is known: of the pair that is furthest apart."""
    stands: Any = position.standing
    dear, cheap = (stands.assets.index(asset) for asset in stands.far)
    if stands.spot[dear] < stands.spot[cheap]:
        dear, cheap = cheap, dear  # a price above 1 reads better
    spot, market = (prices[dear] / prices[cheap] for prices in (stands.spot, stands.market))
    pair = (stands.assets[dear], stands.assets[cheap])
    fee = None if stands.fee is None else stands.fee / BASIS_POINT
    apart = amount(round(stands.distance / BASIS_POINT, 4))
    return position.name, *pair, amount(spot), amount(market), apart, amount(fee)
