"""A chain over a fake node without HTTP between them: exchanges are counted, and cost nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hedgecore_evm_readers import Evm
from hedgecore_evm_readers.block import Block
from hedgecore_evm_readers.deployments import MULTICALL3, UNKNOWN, chains
from hedgecore_evm_readers.rpc import Refusal

from chain.fake import FakeNode


class Direct:
    """All that a chain asks of its connection."""

    def __init__(self, node: FakeNode) -> None:
        self.node, self.exchanges = node, 0

    def result(self, method: str, *params: Any) -> Any:
        (found,) = self.answers([(method, params)])
        return found

    def answers(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """One batch, as `Rpc.answers`; none where there is nothing to ask."""
        self.exchanges += bool(requests)
        return [self._answer(method, params) for method, params in requests]

    def _answer(self, method: str, params: Sequence[Any]) -> Any:
        said = self.node.answer({"id": 1, "method": method, "params": list(params)})
        return Refusal(**said["error"]) if "error" in said else said["result"]

    def close(self) -> None:
        """Nothing is open."""


def opened(node: FakeNode, **contracts: str) -> Evm:
    """The chain at the node's block, with what is known to stand there."""
    block = Block(node.number, node.block_hash, node.timestamp)
    known = chains().get(node.chain_id, UNKNOWN).contracts
    multicall = {"multicall3": MULTICALL3} if node.multicall else {}
    return Evm(Direct(node), node.chain_id, block, {**known, **multicall, **contracts})
