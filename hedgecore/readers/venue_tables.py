"""Venues that the tables ``[venues.NAME]`` of a book describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hedgecore.errors import SpecError, at_place
from hedgecore.interfaces.venue import AbstractVenue
from hedgecore.registry.registry import default_registry
from hedgecore.registry.specs import build

HOOK = "hedgecore_venues"


def venue_of(name: str, table: Mapping[str, Any]) -> AbstractVenue:
    """Venue that a table ``[venues.NAME]`` describes.

    Raises:
        SpecError: its kind is no venue, or a field is wrong.

    """
    with at_place(f"venues.{name}"):
        known = default_registry()
        if table["kind"] not in known or HOOK not in known.hooks(table["kind"]):
            there = ", ".join(known.kinds(HOOK))
            raise SpecError(f"{table['kind']!r:.80} is no venue (there are {there})", field="kind")
        venue: AbstractVenue = build(table)
        return venue
