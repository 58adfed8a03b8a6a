"""URLs that hold keys, and what is sent to them."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPException
from typing import TypeAlias
from urllib import request
from urllib.parse import urlsplit

from hedgecore.errors import ReaderError, SpecError
from hedgecore.tables.secret import Secret

SECONDS = 5.0
"""Time that one message may take, after its name is looked up."""
SUCCESS = range(200, 300)

Post: TypeAlias = Callable[[Secret, bytes | None], None]
"""Given a URL and what to post, or None to call it alone: returns once that is done, or raises."""


def post(url: Secret, body: bytes | None) -> None:
    """Post JSON, or call a URL with nothing; neither files nor redirects are followed.

    Raises:
        OSError, HTTPException, ValueError: it was not taken. Messages may quote the URL.

    """
    opener = request.OpenerDirector()
    for handler in (request.ProxyHandler, request.HTTPHandler, request.HTTPSHandler):
        opener.add_handler(handler())
    headers = {"Content-Type": "application/json", "User-Agent": "hedgecore"}
    asked = request.Request(url.reveal(), data=body, headers=headers)  # noqa: S310 - `url_of` is
    with opener.open(asked, timeout=SECONDS) as answer:
        if answer.status not in SUCCESS:
            raise HTTPException(f"status {answer.status}")


def url_of(variable: str, entry: str) -> Secret:
    """URL that an environment variable holds, http or https.

    Args:
        variable: its name.
        entry: of ``[live.alerts]`` that names the variable.

    Raises:
        SpecError: it is not set, or holds something else, which is not shown.

    """
    place = {"kind": "live.alerts", "field": entry}
    if not isinstance(variable, str) or "://" in variable:
        raise SpecError("names an environment variable, and is no URL itself", **place)
    try:
        url = Secret.from_environment(variable)
    except ReaderError:
        raise SpecError(f"{variable} is not set in the environment", **place) from None
    if not _is_web(url):
        raise SpecError(f"{variable} holds no http or https URL", **place)
    return url


def _is_web(url: Secret) -> bool:
    try:
        scheme, host = urlsplit(url.reveal()).scheme, urlsplit(url.reveal()).hostname
    except ValueError:
        return False
    plain = url.reveal().isascii() and url.reveal().isprintable() and " " not in url.reveal()
    return scheme in {"http", "https"} and bool(host) and plain
