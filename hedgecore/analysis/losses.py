"""At which price a book loses what, before and after its hedge: by full revaluation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore.analysis.scenario import Profit, scenario
from hedgecore.analysis.sweep import breaks, grid
from hedgecore.books.book import Book
from hedgecore.errors import HedgecoreError
from hedgecore.hedging.result import Hedge
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.ties import rounded
from hedgecore.tables.render import Table, amount, cash, percent

REACH = 0.3
"""How far prices move, up and down."""
STEPS = 601
SHOWN = (-0.3, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2, 0.3)
PARTS = (0.01, 0.05, 0.1)
"""Losses to find, as parts of the book's worth."""
MOST = 12
"""Assets in the table, at most."""


@frozen(eq=False, kw_only=True)
class Losses:
    """What a book gains as one price moves by ±`REACH` and all others stay; each (N,).

    Attributes:
        asset: whose price moves.
        price: its price in the book.
        moves: ascending, fractions of that price.
        before: profit without the hedge.
        after: profit with it, fees left out.

    """

    asset: str
    price: float
    moves: Array
    before: Array
    after: Array

    def worst(self, side: str) -> tuple[float, float]:
        """Return the worst profit on a side of the hedge, and the move that it is at."""
        profits: Array = getattr(self, side)
        at = int(np.argmin(rounded(profits)))
        return float(profits[at]), float(self.moves[at])

    def at(self, moves: Array, side: str) -> Array:
        """Return the profit at some moves, between the prices that were tried."""
        return np.asarray(np.interp(moves, self.moves, getattr(self, side)))

    def reached(self, loss: float, side: str) -> tuple[float | None, float | None]:
        """Return the moves nearest to 0, down and up, that lose so much; None where none does."""
        start = int(np.searchsorted(self.moves, 0.0))
        profits: Array = getattr(self, side)
        down = _first(self.moves[start::-1], profits[start::-1], -loss)
        return down, _first(self.moves[start:], profits[start:], -loss)


def losses(book: Book, hedge: Hedge) -> tuple[list[Losses], dict[str, str]]:
    """Return what each asset's price does to a book, the worst after the hedge first.

    Beside it asset → why it cannot be moved so far, where something cannot be valued there.
    """
    found, failed = [], {}
    for asset in hedge.problem.assets:
        if asset != book.market.numeraire:
            try:
                found.append(_one(book, hedge, asset))
            except HedgecoreError as error:
                failed[asset] = str(error)
    return sorted(found, key=lambda each: rounded(each.worst("after")[0])), failed


def words(found: Sequence[Losses], rows: Sequence[str], worth: float, unit: str) -> Iterator[str]:
    """Yield what each price alone does at worst, and where the worst that is hedged loses what."""
    yield (
        f"Each price is moved alone by up to ±{_percent(REACH)}, and everything is valued again; "
        "the orders are held, and fees are left out."
    )
    hedged, rest = first_of(found, rows), [each for each in found if each.asset not in rows]
    for each, what in ((hedged, "is to be hedged"), (rest[0] if rest else None, "is not")):
        if each is not None and each.worst("after")[0] < 0:
            profit, move = each.worst("after")
            worst = f"{cash(profit)} {unit} at {_signed(move)}"
            yield f"Of what {what}, {each.asset} does most: {worst}."
    if hedged is not None:
        yield from _reached_words(hedged, worth, unit)


def tables(found: Sequence[Losses], rows: Sequence[str], worth: float, unit: str) -> list[Table]:
    """Return the profit as the worst hedged price moves, and the worst of each price."""
    hedged, all_ = first_of(found, rows), overview(found, unit)
    return [
        *([] if hedged is None else [close(hedged, worth, unit)]),
        *([all_] if all_.rows else []),
    ]


def first_of(found: Sequence[Losses], rows: Sequence[str]) -> Losses | None:
    """Return the worst among those that are hedged."""
    return next((each for each in found if each.asset in rows), None)


def overview(found: Sequence[Losses], unit: str) -> Table:
    """Return the worst that each asset's price does."""
    rows = [
        (each.asset, *(cell for side in ("before", "after") for cell in _worst(each, side)))
        for each in found[:MOST]
        if min(each.worst("before")[0], each.worst("after")[0]) < 0
    ]
    heads = ("asset", "worst before", "at", "worst after", "at")
    return Table(f"Worst profit within ±{_percent(REACH)} of each price alone, {unit}", heads, rows)


