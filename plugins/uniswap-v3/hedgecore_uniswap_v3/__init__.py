"""Uniswap v3 and v4: concentrated liquidity, by prices or by the chain's own integers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hedgecore import hookimpl

if TYPE_CHECKING:
    from hedgecore import PoolModel
    from hedgecore_uniswap_v3.concentrated_positions import ConcentratedPositions
    from hedgecore_uniswap_v3.concentrated_ranges import ConcentratedRanges
    from hedgecore_uniswap_v3.position import UniswapV3Position
    from hedgecore_uniswap_v3.price_range import UniswapV3

__all__ = [
    "ConcentratedPositions",
    "ConcentratedRanges",
    "UniswapV3",
    "UniswapV3Position",
    "hedgecore_pools",
]

POOLS = {
    "UniswapV3": "price_range",
    "UniswapV3Position": "position",
    "ConcentratedRanges": "concentrated_ranges",
    "ConcentratedPositions": "concentrated_positions",
}
"""Class → its module, imported when the class is first asked for."""


@hookimpl
def hedgecore_pools() -> list[type[PoolModel]]:
    """Provide a range or a position, and many of either as one."""
    return [__getattr__(name) for name in POOLS]


def __getattr__(name: str) -> Any:
    if name not in POOLS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{POOLS[name]}"), name)
