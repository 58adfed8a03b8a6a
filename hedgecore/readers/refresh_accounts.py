"""Accounts at venues that a book was read from, read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hedgecore.books.sources import accounts_of
from hedgecore.errors import ReaderError
from hedgecore.readers.venue_accounts import SYMBOLS, AccountRequest, read_account
from hedgecore.readers.venue_tables import venue_of


def refresh_accounts(
    tables: Mapping[str, Any], *, seconds: float = 10.0
) -> tuple[dict[str, Any], list[str]]:
    """Tables of a book with each account of ``[source.accounts]`` read again, and notes.

    A contract that is held no more and no longer traded is out of the book, and that is said.

    Args:
        tables: of the book.
        seconds: within which each request ends.

    Raises:
        VenueError: an account cannot be read, or not in full.
        ReaderError: the book has no venue of that name any more, or its notional disagrees.

    """
    after, notes = dict(tables), list[str]()
    for name, its in accounts_of(tables.get("source", {})).items():
        table = after.get("venues", {}).get(name)
        if table is None:
            raise ReaderError(f"[source.accounts.{name}] has no [venues.{name}] beside it")
        request = AccountRequest(
            name=name, venue=venue_of(name, table), underlyings=its.get(SYMBOLS, {})
        )
        found = read_account(request, seconds=seconds, listed_only=True)
        after = found.into(after)
        notes += found.notes
    return after, notes
