"""Contracts at other addresses: their code and what they have stored, on the chain's own node."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping

from chain.rpc import Rpc


def move(rpc: Rpc, moves: Mapping[str, str]) -> None:
    """Have contracts stand elsewhere, and every contract that names one name it there."""
    state = gzip.decompress(bytes.fromhex(rpc.ask("anvil_dumpState")[2:]))
    bare = {old[2:].lower(): new[2:].lower() for old, new in moves.items()}
    for address, its in json.loads(state)["accounts"].items():
        if its["code"] == "0x":
            continue
        where = "0x" + bare.get(address[2:].lower(), address[2:])
        code = _renamed(its["code"], bare)
        if (where, code) != (address, its["code"]):
            rpc.ask("anvil_setCode", where, code)
        for slot, word in its["storage"].items():
            if where != address or _renamed(word, bare) != word:
                _store(rpc, where, slot, _renamed(word, bare))
    rpc.ask("evm_mine")


def _renamed(text: str, bare: Mapping[str, str]) -> str:
    for old, new in bare.items():
        text = text.replace(old, new)
    return text


def _store(rpc: Rpc, where: str, slot: str, word: str) -> None:
    words = (f"0x{int(each, 16):064x}" for each in (slot, word))
    rpc.ask("anvil_setStorageAt", where, *words)
