"""Uncollected fees of a v3 or v4 position, from fee growth: exactly as the contract would pay.

Growth is counted modulo 2²⁵⁶ and is fees per unit of liquidity, times 2¹²⁸. What has grown inside
a range is the global growth less what is outside on either side.

Source: Adams et al., *Uniswap v3 Core*, 2021, §6.3; `Tick.getFeeGrowthInside`, `Position.update`.
"""

from __future__ import annotations

from attrs import frozen

MOD = 2**256
FEES = 2**128


@frozen
class Outside:
    """Fee growth of one token on the other side of the two edges of a range."""

    lower: int
    upper: int


def growth_inside(tick: int, lower: int, upper: int, everywhere: int, outside: Outside) -> int:
    """Fee growth inside [lower, upper) of a pool at `tick`, 2¹²⁸ · fees a unit of liquidity."""
    below = outside.lower if tick >= lower else everywhere - outside.lower
    above = outside.upper if tick < upper else everywhere - outside.upper
    return (everywhere - below - above) % MOD


def fees_earned(growth: int, last: int, liquidity: int) -> int:
    """Fees since the growth was `last`, raw, rounded down, as 128 bits hold them."""
    return ((growth - last) % MOD * liquidity // FEES) % FEES
