"""What a hedge sees: things with a worth and an exposure, and those that may be traded."""

from __future__ import annotations

from typing import Protocol

from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


class Priced(Protocol):
    """Anything that has a worth and an exposure in a market: pools, instruments, portfolios."""

    def worth(self, market: Market, /) -> Array:
        """Return the value alone, of shape S, in the market's numeraire."""
        ...

    def exposure(self, market: Market, /) -> Exposure:
        """Return value, delta and gamma over the assets that it depends on."""
        ...


class Instrument(Priced, Protocol):
    """What may be traded to hedge. Its exposure is that of *one contract*.

    Attributes:
        name: what the order goes by; unique among the instruments of one hedge.
        hedges: the assets whose delta it is there to offset; for a perp, its underlying only.
        contract_size: how much of the underlying one contract is.
        lot: the step in which contracts trade; 0 means any amount.
        min_size: the fewest contracts of one order; 0 means any amount.
        fee: taker fee, a fraction of the notional; None where unknown.

    """

    @property
    def name(self) -> str: ...  # noqa: D102 - the fields are documented above
    @property
    def hedges(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def contract_size(self) -> float: ...  # noqa: D102
    @property
    def lot(self) -> float: ...  # noqa: D102
    @property
    def min_size(self) -> float: ...  # noqa: D102
    @property
    def fee(self) -> float | None: ...  # noqa: D102
