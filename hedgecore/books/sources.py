"""Sources of a book: one table, or one for each of several chains under ``[source.chains.…]``.

Beside them stand the accounts at venues that were read into it, ``[source.accounts.…]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hedgecore.books.as_of import moment
from hedgecore.errors import ReaderError, at_place

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


def chain_moments(source: Mapping[str, Any]) -> dict[str, datetime]:
    """Chain → moment of its block, of a book of several chains; none of those that say none.

    Raises:
        SpecError: what a chain says is no moment.

    """
    found = dict[str, datetime]()
    for chain, each in parts_of(source).items():
        if chain and "as_of" in each:
            with at_place(f"source.{CHAINS}.{chain}"):
                found[chain] = moment(each["as_of"])
    return found


def timed_source(source: Mapping[str, Any]) -> Mapping[str, Any]:
    """Source whose every chain says a moment, where it says when.

    Raises:
        SpecError: one says what is no moment.

    """
    chain_moments(source)
    return source


def chain_source(source: Any) -> Mapping[str, Any]:
    """Source without its accounts at venues: empty where the book is from no chain."""
    if not isinstance(source, Mapping):
        return {}
    return {name: each for name, each in source.items() if name != ACCOUNTS}


def refuse_several_chains(source: Any) -> None:
    """Refuse a book of several chains, where one alone is read.

    Raises:
        ReaderError: it is one.

    """
    if CHAINS in chain_source(source):
        raise ReaderError(
            "the book is of several chains: `hedgecore refresh` reads it again, a loop keeps one:"
            " read a book of each chain, and keep each by a loop of its own"
        )


def accounts_of(source: Any) -> dict[str, Mapping[str, Any]]:
    """Venue, by its name in the book → what was read of the account there."""
    found = source.get(ACCOUNTS, {}) if isinstance(source, Mapping) else {}
    its = found.items() if isinstance(found, Mapping) else ()
    return {name: each for name, each in its if isinstance(each, Mapping)}


def account_holdings(source: Any) -> frozenset[str]:
    """Names of the holdings that are balances of accounts at venues."""
    read = accounts_of(source).values()
    return frozenset(name for each in read for name in each.get(HOLDINGS, ()))
