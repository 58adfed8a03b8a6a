"""Rows of [assets] from what was read: what each token is exchanged for by contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hedgecore.interfaces.reading import Reading
from hedgecore.readers.pricing import Link, derive_prices

APART = 0.1
"""Part by which pools may differ from what a contract states."""
Rows = dict[str, Any]
"""Asset → its row of ``[assets]``."""


def claim_rows(readings: Iterable[Reading], names: Mapping[str, str]) -> Rows:
    """Rows of ``[assets]`` of all tokens that are exchanged for others; none leads to itself."""
    found = Rows()
    for token in (its for each in readings for its in each.tokens.values()):
        if token.claim is None or names[token.id] == names[token.claim.id]:
            continue
        of = names[token.claim.id]
        if _leads_to(found, of, names[token.id]):
            continue
        row = {"same_as": of} if token.rate == 1 else {"of": of, "rate": token.rate}
        found[names[token.id]] = row
    return found


def contradictions(read: Rows, found: Sequence[Link]) -> dict[str, str]:
    """Asset → sentence on a rate that a contract states, and pools that were read contradict."""
    wrong = dict[str, str]()
    for asset, row in read.items():
        of, rate = _underlying(row), row.get("rate", 1.0)
        market = derive_prices({of: 1.0}, found)[0].get(asset)
        if market is not None and not 1 - APART < market / rate < 1 + APART:
            wrong[asset] = (
                f"{asset}: its contract says that one is {rate:g} {of}, and pools say {market:g}:"
                " the contract is not believed"
            )
    return wrong


def token_notes(readings: Iterable[Reading], names: Mapping[str, str]) -> list[str]:
    """Sentences on what tokens do beside, each once."""
    met = {its.id: its for each in readings for its in each.tokens.values()}
    return [f"{names[its]}, {its}, {note}" for its, each in met.items() for note in each.notes]


def unstated_rows(read: Rows, stated: Mapping[str, Any], prices: Iterable[str]) -> Rows:
    """Rows that were read, without those on assets of which the user says something."""
    given = {*stated, *prices}
    rows = {asset: _without_alias(row, stated) for asset, row in read.items() if asset not in given}
    return {asset: row for asset, row in rows.items() if _underlying(row) not in {*stated, asset}}


def with_prices(read: Rows, prices: Mapping[str, float]) -> Rows:
    """Rows that were read, without those that lead to no price."""
    return {a: row for a, row in read.items() if {a, _underlying(row)} <= prices.keys()}


def refresh_rows(tables: Mapping[str, Any], read: Rows) -> Rows:
    """Rows of a book's ``[assets]``: rates as they are read now, and assets that are new in it."""
    table, prices = dict(tables.get("assets", {})), {*tables.get("prices", {})}
    prices.add(tables.get("numeraire", "USD"))
    for asset, its in read.items():
        old, row = table.get(asset), _without_alias(its, table)
        if isinstance(old, Mapping):
            if old.keys() == row.keys() and _underlying(old) == _underlying(row):
                table[asset] = {**old, **row}
        elif asset not in prices and _underlying(row) in prices:
            table[asset] = row
    return table


def _leads_to(rows: Rows, asset: str, to: str) -> bool:
    """True if an asset is exchanged for another, by some rows in turn."""
    while asset in rows and asset != to:
        asset = _underlying(rows[asset])
    return asset == to


def _without_alias(row: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """Row on the asset that its own is the same as, by a table: no alias is of another."""
    of, met = _underlying(row), set[str]()
    while isinstance(table.get(of), Mapping) and "same_as" in table[of] and of not in met:
        met.add(of)
        of = table[of]["same_as"]
    way = "same_as" if "same_as" in row else "of"
    return {**row, way: of}


def _underlying(row: Mapping[str, Any]) -> Any:
    """Asset that a row says another to be so many of."""
    return row.get("same_as", row.get("of"))
