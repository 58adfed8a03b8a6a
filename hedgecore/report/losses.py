"""Losses over prices, as sentences, tables and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from hedgecore.analysis.losses import REACH, Losses, PriceLoss
from hedgecore.tables.render import Table, amount, cash, percent

SIDES = ("before", "after")
SHOWN = (-0.3, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2, 0.3)
"""Moves of the table."""
PARTS = (0.01, 0.05, 0.1)
"""Losses to find, as parts of the book's worth."""
MOST = 12
"""Assets in the table, at most."""


def remarks(losses: Losses) -> list[str]:
    """Sentences on the worst that each price alone does, and on where losses are reached."""
    moved = f"Each price is moved alone by up to ±{_percent(REACH)}, and everything is valued again"
    lines = [f"{moved}; the orders are held, and fees are left out."]
    pairs = ((losses.worst_hedged, "is to be hedged"), (losses.worst_unhedged, "is not"))
    for each, what in pairs:
        if each is not None and each.worst("after")[0] < 0:
            profit, move = each.worst("after")
            worst = f"{cash(profit)} {losses.numeraire} at {_with_sign(move)}"
            lines.append(f"Of what {what}, {each.asset} does most: {worst}.")
    lines += [] if losses.worst_hedged is None else _reach_lines(losses, losses.worst_hedged)
    failures = losses.failures.items()
    return [*lines, *(f"{asset} cannot be moved so far: {why}." for asset, why in failures)]


def tables(losses: Losses) -> list[Table]:
    """Tables of the profit as the worst hedged price moves, and of the worst of each price."""
    hedged, worst = losses.worst_hedged, _worst_table(losses)
    return [
        *([] if hedged is None else [_move_table(losses, hedged)]),
        *([worst] if worst.rows else []),
    ]


def document(losses: Losses) -> dict[str, Any]:
    """Mapping for JSON, of the same numbers."""
    first, shown = losses.worst_hedged, np.array(SHOWN)
    return {
        "reach": REACH,
        "assets": {
            each.asset: {
                side: dict(zip(("profit", "move"), each.worst(side), strict=True)) for side in SIDES
            }
            for each in losses.by_price
        },
        "worst": None if first is None else first.asset,
        "moves": SHOWN,
        **{side: None if first is None else first.at(shown, side) for side in SIDES},
        "reached": []
        if first is None or losses.worth <= 0
        else [_reach_document(first, part, losses.worth) for part in PARTS],
        "failed": losses.failures,
    }


def _worst_table(losses: Losses) -> Table:
    rows = [
        (each.asset, *(cell for side in SIDES for cell in _worst_cells(each, side)))
        for each in losses.by_price[:MOST]
        if min(each.worst(side)[0] for side in SIDES) < 0
    ]
    title = f"Worst profit within ±{_percent(REACH)} of each price alone, {losses.numeraire}"
    return Table(title, ("asset", "worst before", "at", "worst after", "at"), rows)


def _worst_cells(each: PriceLoss, side: str) -> tuple[str, str]:
    profit, move = each.worst(side)
    return cash(profit), _with_sign(move) if profit < 0 else "–"


def _move_table(losses: Losses, each: PriceLoss) -> Table:
    """Table of the profit at some moves of one price."""
    before, after = (each.at(np.array(SHOWN), side) for side in SIDES)
    part = after / losses.worth if losses.worth > 0 else None
    rows = [
        (
            f"{_with_sign(move)}",
            amount(_five(each.price * (1 + move))),
            cash(before[i]),
            cash(after[i]),
            *([] if part is None else [percent(part[i])]),
        )
        for i, move in enumerate(SHOWN)
    ]
    heads = (f"{each.asset} moves", "to", *SIDES, *([] if part is None else ["of worth"]))
    return Table(f"Profit as {each.asset} moves, {losses.numeraire}", heads, rows)


def _reach_lines(losses: Losses, each: PriceLoss) -> Iterator[str]:
    """Sentences on the prices at which a loss of some parts of the book's worth is reached."""
    worth, unit = losses.worth, losses.numeraire
    if worth <= 0:
        yield "The book's worth is not positive, so that no loss is a part of it."
        return
    for part in PARTS:
        after, before = (_prices(each, part * worth, side, unit) for side in ("after", "before"))
        yield (
            f"A loss of {_percent(part)} of the book, {cash(part * worth)} {unit}, is reached "
            f"after the hedge {after}; before it {before}."
        )


def _reach_document(each: PriceLoss, part: float, worth: float) -> dict[str, Any]:
    ends = {side: each.moves_to_loss(part * worth, side) for side in SIDES}
    return {
        "loss": part,
        **{side: dict(zip(("down", "up"), moves, strict=True)) for side, moves in ends.items()},
    }


def _prices(each: PriceLoss, loss: float, side: str, unit: str) -> str:
    moves = [move for move in each.moves_to_loss(loss, side) if move is not None]
    prices = [f"{amount(_five(each.price * (1 + m)))} {unit} ({_with_sign(m)})" for m in moves]
    return f"at {' and at '.join(prices)}" if prices else f"nowhere within ±{_percent(REACH)}"


def _with_sign(move: float) -> str:
    return f"+{_percent(move)}" if move > 0 else _percent(move)


def _percent(part: float) -> str:
    return f"{amount(round(100.0 * part, 2))} %"


def _five(price: float) -> float:
    """Price with five digits: these are found between prices that were tried."""
    return float(f"{price:.5g}")
