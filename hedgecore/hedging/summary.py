"""A hedge as a trader reads it: tables and sentences, written from numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from hedgecore.hedging.certificate import Certificate
from hedgecore.market.exposure import Exposure
from hedgecore.numerics.arrays import Array
from hedgecore.tables.render import Table, amount, cash, percent

FIELDS = {"fee": "fee", "funding": "funding_rate"}
"""Term of an instrument → the field of a book that gives it."""


class InstrumentTrade(NamedTuple):
    """Trade of a hedge in one instrument.

    Contracts traded and held, S; cash of the trade, S, in the numeraire; and the part of the cash
    delta that they offset, S, None where there is none.
    """

    trade: Array
    held: Array
    notional: Array
    hedge_ratio: Array | None

    @property
    def target(self) -> Array:
        """Contracts wanted, S: held and traded together."""
        return self.held + self.trade

    @property
    def side(self) -> str:
        """Word for the trade: "buy" or "sell", "mixed" where S has both, a dash for none."""
        if not np.any(self.trade):
            return "–"
        one = "buy" if np.all(self.trade >= 0) else "sell"
        return one if np.all(self.trade >= 0) or np.all(self.trade <= 0) else "mixed"


def tables(
    orders: Mapping[str, InstrumentTrade],
    before: Exposure,
    hedge: Exposure,
    after: Exposure,
    move: float | None = None,
    *,
    held: bool,
) -> list[Table]:
    """Tables of orders, of delta, and of gamma where there is any.

    Args:
        orders: the trade in each instrument, by its name.
        before: the exposure as it stands.
        hedge: of the trades.
        after: of both.
        move: that some gammas are over, a fraction; None where all are densities.
        held: whether to show what is held, and the target, beside the trade.

    """
    gammas = _gamma_table(before, after, move)
    return [
        _order_table(orders, before.numeraire, held=held),
        _delta_table(before, hedge, after),
        *([gammas] if gammas.rows else []),
    ]


def _order_table(orders: Mapping[str, InstrumentTrade], unit: str, *, held: bool) -> Table:
    counts = ("trade", "held", "target") if held else ("contracts",)
    heads = ("instrument", "side", *counts, f"notional {unit}", "hedge ratio")
    return Table("Orders", heads, [_order_row(*order, held=held) for order in orders.items()])


def _order_row(name: str, order: InstrumentTrade, *, held: bool) -> tuple[str, ...]:
    counts = (order.trade, order.held, order.target) if held else (np.abs(order.trade),)
    ends = (cash(order.notional), percent(order.hedge_ratio))
    return name, order.side, *map(amount, counts), *ends


def _delta_table(before: Exposure, hedge: Exposure, after: Exposure) -> Table:
    unit = before.numeraire
    heads = ("asset", "before", "after", f"before {unit}", f"after {unit}")
    scale = np.abs(before.delta) + np.abs(hedge.delta)
    deltas = [np.where(np.abs(e.delta) <= 1e-12 * scale, 0.0, e.delta) for e in (before, after)]
    worths = [e.delta_cash for e in (before, after)]
    rows = [
        (asset, *(amount(d[..., i]) for d in deltas), *(cash(w[..., i]) for w in worths))
        for i, asset in enumerate(after.assets)
    ]
    return Table("Delta", heads, rows)


def per_move(move: float | None) -> str:
    """Words for the move that a gamma in cash is per, and that it is read over."""
    over = "" if move in (None, 0.01) else f" over {percent(np.asarray(move))} either way"
    return f"per 1 % move{'' if move is None else ', effective'}{over}"


def _gamma_table(before: Exposure, after: Exposure, move: float | None) -> Table:
    title = f"Gamma: change of cash delta, {before.numeraire}, {per_move(move)}"
    gammas = [e.gamma_cash for e in (before, after)]
    rows = [(asset, *(cash(g[..., i, i]) for g in gammas)) for i, asset in enumerate(after.assets)]
    return Table(title, ("asset", "before", "after"), [r for r in rows if set(r[1:]) != {"0.00"}])


def worth_and_fees(worth: Array, cost: Array | None, unit: str) -> str:
    """Sentence on the worth of the target and the fees of the trades, both S, in `unit`."""
    fees = "unknown" if cost is None else f"{cash(cost)} {unit}"
    return f"Worth {cash(worth)} {unit}; fees {fees}."


def carry(per_day: Array | float | None, unit: str) -> Iterator[str]:
    """Sentence on what the contracts wanted earn or cost while held, S, in `unit` per day."""
    if per_day is None:
        yield "Carry of the hedge: unknown."
    elif np.any(per_day):
        yield f"Carry of the hedge: {cash(per_day)} {unit} per day."


def unknown(term: str, names: Sequence[str]) -> Iterator[str]:
    """Sentence on which instruments have a `term`, "fee" or "funding", that nobody gave."""
    if names:
        said = f"The {term} of {', '.join(names)} is unknown"
        yield f"{said}: give {FIELDS[term]} in the book, or --{term}."


def unhedged_sentences(reasons: Mapping[str, str], after: Exposure) -> Iterator[str]:
    """Sentences on the cash delta that stays, one for each reason; `reasons` is by asset."""
    left = dict(zip(after.assets, np.moveaxis(after.delta_cash, -1, 0), strict=True))
    assets: dict[str, list[str]] = {}
    for asset, why in reasons.items():
        assets.setdefault(why, []).append(f"{cash(left[asset])} {after.numeraire} of {asset}")
    for why, amounts in assets.items():
        yield f"Unhedged, {why}: {', '.join(amounts)}."


def certificate_sentences(proof: Certificate, unit: str) -> Iterator[str]:
    """Sentences on how good an answer is, what it needs, and which limits bind."""
    if proof.objective is not None:
        gap = "unknown" if proof.gap is None else f"at most {cash(proof.gap)} {unit}"
        found = f"objective {cash(proof.objective)} {unit}, gap {gap} ({proof.solver})"
        yield f"Certified {proof.status}: {found}."
    parts = [f"{name} {cash(each)} {unit}" for name, each in proof.breakdown.items() if each]
    if parts:
        yield f"With these orders: {', '.join(parts)}."
    if proof.effectiveness is not None:
        yield f"They remove {percent(proof.effectiveness)} of the variance."
    for limit, (value, worth) in proof.shadow_prices.items():
        yield f"Binds: {limit}, at {amount(value)}; one more is worth {amount(worth)} {unit}."
