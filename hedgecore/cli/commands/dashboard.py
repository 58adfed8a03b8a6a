"""`hedgecore dashboard`: what a book's journal says, in a browser; it can only read."""

from __future__ import annotations

import time
from ipaddress import ip_address
from typing import Annotated

import typer

from hedgecore.cli.options.common import BookFile
from hedgecore.cli.options.live import JournalFolder
from hedgecore.extras import how_to_install
from hedgecore.live.journal import journal_folder

PORT = 8765
Host = Annotated[
    str, typer.Option(help="Address to listen at; any other than this machine's is open to others.")
]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 for any that is free.")]


def dashboard(
    book: BookFile,
    *,
    host: Host = "127.0.0.1",
    port: Port = PORT,
    journal: JournalFolder = None,
) -> None:
    """Show a book's live hedge in a browser, from its journal: nothing on it can trade."""
    try:
        import uvicorn  # noqa: PLC0415 - an extra

        from hedgecore.report.dashboard.app import LOCAL, application  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"starlette", "uvicorn"}:
            raise
        raise typer.BadParameter(how_to_install("The dashboard", "live")) from error
    _check_host(host)
    folder = journal_folder(book, journal)
    if not folder.is_dir():
        reason = "`hedgecore live` writes one"
        raise typer.BadParameter(f"there is no journal in {folder}: {reason}")
    if not ip_address(host).is_loopback:
        typer.echo(f"Everybody who reaches {host} sees it: it asks for no password.", err=True)
    app = application(folder, time.time, (*LOCAL, host))
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=1
    )
    listening = config.bind_socket()
    listening.listen()  # before it is told where: whoever asks at once waits, and is not refused
    typer.echo(
        f"http://{host}:{listening.getsockname()[1]}/ shows {folder}; Ctrl-C ends it.", err=True
    )
    uvicorn.Server(config).run(sockets=[listening])


def _check_host(host: str) -> None:
    try:
        ip_address(host)
    except ValueError as error:
        raise typer.BadParameter(f"--host is an address, as 127.0.0.1, not {host!r:.80}") from error
