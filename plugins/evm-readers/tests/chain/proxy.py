"""What stands between us and a node, and spoils its answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from attrs import Factory, define

USER, PASSWORD, KEY, TOKEN = "alice-7f3a", "pa55w0rd-9c1e", "k3y-2b8d4f6a", "t0k3n-5e7c"
SECRETS = (USER, PASSWORD, KEY, TOKEN)
HTML = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1>" + KEY.encode() + b"</body></html>"
MEGABYTE = b"[" + b'"0000000000000000",' * 52429
GIGABYTE = 1024
Spoil = Callable[["Exchange"], None]


class Server(ThreadingHTTPServer):
    """A server whose clients may leave when they like."""

    daemon_threads, block_on_close = True, False

    @contextmanager
    def serving(self):
        """Serve in a thread that ends however its user ends: on a closed socket it would spin."""
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield
        finally:
            self.shutdown()

    def handle_error(self, *_):
        """Say nothing."""


@define
class Exchange:
    """One request as the proxy sees it: what the node answered, and the way back."""

    handler: BaseHTTPRequestHandler
    asked: bytes
    ended: Event

    def send(self, body: bytes, status: int = 200, length: int | None = None, **headers: str):
        """Answer with this, whatever the node said."""
        its = self.handler
        its.send_response(status)
        for name, each in {"Content-Type": "application/json", **headers}.items():
            its.send_header(name.replace("_", "-"), each)
        its.send_header("Content-Length", str(len(body) if length is None else length))
        its.end_headers()
        its.wfile.write(body)
        its.wfile.flush()

    def result(self, result: Any) -> None:
        """Answer every request with the same result."""
        asked = json.loads(self.asked)
        many = asked if isinstance(asked, list) else [asked]
        made = [{"jsonrpc": "2.0", "id": each["id"], "result": result} for each in many]
        self.send(json.dumps(made if isinstance(asked, list) else made[0]).encode())

    def hang(self) -> None:
        """Answer nothing until the test is over."""
        self.ended.wait()


@define
class Proxy:
    """Passes requests on, the first `after` of them as they are; then `spoil` answers."""

    upstream: str
    spoil: Spoil | None = None
    after: int = 0
    between: Callable[[], None] | None = None
    """Done once, after the first `after` requests."""
    seen: int = 0
    port: int = 0
    paths: list[str] = Factory(list)
    logins: list[str | None] = Factory(list)

    @property
    def url(self) -> str:
        """A URL with a secret in every part that may hold one."""
        return f"http://{USER}:{PASSWORD}@127.0.0.1:{self.port}/v2/{KEY}?token={TOKEN}"

    @contextmanager
    def running(self):
        """Serve on a free port of this machine."""
        proxy, ended = self, Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def do_POST(self):
                asked = self.rfile.read(int(self.headers["Content-Length"]))
                proxy.paths.append(self.path)
                proxy.logins.append(self.headers["Authorization"])
                try:
                    proxy.answer(Exchange(self, asked, ended))
                except OSError:  # we are no longer listened to, which is as it should be
                    self.close_connection = True

            def log_message(self, *words):
                """Say nothing."""

        with Server(("127.0.0.1", 0), Handler) as server:
            self.port = server.server_port
            try:
                with server.serving():
                    yield self
            finally:
                ended.set()

    def answer(self, exchange: Exchange) -> None:
        """Answer one request: as the node does, or not."""
        self.seen += 1
        if self.seen == self.after + 1 and self.between:
            self.between()
        if self.spoil and self.seen > self.after:
            self.spoil(exchange)
        else:
            exchange.send(self.passed_on(exchange.asked))

    def passed_on(self, asked: bytes) -> bytes:
        with closing(HTTPConnection(urlsplit(self.upstream).netloc, timeout=300)) as connection:
            connection.request("POST", "/", asked, {"Content-Type": "application/json"})
            return connection.getresponse().read()


def html(exchange: Exchange) -> None:
    exchange.send(HTML, Content_Type="text/html")


def bad_gateway(exchange: Exchange) -> None:
    exchange.send(HTML, 502, Content_Type="text/html")


def garbage(exchange: Exchange) -> None:
    exchange.send(bytes(range(256)) * 8)


def nothing(exchange: Exchange) -> None:
    exchange.send(b"")


def half(exchange: Exchange) -> None:
    exchange.send(b'{"jsonrpc": "2.0", "id": 1, "result": "0x0000')


def broken_off(exchange: Exchange) -> None:
    exchange.send(b'{"jsonrpc": "2.0", "id":', length=4096)
    exchange.handler.close_connection = True


def nan(exchange: Exchange) -> None:
    exchange.send(b'{"jsonrpc": "2.0", "id": 1, "result": NaN}')


def endless(exchange: Exchange) -> None:
    exchange.send(MEGABYTE, length=GIGABYTE * len(MEGABYTE))
    for _ in range(GIGABYTE - 1):
        exchange.handler.wfile.write(MEGABYTE)


def zipped(exchange: Exchange) -> None:
    exchange.send(gzip.compress(b"0" * 10**6), Content_Encoding="gzip")


def too_many(exchange: Exchange) -> None:
    exchange.send(b'{"error": "slow down"}', 429, Retry_After="3600")


def forbidden(exchange: Exchange) -> None:
    exchange.send(f"the key {KEY} of {USER} is not valid".encode(), 403)


def moved(exchange: Exchange) -> None:
    exchange.send(b"", 302, Location="http://127.0.0.1:9/elsewhere")


def silent(exchange: Exchange) -> None:
    exchange.hang()


def dripping(exchange: Exchange) -> None:
    exchange.send(b"{", length=10**6)
    while not exchange.ended.wait(0.05):
        exchange.handler.wfile.write(b" ")


def hung_up(exchange: Exchange) -> None:
    exchange.handler.close_connection = True


def null(exchange: Exchange) -> None:
    exchange.result(None)


def number(exchange: Exchange) -> None:
    exchange.result(7)


def empty(exchange: Exchange) -> None:
    exchange.result("0x")


def zeros(exchange: Exchange) -> None:
    exchange.result("0x" + "00" * 31)


def another(exchange: Exchange) -> None:
    exchange.send(b'{"jsonrpc": "2.0", "id": 999999, "result": "0x1"}')


def telling(exchange: Exchange) -> None:
    """Fail as some gateways do: with the whole address of the request in the words."""
    asked = json.loads(exchange.asked)
    its = asked[0] if isinstance(asked, list) else asked
    words = f"upstream http://{USER}:{PASSWORD}@node/v2/{KEY}?token={TOKEN} is unavailable"
    said = {"jsonrpc": "2.0", "id": its["id"], "error": {"code": -32000, "message": words}}
    exchange.send(json.dumps([said] if isinstance(asked, list) else said).encode())


SPOILS = (html, bad_gateway, garbage, nothing, half, broken_off, nan, endless, zipped, too_many,
          forbidden, moved, silent, dripping, hung_up, null, number, empty, zeros, another,
          telling)  # fmt: skip
"""All ways of being wrong, of a node or of what stands before it."""
