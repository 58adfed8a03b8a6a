"""The dashboard's server: a page, its data as they come, metrics and health; it can only read."""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

from hedgecore.errors import HedgecoreError
from hedgecore.report.dashboard.follower import JournalFollower
from hedgecore.report.dashboard.metrics import metrics
from hedgecore.report.dashboard.view import view

LOOK, SAY = 1.0, 5.0
"""Seconds between two looks at the journal, and between two events where nothing is new."""
LOCAL = ("127.0.0.1", "localhost", "[::1]")
WELL = ("well", "waiting")


class Dashboard:
    """View of a journal for many readers: one follower, which one of them at a time moves on."""

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        self._follower = JournalFollower(folder)
        self._now = now
        self._lock = Lock()

    def view(self) -> dict[str, Any]:
        """View as it is now; one that says why, where the journal cannot be read."""
        with self._lock:
            now = self._now()
            try:
                self._follower.follow()
                return view(self._follower, now)
            except HedgecoreError as error:
                return {"now": now, "state": "dead", "reasons": [str(error)], "problem": str(error)}


def application(folder: Path, now: Callable[[], float], hosts: Sequence[str] = LOCAL) -> Starlette:
    """Web application of the dashboard of a journal.

    Args:
        folder: of the journal.
        now: seconds since 1970.
        hosts: names by which it may be asked; any other is refused, since a page of a stranger
            could point its own name here.

    """
    board = Dashboard(folder, now)
    page = files(__package__).joinpath("page.html").read_text("utf-8")
    headers = {"Content-Security-Policy": _policy(page), "Referrer-Policy": "no-referrer"}

    async def home(request: Request) -> HTMLResponse:  # noqa: ARG001 - as all routes
        return HTMLResponse(page, headers=headers)

    async def state(request: Request) -> JSONResponse:  # noqa: ARG001
        return JSONResponse(await asyncio.to_thread(board.view))

    async def events(request: Request) -> StreamingResponse:
        return StreamingResponse(
            _stream(board, request), media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )  # fmt: skip

    async def samples(request: Request) -> PlainTextResponse:  # noqa: ARG001
        found = await asyncio.to_thread(board.view)
        return PlainTextResponse(metrics(found), media_type="text/plain; version=0.0.4")

    async def health(request: Request) -> JSONResponse:  # noqa: ARG001
        found = await asyncio.to_thread(board.view)
        shown = {name: found.get(name) for name in ("state", "reasons", "age", "cycle")}
        return JSONResponse(shown, 200 if found["state"] in WELL else 503)

    routes = {"/": home, "/state": state, "/events": events, "/metrics": samples, "/health": health}
    return Starlette(
        routes=[Route(path, each, methods=["GET"]) for path, each in routes.items()],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))],
    )


async def _stream(board: Dashboard, request: Request) -> AsyncIterator[str]:
    """Events of the page: a view at once, then whenever something is new or has grown older."""
    last, said = -1, 0.0
    while not await request.is_disconnected():
        found = await asyncio.to_thread(board.view)
        if found.get("events", -1) != last or found["now"] - said >= SAY:
            last, said = found.get("events", -1), found["now"]
            yield f"data: {json.dumps(found, allow_nan=False)}\n\n"
        await asyncio.sleep(LOOK)


def _policy(page: str) -> str:
    """Policy by which a browser runs what stands in the page, and nothing else."""
    own = {tag: _hashes(page, tag) for tag in ("script", "style")}
    return (
        f"default-src 'none'; script-src {own['script']}; style-src {own['style']}; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def _hashes(page: str, tag: str) -> str:
    parts = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(p.encode()).digest()).decode()}'" for p in parts)
