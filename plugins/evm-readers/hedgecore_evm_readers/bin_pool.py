"""Pools of bins of PancakeSwap Infinity: each proven to be the one that is named, word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hedgecore_evm_readers.abi import Conversation
from hedgecore_evm_readers.layout_proof import check_factory, words_by_name
from hedgecore_evm_readers.layouts import function
from hedgecore_evm_readers.pool_invariants import UnlikeError
from hedgecore_evm_readers.pool_key import KEY, NAMES, SHIFT, pool_id
from hedgecore_evm_readers.v3_pool import charged_fee

FAMILY = "pancake-infinity-bins"
POSITION = f"positions(uint256 token_id)({KEY}, uint24 bin)"
FACTORY = "binPoolManager()(address factory)"
NAMED = f"poolIdToPoolKey(bytes32 id)({KEY})"
STATE = "getSlot0(bytes32 id)(uint24 active, uint24 protocol_fee, uint24 fee)"
BIN = "getBin(bytes32 id, uint24 bin)(uint128 x, uint128 y, uint256, uint256 supply)"
CALLS = {
    function(text).signature: use
    for text, use in (
        (POSITION, "of the manager: whose pool and which bin a token is"),
        (FACTORY, "of the manager: what all pools are in"),
        (NAMED, "of that: the key of the pool, whose hash must be its id"),
        (STATE, "the bin at whose price it trades, and what it charges"),
        (BIN, "what a bin holds, and all shares of it"),
    )
}


class BinPool(NamedTuple):
    """A pool of bins whose every word is as the layout has it.

    Attributes:
        at: the contract that all pools are in.
        id: the pool's there.
        key: words of its key.
        step: from one price to the next, 1/10000.
        active: the bin at whose price it trades.
        fee: a fraction.

    """

    at: str
    id: bytes
    key: Mapping[str, Any]
    step: int
    active: int
    fee: float


def prove_pool(
    manager: str, its: bytes, chain: int, bins: Sequence[int]
) -> Conversation[tuple[BinPool, list[dict[str, Any]]]]:
    """Pool of an id, from the position manager, and the words of some of its bins.

    Raises:
        UnlikeError: an answer is not the layout's, or the pool is not the one that is named.

    """
    [identity] = yield from words_by_name([(manager, FACTORY, {})])
    at = identity["factory"]
    check_factory(FAMILY, chain, manager, at)
    key, state, *found = yield from words_by_name(
        [
            (at, NAMED, {"id": its}),
            (at, STATE, {"id": its}),
            *((at, BIN, {"id": its, "bin": each}) for each in bins),
        ]
    )
    if key["pool"] != at or pool_id(key) != its:
        raise UnlikeError(f"{at} knows no pool 0x{its.hex()}: it says {_words(key)}")
    step = int.from_bytes(key["parameters"], "big") >> SHIFT & 0xFFFF
    fee = charged_fee(state["fee"], state["protocol_fee"])
    pool = BinPool(at, its, key, step, state["active"], fee)
    _check_sides(pool, bins, found)
    return pool, found


def active_bin(pool: BinPool) -> Conversation[dict[str, Any]]:
    """Words of the bin at whose price a pool trades."""
    [its] = yield from words_by_name([(pool.at, BIN, {"id": pool.id, "bin": pool.active})])
    return its


def _check_sides(pool: BinPool, bins: Sequence[int], found: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a pool of which a bin holds what it can have on the other side of the price alone."""
    for index, its in zip(bins, found, strict=True):
        if (its["x"] and index < pool.active) or (its["y"] and index > pool.active):
            raise UnlikeError(
                f"the bin {index} holds {its['x']} and {its['y']}, and the price is at the bin"
                f" {pool.active}"
            )


def _words(key: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {key[name]}" for name in NAMES[:4])
