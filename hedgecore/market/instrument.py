"""Interfaces that a hedge sees: things with a worth and an exposure, those that may be traded."""

from __future__ import annotations

from typing import Protocol

from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


class Priced(Protocol):
    """Worth and exposure in a market, which pools, instruments and portfolios have.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> thing: hc.Priced = hc.Balance("WETH")
        >>> float(thing.worth(market)), thing.exposure(market).assets
        (3000.0, ('WETH',))

    """

    def worth(self, market: Market, /) -> Array:
        """Value alone, S, in the market's numeraire."""
        ...

    def exposure(self, market: Market, /) -> Exposure:
        """Value, delta and gamma over the assets that they depend on."""
        ...


class Instrument(Priced, Protocol):
    """Contract that may be traded to hedge; worth and exposure are those of *one contract*.

    Attributes:
        name: what the order goes by; unique among the instruments of one hedge.
        hedges: the assets whose delta it is there to offset; for a perp, its underlying only.
        contract_size: how much of the underlying one contract is.
        lot: the step in which contracts trade; 0 means any amount.
        min_size: the fewest contracts of one order; 0 means any amount.
        fee: taker fee, a fraction of the notional; None where unknown.

    Example:
        >>> spot: hc.Instrument = hc.Tradable("ETH-SPOT", hc.Balance("WETH"), hedges="WETH")
        >>> spot.hedges, spot.contract_size
        (('WETH',), 1.0)

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
