"""Uniswap v3 and v4: concentrated liquidity, by prices or by the chain's own integers."""

from __future__ import annotations

from hedgecore import PoolModel, hookimpl
from hedgecore_uniswap_v3.position import UniswapV3Position
from hedgecore_uniswap_v3.price_range import UniswapV3

__all__ = ["UniswapV3", "UniswapV3Position", "hedgecore_pools"]


@hookimpl
def hedgecore_pools() -> list[type[PoolModel]]:
    """Provide `uniswap-v3` and `uniswap-v3-position`."""
    return [UniswapV3, UniswapV3Position]
