"""Alerts: a line on stderr, a message to a webhook, and a heartbeat whose absence somebody notices.

A loop that is dead cannot alert: so the heartbeat goes out, and a service that misses it calls.
Both URLs hold keys: they come from the environment, and are written nowhere. What sends has a
thread of its own, so that neither a slow name server nor a dead webhook stops the loop.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, Self, TextIO

from attrs import define, field

from hedgecore.books.live_sections import check_alerts
from hedgecore.live.outbox import Outbox
from hedgecore.live.plain import to_plain
from hedgecore.live.web import Post, post, url_of
from hedgecore.tables.printable import printable
from hedgecore.tables.secret import Secret, redact

QUIET = 300.0
"""Seconds after an alert in which others of its kind are counted, and not sent."""


@define(eq=False)
class Alerts:
    """Alerts of a loop; a failure to deliver is a line on stderr, and never an error of the loop.

    Attributes:
        run: id of the run, which each message names.
        webhook: where messages are posted as JSON; None for stderr alone.
        heartbeat: what each cycle calls; None where nobody waits for it.

    """

    run: str
    webhook: Secret | None = None
    heartbeat: Secret | None = None
    _secrets: Sequence[Secret] = ()
    _stream: TextIO = field(factory=lambda: sys.stderr)
    _mono: Callable[[], float] = time.monotonic
    _post: Post = post
    _outbox: Outbox = field(init=False)
    _sent: dict[str, tuple[float, int]] = field(init=False, factory=dict)
    _lock: Lock = field(init=False, factory=Lock)

    def __attrs_post_init__(self) -> None:
        self._outbox = Outbox(self._post, self._report_failure)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], *, run: str, **options: Any) -> Self:
        """Alerts of a book's ``[live.alerts]``, whose entries name environment variables.

        Raises:
            SpecError: an entry is unknown, or its variable holds no URL.

        """
        check_alerts(table)
        urls: dict[str, Any] = {key: url_of(table[key], key) for key in table}
        secrets = (*options.pop("secrets", ()), *urls.values())
        return cls(run, **urls, secrets=secrets, **options)

    def alert(self, level: str, text: str, details: Mapping[str, Any] | None = None) -> None:
        """Tell people; of alerts that differ in numbers alone, one in five minutes.

        Args:
            level: "info", "warning" or "critical".
            text: a sentence.
            details: plain values that go with the message to the webhook.

        """
        line = self._line(f"{level}: {printable(redact(text, self._secrets))}")
        if line is None:
            return
        self._say(line)
        if self.webhook is not None:
            words = f"hedgecore {self.run} {line}"
            message = {"text": words, "content": words, "level": level, "run": self.run}
            body = json.dumps({**message, "details": to_plain(dict(details or {}))})
            safe = redact(body, self._secrets).encode()
            if not self._outbox.put("webhook", self.webhook, safe):
                self._report_failure("webhook", "too many messages wait")

    def beat(self) -> None:
        """Tell whoever waits for it that the loop lives; one that is still to be sent is enough."""
        if self.heartbeat is not None:
            self._outbox.put_once("heartbeat", self.heartbeat)

    def close(self) -> None:
        """Send what waits, for a few seconds at most; closing twice is harmless."""
        self._outbox.close()

    def _line(self, text: str) -> str | None:
        """Line of an alert; None where one of its kind was sent within the quiet time."""
        kind, now = re.sub(r"\d+", "0", text), self._mono()
        with self._lock:
            last, more = self._sent.get(kind, (-float("inf"), 0))
            if now - last < QUIET:
                self._sent[kind] = (last, more + 1)
                return None
            self._sent[kind] = (now, 0)
        return f"{text} ({more} more since)" if more else text

    def _report_failure(self, what: str, why: str) -> None:
        line = self._line(f"warning: the {what} was not reached: {why}")
        if line is not None:
            self._say(line)

    def _say(self, line: str) -> None:
        try:
            self._stream.write(f"{line}\n")
            self._stream.flush()
        except (OSError, ValueError):  # stderr is gone: the webhook and the journal are not
            return