def close(each: Losses, worth: float, unit: str) -> Table:
    """Return the profit at some moves of one price."""
    moves = np.array(SHOWN)
    before, after = (each.at(moves, side) for side in ("before", "after"))
    part = after / worth if worth > 0 else None
    rows = [
        (
            f"{_signed(move)}",
            amount(_five(each.price * (1 + move))),
            cash(before[i]),
            cash(after[i]),
            *([] if part is None else [percent(part[i])]),
        )
        for i, move in enumerate(moves)
    ]
    heads = (
        f"{each.asset} moves",
        "to",
        "before",
        "after",
        *([] if part is None else ["of worth"]),
    )
    return Table(f"Profit as {each.asset} moves, {unit}", heads, rows)


def _reached_words(each: Losses, worth: float, unit: str) -> Iterator[str]:
    """Yield at which prices a loss of some parts of the book's worth is reached."""
    if worth <= 0:
        yield "The book's worth is not positive, so that no loss is a part of it."
        return
    for part in PARTS:
        after, before = (_prices(each, part * worth, side, unit) for side in ("after", "before"))
        yield (
            f"A loss of {_percent(part)} of the book, {cash(part * worth)} {unit}, is reached "
            f"after the hedge {after}; before it {before}."
        )


def document(found: Sequence[Losses], rows: Sequence[str], worth: float) -> dict[str, Any]:
    """Return the same for JSON."""
    first = first_of(found, rows)
    return {
        "reach": REACH,
        "assets": {
            each.asset: {
                side: dict(zip(("profit", "move"), each.worst(side), strict=True))
                for side in ("before", "after")
            }
            for each in found
        },
        "worst": None if first is None else first.asset,
        "moves": SHOWN,
        "before": None if first is None else first.at(np.array(SHOWN), "before"),
        "after": None if first is None else first.at(np.array(SHOWN), "after"),
        "reached": []
        if first is None or worth <= 0
        else [_reached(first, p, worth) for p in PARTS],
    }


def _reached(each: Losses, part: float, worth: float) -> dict[str, Any]:
    return {
        "loss": part,
        **{
            side: dict(zip(("down", "up"), each.reached(part * worth, side), strict=True))
            for side in ("before", "after")
        },
    }


def _one(book: Book, hedge: Hedge, asset: str) -> Losses:
    price = float(book.market.price(asset))
    edges = breaks(book.positions, asset, book.market)
    prices = np.union1d(grid(price * (1 - REACH), price * (1 + REACH), STEPS, edges), [price])
    found = scenario(book, book.market.shifted(prices={asset: prices}), hedge=hedge)
    after: Profit = found.before if found.after is None else found.after
    return Losses(
        asset=asset, price=price, moves=prices / price - 1.0, before=found.before.full,
        after=after.full,
    )  # fmt: skip


def _first(moves: Array, profits: Array, level: float) -> float | None:
    """Return the first move, from the market outwards, whose profit is down at `level`."""
    below = np.flatnonzero(profits <= level)
    if not below.size:
        return None
    i = int(below[0])
    if not i:
        return float(moves[0])
    part = (profits[i - 1] - level) / (profits[i - 1] - profits[i])
    return float(moves[i - 1] + part * (moves[i] - moves[i - 1]))


def _worst(each: Losses, side: str) -> tuple[str, str]:
    profit, move = each.worst(side)
    return cash(profit), _signed(move) if profit < 0 else "–"


def _prices(each: Losses, loss: float, side: str, unit: str) -> str:
    found = [move for move in each.reached(loss, side) if move is not None]
    said = [f"{amount(_five(each.price * (1 + m)))} {unit} ({_signed(m)})" for m in found]
    return f"at {' and at '.join(said)}" if said else f"nowhere within ±{_percent(REACH)}"


def _signed(move: float) -> str:
    return f"+{_percent(move)}" if move > 0 else _percent(move)


def _percent(part: float) -> str:
    return f"{amount(round(100.0 * part, 2))} %"


def _five(price: float) -> float:
    """Return a price with five digits: these are found between prices that were tried."""
    return float(f"{price:.5g}")
