"""Reaching a node: which chain it is of, at which block it is read, and what stands there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from attrs import evolve

from hedgecore import ReaderError, Secret
from hedgecore.errors import at_place, did_you_mean
from hedgecore_evm_readers.abi import address
from hedgecore_evm_readers.block import Block, block_at, refusal_error
from hedgecore_evm_readers.deployments import (
    MORE,
    MULTICALL3,
    UNKNOWN,
    chains,
    family_of,
    names,
)
from hedgecore_evm_readers.hexadecimal import bytes_of, quantity
from hedgecore_evm_readers.http import HttpClient
from hedgecore_evm_readers.rpc import Deadline, Refusal, Rpc

NONE = "none"
"""Given for a contract, says that it is not to be used: ``multicall3=none``."""


class Node(NamedTuple):
    """A node, its chain id, the block at which it is read, and name → address of what is there."""

    rpc: Rpc
    chain: int
    block: Block
    contracts: Mapping[str, str]


class Terms(NamedTuple):
    """Terms on which a node is opened; see `Evm.open`."""

    block: int | str | None
    chain: int | None
    since: int | None
    contracts: Mapping[str, str]
    max_age: float | None


def open_node(url: Secret, terms: Terms, deadline: Deadline, most: int) -> Node:
    """Node at a block.

    Raises:
        ReaderError: it cannot be reached, is another, or is behind.

    """
    given = _check_contracts(terms.contracts)
    rpc = Rpc(HttpClient(url, most), deadline)
    try:
        return _open_at(rpc, terms, given)
    except BaseException:
        rpc.close()
        raise


def _open_at(rpc: Rpc, terms: Terms, every: Mapping[tuple[str, str], str]) -> Node:
    its = _chain_id(rpc, terms.chain)
    given = {name: each for of in ("", str(its)) for (c, name), each in every.items() if c == of}
    known = chains().get(its, UNKNOWN)
    allowed = known.max_age if terms.max_age is None else terms.max_age
    if not allowed >= 0:  # nor NaN
        raise ReaderError(f"the age that a block may have is seconds, 0 or more, not {allowed}")
    with at_place(f"chain {its}"):
        block = _block_on(its, terms.block)
        found = block_at(rpc, block, terms.since, None if allowed == math.inf else allowed)
    here = {"multicall3": MULTICALL3, **known.contracts, **given}
    return Node(rpc, its, *_probe(rpc, found, here))


def _block_on(chain: int, given: int | str | None) -> int | str | None:
    """Block of one chain, of ``CHAIN:BLOCK,CHAIN:BLOCK`` where there are several.

    Raises:
        ReaderError: the blocks of others are named, and none of this one.

    """
    if not isinstance(given, str) or ":" not in given:
        return given
    named = dict(each.strip().partition(":")[::2] for each in given.split(","))
    if str(chain) not in named:
        raise ReaderError(
            f"{given!r:.80} names no block of it: name one of each chain, {chain}:latest say"
        )
    mine = named[str(chain)]
    return int(mine) if mine.isdecimal() else mine


def _chain_id(rpc: Rpc, wanted: int | None) -> int:
    its = quantity(rpc.result("eth_chainId"), "the chain id")
    if wanted is not None and its != wanted:
        raise ReaderError(
            f"the node is of chain {its}, and chain {wanted} is wanted: give the RPC of that chain"
        )
    return its


def _check_contracts(contracts: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Addresses by the chain that each is on, "" for every one, and its name.

    Of a family several managers may be given; further ones are its name with their number.
    """
    found = dict[tuple[str, str], str]()
    for text, given in contracts.items():
        chain, _, name = text.rpartition(":")
        if name not in names() or not (not chain or chain.isdecimal()):
            near = did_you_mean(name, names()) or did_you_mean(name.removeprefix("evm-"), names())
            raise ReaderError(
                f"no contract is called {text!r:.80}{near} (they are {', '.join(names())}, and"
                " CHAIN:NAME on one chain of several)"
            )
        every = given.split(",") if family_of(name) else [given]
        for number, its in enumerate(every, 1):
            key = (chain, name if number == 1 else f"{name}{MORE}{number}")
            found[key] = its if its == NONE else address(its)
    return found


def _probe(rpc: Rpc, block: Block, contracts: Mapping[str, str]) -> tuple[Block, dict[str, str]]:
    """Block as the node takes it, and the contracts, Multicall3 only if it is there."""
    there = {name: each for name, each in contracts.items() if each != NONE}
    block, code = _code(rpc, block, there.get("multicall3", MULTICALL3))
    if not code:
        there.pop("multicall3", None)
    return block, there


def _code(rpc: Rpc, block: Block, of: str) -> tuple[Block, bytes]:
    """Code at an address; the block by its number where the node takes no hashes."""
    said = Refusal(0, "")
    for way in (block, evolve(block, by_hash=False)):
        [said] = rpc.answers([("eth_getCode", [of, way.tag])])
        if not isinstance(said, Refusal):
            return way, bytes_of(said, f"the code of {of}")
    raise refusal_error(said, block)
