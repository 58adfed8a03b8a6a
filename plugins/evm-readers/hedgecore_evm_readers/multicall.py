"""Many questions in few exchanges: through Multicall3 where it is deployed, else plain batches.

A call that fails within a multicall may only have run out of the gas that another had used up. So
its last call takes more than a million, of the precompile of powers: where that succeeds, each
before it had as much, and was refused by its contract. Where not, and to learn why, a call is
asked again by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from hedgecore import ReaderError
from hedgecore_evm_readers.abi import Call
from hedgecore_evm_readers.block import GONE, REVERTED, Block, raise_reorganised, refusal_error
from hedgecore_evm_readers.revert_reason import revert_reason
from hedgecore_evm_readers.rpc import Refusal, Rpc

AGGREGATE = "aggregate3((address,bool,bytes)[])((bool,bytes)[])"
CALLS, REQUESTS = 200, 1000
"""Calls in one multicall, and requests in one batch, at most."""
MOST_TOGETHER = 2**20
"""Digits in the answer to a multicall; for more, a token that says too much, each asks alone."""
WIDE = 1024
"""Bytes of a number whose power takes 1.4 million of gas, by EIP-2565, or 8, by EIP-7883."""
GAUGE = (
    "0x0000000000000000000000000000000000000005",
    b"".join(each.to_bytes(32) for each in (0, 32, WIDE, 2**256 - 1)),
)
"""Precompile of EIP-198, and nothing to the power of 2²⁵⁶ − 1, modulo 0: it answers zeros."""
EXECUTION_REVERTED = 3
LEAVE = "check the address and the chain, read another block, or leave it out by --skip READER:ID"
Each = TypeVar("Each")


class Asker:
    """A node that is asked at one block, in as few exchanges as it allows."""

    def __init__(self, rpc: Rpc, block: Block, multicall: str | None) -> None:
        self._rpc, self._block, self._multicall = rpc, block, multicall
        self._gauged = True
        """True until a multicall cannot be known to have had gas enough."""

    def answers(self, questions: Sequence[Any]) -> list[Any]:
        """Answers to all questions, in order; a ReaderError stands for one without.

        Raises:
            ReaderError: the node fails, or the block is gone.

        """
        found = self._together(questions)
        left = [i for i in range(len(questions)) if i not in found]
        found |= zip(left, self._ask_node([questions[i] for i in left]), strict=True)
        return [_decode_answer(each, found[i], self._block) for i, each in enumerate(questions)]

    def _ask_node(self, asked: Sequence[Any]) -> list[Any]:
        """Answer of the node to each of some questions, multicalls among them."""
        requests = [each.request(self._block.tag) for each in asked]
        return [one for part in _chunks(requests, REQUESTS) for one in self._rpc.answers(part)]

    def _together(self, questions: Sequence[Any]) -> dict[int, Any]:
        """Index → answer, of what multicalls tell, and of all else that goes out with them.

        What a contract may refuse goes out by itself once no multicall can tell how it refused.
        """
        calls = {
            i: each
            for i, each in enumerate(questions)
            if isinstance(each, Call) and (self._gauged or not each.optional)
        }
        if self._multicall is None or len(calls) < 2:  # noqa: PLR2004 - one is asked by itself
            return {}
        parts = list(_chunks(list(calls), CALLS))
        batches = [_batch([calls[i] for i in part], self._multicall) for part in parts]
        others = [i for i in range(len(questions)) if i not in calls]
        given = self._ask_node([*batches, *(questions[i] for i in others)])
        found: dict[int, Any] = dict(zip(others, given[len(parts) :], strict=True))
        for part, batch, answer in zip(parts, batches, given, strict=False):
            returned = self._parse_multicall(batch, answer, [calls[i] for i in part])
            found |= {i: raw for i, raw in zip(part, returned, strict=True) if raw is not None}
        return found

    def _parse_multicall(
        self, batch: Call, given: Any, calls: Sequence[Call]
    ) -> list[bytes | Refusal | None]:
        """Bytes that each returned, or that it was refused; None for those to ask again alone."""
        if isinstance(given, Refusal):
            if GONE.search(given.message):
                raise_reorganised(self._block, f"the node answers {given.message!r}")
            return [None] * len(calls)
        if len(str(given)) > MOST_TOGETHER:  # each answer may be a copy of the same bytes
            return [None] * len(calls)
        said = batch.parse(given)
        if len(said) < len(calls):
            raise ReaderError(
                f"{batch.to} answers {len(said)} of {len(calls)} calls: it is no Multicall3,"
                " give --contract multicall3=none"
            )
        self._gauged = said[len(calls) :] == ((True, bytes(WIDE)),)
        refused = Refusal(EXECUTION_REVERTED, "execution reverted")
        return [
            raw if success else refused if self._gauged and each.optional else None
            for each, (success, raw) in zip(calls, said, strict=False)
        ]


def _batch(calls: Sequence[Call], multicall: str) -> Call:
    """Multicall of some calls and, last, of what takes the gas that each must have had."""
    rows = [*((each.to, each.data) for each in calls), GAUGE]
    return Call(multicall, AGGREGATE, (tuple((to, True, data) for to, data in rows),))


def _decode_answer(question: Any, given: Any, block: Block) -> Any:
    """Value of an answer; a ReaderError for a refusal, None where that is allowed."""
    if isinstance(given, Refusal):
        return _refusal_error(question, given, block)
    try:
        return question.answer(given) if isinstance(given, bytes) else question.parse(given)
    except ReaderError as error:
        return ReaderError(f"{error} (at {block})")


def _refusal_error(question: Any, refusal: Refusal, block: Block) -> ReaderError | None:
    if GONE.search(refusal.message):
        raise_reorganised(block, f"the node answers {refusal.message!r}")
    if refusal.code != EXECUTION_REVERTED and not REVERTED.search(refusal.message):
        return ReaderError(f"{question}: {refusal_error(refusal, block)}")
    if question.optional:
        return None
    why = revert_reason(refusal)
    return ReaderError(f"{question} at {block}: the contract refuses: {why}; {LEAVE}")


def _chunks(of: Sequence[Each], size: int) -> Iterator[Sequence[Each]]:
    for start in range(0, len(of), size):
        yield of[start : start + size]
