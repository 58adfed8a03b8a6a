"""Pools that share one contract, each under the hash of its key (PancakeSwap Infinity).

Source: `PoolId.toId` and `PoolKey` of infinity-core.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hedgecore import ReaderError
from hedgecore_evm_readers.abi import NATIVE

KEY = "address token0, address token1, address hooks, address pool, uint24 key, bytes32 parameters"
"""Words of a pool's key, by the names that rows of `layouts` give them."""
TYPES = ("address", "address", "address", "address", "uint24", "bytes32")
NAMES = ("token0", "token1", "hooks", "pool", "key", "parameters")
REPLACES_CURVE = 1 << 10
"""Bit of the parameters, BEFORE_SWAP_RETURNS_DELTA: the hooks may trade in the pool's stead."""
SHIFT = 16
"""Bits below the tick spacing, or the step of the bins, in the parameters."""


def pool_id(words: Mapping[str, Any]) -> bytes:
    """Id of a pool by the words of its key."""
    from eth_abi.abi import encode  # noqa: PLC0415 - slow, and only here
    from eth_utils.crypto import keccak  # noqa: PLC0415

    return keccak(encode(TYPES, [words[name] for name in NAMES]))


def bin_token(its: bytes, index: int) -> int:
    """Token of a bin, by the id of its pool. Source: `BinTokenLibrary.toTokenId`."""
    from eth_utils.crypto import keccak  # noqa: PLC0415

    return int.from_bytes(keccak(its + index.to_bytes(32, "big")), "big")


def hooks_notes(words: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Word on the hooks of a pool, if it has some.

    Args:
        words: of the pool's key.
        name: how the reader of what is in it is left out, ``READER:ID``.

    Raises:
        ReaderError: they may trade in the pool's stead.

    """
    hooks = words["hooks"]
    if hooks == NATIVE:
        return ()
    if int.from_bytes(words["parameters"], "big") & REPLACES_CURVE:
        raise ReaderError(
            f"{name} is in a pool whose hooks {hooks} may trade in its stead: what it holds is not"
            f" what the pool's curve says. Leave it out by --skip {name}"
        )
    return (f"{name}: the pool has hooks, {hooks}; they may take fees, or a part of an exit",)
