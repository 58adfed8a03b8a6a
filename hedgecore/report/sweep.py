"""A sweep as tables, as CSV and as JSON."""

from __future__ import annotations

import csv as commas
from io import StringIO
from typing import Any

import attrs
import numpy as np

from hedgecore.analysis.sweep import Sweep, SweepCurve
from hedgecore.hedging.result import Hedge
from hedgecore.hedging.summary import per_move
from hedgecore.report.frames import Columns
from hedgecore.tables.render import Table, amount, cash

COLUMNS = tuple(each.name for each in attrs.fields(SweepCurve))


def title(sweep: Sweep) -> str:
    """Subject of the sweep: a position, or the book."""
    return "The book" if sweep.name is None else sweep.name


def tables(sweep: Sweep) -> list[Table]:
    """Worth, and delta with gamma, before and after, one row for each price."""
    unit, asset = sweep.market.numeraire, sweep.asset
    sides = ("before", "after") if sweep.after else ("",)
    prices = [amount(price) for price in sweep.prices]
    worth = Table(
        f"{title(sweep)}: worth in {unit}, over the price of {asset}",
        ("price", *(f"worth {side}".strip() for side in sides)),
        list(zip(prices, *_cells(sweep, "worth"), strict=True)),
    )
    gamma = f"gamma as {unit} of cash delta {per_move(sweep.move)}"
    greeks = Table(
        f"{title(sweep)}: delta in {asset}, and {gamma}",
        ("price", *(f"{g} {side}".strip() for g in ("delta", "gamma") for side in sides)),
        list(
            zip(prices, *_cells(sweep, "delta"), *_cells(sweep, "gamma_cash"), strict=True),
        ),
    )
    return [worth, greeks]


def remarks(sweep: Sweep) -> list[str]:
    """Hedge in a sentence, and the states at which pools are drawn."""
    return [*([] if sweep.hedge is None else [hedge_line(sweep)]), *sweep.states]


def hedge_line(sweep: Sweep) -> str:
    """Sentence on the contracts that were traded, and at which price."""
    where = f"{sweep.asset} = {amount(sweep.price)} {sweep.market.numeraire}"
    return "" if sweep.hedge is None else f"Hedged once, at {where}: {orders(sweep.hedge)}."


def orders(hedge: Hedge) -> str:
    """Contracts that are traded, in words."""
    found = [
        f"{'buy' if number > 0 else 'sell'} {amount(np.abs(number))} {name}"
        for name, number in hedge.quantities.items()
        if number
    ]
    return f"{', '.join(found) or 'nothing to trade'}; fees are left out"


def columns(sweep: Sweep) -> Columns:
    """Columns of price, worth and Greeks before and after the hedge, a row for each price."""
    curves = {
        f"{name}_{side}": getattr(curve, name) for name in COLUMNS for side, curve in sweep.items()
    }
    return {"price": sweep.prices, **curves}


def csv(sweep: Sweep) -> str:
    """Line for each price; all digits, and empty cells where there is no hedge."""
    heads = ["price", *(f"{name}_{side}" for name in COLUMNS for side in ("before", "after"))]
    found, none = columns(sweep), [""] * len(sweep.prices)
    out = StringIO()
    writer = commas.writer(out, lineterminator="\n")
    writer.writerow(heads)
    cells = [np.asarray(found.get(head, none)).tolist() for head in heads]
    writer.writerows(zip(*cells, strict=True))
    return out.getvalue()


def document(sweep: Sweep) -> dict[str, Any]:
    """Mapping for JSON: lists of one number for each price."""
    return {
        "numeraire": sweep.market.numeraire,
        "position": sweep.name,
        "asset": sweep.asset,
        "price": sweep.price,
        "worth": sweep.worth,
        "prices": sweep.prices,
        "before": attrs.asdict(sweep.before),
        "after": None if sweep.after is None else attrs.asdict(sweep.after),
        "quantities": None if sweep.hedge is None else sweep.hedge.quantities,
        "gamma_move": sweep.move,
        "breaks": sweep.breaks,
        "notes": remarks(sweep),
        "warnings": sweep.warnings,
    }


def _cells(sweep: Sweep, name: str) -> list[list[str]]:
    write = amount if name == "delta" else cash
    curves = (sweep.before, sweep.after)
    return [[write(x) for x in getattr(each, name)] for each in curves if each is not None]
