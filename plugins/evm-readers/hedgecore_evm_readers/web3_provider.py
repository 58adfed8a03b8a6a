"""A `Web3` over our own connection, for readers that are written with contract objects.

web3's own HTTP provider retries by itself, reads answers of any length and writes the URL into
errors; here it has none of its transport, so its deadlines, limits and silence are ours.
"""

from __future__ import annotations

from typing import Any

from web3 import Web3
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from hedgecore_evm_readers.block import Block
from hedgecore_evm_readers.rpc import Refusal, Rpc


class RpcProvider(JSONBaseProvider):
    """A provider that asks through an `Rpc`."""

    def __init__(self, rpc: Rpc) -> None:
        super().__init__()
        self._rpc = rpc

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Answer to one request as web3 wants it."""
        [said] = self._rpc.answers([(method, params)])
        if isinstance(said, Refusal):
            error = {"code": said.code, "message": said.message, "data": said.data}
            return {"jsonrpc": "2.0", "id": 0, "error": error}  # type: ignore[typeddict-item]
        return {"jsonrpc": "2.0", "id": 0, "result": said}


def web3_at(rpc: Rpc, block: Block) -> Web3:
    """Web3 whose calls are at `block` unless they say otherwise."""
    web3 = Web3(RpcProvider(rpc), middleware=[])
    web3.eth.default_block = block.hash if block.by_hash else block.number  # type: ignore[assignment]
    return web3
