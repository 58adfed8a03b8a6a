"""Positions of Uniswap v3 and of forks with its layout, by the number of their NFT."""

from __future__ import annotations

from attrs import frozen

from hedgecore_evm_readers.layouts import layouts_of
from hedgecore_evm_readers.range_position import RangePosition, calls_of


@frozen(kw_only=True)
class UniswapV3(RangePosition):
    """A position of Uniswap v3 or a fork, by its NFT, with the fees that it has not collected."""

    kind = "evm-uniswap-v3"
    layouts = layouts_of("uniswap-v3")
    needs = ("uniswap-v3",)
    example = {"token_id": 1234, "contract": "0xC36442b4a4522E871399CD717aBDD847Ab11FE88"}
    calls = calls_of(layouts)
