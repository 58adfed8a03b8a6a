"""Logarithmic market scoring rules: market makers of prediction markets.

`lmsr` holds outcome tokens, all n of them, one of which will pay 1; `lmsr-binary` is the same for
two outcomes, of which one is traded against cash.

Source: Hanson, *Logarithmic market scoring rules for modular combinatorial information
aggregation*, 2007; Angeris, Evans, Chitra, *Replicating market makers*, 2021.
"""

from __future__ import annotations

from hedgecore import PoolModel, hookimpl
from hedgecore_lmsr.binary import LmsrBinary
from hedgecore_lmsr.outcomes import Lmsr

__all__ = ["Lmsr", "LmsrBinary", "hedgecore_pools"]


@hookimpl
def hedgecore_pools() -> list[type[PoolModel]]:
    """Provide `lmsr` and `lmsr-binary`."""
    return [Lmsr, LmsrBinary]
