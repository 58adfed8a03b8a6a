"""JSON-RPC over one kept connection: all that the tests need of a client, and none of web3."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlsplit

WITHOUT_TRANSACTIONS = False


class RefusedError(Exception):
    """The node answered with an error; a revert's own words are in `data`."""

    def __init__(self, message: str, data: str = "") -> None:
        super().__init__(message)
        self.data = data


class Rpc:
    """A connection to a node, by its URL."""

    def __init__(self, url: str, timeout: float = 300.0) -> None:
        self.url = url
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=timeout)
        self._ids = count(1)

    def ask(self, method: str, *params):
        """Return the result of a call; raise `RefusedError` where the node says no."""
        body = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}
        self._connection.request(
            "POST", "/", json.dumps(body), {"Content-Type": "application/json"}
        )
        answer = json.loads(self._connection.getresponse().read())
        if "error" in answer:
            error = answer["error"]
            raise RefusedError(error["message"], error.get("data") or "")
        return answer["result"]

    @contextmanager
    def undone(self):
        """Take back all that happens on the chain inside."""
        before = self.ask("evm_snapshot")
        try:
            yield
        finally:
            assert self.ask("evm_revert", before)

    def block(self, which="latest"):
        return self.ask("eth_getBlockByNumber", which, WITHOUT_TRANSACTIONS)

    def close(self) -> None:
        self._connection.close()
