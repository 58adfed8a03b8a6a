"""Transport of the SDK's requests: bounded in time, size and depth, and sent nowhere else."""

from __future__ import annotations

import time
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidJSONError, ReadTimeout

from hedgecore.tables.json_text import parse_json

MOST_BYTES = 32 * 2**20
CHUNK = 2**16


class BoundedAdapter(HTTPAdapter):
    """Adapter whose every request ends within some seconds, its answer read in full.

    The timeout of `requests` is that of each read: a server that sends a byte now and then holds
    its client for ever.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send a request, and read all of its answer."""
        end = time.monotonic() + self.seconds
        named = {**options, "stream": True, "timeout": self.seconds}
        response = super().send(request, *args, **named)
        with response:
            body = self._body(response, end)
        parse_if_json(body)
        response._content = body  # noqa: SLF001 - as `requests` itself fills it, chunk by chunk
        return response

    def _body(self, response: Response, end: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(CHUNK):
            body += chunk
            if len(body) > MOST_BYTES or time.monotonic() > end:
                raise ReadTimeout("the answer is too long, or too slow")
        return bytes(body)


def parse_if_json(body: bytes) -> None:
    """Refuse an answer that is nested too deeply; one that is no JSON is for its reader."""
    try:
        parse_json(body)
    except ValueError as error:
        if "nested" in str(error):
            raise InvalidJSONError(str(error)) from None
