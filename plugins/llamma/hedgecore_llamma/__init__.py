"""Curve's LLAMMA: collateral that is sold band by band as it falls, and bought back as it rises.

The contract holds x of the borrowed asset and y of the collateral in each band n, on the invariant
(f + x)(g + y) = p A² y₀², f = A y₀ p²/pu and g = (A−1) y₀ pu/p at the oracle price p. With the
oracle *frozen* a band is a range (`frozen`); with the oracle *tracking* the market the position is
convex, and pays for it (`tracking`). The debt is a constant amount of the borrowed asset, owed.

Source: Egorov, *Curve stablecoin*, 2022, and `AMM.vy`; the limit of small steps is derived here.
"""

from __future__ import annotations

from hedgecore import Instrument, hookimpl
from hedgecore_llamma.position import Llamma

__all__ = ["Llamma", "hedgecore_instruments"]


@hookimpl
def hedgecore_instruments() -> list[type[Instrument]]:
    """Provide `llamma`."""
    return [Llamma]
