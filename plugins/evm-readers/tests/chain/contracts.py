"""Contracts by their ABI: what they answer, what they do, and why they revert."""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address
from eth_utils.abi import (
    abi_to_signature,
    function_abi_to_4byte_selector,
    get_abi_input_types,
    get_abi_output_types,
)

from chain import packages
from chain.rpc import RefusedError, Rpc

GAS = count(500_000_000)
"""A limit of its own for each, or one sent again after a revert would be taken for the same."""
OWNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
"""Who deploys, and owns factories: the node's first account."""
DEAD = "0x000000000000000000000000000000000000dEaD"
ZERO = "0x" + 40 * "0"


class RevertedError(Exception):
    """A transaction that the chain took back."""


class Contract:
    """A contract at an address."""

    def __init__(self, rpc: Rpc, address: str, abi: list[dict]) -> None:
        self.rpc, self.address, self.abi = rpc, to_checksum_address(address), abi

    def __repr__(self) -> str:
        return f"Contract({self.address})"

    def call(self, name: str, *args, sender: str = OWNER, value: int = 0, block: str = "latest"):
        """Return what a function answers: the value, or a tuple where there are several."""
        function = self._function(name, len(args))
        answer = self.rpc.ask("eth_call", self._message(function, args, sender, value), block)
        values = decode(get_abi_output_types(function), bytes.fromhex(answer[2:]))
        return values[0] if len(values) == 1 else values

    def named(self, name: str, *args) -> dict:
        """Return what a function answers, by the names of its words."""
        words = [each["name"] for each in self._function(name, len(args))["outputs"]]
        return dict(zip(words, self.call(name, *args), strict=True))

    def send(self, name: str, *args, sender: str = OWNER, value: int = 0) -> dict:
        """Have a function carried out in a block of its own; return the receipt."""
        message = self._message(self._function(name, len(args)), args, sender, value)
        return transact(self.rpc, message)

    def encoded(self, name: str, *args) -> str:
        return self._message(self._function(name, len(args)), args, OWNER, 0)["data"]

    def _function(self, name: str, arity: int) -> dict:
        (found,) = [
            each
            for each in self.abi
            if each["type"] == "function"
            and name in (each["name"], abi_to_signature(each))
            and len(each["inputs"]) == arity
        ]
        return found

    def _message(self, function: dict, args: tuple, sender: str, value: int) -> dict:
        payload = encode(get_abi_input_types(function), args)
        data = function_abi_to_4byte_selector(function) + payload
        return message(sender, data, to=self.address, value=value)


def function(signature: str, *outputs: str) -> dict:
    """Return the ABI of a plain function: ``function("balanceOf(address)", "uint256")``."""
    name, _, inputs = signature.removesuffix(")").partition("(")
    named = [{"name": "", "type": kind} for kind in inputs.split(",") if kind]
    returned = [{"name": "", "type": kind} for kind in outputs]
    return {"type": "function", "name": name, "inputs": named, "outputs": returned}


class Artifact(NamedTuple):
    """What a compiler made of a contract."""

    abi: list[dict]
    bytecode: str

    @classmethod
    def of(cls, package: packages.Package, file: str) -> Artifact:
        found = packages.artifact(package, file)
        if isinstance(found, list):  # an ABI alone
            return cls(found, "")
        code = found["bytecode"]
        return cls(found["abi"], (code["object"] if isinstance(code, dict) else code))

    def deploy(self, rpc: Rpc, *args, sender: str = OWNER) -> Contract:
        types = [
            kind
            for each in self.abi
            if each["type"] == "constructor"
            for kind in get_abi_input_types(each)
        ]
        code = bytes.fromhex(self.bytecode.removeprefix("0x")) + encode(types, args)
        return self.at(rpc, transact(rpc, message(sender, code))["contractAddress"])

    def at(self, rpc: Rpc, address: str) -> Contract:
        return Contract(rpc, address, self.abi)


def message(sender: str, data: bytes, to: str | None = None, value: int = 0) -> dict:
    made = {"from": sender, "data": "0x" + data.hex(), "value": hex(value)}
    made |= {"gas": hex(next(GAS)), "gasPrice": "0x0"}
    return made | {"to": to} if to else made


def transact(rpc: Rpc, given: dict) -> dict:
    sent = rpc.ask("eth_sendTransaction", given)
    rpc.ask("evm_mine")
    receipt = rpc.ask("eth_getTransactionReceipt", sent)
    if receipt["status"] != "0x1":
        raise RevertedError(_reason(rpc, given))
    return receipt


def create_address(sender: str, nonce: int = 0) -> str:
    """Return where a sender's first contract comes to stand: keccak(rlp([sender, 0]))."""
    assert nonce == 0
    return to_checksum_address(keccak(b"\xd6\x94" + bytes.fromhex(sender[2:]) + b"\x80")[12:])


def _reason(rpc: Rpc, given: dict) -> str:
    try:
        rpc.ask("eth_call", given, "latest")
    except RefusedError as error:
        return f"{error} {error.data}"
    return "it reverted, and would not now"
