"""Reason of a contract's revert, as far as it says so."""

from __future__ import annotations

from hedgecore_evm_readers.abi import label
from hedgecore_evm_readers.rpc import Refusal

ERROR, PANIC = "0x08c379a0", "0x4e487b71"
"""Error(string) and Panic(uint256), which Solidity reverts with."""
SHOWN = 80
SELECTOR = 10


def revert_reason(refusal: Refusal) -> str:
    """Reason of a revert: the contract's own words, its error's selector, or the node's message."""
    data = refusal.data.lower()
    try:
        body = bytes.fromhex(data[SELECTOR:])
    except ValueError:
        return refusal.message
    if data.startswith(ERROR):
        return label(body, SHOWN) or refusal.message
    if data.startswith(PANIC):
        return f"panic 0x{int.from_bytes(body, 'big'):02x}"
    known = len(data) >= SELECTOR and data.startswith("0x")
    return f"error {data[:SELECTOR]}" if known else refusal.message
