"""Greeks of a book as tables and as JSON, and where each pool's own price stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from hedgecore.analysis.greeks import BookGreeks, LineGreeks
from hedgecore.books.positions import Position
from hedgecore.hedging.summary import per_move
from hedgecore.market.exposure import Exposure
from hedgecore.report import documents, exposure, frozen
from hedgecore.report.frames import Columns, named_columns
from hedgecore.report.loss_rates import net_remarks
from hedgecore.report.portfolio import kind
from hedgecore.tables.render import Table, amount, cash

TOTAL = "Total"
BASIS_POINT = 1e-4
POOLS = "Pools' own prices against the market's"
POOL_HEADS = ("pool", "price of", "in", "pool's spot", "market", "apart bp", "fee bp")


def tables(greeks: BookGreeks) -> list[Table]:
    """Tables of worth, of delta and gamma, and of the pools whose own price is known."""
    unit, lines = greeks.book.market.numeraire, greeks.positions
    worths = [
        (_name(x), kind(x.position.model), x.position.at, cash(x.exposure.value)) for x in lines
    ]
    worths.append((TOTAL, "", "", cash(greeks.total.value)))
    rows = [row for x in lines for row in _greek_rows(_name(x), x.exposure)]
    rows += _greek_rows(TOTAL, greeks.total)
    heads = ("position", "asset", "delta", f"cash delta {unit}", f"gamma {unit} per 1 %")
    title = f"Exposure: delta, and the change of cash delta {per_move(greeks.move)}"
    pools = [_pool_row(x.position) for x in lines if x.position.standing is not None]
    apart = Table(POOLS, POOL_HEADS, pools)
    return [
        Table("Positions", ("position", "kind", "taken at", f"worth {unit}"), worths),
        Table(title, heads, rows),
        *([apart] if pools else []),
        *([frozen.table(greeks.frozen, unit)] if greeks.frozen else []),
    ]


def remarks(greeks: BookGreeks) -> list[str]:
    """Sentences on net losses, and on the fields that stand still, which move by themselves."""
    own = net_remarks(greeks.net_losses, greeks.book.market.numeraire)
    return [*own, *frozen.remarks(greeks.frozen)]


def columns(greeks: BookGreeks) -> Columns:
    """Columns of Greeks, a row for each position and asset."""
    parts = [(name, each) for name, held in greeks.items() for each in held.items()]
    numbers = {str(k): its for k, (_, (_, its)) in enumerate(parts)}
    found = named_columns("row", numbers, exposure.HEADS)
    return {
        "position": [name for name, _ in parts],
        "asset": [asset for _, (asset, _) in parts],
        **{head: found[head] for head in exposure.HEADS},
    }


def document(greeks: BookGreeks) -> dict[str, Any]:
    """Mapping for JSON, of the same numbers."""
    return {
        "numeraire": greeks.book.market.numeraire,
        "worth": greeks.total.value,
        "total": documents.exposure(greeks.total),
        "gamma_move": greeks.move,
        "positions": [_position(line) for line in greeks.positions],
        "net_losses": greeks.net_losses,
        "frozen": frozen.document(greeks.frozen),
        "warnings": greeks.warnings,
    }


def _position(line: LineGreeks) -> dict[str, Any]:
    return {
        "name": line.position.name,
        "kind": kind(line.position.model),
        "amount": line.position.amount,
        "at": line.position.at,
        "worth": line.exposure.value,
        "exposure": documents.exposure(line.exposure),
        "standing": documents.mispricing(line.position.standing),
    }


def _name(line: LineGreeks) -> str:
    many = line.position.amount
    return line.position.name if many == 1 else f"{amount(many)} × {line.position.name}"


def _greek_rows(name: str, given: Exposure) -> Iterator[tuple[str, ...]]:
    numbers = (given.delta, given.delta_cash, np.diagonal(given.gamma_cash))
    for asset, delta, money, gamma in zip(given.assets, *numbers, strict=True):
        yield name, asset, amount(delta), cash(money), cash(gamma)


def _pool_row(position: Position) -> tuple[str, ...]:
    """Row of a pool whose own price is known: of the pair that is furthest apart."""
    stands: Any = position.standing
    dear, cheap = (stands.assets.index(asset) for asset in stands.far)
    if stands.spot[dear] < stands.spot[cheap]:
        dear, cheap = cheap, dear  # a price above 1 reads better
    spot, market = (prices[dear] / prices[cheap] for prices in (stands.spot, stands.market))
    pair = (stands.assets[dear], stands.assets[cheap])
    fee = None if stands.fee is None else stands.fee / BASIS_POINT
    apart = amount(round(stands.distance / BASIS_POINT, 4))
    return position.name, *pair, amount(spot), amount(market), apart, amount(fee)
