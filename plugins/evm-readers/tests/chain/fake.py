"""A node that is no more than what was recorded: JSON-RPC over HTTP, contracts by call data."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from attrs import Factory, define
from eth_abi import decode, encode
from eth_utils.abi import function_signature_to_4byte_selector

from chain.proxy import Server

MULTICALL3 = "0xca11bde05977b3631167028862be2a173976ca11"
POWERS = "0x0000000000000000000000000000000000000005"
"""The precompile of powers, of EIP-198; of a modulus of 0 it answers as many zeros."""
AGGREGATE3 = function_signature_to_4byte_selector("aggregate3((address,bool,bytes)[])")
REVERTED = {"code": 3, "message": "execution reverted", "data": "0x"}
UNKNOWN = {"code": -32601, "message": "the method does not exist"}


class _Error(Exception):
    pass


@define
class FakeNode:
    """Answers of contracts: by address in lower case, then by the whole data of the call.

    A call that is not there reverts; where there is no contract, a call answers with nothing, as on
    a real chain. Every request is kept in `asked`, and what is sent at once is one of `exchanges`.
    """

    contracts: dict[str, dict[bytes, bytes]]
    multicall: bool = True
    precompiles: bool = True
    chain_id: int = 31337
    number: int = 24_407_242
    timestamp: int = 1_770_000_000
    url: str = ""
    logs: list[dict] | None = Factory(list)
    asked: list[tuple[str, list]] = Factory(list)
    exchanges: int = 0

    @property
    def block_hash(self) -> str:
        return f"0x{self.number:064x}"

    @contextmanager
    def running(self):
        """Serve on a free port of this machine."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                many = isinstance(asked, list)
                fake.exchanges += 1
                answers = [fake.answer(each) for each in (asked if many else [asked])]
                body = json.dumps(answers if many else answers[0]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                """Say nothing."""

        with Server(("127.0.0.1", 0), Handler) as server:
            self.url = f"http://127.0.0.1:{server.server_port}"
            with server.serving():
                yield self

    def answer(self, request: dict) -> dict:
        """Answer one request."""
        method, params = request["method"], request.get("params") or []
        self.asked.append((method, params))
        made = {"jsonrpc": "2.0", "id": request["id"]}
        known = {
            "eth_chainId": lambda: hex(self.chain_id),
            "eth_syncing": lambda: False,
            "eth_blockNumber": lambda: hex(self.number),
            "eth_getBlockByNumber": lambda which, _: self._block(which),
            "eth_getBlockByHash": lambda which, _: self._block(which),
            "eth_getCode": lambda to, _: "0xfe" if self._stands(to) else "0x",
            "eth_getBalance": lambda _, __: "0x0",
            "eth_getLogs": self._logs,
            "eth_call": lambda message, *_: self._call(message),
        }
        if method not in known:
            return made | {"error": UNKNOWN}
        try:
            return made | {"result": known[method](*params)}
        except _Error:
            return made | {"error": REVERTED}

    def _block(self, which: str) -> dict | None:
        names = {"latest", "safe", "finalized", "pending", hex(self.number), self.block_hash}
        if which not in names:
            return None
        return {
            "number": hex(self.number),
            "hash": self.block_hash,
            "parentHash": f"0x{self.number - 1:064x}",
            "timestamp": hex(self.timestamp),
            "transactions": [],
        }

    def _logs(self, wanted: dict) -> list[dict]:
        """Events of a contract whose topics are as wanted, whatever they are where none is."""
        if self.logs is None:
            raise _Error
        return [
            each
            for each in self.logs
            if each["address"].lower() == wanted["address"].lower()
            and all(
                want in (None, its)
                for want, its in zip(wanted["topics"], each["topics"], strict=False)
            )
        ]

    def _stands(self, address: str) -> bool:
        there = address.lower()
        return there in self.contracts or (self.multicall and there == MULTICALL3)

    def _call(self, message: dict) -> str:
        data = bytes.fromhex((message.get("data") or message["input"])[2:])
        return "0x" + self._answered(message["to"].lower(), data).hex()

    def _answered(self, to: str, data: bytes) -> bytes:
        if self.multicall and to == MULTICALL3:
            return self._aggregated(data)
        if to == POWERS and self.precompiles:
            return bytes(int.from_bytes(data[64:96], "big"))
        if to not in self.contracts:
            return b""
        if data not in self.contracts[to]:
            raise _Error
        return self.contracts[to][data]

    def _aggregated(self, data: bytes) -> bytes:
        assert data[:4] == AGGREGATE3
        (calls,) = decode(["(address,bool,bytes)[]"], data[4:])
        results = []
        for to, may_fail, inner in calls:
            try:
                results.append((True, self._answered(to.lower(), inner)))
            except _Error:
                if not may_fail:
                    raise
                results.append((False, b""))
        return encode(["(bool,bytes)[]"], [results])
