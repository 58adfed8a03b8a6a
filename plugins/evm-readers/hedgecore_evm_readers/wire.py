"""One HTTP exchange within a time and a size; what goes wrong is a sentence without the URL.

The exchange runs in a thread of its own, so that nothing in it, neither a name server nor a server
that sends a byte a minute, outlasts the time. No library that logs addresses takes part.
"""

from __future__ import annotations

import re
import ssl
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from queue import Empty, Queue
from socket import SHUT_RDWR, gaierror
from threading import Thread
from time import monotonic, time
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
from attrs import frozen

from hedgecore import ReaderError, Secret

CHUNK = 2**16
HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
PORTS = {"http": 80, "https": 443}
AGAIN = "allow more time, or use another node"
OTHER = "try again, or with another node"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@frozen(repr=False)
class Reply:
    """An answer: its status, its body, and how many seconds it asks to wait before the next."""

    status: int
    body: bytes
    wait: float | None = None


class Wire:
    """A connection to one RPC, kept open between exchanges."""

    def __init__(self, rpc: Secret, most: int) -> None:
        self._rpc = rpc
        self._most = most
        self._connection: HTTPConnection | None = None
        _checked(rpc)

    def post(self, body: bytes, seconds: float) -> Reply:
        """Send `body` and return the answer.

        Raises:
            ReaderError: there is none within `seconds`, or it is too long.

        """
        outcome: Queue[Reply | str] = Queue(1)
        until = monotonic() + seconds
        Thread(target=self._into, args=(outcome, body, until), daemon=True).start()
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
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(OSError, AttributeError):  # there may be no socket yet, or none any more
            connection.sock.shutdown(SHUT_RDWR)
        with suppress(OSError):
            connection.close()

    def redacted(self, text: str) -> str:
        """Return the start of what a node says, without the parts of its own address.

        In capitals or not. What is cut is cut short of a part that would stand across the end.
        """
        parts = sorted(_parts(self._rpc), key=len, reverse=True)
        said = re.sub("|".join(map(re.escape, parts)), "…", text[:START], flags=re.IGNORECASE)
        return said if len(text) <= START else said[: -len(parts[0])]

    def _into(self, outcome: Queue[Reply | str], body: bytes, until: float) -> None:
        kept = self._connection is not None
        try:
            outcome.put(self._exchange(body, until))
        except (ConnectionError, HTTPException) as error:
            self.close()
            if not kept or monotonic() >= until:  # or it was closed because it was given up
                outcome.put(self._failed(error))
            else:  # it was closed while it was idle: a new one says whether the node is there
                self._into(outcome, body, until)
        except Exception as error:  # noqa: BLE001 - its message may hold the URL
            self.close()
            outcome.put(self._failed(error))

    def _failed(self, error: Exception) -> str:
        """Return what happened, in words that hold nothing of the address."""
        if isinstance(error, ssl.SSLCertVerificationError):  # which names the host
            why = self.redacted(error.verify_message)
            return f"the node's TLS certificate is not valid ({why})"
        return _sentence(error)

    def _exchange(self, body: bytes, until: float) -> Reply:
        target = urlsplit(self._rpc.reveal())
        if self._connection is None:
            self._connection = _connection(target, until - monotonic())
        connection = self._connection
        if connection.sock is not None:
            connection.sock.settimeout(max(until - monotonic(), 0.001))
        connection.request("POST", _path(target), body, {**HEADERS, **_login(target)})
        response = connection.getresponse()
        reply = Reply(response.status, self._body(response, until), _wait(response))
        if response.will_close:
            self.close()
        return reply

    def _body(self, response: HTTPResponse, until: float) -> bytes:
        if response.getheader("Content-Encoding", "identity") != "identity":
            raise _UnusableError(
                f"the node compressed its answer, which was not asked for: {OTHER}"
            )
        parts, size = list[bytes](), 0
        while part := response.read1(CHUNK):
            parts.append(part)
            size += len(part)
            if size > self._most:
                raise _UnusableError(
                    f"the node's answer is longer than {self._most} bytes: {OTHER}"
                )
            if monotonic() > until:
                raise TimeoutError
        if response.length:
            raise _UnusableError(f"the node broke off in the middle of its answer: {OTHER}")
        response.close()  # `read1` does not at the end, and no other could follow on its connection
        return b"".join(parts)


