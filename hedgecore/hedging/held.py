"""Holding of an instrument: contracts, as they were entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from hedgecore.errors import HedgeError, did_you_mean
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.market.labels import refuse_labels
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


def _contracts(given: Any) -> Array:
    refuse_labels("held contracts", given, np.shape(given))
    try:
        contracts = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        contracts = np.array(np.nan)
    if not np.isfinite(contracts).all():
        raise HedgeError(f"held contracts are finite numbers, not {given!r:.80}")
    return contracts


@frozen(eq=False)
class HeldContracts:
    """Contracts of one instrument that a book holds already, and one of them as it was entered.

    An inverse perpetual entered at 30 000 has a delta of c/30 000, one entered now, at 60 000, half
    of that: so what is held has an exposure of its own, apart from that of what may be traded.

    Attributes:
        contracts: S, negative where short.
        contract: one contract, as it was entered.

    """

    contracts: Array = field(converter=_contracts)
    contract: Priced

    def exposure(self, market: Market) -> Exposure:
        """Exposure of all contracts held, S, in the numeraire."""
        return self.contracts * self.contract.exposure(market)


def contracts_held(
    given: Mapping[str, HeldContracts | float], instruments: Iterable[Instrument]
) -> dict[str, HeldContracts]:
    """Contracts held by instrument name; a number is of the instrument as it stands.

    Raises:
        HedgeError: something is held that is no instrument, or its contracts are no numbers.

    """
    own = {each.name: each for each in instruments}
    for name in given:
        if name not in own:
            raise not_traded(name, own)
    return {
        name: each if isinstance(each, HeldContracts) else HeldContracts(each, own[name])
        for name, each in given.items()
    }


def not_traded(name: str, names: Iterable[str]) -> HedgeError:
    """Error that something is held, and is none of the instruments of those names."""
    near = did_you_mean(name, names)
    return HedgeError(f"{name!r:.80} is held, and is no instrument that is traded{near}")
