"""Liquidity that a pool of ranges counts of an account, by a key of its address and the ticks.

So a manager's own words are proven, and a vault's ranges found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class PoolPositions(NamedTuple):
    """Function by which a pool says what an account has in a range, and how its key is made."""

    text: str
    is_hashed: bool


_V3 = PoolPositions(
    "positions(bytes32 key)(uint128 liquidity, uint256 last0, uint256 last1, uint128 owed0,"
    " uint128 owed1)",
    is_hashed=True,
)
POOL_POSITIONS: Mapping[str, PoolPositions] = {
    "uniswap-v3": _V3,
    "slipstream": _V3,
    "algebra-v1": PoolPositions(
        "positions(bytes32 key)(uint128 liquidity, uint32, uint256 last0, uint256 last1,"
        " uint128 owed0, uint128 owed1)",
        is_hashed=False,
    ),
    "algebra-integral": PoolPositions(
        "positions(bytes32 key)(uint256 liquidity, uint256 last0, uint256 last1, uint128 owed0,"
        " uint128 owed1)",
        is_hashed=False,
    ),
}
"""Name of a pool's layout → how its positions are asked for."""


def position_key(account: str, lower: int, upper: int, *, is_hashed: bool) -> bytes:
    """Key of an account's range in a pool.

    Source: `Position.get` of v3-core; `AlgebraPool.getOrCreatePosition`.
    """
    ends = b"".join(each.to_bytes(3, "big", signed=True) for each in (lower, upper))
    packed = bytes.fromhex(account[2:]) + ends
    if not is_hashed:
        return packed.rjust(32, b"\0")
    from eth_utils.crypto import keccak  # noqa: PLC0415

    return keccak(packed)
