"""Frozen inputs, which move by themselves and are taken as they stand: scales, rates, clocks.

A curve is a function of prices alone, so that what a pool, an oracle or time moves stands still in
it. Such a thing says which of its fields do, what moves them, and what a change of each is worth;
and where it ends, for how long it is good.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from numpy.typing import ArrayLike

from hedgecore.market.market import Market


@runtime_checkable
class SupportsFrozen(Protocol):
    """Priced thing of which some fields move by themselves, and are taken as they stand.

    Example:
        >>> kind = hc.default_registry()["pmm"]
        >>> issubclass(kind, hc.SupportsFrozen), list(kind.frozen_fields())
        (True, ['oracle_price'])

    """

    @classmethod
    def frozen_fields(cls) -> Mapping[str, str]:
        """Field of its table → what moves that field, to be read after "moved by"."""
        ...

    def frozen_slopes(self, market: Market, /) -> Mapping[str, ArrayLike | None]:
        """Field → ∂worth/∂ln(field), S or, of a list of k numbers, S+(k,), in the numeraire.

        What is held stays as it is, and the market's prices do. None where that has no closed form;
        fields of which this worth is no function are left out.
        """
        ...


@runtime_checkable
class SupportsExpiry(Protocol):
    """Priced thing that has a worth up to its expiry, and no rule to settle by there.

    Example:
        >>> issubclass(hc.default_registry()["pendle-v2"], hc.SupportsExpiry)
        True

    """

    def years_left(self) -> float:
        """Years from now to the expiry."""
        ...

    def expiry_advice(self) -> str:
        """Advice on what to hold in its place from then on, an imperative clause."""
        ...
