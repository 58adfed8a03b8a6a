"""Storage of a pool, its ticks and a position in the PoolManager of Uniswap v4.

Source: `StateLibrary.sol` and `Pool.State` of v4-core.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from attrs import frozen

KEY = "(address,address,uint24,int24,address)"
POOLS = 6
"""The slot of the mapping of all pools."""
GROWTH, LIQUIDITY, TICKS, POSITIONS = 1, 3, 4, 6
"""Slots within a pool, from its own."""


@frozen(slots=False)
class Slots:
    """The slots of one position.

    Attributes:
        key: the pool's: currencies, fee, tick spacing, hooks.
        lower: tick of the range.
        upper: tick of the range.
        owner: who holds it for the manager: the PositionManager.
        token_id: the NFT, the salt of the position.

    """

    key: tuple[Any, ...]
    lower: int
    upper: int
    owner: str
    token_id: int

    @cached_property
    def pool(self) -> int:
        """The slot of the pool, whose id is the hash of its key."""
        from eth_abi.abi import encode  # noqa: PLC0415 - slow, and only here

        return mapping_slot(POOLS, _number(encode([KEY], [self.key])))

    @property
    def numbers(self) -> tuple[bytes, ...]:
        """Slot 0, growth of both tokens, liquidity; the position's three; two of each tick."""
        its, own = self.pool, self._position
        ticks = [mapping_slot(its + TICKS, each) for each in (self.lower, self.upper)]
        every = [its, its + GROWTH, its + GROWTH + 1, its + LIQUIDITY, own, own + 1, own + 2]
        every += [tick + 1 + i for tick in ticks for i in (0, 1)]
        return tuple(map(_word, every))

    @property
    def _position(self) -> int:
        ticks = b"".join(each.to_bytes(3, "big", signed=True) for each in (self.lower, self.upper))
        packed = bytes.fromhex(self.owner[2:]) + ticks + _word(self.token_id)
        return mapping_slot(self.pool + POSITIONS, _number(packed))


def mapping_slot(slot: int, key: int) -> int:
    """Slot of the entry `key` of a mapping at `slot`."""
    return _number(_word(key) + _word(slot))


def _word(number: int) -> bytes:
    return (number % 2**256).to_bytes(32, "big")


def _number(hashed: bytes) -> int:
    from eth_utils.crypto import keccak  # noqa: PLC0415

    return int.from_bytes(keccak(hashed), "big")
