"""A node, asked within a time of each call; whatever is wrong with an answer is a VenueError."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import frozen
from hedgecore_evm_readers.abi import Call
from hedgecore_evm_readers.block import Block, block_at, confirm
from hedgecore_evm_readers.clock import Clock
from hedgecore_evm_readers.evm import MOST
from hedgecore_evm_readers.hexadecimal import quantity
from hedgecore_evm_readers.http import HttpClient
from hedgecore_evm_readers.multicall import Asker
from hedgecore_evm_readers.rpc import Deadline, Refusal, Rpc

from hedgecore import ReaderError, Secret, VenueError

MALFORMED = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)
"""Errors of reading an answer of which a part is missing, or is another thing."""


class Node:
    """A node, over one connection that is kept."""

    def __init__(self, rpc: Secret, seconds: float) -> None:
        self._http = HttpClient(rpc, MOST)
        self._seconds = seconds

    @contextmanager
    def chain(self) -> Iterator[Chain]:
        """Chain as the node knows it, for one call of a session.

        Raises:
            VenueError: an answer is missing, incomplete or late.

        """
        try:
            yield Chain(Rpc(self._http, Deadline(self._seconds, Clock())))
        except ReaderError as error:
            raise VenueError(str(error)) from None
        except MALFORMED as error:
            raise VenueError(f"the node's answer is incomplete: {type(error).__name__}") from None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


@frozen
class Chain:
    """A chain, within one call of a session."""

    rpc: Rpc

    def head(self, confirmations: int = 1) -> Block:
        """Last block that has so many confirmations, itself counted."""
        if confirmations == 1:
            return block_at(self.rpc, "latest", None, None)
        newest = quantity(self.rpc.result("eth_blockNumber"), "the number of blocks")
        return block_at(self.rpc, max(newest - confirmations + 1, 0), None, None)

    def head_at(self, number: int) -> Block:
        """Block of a number."""
        return block_at(self.rpc, number, None, None)

    def all_of(self, requests: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        """Results of some requests, none of them refused."""
        answers = self.rpc.answers(requests)
        for (method, _), each in zip(requests, answers, strict=True):
            if isinstance(each, Refusal):
                raise VenueError(f"{method}: the node answers {each.message!r}")
        return answers

    def symbols(self, block: Block, topics: Sequence[bytes]) -> dict[bytes, str]:
        """Token, as a topic of a log → its symbol."""
        calls = [Call("0x" + each[-20:].hex(), "symbol()(string)") for each in topics]
        return dict(zip(topics, self.ask(block, calls), strict=True))

    def ask(self, block: Block, calls: Sequence[Call]) -> list[Any]:
        """Answers of contracts at a block, each of them there."""
        answers = Asker(self.rpc, block, None).answers(calls)
        for each in answers:
            if isinstance(each, ReaderError):
                raise each
        return answers

    def used(self, account: str, block: Block) -> int:
        """Transactions that an account has sent, up to a block: the next nonce."""
        said = self.rpc.result("eth_getTransactionCount", account, hex(block.number))
        return quantity(said, "the nonce")

    def receipt(self, hashed: str) -> Mapping[str, Any] | None:
        """Receipt of a transaction; None where the node has none."""
        said = self.rpc.result("eth_getTransactionReceipt", hashed)
        if said is not None and str(said["transactionHash"]).lower() != hashed:
            raise VenueError("the node answers with the receipt of another transaction")
        return said  # type: ignore[no-any-return]

    def send(self, raw: str) -> Refusal | None:
        """Send a transaction; the node's refusal, which proves nothing."""
        [said] = self.rpc.answers([("eth_sendRawTransaction", [raw])])
        return said if isinstance(said, Refusal) else None

    def knows(self, hashed: str) -> bool:
        """True if the node has a transaction, mined or waiting."""
        return self.rpc.result("eth_getTransactionByHash", hashed) is not None

    def consumer(self, account: str, nonce: int, since: int, until: Block) -> tuple[str, int]:
        """Hash of the transaction that used a nonce, and its block: found by halving."""
        low, high = since, until.number  # unused as of `low`, used as of `high`
        while high - low > 1:
            middle = (low + high) // 2
            said = self.rpc.result("eth_getTransactionCount", account, hex(middle))
            low, high = (low, middle) if quantity(said, "the nonce") > nonce else (middle, high)
        block = self.rpc.result("eth_getBlockByNumber", hex(high), True)  # noqa: FBT003 - in full
        for each in block["transactions"]:
            if each["from"].lower() == account.lower() and quantity(each["nonce"], "it") == nonce:
                return str(each["hash"]).lower(), high
        raise VenueError(f"block {high} does not hold the transaction of nonce {nonce}")

    def confirm(self, block: Block) -> None:
        """Raise a ReaderError if a block is no longer in the chain."""
        confirm(self.rpc, block)
