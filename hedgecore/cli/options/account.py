"""The account of `hedgecore read --account`: from words to a book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from hedgecore.readers.draft import BookDraft
from hedgecore.readers.venue_accounts import AccountRequest, read_account, request_of
from hedgecore.readers.venue_tables import HOOK, venue_of
from hedgecore.registry.registry import default_registry


def account_draft(
    text: str, symbols: Sequence[str], tables: Mapping[str, Any], seconds: float
) -> BookDraft:
    """Book of the account that ``VENUE:ACCOUNT`` means, merged into some tables."""
    name, table = request_of(text, tables.get("venues", {}), default_registry().kinds(HOOK))
    named = [each.partition("=") for each in symbols]
    if wrong := [symbol for symbol, equals, asset in named if not symbol or (equals and not asset)]:
        raise typer.BadParameter(f"--symbol is SYMBOL or SYMBOL=ASSET, not {wrong[0]!r:.80}")
    underlyings = {symbol: asset or None for symbol, _, asset in named}
    request = AccountRequest(name=name, venue=venue_of(name, table), underlyings=underlyings)
    found = read_account(request, seconds=seconds)
    return BookDraft(found.into(tables), found.notes)
