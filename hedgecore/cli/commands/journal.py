"""`hedgecore journal`: what a loop saw, decided and did; whether that is what was written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from hedgecore.cli.options.common import AsCsv, AsJson, BookFile, words
from hedgecore.cli.options.live import JournalFolder, kinds_of, moment_of, reader_of
from hedgecore.cli.terminal.failures import OUR_FAULT
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.screen import notes, say, show, verbatim
from hedgecore.live.arming import versions
from hedgecore.live.backup import back_up
from hedgecore.live.journal import KINDS, JournalReader, Run
from hedgecore.live.journal_reader import Chain
from hedgecore.live.replay import replay
from hedgecore.report import live

FEW = 20
"""Events that a table shows unless another number is given."""
Kinds = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="Of this kind; again for more.",
        autocompletion=words(KINDS),
    ),
]
OneRun = Annotated[str | None, typer.Option("--run", metavar="ID", help="Of this run.")]
Since = Annotated[
    str | None, typer.Option(metavar="MOMENT", help="From then on, ISO 8601; UTC unless it says.")
]
Last = Annotated[
    int | None, typer.Option(min=1, metavar="N", help=f"So many, the latest; {FEW} in a table.")
]
AsLines = Annotated[bool, typer.Option("--jsonl", help="Write a line of JSON for each event.")]
Verify = Annotated[
    bool, typer.Option("--verify", help="Check that each event is what was written, in one chain.")
]
Replay = Annotated[
    bool, typer.Option("--replay", help="Make each decision again, and compare the numbers.")
]

Backup = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Copy what is new of it there, and check the copy."),
]


def journal(
    book: BookFile,
    *,
    kind: Kinds = None,
    run: OneRun = None,
    since: Since = None,
    last: Last = None,
    as_lines: AsLines = False,
    as_csv: AsCsv = False,
    verify: Verify = False,
    replay: Replay = False,
    backup: Backup = None,
    as_json: AsJson = False,
    journal: JournalFolder = None,
) -> None:
    """Show a book's journal, check that it is what was written, or make its decisions again.

    The exit code is 1 if a decision differs, and 2 if the journal is not what was written.
    """
    if sum((as_lines, as_csv, verify, replay, backup is not None)) > 1:
        raise typer.BadParameter("choose one of --jsonl, --csv, --verify, --replay and --backup")
    if as_json and not (verify or replay or backup):
        raise typer.BadParameter("--json goes with --verify, --replay and --backup")
    reader = reader_of(book, journal)
    if backup is not None:
        _tell(back_up(reader.folder, backup), as_json=as_json)
    elif verify:
        _tell(reader.verify(), as_json=as_json)
    elif replay:
        _replay(reader, as_json=as_json)
    else:
        _show(reader, kind, run, since, last, as_lines=as_lines, as_csv=as_csv)


def _tell(chain: Chain, *, as_json: bool) -> None:
    digest = chain.head.hash.hex()
    if as_json:
        print_json({"events": chain.events, "first": chain.first, "hash": digest})
        return
    say(f"{chain.events} events are what was written, from event {chain.first} on.")
    say(f"The last is event {chain.head.seq}, with hash {digest}")


def _replay(reader: JournalReader, *, as_json: bool) -> None:
    found = list(replay(reader, Run(mode="replay", versions=versions())))
    if as_json:
        print_json(live.replay_document(found))
    else:
        notes(live.replay_sentences(found))
    if not all(each.is_equal for each in found):
        raise typer.Exit(OUR_FAULT)


def _show(
    reader: JournalReader,
    kind: list[str] | None,
    run: str | None,
    since: str | None,
    last: int | None,
    *,
    as_lines: bool,
    as_csv: bool,
) -> None:
    kinds, begin = kinds_of(kind), moment_of(since)
    if last is None and (as_lines or as_csv):
        found = reader.events(0, kinds, run)
    else:
        found = iter(reader.latest(last or FEW, kinds, run))
    events = (each for each in found if each.wall >= begin)
    if as_lines:
        _echo(live.json_lines(events))
    elif as_csv:
        _echo(live.csv_lines(events))
    else:
        show(live.event_table(list(events)), names=5)


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        verbatim(line)
