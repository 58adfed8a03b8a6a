"""Contracts that answer what they were told to: recorded pools, broken tokens, price feeds.

The code is assembled here, from the hash of the call's data to the answer that is stored behind it.
"""

from __future__ import annotations

from eth_abi import encode
from eth_utils import keccak
from eth_utils.abi import function_signature_to_4byte_selector

from chain.rpc import Rpc

HEAD = bytes.fromhex("365f5f37365f20")  # CALLDATACOPY all of it, KECCAK256 of it
REVERT = bytes.fromhex("5f5ffd")


def call_data(signature: str, *args) -> bytes:
    """Return the data of a call: ``call_data("balances(uint256)", 1)``."""
    types = [kind for kind in signature[:-1].partition("(")[2].split(",") if kind]
    return function_signature_to_4byte_selector(signature) + encode(types, args)


def code_of(answers: dict[bytes, bytes]) -> bytes:
    """Return the code of a contract with an answer per call; it reverts on any other."""
    start = len(HEAD) + 39 * len(answers) + len(REVERT)
    stored = start + 14 * len(answers)
    tests, bodies, behind = b"", b"", b""
    for data, answer in answers.items():
        target, size = (start + len(bodies)).to_bytes(2), len(answer).to_bytes(2)
        at = (stored + len(behind)).to_bytes(2)
        # DUP1 PUSH32 hash EQ PUSH2 target JUMPI
        tests += b"\x80\x7f" + keccak(data) + b"\x14\x61" + target + b"\x57"
        # JUMPDEST PUSH2 size PUSH2 at PUSH0 CODECOPY PUSH2 size PUSH0 RETURN
        bodies += b"\x5b\x61" + size + b"\x61" + at + b"\x5f\x39\x61" + size + b"\x5f\xf3"
        behind += answer
    return HEAD + tests + REVERT + bodies + behind


def install(rpc: Rpc, address: str, answers: dict[bytes, bytes]) -> None:
    """Put such a contract at an address."""
    rpc.ask("anvil_setCode", address, "0x" + code_of(answers).hex())
