"""Routes of a book's instruments: `venue` and `symbol` of each, and tables ``[venues.NAME]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from hedgecore.errors import SpecError, at_place, did_you_mean

VENUE, SYMBOL = "venue", "symbol"
PAPER = "paper"
"""Venue of what names none: orders are filled on paper."""


@frozen(kw_only=True)
class Route:
    """Place where an instrument is traded: the name of its venue, and what that calls it."""

    venue: str
    symbol: str


def routes(tables: Mapping[str, Any]) -> dict[str, Route]:
    """Instrument name → its place.

    Raises:
        SpecError: a venue is not among ``[venues]``, or two instruments are one contract there.

    """
    known = venue_tables(tables)
    found = dict(_routes(tables.get("instrument", []), known))
    taken: dict[Route, str] = {}
    for name, route in found.items():
        if route in taken:
            reason = f"{route.symbol!r:.80} at {route.venue} is {taken[route]!r:.80} already"
            raise SpecError(reason, kind=f"instrument {name!r:.80}", field=SYMBOL)
        taken[route] = name
    return found


def venue_tables(tables: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Tables of the venues, by name; the one for paper among them, whether it is there or not."""
    given = tables.get("venues", {})
    if not isinstance(given, Mapping):
        raise SpecError("must be tables: write [venues.NAME]", field="venues")
    for name, table in given.items():
        if not isinstance(table, Mapping) or not isinstance(table.get("kind"), str):
            raise SpecError("must be a table with a kind", kind="venues", field=str(name)[:80])
    return {PAPER: {"kind": PAPER}, **given}


def _routes(rows: Any, known: Mapping[str, Any]) -> Iterator[tuple[str, Route]]:
    for table in rows:
        name = str(table.get("name"))
        with at_place(f"instrument {name!r:.80}"):
            venue = _text(table, VENUE, PAPER)
            if venue not in known:
                near = did_you_mean(venue, known)
                reason = f"there is no [venues.{venue:.80}]{near} (there are {', '.join(known)})"
                raise SpecError(reason, field=VENUE)
            yield name, Route(venue=venue, symbol=_text(table, SYMBOL, name))


def _text(table: Mapping[str, Any], key: str, default: str) -> str:
    found = table.get(key, default)
    if not isinstance(found, str) or not found:
        raise SpecError(f"must be a name, not {found!r:.80}", field=key)
    return found