class _UnusableError(Exception):
    """Says in a sentence of ours why an answer is not used."""


def _sentence(error: Exception) -> str:
    if isinstance(error, _UnusableError):
        return str(error)
    return next((said for kind, said in SENTENCES if isinstance(error, kind)), _other(error))


def _other(error: Exception) -> str:
    return f"the exchange with the node failed ({type(error).__name__})"


SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, f"the node did not answer in time: {AGAIN}"),
    (ConnectionRefusedError, "the node refuses the connection: does it run, and is this its URL?"),
    (gaierror, "the RPC's host cannot be found: check its name, and the network"),
    (ssl.SSLError, "the node does not speak TLS as we do: is the RPC's URL http, not https?"),
    (
        ConnectionError,
        "the node closed the connection: it was stopped, or something between was; use another",
    ),
    (HTTPException, f"the node answered what is no HTTP, or broke off: {OTHER}"),
)


def _checked(rpc: Secret) -> None:
    """Refuse a URL that cannot be one, without showing it."""
    if not _usable(rpc):
        raise ReaderError("the RPC must be a URL that begins with http:// or https://")


def _usable(rpc: Secret) -> bool:
    try:
        target = urlsplit(rpc.reveal())
        plain = rpc.reveal().isascii() and rpc.reveal().isprintable() and " " not in rpc.reveal()
        return target.scheme in PORTS and bool(target.hostname) and target.port != 0 and plain
    except ValueError:
        return False


def _connection(target: SplitResult, seconds: float) -> HTTPConnection:
    host, port = target.hostname or "", target.port or PORTS[target.scheme]
    if target.scheme == "http":
        return HTTPConnection(host, port, timeout=seconds)
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    proxy = getproxies().get("https")
    if not proxy or host in LOOPBACK or proxy_bypass(host):
        return HTTPSConnection(host, port, timeout=seconds, context=context)
    by = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    tunnel = HTTPSConnection(by.hostname or "", by.port or 8080, timeout=seconds, context=context)
    login = _login(by)
    tunnel.set_tunnel(host, port, {f"Proxy-{name}": each for name, each in login.items()})
    return tunnel


def _path(target: SplitResult) -> str:
    return (target.path or "/") + (f"?{target.query}" if target.query else "")


def _login(target: SplitResult) -> dict[str, str]:
    if target.username is None:
        return {}
    pair = f"{unquote(target.username)}:{unquote(target.password or '')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _parts(rpc: Secret) -> set[str]:
    """Return what of the address a node might repeat: all, and each part that may be a key."""
    target = urlsplit(rpc.reveal())
    parts = {rpc.reveal(), target.netloc, target.username or "", target.password or ""}
    parts |= {target.hostname or "", *(each.split()[1] for each in _login(target).values())}
    parts |= {*target.path.split("/"), *target.query.replace("=", "&").split("&")}
    return {form for part in parts for form in (part, unquote(part)) if len(form) > SHORT}


START = 2**12
"""So many characters of what a node says are looked at, to show some of them."""
SHORT = 4
"""A part of an address of so many characters is a version or a word, and no key."""


def _wait(response: HTTPResponse) -> float | None:
    """Return the seconds that `Retry-After` asks for: a number, or a date."""
    said = response.getheader("Retry-After", "")
    forms: tuple[Callable[[str], float], ...] = (float, _until)
    for seconds in forms:
        with suppress(ValueError, TypeError, OverflowError):
            wait = seconds(said)
            return wait if wait > 0 else 0.0  # NaN, too, is no time to wait
    return None


def _until(date: str) -> float:
    return parsedate_to_datetime(date).timestamp() - time()
