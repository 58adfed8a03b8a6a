"""One HTTP exchange within a time and a size; what goes wrong is a sentence without the URL.

urllib3 speaks HTTP, in a thread of its own, so that nothing in it, neither a name server nor a
server that sends a byte a minute, outlasts the time. It follows no redirection and retries nothing
but what was sent into a connection that the node had closed while it was idle.
What it would log of an exchange, hosts and paths, is dropped, and of its errors only their kind is
told: both may hold a key.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPException
from queue import Empty, Queue
from socket import SHUT_RDWR, gaierror
from threading import Thread, current_thread
from time import monotonic, time
from typing import Any
from urllib.parse import SplitResult, urlsplit

import certifi
from attrs import frozen
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Timeout
from urllib3.exceptions import IncompleteRead, LocationValueError, ProxyError

from hedgecore import ReaderError, Secret
from hedgecore_evm_readers.rpc_url import check, login, proxy_of, redact, without_login

CHUNK = 2**16
HEADERS = {
    "Content-Type": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "hedgecore",
}
AGAIN = "allow more time, or use another node"
OTHER = "try again, or with another node"
THREAD = "hedgecore-http"
LOGGERS = ("connectionpool", "connection", "poolmanager", "response", "util.retry")
"""Loggers of urllib3 that write records."""


@frozen(repr=False)
class Reply:
    """An answer: its status, its body, and how many seconds it asks to wait before the next."""

    status: int
    body: bytes
    wait: float | None = None


class HttpClient:
    """A connection to one RPC, kept open between exchanges."""

    def __init__(self, rpc: Secret, most: int) -> None:
        self._rpc = rpc
        self._most = most
        self._pools: PoolManager | None = None
        self._opened: list[Any] = []
        self._response: BaseHTTPResponse | None = None
        check(rpc)
        for name in LOGGERS:
            logging.getLogger(f"urllib3.{name}").addFilter(_is_not_ours)

    def post(self, body: bytes, seconds: float) -> Reply:
        """Send `body` and return the answer.

        Raises:
            ReaderError: there is none within `seconds`, or it is too long.

        """
        outcome: Queue[Reply | str] = Queue(1)
        work = (outcome, body, monotonic() + seconds)
        Thread(target=self._exchange_into, args=work, daemon=True, name=THREAD).start()
        try:
            said = outcome.get(timeout=seconds)
        except Empty:
            said = f"the node did not answer within {seconds:.3g} s: {AGAIN}"
        if isinstance(said, Reply):  # raised below, where no other error is its context
            return said
        self.close()
        raise ReaderError(said)

    def close(self) -> None:
        """Close the connection, under an exchange that is given up too; the next opens another."""
        pools, self._pools = self._pools, None
        opened, self._opened = self._opened, []
        for connection in opened:
            with suppress(OSError, AttributeError):  # it may have no socket yet, or none any more
                connection.sock.shutdown(SHUT_RDWR)
            with suppress(OSError):
                connection.close()
        if self._response is not None:  # to which http.client has given the socket, if it is last
            with suppress(OSError, ValueError, RuntimeError):
                self._response.shutdown()
        if pools is not None:
            pools.clear()

    def redact(self, text: str) -> str:
        """Start of what a node says, without the parts of its own address."""
        return redact(self._rpc, text)

    def _exchange_into(self, outcome: Queue[Reply | str], body: bytes, until: float) -> None:
        kept = self._pools is not None
        try:
            outcome.put(self._exchange(body, until))
        except Exception as error:  # noqa: BLE001 - its message may hold the URL
            self.close()
            closed = any(isinstance(each, ConnectionError) for each in _reasons(error))
            if kept and closed and monotonic() < until:
                self._exchange_into(outcome, body, until)  # it was closed while it was idle
            else:
                outcome.put(self._sentence(error))

    def _exchange(self, body: bytes, until: float) -> Reply:
        target = urlsplit(self._rpc.reveal())
        url = without_login(target)
        response = self._pools_for(target, url).urlopen(
            "POST",
            url,
            body=body,
            headers={**HEADERS, **login(target)},
            timeout=Timeout(total=max(until - monotonic(), 0.001)),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        self._response = response
        with closing(response):  # it is kept all the same if it was read to its end
            return Reply(response.status, self._body(response, until), _wait(response))

    def _pools_for(self, target: SplitResult, url: str) -> PoolManager:
        """Pools of urllib3, of which one is used, and whose connections are remembered."""
        if self._pools is None:
            self._pools, self._opened = _pools(target), []
            pool = self._pools.connection_from_url(url)
            pool.ConnectionCls = partial(  # type: ignore[assignment]
                _open_connection, pool.ConnectionCls, self._opened
            )
        return self._pools

    def _body(self, response: BaseHTTPResponse, until: float) -> bytes:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise _UnusableError(
                f"the node compressed its answer, which was not asked for: {OTHER}"
            )
        parts, size = list[bytes](), 0
        while part := response.read(CHUNK):
            parts.append(part)
            size += len(part)
            if size > self._most:
                raise _UnusableError(
                    f"the node's answer is longer than {self._most} bytes: {OTHER}"
                )
            if monotonic() > until:
                raise TimeoutError
        return b"".join(parts)

    def _sentence(self, error: Exception) -> str:
        """Sentence for an error, which holds nothing of the address."""
        errors = [*_reasons(error)]
        for each in errors:
            if isinstance(each, _UnusableError):
                return str(each)
            if isinstance(each, ssl.SSLCertVerificationError):  # which names the host
                why = self.redact(each.verify_message)
                return f"the node's TLS certificate is not valid ({why})"
        told = (said for kind, said in SENTENCES if any(isinstance(each, kind) for each in errors))
        return next(told, f"the exchange with the node failed ({type(error).__name__})")


class _UnusableError(Exception):
    """Error that says in a sentence of ours why an answer is not used."""


SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (
        ProxyError,
        "the proxy that the environment names fails us: check it, or leave it, by NO_PROXY",
    ),
    (gaierror, "the RPC's host cannot be found: check its name, and the network"),
    (ConnectionRefusedError, "the node refuses the connection: does it run, and is this its URL?"),
    (IncompleteRead, f"the node broke off in the middle of its answer: {OTHER}"),
    (TimeoutError, f"the node did not answer in time: {AGAIN}"),
    (ssl.SSLError, "the node does not speak TLS as we do: is the RPC's URL http, not https?"),
    (
        ConnectionError,
        "the node closed the connection: it was stopped, or something between was; use another",
    ),
    (HTTPException, f"the node answered what is no HTTP, or broke off: {OTHER}"),
    (LocationValueError, "the RPC's URL, or that of the proxy, is none: check both"),
)
"""Kind of error → sentence; the first that fits the error or a cause of the error counts."""


def _reasons(error: BaseException | None) -> Iterator[BaseException]:
    """Causes of an error: itself, those that urllib3 puts within it, and those it came of."""
    while error is not None:
        yield error
        yield from (each for each in error.args if isinstance(each, BaseException))
        error = error.__cause__ or error.__context__


def _is_not_ours(_: logging.LogRecord) -> bool:
    """True if urllib3 works for somebody else: its log of an RPC's URL is a secret."""
    return current_thread().name != THREAD


