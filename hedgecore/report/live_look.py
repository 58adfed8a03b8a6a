"""Outcome of one look of a live hedge: its status, its decision, what is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hedgecore.live.cycle import status
from hedgecore.live.state import LoopState
from hedgecore.tables.render import Table, amount


def document(state: LoopState, names: Sequence[str]) -> dict[str, Any]:
    """Mapping for JSON: status and reasons, the last decision by instrument, accounts by venue."""
    made = state.decision
    return {
        "status": str(status(state)),
        "reasons": reasons(state),
        "cycle": state.cycle,
        "decision": None if made is None else {
            "reason": made.reason,
            "doubt": made.doubt,
            "held": _by_name(names, made.held),
            "trade": _by_name(names, made.trade),
        },
        "accounts": {
            venue: {
                "positions": {s: float(p.contracts) for s, p in account.positions.items()},
                "balances": {asset: float(each) for asset, each in account.balances.items()},
            }
            for venue, account in state.accounts.items()
        },
        "turnover": sum(cash for _, cash in state.turnover),
        "left": {name: float(each) for name, each in left(state).items()},
    }  # fmt: skip


def reasons(state: LoopState) -> list[str]:
    """Sentences on why nothing is decided: what halts, what waits, what is not resolved."""
    halted = [] if state.halted is None else [f"halted: {state.halted}"]
    open_orders = [f"{each.intent.client_id} is {each.state}" for each in state.pending]
    rest = () if state.flattened is None else state.flattened.reasons
    return [*halted, *open_orders, *(state.reasons if state.waiting else ()), *rest]


def left(state: LoopState) -> Mapping[str, Decimal]:
    """Instrument → contracts that flattening has left, since no order can give them up."""
    return {} if state.flattened is None else state.flattened.left


def tables(state: LoopState, names: Sequence[str]) -> list[Table]:
    """Tables of the last decision, and of what is held since."""
    made, found = state.decision, list[Table]()
    if made is not None:
        rows = [
            (name, amount(held), amount(trade))
            for name, held, trade in zip(names, made.held, made.trade, strict=True)
        ]
        found.append(Table(f"Decided: {made.reason}", ("instrument", "held", "to trade"), rows))
    held = [
        (venue, symbol, amount(float(position.contracts)))
        for venue, account in state.accounts.items()
        for symbol, position in account.positions.items()
    ]
    return [*found, Table("Held now", ("venue", "contract", "contracts"), held)] if held else found


def _by_name(names: Sequence[str], numbers: Any) -> Mapping[str, float]:
    return {name: float(each) for name, each in zip(names, numbers, strict=True)}
