"""Requests by the clients of others: bounded in time, size and depth, and sent nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from hedgecore.tables.json_text import check_depth

MOST_BYTES = 32 * 2**20
CHUNK = 2**16

Send = Callable[..., Any]


def bound_session(session: Any, seconds: float) -> None:
    """Let every request of a session of `requests` end within some seconds, its answer in full.

    The timeout of `requests` is that of each read: a server that sends a byte now and then holds
    its client for ever. No redirect is followed: an order goes to its venue, or nowhere.

    Raises:
        TimeoutError: by a request whose answer is too long, or too slow.
        ValueError: by one whose answer is nested too deeply.

    """
    session.max_redirects = 0
    for adapter in session.adapters.values():
        adapter.send = _bounded(adapter.send, seconds)


def _bounded(send: Send, seconds: float) -> Send:
    """Function of an adapter that sends a request, and reads all of its answer."""

    def bounded(request: Any, **options: Any) -> Any:
        end = monotonic() + seconds
        response = send(request, **{**options, "stream": True, "timeout": seconds})
        with response:
            body = _body(response, end)
        check_depth(body)
        response._content = body  # noqa: SLF001 - as `requests` itself fills it, chunk by chunk
        return response

    return bounded


def _body(response: Any, end: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > MOST_BYTES or monotonic() > end:
            raise TimeoutError("the answer is too long, or too slow")
    return bytes(body)
