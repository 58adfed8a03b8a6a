"""One block, named by its hash, at which everything is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from time import time
from typing import Any, NoReturn

from attrs import frozen

from hedgecore import ReaderError
from hedgecore_evm_readers.hexadecimal import CHECK, quantity
from hedgecore_evm_readers.rpc import AGAIN, Refusal, Rpc

TAGS = ("latest", "safe", "finalized")
AHEAD = 120.0
"""Seconds by which a latest block may be ahead of this machine's clock."""
HASH = re.compile("0x[0-9a-f]{64}")
REVERTED = re.compile(r"revert|invalid opcode|vm exception|vm execution error", re.IGNORECASE)
GONE = re.compile(
    r"header not found|unknown block|block ?not ?found|not canonical|could not find block"
    r"|block .*not found|resource not found|hash .* is not|block ?out ?of ?range",
    re.IGNORECASE,
)
UNMARKED = re.compile(r"unknown block|not ?found|not (yet )?(available|known)", re.IGNORECASE)
UNFINISHED = (
    "its chain is too young, or it is not told which blocks are; read the latest (leave --block"
    " out), or name a block by its number"
)
PRUNED = re.compile(
    r"missing trie node|state .*(not available|unavailable)|pruned|archive|historical state"
    r"|distance to target block exceeds|no state available",
    re.IGNORECASE,
)


@frozen
class Block:
    """A block.

    Attributes:
        number: its height.
        hash: what names it, whatever the chain does.
        time: its own time, Unix seconds.
        by_hash: whether the node takes calls by hash (EIP-1898); where not, calls name the number,
            and `confirm` compares the hash afterwards.

    """

    number: int
    hash: str
    time: int
    by_hash: bool = True

    @property
    def tag(self) -> Mapping[str, Any] | str:
        """Parameter by which a request names the block."""
        if self.by_hash:
            return {"blockHash": self.hash, "requireCanonical": True}
        return hex(self.number)

    def __str__(self) -> str:
        return f"block {self.number} ({self.hash[:10]}…)"


def block_at(rpc: Rpc, block: int | str | None, since: int | None, max_age: float | None) -> Block:
    """Block that is asked for.

    Raises:
        ReaderError: the node has not got it, is still syncing, or lags behind.

    """
    head = _block(rpc, "latest")
    if block in (None, "latest"):
        _check_head(rpc, head, since, max_age)
        found = head
    elif isinstance(block, int) and block >= 0:
        if block > head.number:
            _raise_behind(head, block)
        found = _block(rpc, hex(block))
    elif block in TAGS:
        found = _tagged_block(rpc, str(block), head)
    else:
        raise ReaderError(f"{block!r:.80} is no block: give a number, or one of {', '.join(TAGS)}")
    if since is not None and found.number < since and block in (None, *TAGS):
        _raise_behind(found, since)
    return found


def confirm(rpc: Rpc, its: Block) -> None:
    """Raise a ReaderError unless the block still stands at its height."""
    try:
        now = _block(rpc, hex(its.number))
    except ReaderError as error:
        raise ReaderError(f"asked whether {its} still stands: {error}") from None
    if now.hash != its.hash:
        raise_reorganised(its, f"at its height now stands {now.hash[:10]}…")


def stands(rpc: Rpc, number: int, known: str) -> bool:
    """True if a block of that hash stands at a height."""
    return _block(rpc, hex(number)).hash == known.lower()


def raise_reorganised(its: Block, why: str) -> NoReturn:
    """Say that the block is no longer part of the chain."""
    raise ReaderError(
        f"{its} is no longer in the chain ({why}): it was reorganised while it was read, so nothing"
        ' is returned; read again, or at the block "finalized"'
    )


def refusal_error(refusal: Refusal, its: Block) -> ReaderError:
    """Error that says why a node refuses a call at a block, and what to do."""
    said = refusal.message
    if PRUNED.search(said):
        why = "the node has not kept its state: use an archive node, or a later block"
    elif GONE.search(said):
        why = "the node no longer has it: the chain was reorganised, or it is another node; again"
    else:
        why = "try again, or with another node"
    return ReaderError(f"at {its} the node answers {said!r}: {why}")


def _block(rpc: Rpc, tag: str) -> Block:
    said = rpc.result("eth_getBlockByNumber", tag, False)  # noqa: FBT003 - without transactions
    if said is None:
        raise ReaderError(
            f"the node has no block {_name(tag)}: it is still syncing, or keeps no such old one;"
            " use another node"
        )
    return _read(said, tag)


def _read(said: Any, tag: str) -> Block:
    hashed = said.get("hash") if isinstance(said, Mapping) else None
    if not isinstance(hashed, str) or not HASH.fullmatch(hashed.lower()):
        raise ReaderError(f"the node's block {_name(tag)} has no hash: {CHECK}")
    number, when = (quantity(said.get(name), f"block {name}") for name in ("number", "timestamp"))
    if tag not in TAGS and number != int(tag, 16):
        raise ReaderError(f"the node answers with block {number} where {_name(tag)} was asked for")
    return Block(number, hashed.lower(), when)


def _tagged_block(rpc: Rpc, tag: str, head: Block) -> Block:
    """The safe or the finalized block; a node says in three ways that there is none."""
    [said] = rpc.answers([("eth_getBlockByNumber", [tag, False])])
    if isinstance(said, Refusal) and not UNMARKED.search(said.message):
        raise ReaderError(f"the node answers {said.message!r} to its {tag} block: {AGAIN}")
    there = None if isinstance(said, Refusal) or said is None else _read(said, tag)
    if there is None:
        raise ReaderError(f"the node has no {tag} block, and is at {head.number}: {UNFINISHED}")
    if not there.number and head.number:
        first = f"the node's {tag} block is 0, the first, and its latest is {head.number}"
        raise ReaderError(f"{first}: {UNFINISHED}")
    return there


def _name(tag: str) -> str:
    return tag if tag in TAGS else str(int(tag, 16))


def _check_head(rpc: Rpc, head: Block, since: int | None, max_age: float | None) -> None:
    [syncing] = rpc.answers([("eth_syncing", [])])
    if isinstance(syncing, Mapping):
        raise ReaderError(
            f"the node is still syncing, and is at block {head.number}: wait, or name a block that"
            " it has"
        )
    age = time() - head.time
    if max_age is not None and age < -AHEAD:
        raise ReaderError(
            f"the node's latest block, {head.number}, is dated {-age:.0f} s in the future, so how"
            " old it is cannot be told: set this machine's clock, use another node, or name a block"
        )
    if max_age is not None and age > max_age:
        raise ReaderError(
            f"the node is behind: its latest block, {head.number}, is {age:.0f} s old, and"
            f" {max_age:g} s are allowed: use another node, allow more, or name a block"
        )
    if since is not None and head.number < since:
        _raise_behind(head, since)


def _raise_behind(head: Block, wanted: int) -> NoReturn:
    raise ReaderError(
        f"the node is behind, or block {wanted} is not there yet: it is at block {head.number}"
    )
