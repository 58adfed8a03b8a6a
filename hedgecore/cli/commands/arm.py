"""`hedgecore arm`: let the loop of a book send orders, after a look at what it would do."""

from __future__ import annotations

from typing import Annotated

import typer

from hedgecore.cli.options.common import Accept, AsJson, BookFile
from hedgecore.cli.options.live import JournalFolder
from hedgecore.cli.options.source import Rpc, secret
from hedgecore.cli.terminal import clock
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.screen import notes, say, show, verbatim
from hedgecore.errors import SpecError
from hedgecore.live.arming import Arming
from hedgecore.live.arming import arm as arm_folder
from hedgecore.live.arming import disarm as disarm_folder
from hedgecore.live.journal import journal_folder
from hedgecore.live.rehearsal import Rehearsal, rehearse
from hedgecore.report import arming as report

Yes = Annotated[bool, typer.Option("--yes", help="Arm it without asking.")]
Disarm = Annotated[bool, typer.Option("--disarm", help="Let it send orders no more.")]


def arm(
    book: BookFile,
    *,
    yes: Yes = False,
    disarm: Disarm = False,
    rpc: Rpc = None,
    journal: JournalFolder = None,
    accept: Accept = False,
    as_json: AsJson = False,
) -> None:
    """Let the loop of a book send orders: show accounts, caps and the first decision, and ask.

    With `--json` it is armed with `--yes` alone. A loop that runs is started again to be armed.
    """
    if disarm:
        disarm_folder(journal_folder(book, journal))
        say("Disarmed: it sends nothing from now on.")
        return
    given = None if rpc is None else secret(rpc)
    shown = rehearse(book, rpc=given, journal=journal, accept=accept)
    if as_json:
        print_json(report.document(shown))
    else:
        _print(shown)
    if shown.refusals:
        raise SpecError("; ".join(shown.refusals))
    if yes or (not as_json and typer.confirm("Arm it?")):
        arming = Arming(fingerprint=shown.fingerprint, time=clock.now().timestamp())
        arm_folder(shown.folder, arming)
        armed = "Armed. Start `hedgecore live` again, and it sends orders."
        typer.echo(armed, err=True) if as_json else verbatim(armed)


def _print(shown: Rehearsal) -> None:
    for table in report.tables(shown):
        if table.rows:
            show(table, len(table.heads) - 1)
            say()
    notes(report.remarks(shown))