def _open_connection(
    make: Callable[..., Any], opened: list[Any], *args: Any, **options: Any
) -> Any:
    """New connection of urllib3's, added to those that can be broken off."""
    opened.append(make(*args, **options))
    return opened[-1]


def _pools(target: SplitResult) -> PoolManager:
    """Connections to where the RPC is, or through the proxy that the environment names."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    proxy = proxy_of(target)
    if proxy is None:
        return PoolManager(1, ssl_context=context)
    by = urlsplit(proxy if "//" in proxy else f"//{proxy}", "http")
    headers = {f"Proxy-{name}": each for name, each in login(by).items()}
    return ProxyManager(
        without_login(by), 1, proxy_headers=headers, proxy_ssl_context=context, ssl_context=context
    )


def _wait(response: BaseHTTPResponse) -> float | None:
    """Seconds that `Retry-After` asks for: a number, or a date."""
    said = response.headers.get("Retry-After", "")
    forms: tuple[Callable[[str], float], ...] = (float, _until)
    for seconds in forms:
        with suppress(ValueError, TypeError, OverflowError):
            wait = seconds(said)
            return wait if wait > 0 else 0.0  # NaN, too, is no time to wait
    return None


def _until(date: str) -> float:
    return parsedate_to_datetime(date).timestamp() - time()
