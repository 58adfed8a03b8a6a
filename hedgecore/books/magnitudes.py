"""Bounds of a book's numbers: which of its tables have them, of its prices, and of its days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hedgecore.errors import SpecError
from hedgecore.market.magnitudes import MOST
from hedgecore.numerics.arrays import Array
from hedgecore.tables.files import check_bounds

MOST_DAYS = 365_000
"""Days of a thousand years: more is no time that passes, and may be no number of steps."""
COUNTED = ("prices", "time", "rates", "assets", "position", "holding", "instrument")
"""Tables of a book whose numbers have the bound of `MOST`; the others have closer ones."""


def refuse_large(tables: Mapping[str, Any]) -> None:
    """Raise a SpecError, with the place, on a number of a book beyond what is computed with."""
    check_bounds(tables)
    check_bounds({key: tables[key] for key in COUNTED if key in tables}, MOST)


def refuse_far(what: str, levels: Array) -> None:
    """Raise a SpecError on prices beyond what is computed with."""
    bad = ~((levels >= 1.0 / MOST) & (levels <= MOST))
    if bad.any():
        reason = f"must be from {1.0 / MOST:g} to {MOST:g}, not {levels[bad].flat[0]:g}"
        raise SpecError(f"the {what} {reason}")
