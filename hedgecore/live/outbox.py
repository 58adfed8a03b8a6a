"""Messages that wait to be sent, and the thread that sends them."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPException
from queue import Full, Queue
from threading import Event, Thread
from typing import NamedTuple

from hedgecore.live.web import SECONDS, Post
from hedgecore.tables.secret import Secret

MOST = 64
"""Messages that may wait; more are refused."""
PAUSES = (1.0, 4.0, 0.0)
"""Seconds after a failed attempt, of which there are so many."""


class Message(NamedTuple):
    """Message to send, and where to."""

    what: str
    url: Secret
    body: bytes | None


class Outbox:
    """Messages, sent one after another by a thread that starts with the first.

    Args:
        post: sends one.
        failed: is told what was not sent, and why, in words that quote no URL.

    """

    def __init__(self, post: Post, failed: Callable[[str, str], None]) -> None:
        self._post, self._failed = post, failed
        self._queue: Queue[Message | None] = Queue(MOST)
        self._thread: Thread | None = None
        self._waiting = set[str]()
        self._closing = Event()

    def put(self, what: str, url: Secret, body: bytes | None = None) -> bool:
        """Let a message be sent; False where too many wait. Never blocks."""
        if self._closing.is_set():
            return False
        if self._thread is None:
            self._thread = Thread(target=self._send, name="hedgecore alerts", daemon=True)
            self._thread.start()
        try:
            self._queue.put_nowait(Message(what, url, body))
        except Full:
            return False
        return True

    def put_once(self, what: str, url: Secret) -> None:
        """Let a message be sent, unless one of its name still waits."""
        if what not in self._waiting:
            self._waiting.add(what)
            if not self.put(what, url):
                self._waiting.discard(what)

    def close(self) -> None:
        """Send what waits, for a few seconds at most."""
        self._closing.set()
        if self._thread is not None:
            try:
                self._queue.put(None, timeout=SECONDS)
            except Full:
                return
            self._thread.join(SECONDS)

    def _send(self) -> None:
        while (message := self._queue.get()) is not None:
            self._waiting.discard(message.what)
            self._attempt(message)

    def _attempt(self, message: Message) -> None:
        """Send a message; the last reason is told where no attempt succeeds."""
        why = ""
        for pause in PAUSES:
            try:
                self._post(message.url, message.body)
            except Exception as error:  # noqa: BLE001 - whatever it is, the loop goes on
                why = _reason(error)
            else:
                return
            self._closing.wait(pause)
        self._failed(message.what, why)


def _reason(error: Exception) -> str:
    """Reason of a failure without a word of the URL: the class, and the status of an answer."""
    said = str(error) if type(error) is HTTPException else ""
    return said or type(error).__name__
