"""Ladders of constant-sum bins: Liquidity Book (Trader Joe, LFJ) and DLMM (Meteora).

A bin j trades at one price, pⱼ = (1 + step)^(id − zero), whatever it holds: x of the base and y of
the quote, L = pⱼx + y worth. Arbitrage takes all of the one or of the other, so that in all

    V = Σ Lⱼ min(1, P/pⱼ),    base = Σ_{pⱼ > P} Lⱼ/pⱼ,    quote = Σ_{pⱼ ≤ P} Lⱼ.

The base held is a staircase: gamma is 0 between two prices of bins, and an atom of −Lⱼ/pⱼ at each.
At the price itself the bin is sold (the right limit). A price that is the nearest double of a bin's
is on its true side: bins begin at the first double at or above the exact power, which is taken in
60 decimal digits.

Source: *Joe v2 Liquidity Book* whitepaper, 2022; *Meteora DLMM* documentation.
"""

from __future__ import annotations

from hedgecore import hookimpl
from hedgecore_bins.liquidity_bins import LiquidityBins

__all__ = ["LiquidityBins", "hedgecore_pools"]


@hookimpl
def hedgecore_pools() -> list[type[LiquidityBins]]:
    """Provide `liquidity-bins`."""
    return [LiquidityBins]
