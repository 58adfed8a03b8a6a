"""A server on this machine that answers for a venue: real clients talk to it, faults spoil it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from threading import Lock, Thread

from attrs import field, frozen

from hedgecore.testing.fake_exchange import TEXTS, fault_at, spoil_text
from hedgecore.testing.venue_bench import VenueBench

LOST, LATE = "lost", "late"
REST = "GET", "POST", "PUT", "DELETE"


@frozen
class HttpRequest:
    """One request: its method, its path with the query, its headers, its body.

    Example:
        >>> from hedgecore.testing import HttpRequest
        >>> HttpRequest("GET", "/time?zone=utc", {}, "").path
        '/time?zone=utc'

    """

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: str


class Loopback:
    """Server on a free port of this machine, one request at a time.

    Attributes:
        answer: gives the status and the text for a request.
        is_order: tells a request that places an order.
        requests: that were made so far.
        faults: of the next requests, in order; None is none.
        losing: what becomes of orders: `lost`, `late`, or None where they are answered.
        key: that an answer of the fault `telling` shows.

    Example:
        >>> from urllib.request import urlopen
        >>> from hedgecore.testing import Loopback
        >>> server = Loopback(lambda asked: (200, '{"time": 7}'), lambda asked: False)
        >>> with server.serving() as url:
        ...     urlopen(url + "/time").read()
        b'{"time": 7}'

    """

    def __init__(
        self,
        answer: Callable[[HttpRequest], tuple[int, str]],
        is_order: Callable[[HttpRequest], bool],
        key: str = "",
    ) -> None:
        self.answer, self.is_order, self.key = answer, is_order, key
        self.requests = 0
        self.faults: Iterator[str | None] = repeat(None)
        self.losing: str | None = None
        self._lock = Lock()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve, at the URL that is given."""
        with _Server(("127.0.0.1", 0), _handler(self)) as server:
            Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                server.shutdown()

    def exchange(self, asked: HttpRequest) -> tuple[int, str] | None:
        """Status and text of the answer to a request; None where the line is cut."""
        with self._lock:
            self.requests += 1
            fault = next(self.faults, None) or ""
            if self.losing is not None and self.is_order(asked):
                fault = self.losing
            if fault == LOST:
                return None
            status, text = self.answer(asked)
            return None if fault == LATE else spoil_answer(status, text, fault, self.key)


def spoil_answer(status: int, text: str, fault: str, key: str) -> tuple[int, str]:
    """Status and text of an answer after a fault; a fault in a place may be that of all of it."""
    if fault in TEXTS:
        return TEXTS[fault](text, key)
    if " " not in fault:
        return status, text
    _, wrapped = spoil_text(json.dumps({"all": json.loads(text)}), fault, key)
    return status, json.dumps(json.loads(wrapped).get("all"))


class _Server(ThreadingHTTPServer):
    """A server whose clients may leave when they like."""

    daemon_threads, block_on_close = True, False

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


def _handler(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    """Handler of requests of any method."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            said = loopback.exchange(HttpRequest(self.command, self.path, dict(self.headers), body))
            if said is None:
                self.close_connection = True
                return
            status, text = said[0], said[1].encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    for method in REST:
        setattr(Handler, f"do_{method}", Handler.handle_any)
    return Handler


class LoopbackBench(VenueBench):
    """Bench of a venue that is answered for by a `Loopback`; the world's own acts are left open.

    Example:
        >>> from hedgecore.testing import LoopbackBench, VenueBench
        >>> issubclass(LoopbackBench, VenueBench)
        True

    """

    server: Loopback

    @property
    def requests(self) -> int:
        """Requests that were made so far."""
        return self.server.requests

    @contextmanager
    def spoil_answers(self, fault: str, index: int | None = None) -> Iterator[None]:
        """Spoil answers."""
        self.server.faults = fault_at(fault, index)
        try:
            yield
        finally:
            self.server.faults = repeat(None)

    @contextmanager
    def lose_answers(self, *, executed: bool) -> Iterator[None]:
        """Answer no order."""
        self.server.losing = LATE if executed else LOST
        try:
            yield
        finally:
            self.server.losing = None
