"""Options by which a reading is written as a book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen


@frozen(kw_only=True)
class BookOptions:
    """Options of the book that is written of a reading.

    Attributes:
        numeraire: what prices are in; the best that there is unless given.
        prices: asset → price in the numeraire, which goes before what was read.
        names: token id → name of the asset.
        perps: the assets of which a perp may be traded; None for all that a hedge may need.
        tables: more tables of the book, instruments and a request say, which are kept as they are.
        at: "state" or "market" for every position; as a book takes it, unless given.

    """

    numeraire: str | None = None
    prices: Mapping[str, float] = field(factory=dict)
    names: Mapping[str, str] = field(factory=dict)
    perps: Sequence[str] | None = None
    tables: Mapping[str, Any] = field(factory=dict)
    at: str | None = None
