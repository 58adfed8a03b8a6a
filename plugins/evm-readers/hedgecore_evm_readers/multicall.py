"""Many questions in few exchanges: through Multicall3 where it is deployed, else plain batches.

A call that fails within a multicall is asked again by itself: it may only have run out of the gas
that another had used up. So what counts as refused by a contract is what the node says of that
call alone.
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
CALLS, REQUESTS = 200, 100
"""Calls in one multicall, and requests in one batch, at most."""
MOST_TOGETHER = 2**20
"""Digits in the answer to a multicall; for more, a token that says too much, each asks alone."""
EXECUTION_REVERTED = 3
LEAVE = "check the address and the chain, read another block, or leave it out by --skip READER:ID"
Each = TypeVar("Each")


def ask_all(rpc: Rpc, block: Block, questions: Sequence[Any], multicall: str | None) -> list[Any]:
    """Answers to all questions, in order; a ReaderError stands for one without.

    Raises:
        ReaderError: the node fails, or the block is gone.

    """
    found: dict[int, Any] = {}
    calls = {i: each for i, each in enumerate(questions) if isinstance(each, Call)}
    if multicall and len(calls) > 1:
        for part in _chunks(list(calls), CALLS):
            returned = _multicall(rpc, block, [calls[i] for i in part], multicall)
            found |= {i: raw for i, raw in zip(part, returned, strict=True) if raw is not None}
    left = [i for i in range(len(questions)) if i not in found]
    for part in _chunks(left, REQUESTS):
        requests = [questions[i].request(block.tag) for i in part]
        found |= zip(part, rpc.answers(requests), strict=True)
    return [_meaning(each, found[i], block) for i, each in enumerate(questions)]


def _multicall(rpc: Rpc, block: Block, calls: Sequence[Call], multicall: str) -> list[bytes | None]:
    """Bytes that each call returned; None for those to ask again alone."""
    batch = Call(multicall, AGGREGATE, (tuple((each.to, True, each.data) for each in calls),))
    [given] = rpc.answers([batch.request(block.tag)])
    if isinstance(given, Refusal):
        if GONE.search(given.message):
            raise_reorganised(block, f"the node answers {given.message!r}")
        return [None] * len(calls)
    if len(str(given)) > MOST_TOGETHER:  # each answer may be a copy of the same bytes
        return [None] * len(calls)
    said = batch.parse(given)
    if len(said) != len(calls):
        raise ReaderError(
            f"{multicall} answers {len(said)} of {len(calls)} calls: it is no Multicall3,"
            " give --contract multicall3=none"
        )
    return [returned if success else None for success, returned in said]


def _meaning(question: Any, given: Any, block: Block) -> Any:
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
