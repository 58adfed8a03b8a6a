"""Sources of a book: one table, or one for each of several chains under ``[source.chains.…]``.

Beside them stand the accounts at venues that were read into it, ``[source.accounts.…]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CHAINS, ACCOUNTS = "chains", "accounts"
HOLDINGS = "holdings"


def parts_of(source: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Chain → its source; a book of one source has one part, without a name."""
    chains = source.get(CHAINS)
    if not isinstance(chains, Mapping):
        return {"": source}
    return {name: each for name, each in chains.items() if isinstance(each, Mapping)}


def unread_of(source: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Name → what could not be read or priced, of all parts."""
    tables = [(name, each.get("unread")) for name, each in parts_of(source).items()]
    return {
        f"{name} on {chain}" if chain else name: row
        for chain, table in tables
        if isinstance(table, Mapping)
        for name, row in table.items()
        if isinstance(row, Mapping)
    }


def moments(source: Mapping[str, Any]) -> str:
    """Blocks at which a book was read, in words."""
    parts = parts_of(source)
    if len(parts) == 1 and "" in parts:
        return f"block {source.get('block')}"
    return " and ".join(f"block {e.get('block')} of chain {name}" for name, e in parts.items())


def chain_source(source: Any) -> Mapping[str, Any]:
    """Source without its accounts at venues: empty where the book is from no chain."""
    if not isinstance(source, Mapping):
        return {}
    return {name: each for name, each in source.items() if name != ACCOUNTS}


def accounts_of(source: Any) -> dict[str, Mapping[str, Any]]:
    """Venue, by its name in the book → what was read of the account there."""
    found = source.get(ACCOUNTS, {}) if isinstance(source, Mapping) else {}
    its = found.items() if isinstance(found, Mapping) else ()
    return {name: each for name, each in its if isinstance(each, Mapping)}


def account_holdings(source: Any) -> frozenset[str]:
    """Names of the holdings that are balances of accounts at venues."""
    read = accounts_of(source).values()
    return frozenset(name for each in read for name in each.get(HOLDINGS, ()))
