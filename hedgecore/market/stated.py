"""Price that a contract states in a field, and what tells whether that is meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class StatedPrice(NamedTuple):
    """Number of quote units for one of the base, as a field states it.

    An asset's is compared with the market's. A premium, an index of debt or the mark of a power
    perp has no price there: its contract says what is ordinary today, and what else people write.

    Attributes:
        price: as it stands.
        base: what it is the price of.
        quote: what it is in.
        ordinary: the least and the most that is usual today; None for the price of an asset.
        instead: what may stand there by mistake, in words → how many times too large it is then.
        today: what it would be today; None where that is not known.

    Example:
        >>> paid = hc.StatedPrice(450.0, "option", "USD", (0.03, 2700.0), {"in cents": 100.0})
        >>> paid.base, paid.ordinary
        ('option', (0.03, 2700.0))

    """

    price: float
    base: str
    quote: str
    ordinary: tuple[float, float] | None = None
    instead: Mapping[str, float] = {}
    today: float | None = None
