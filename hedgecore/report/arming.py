"""Summary for a person before arming a loop: accounts, caps, keys, and the first decision."""

from __future__ import annotations

from typing import Any

import attrs

from hedgecore.live.rehearsal import Rehearsal
from hedgecore.tables.render import Table, amount


def document(shown: Rehearsal) -> dict[str, Any]:
    """Mapping for JSON: all that is shown, and the fingerprint by its parts."""
    return {
        "fingerprint": shown.fingerprint.digest,
        "parts": dict(shown.fingerprint.parts),
        "accounts": {name: attrs.asdict(each) for name, each in shown.identities.items()},
        "caps": attrs.asdict(shown.caps),
        "decision": None if shown.decision is None else {
            "reason": shown.decision.reason,
            "trade": dict(zip(shown.instruments, shown.decision.trade.tolist(), strict=True)),
        },
        "reasons": list(shown.reasons),
        "refusals": shown.refusals,
    }  # fmt: skip


def tables(shown: Rehearsal) -> list[Table]:
    """Tables of accounts, of what is in them, of the caps and of the first decision."""
    accounts = [
        (name, its.account, its.network, _permissions(its.permissions))
        for name, its in shown.identities.items()
    ]
    heads = ("venue", "account", "network", "its key may")
    return [
        Table("Accounts", heads, accounts),
        Table("In them", ("venue", "what", "amount"), _contents(shown)),
        Table("Caps", ("", "at most"), _caps(shown)),
        *_decision(shown),
    ]


def _permissions(given: tuple[str, ...] | None) -> str:
    return "the venue does not say" if given is None else ", ".join(given) or "nothing"


def _contents(shown: Rehearsal) -> list[tuple[str, str, str]]:
    return [
        (venue, what, amount(float(each)))
        for venue, account in shown.accounts.items()
        for what, each in {
            **account.balances,
            **{symbol: its.contracts for symbol, its in account.positions.items()},
            **{f"{asset} owed": debt.amount for asset, debt in account.debts.items()},
        }.items()
    ]


def _caps(shown: Rehearsal) -> list[tuple[str, str]]:
    caps = attrs.asdict(shown.caps)
    most = {f"position of {name}": each for name, each in caps.pop("max_position").items()}
    return [
        (name.replace("_", " "), amount(each))
        for name, each in {**caps, **most}.items()
        if each is not None
    ]


def _decision(shown: Rehearsal) -> list[Table]:
    made = shown.decision
    if made is None:
        return []
    rows = [
        (name, amount(held), amount(trade))
        for name, held, trade in zip(shown.instruments, made.held, made.trade, strict=True)
    ]
    return [Table("It would decide now", ("instrument", "held", "to trade"), rows)]


def remarks(shown: Rehearsal) -> list[str]:
    """Sentences on what a person should know before arming."""
    waits = [f"It would wait: {each}" for each in shown.reasons]
    if not shown.practice.get("paper"):
        waits.append("This book was never kept on paper: `hedgecore live` does that first.")
    return waits
