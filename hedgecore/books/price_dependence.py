"""Words of a position's table that count from a price, and whose price that is.

A range in per cent belongs to the price at which the position was entered. In a table without a
price of its own it counts from the book's: at each price that the book has next it is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hedgecore.errors import SpecError
from hedgecore.pools.alternatives import SupportsAlternatives
from hedgecore.pools.sizing import SIZES
from hedgecore.registry.registry import Registry


def price_dependence(table: Mapping[str, Any], registry: Registry) -> str | None:
    """Word of a position's table that needs the book's price, `range` say; None where none does.

    Args:
        table: kind and fields, of a position that builds with a market.
        registry: of kinds.

    """
    kind = registry[str(table.get("kind"))]
    if not issubclass(kind, SupportsAlternatives):
        return None
    words = {*kind.alternatives()} - {*SIZES}
    if not words & table.keys():
        return None
    try:
        kind.canonical({name: value for name, value in table.items() if name != "kind"})
    except SpecError as error:
        return error.field if error.field in words else None
    except Exception:  # noqa: BLE001 - a plugin's, which has built it with the market
        return None
    return None
