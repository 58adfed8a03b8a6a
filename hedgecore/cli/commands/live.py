"""`hedgecore live`: keep a position hedged, on paper until a person arms it."""

from __future__ import annotations

from typing import Annotated

import typer

from hedgecore.books.book import Book
from hedgecore.cli.options.common import Accept, AsJson, BookFile
from hedgecore.cli.options.live import JournalFolder
from hedgecore.cli.options.source import Rpc, secret
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.screen import TITLE, notes, say, show
from hedgecore.live.cycle import Status, status
from hedgecore.live.loop import after_flattening, after_one, keep, never
from hedgecore.live.plan import Mode
from hedgecore.live.run import open_run
from hedgecore.live.state import LoopState
from hedgecore.report import live_look as report
from hedgecore.tables.files import read_tables

Watch = Annotated[bool, typer.Option("--watch", help="Decide, and send nothing.")]
Once = Annotated[bool, typer.Option("--once", help="One look, and what follows from it.")]
Flatten = Annotated[bool, typer.Option("--flatten", help="Give up all that is held, and end.")]
Adopt = Annotated[
    bool, typer.Option("--adopt", help="Take the accounts as they are, whatever explains them.")
]
EXIT = {Status.WATCHING: 0, Status.WAITING: 1, Status.RESOLVING: 1, Status.HALTED: 2}
"""Exit codes, as those of `status`."""
ONE_LOOK, ALL_GIVEN_UP = "one look was asked for, --once", "to give up all was asked for, --flatten"
"""Reasons why a run ends as it should."""
LEFT = 4
"""Exit code where all is given up but what no order can."""


def live(
    book: BookFile,
    *,
    watch: Watch = False,
    once: Once = False,
    flatten: Flatten = False,
    adopt: Adopt = False,
    rpc: Rpc = None,
    journal: JournalFolder = None,
    accept: Accept = False,
    as_json: AsJson = False,
) -> None:
    """Keep a book hedged: read, decide, trade, reconcile, again and again; on paper until armed."""
    if watch and flatten:
        raise typer.BadParameter("choose one of --watch and --flatten")
    mode = Mode.FLATTEN if flatten else Mode.WATCH if watch else Mode.TRADE
    is_over = after_one if once else after_flattening if flatten else never
    given = None if rpc is None else secret(rpc)
    with open_run(book, mode=mode, rpc=given, journal=journal, accept=accept, adopt=adopt) as run:
        state = keep(run.plan, run.state, run.world, run.clock, is_over=is_over)
        run.end(state, ONE_LOOK if once else ALL_GIVEN_UP)
    names = [each.name for each in Book.from_tables(read_tables(book), accept=accept).instruments]
    if as_json:
        print_json(report.document(state, names))
    else:
        _print(state, names)
    raise typer.Exit(LEFT if report.left(state) else EXIT[status(state)])


def _print(state: LoopState, names: list[str]) -> None:
    say(f"The loop is {status(state)}.", TITLE)
    for table in report.tables(state, names):
        show(table, 2 if len(table.heads) > 2 and table.heads[0] == "venue" else 1)  # noqa: PLR2004
        say()
    notes(report.reasons(state))
