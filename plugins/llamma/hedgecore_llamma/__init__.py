"""Curve's LLAMMA: collateral that is sold band by band as it falls, and bought back as it rises.

The formulas of a band stand in `frozen` and `tracking`, their sum in `ladder`, the prices of the
edges in `grid`; `position` says what it all means.
"""

from __future__ import annotations

from hedgecore import Instrument, hookimpl
from hedgecore_llamma.position import Llamma

__all__ = ["Llamma", "hedgecore_instruments"]


@hookimpl
def hedgecore_instruments() -> list[type[Instrument]]:
    """Provide `llamma`."""
    return [Llamma]
