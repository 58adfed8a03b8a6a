"""Things whose exposure is known already, as a solver is asked of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from hedgecore.market import terms
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


def exposure_over(
    assets: Sequence[str], greeks: Sequence[Array], value: Array, market: Market
) -> Exposure:
    """Exposure from delta, gamma and vega over `assets`."""
    delta, gamma, vega = greeks
    other = {f"vega:{asset}": vega[..., i] for i, asset in enumerate(assets) if vega[..., i].any()}
    prices = np.broadcast_to(market.vector(assets), delta.shape)
    shape = (*delta.shape, len(assets))
    bent = np.broadcast_to(gamma, shape)
    return Exposure(tuple(assets), market.numeraire, value, delta, bent, other, prices)


@frozen(eq=False)
class FixedExposure:
    """A book as it stands at some moments.

    Its exposure is exact. Its worth in any other market, which a solver with scenarios asks for, is
    to second order in prices, from 0 where it stands.
    """

    here: Exposure

    def worth(self, market: Market) -> Array:
        """Change of worth to second order, ``Δ·dP + ½ dPᵀΓdP``."""
        move = market.vector(self.here.assets) - self.here.known_prices
        bent = np.sum(self.here.gamma * move[..., None, :], axis=-1)
        return np.asarray(np.sum((self.here.delta + 0.5 * bent) * move, axis=-1))

    def exposure(self, market: Market) -> Exposure:  # noqa: ARG002 - it is known
        """Exposure where it stands."""
        return self.here


@frozen(eq=False)
class FixedContract:
    """One contract of an instrument, as it is bought at some moments.

    Attributes:
        instrument: whose terms it has.
        here: its exposure.
        divisible: whether it can be ordered in any amount.

    """

    instrument: Instrument
    here: Exposure
    divisible: bool = False

    def worth(self, market: Market) -> Array:
        """Gain from where the contract is bought, to second order."""
        return FixedExposure(self.here).worth(market)

    def exposure(self, market: Market) -> Exposure:  # noqa: ARG002 - it is known
        """Exposure where it is bought."""
        return self.here

    @property
    def name(self) -> str:
        """The instrument's name."""
        return self.instrument.name

    @property
    def hedges(self) -> tuple[str, ...]:
        """Names of the assets that the contract hedges."""
        return self.instrument.hedges

    @property
    def contract_size(self) -> float:
        """The instrument's."""
        return self.instrument.contract_size

    @property
    def lot(self) -> float:
        """The instrument's; 0 where it is divisible."""
        return 0.0 if self.divisible else self.instrument.lot

    @property
    def min_size(self) -> float:
        """The instrument's; 0 where it is divisible."""
        return 0.0 if self.divisible else self.instrument.min_size

    @property
    def fee(self) -> float | None:
        """The instrument's."""
        return self.instrument.fee

    def notional(self, market: Market) -> Array:
        """Notional of one contract."""
        return terms.notional(self.instrument, self.here, market)

    def charge(self, market: Market) -> Array | None:
        """Fee of one contract."""
        return terms.charge(self.instrument, self.notional(market), market)

    def carry(self, market: Market) -> Array | None:
        """Cash that one contract receives per day; None where unknown."""
        return terms.carry(self.instrument, market)

    def margin(self, market: Market, contracts: ArrayLike) -> Array:
        """Margin of so many."""
        return terms.margin(self.instrument, self.notional(market), market, contracts)

    def min_order(self, market: Market) -> Array:
        """Fewest contracts of one order."""
        return np.zeros(()) if self.divisible else terms.min_order(self.instrument, market)
