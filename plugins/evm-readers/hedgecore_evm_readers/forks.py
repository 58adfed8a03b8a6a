"""Positions of the families whose contracts answer in other words than Uniswap v3's."""

from __future__ import annotations

from attrs import frozen

from hedgecore_evm_readers.base import EXAMPLE
from hedgecore_evm_readers.layouts import layouts_of
from hedgecore_evm_readers.range_position import RangePosition, calls_of


@frozen(kw_only=True)
class Slipstream(RangePosition):
    """A position of Slipstream (Aerodrome, Velodrome) by its NFT, with its uncollected fees.

    One that is staked in a gauge is paid no swap fees.
    """

    kind = "evm-slipstream"
    layouts = layouts_of("slipstream")
    example = {"token_id": 1234, "contract": "0x416b433906b1B72FA758e166e239c43d68dC6F29"}
    calls = calls_of(layouts)


@frozen(kw_only=True)
class AlgebraV1(RangePosition):
    """A position of Algebra v1 (QuickSwap, Camelot) by its NFT, with its uncollected fees."""

    kind = "evm-algebra-v1"
    layouts = layouts_of("algebra-v1")
    example = {"token_id": 1234, "contract": "0x8eF88E4c7CfbbaC1C163f7eddd4B578792201de6"}
    calls = calls_of(layouts)


@frozen(kw_only=True)
class AlgebraIntegral(RangePosition):
    """A position of Algebra Integral by its NFT, with its uncollected fees."""

    kind = "evm-algebra-integral"
    layouts = layouts_of("algebra-integral")
    example = {"token_id": 1234, "contract": EXAMPLE}
    calls = calls_of(layouts)
