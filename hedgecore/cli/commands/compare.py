"""`hedgecore compare`: the frontier of cost against risk, of several policies on the same paths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path as File
from typing import Annotated, Any

import typer

from hedgecore.cli.options.common import BookFile, policy_names
from hedgecore.cli.options.run import RunOptions
from hedgecore.cli.options.simulation import RunFile, check_files, spec_of_words
from hedgecore.cli.terminal.failures import usage_errors
from hedgecore.cli.terminal.output import draw_into, print_json, say_written
from hedgecore.cli.terminal.progress import bar
from hedgecore.cli.terminal.screen import notes, say, show, warn
from hedgecore.report import frontier as report
from hedgecore.report.files import write_comparison
from hedgecore.simulation.comparison import Comparison
from hedgecore.simulation.comparison import compare as compare_runs

POLICIES = (
    "never",
    "never,at_start=true",
    *(f"clock,hours={hours}" for hours in (24, 8, 4)),
    *(f"price-move,move={move}" for move in (0.05, 0.02, 0.01)),
    *(f"band,half_width={width},of=worth" for width in (0.1, 0.05, 0.02, 0.01)),
    *(f"whalley-wilmott,aversion={aversion}" for aversion in (3, 10, 30, 100, 300, 1000)),
)
"""Policies that are compared unless others are named."""

Policies = Annotated[
    list[str] | None,
    typer.Option(
        metavar="POLICY",
        help="As clock,hours=8 or band,half_width=2; again for more.",
        autocompletion=policy_names,
    ),
]


def compare(book: BookFile, *, policy: Policies = None, options: RunOptions) -> None:
    """Compare policies on the same paths: what each costs, and what risk it leaves."""
    file = options.file(book)
    check_files(
        options.results, None, options.plot, cluster=options.cluster, histories=file.histories
    )
    settings = {**file.own, **options.settings, "ledger": False}
    runs = {
        name: file.settings({**settings, "policy": spec_of_words(name)})
        for name in policy or POLICIES
    }
    with bar("Comparing") as progress:
        found = compare_runs(runs, **options.means, progress=progress)
    if options.results is not None:
        with usage_errors():
            write_comparison(found, options.results)
        say_written(options.results)
    if options.plot is not None:
        draw_into(options.plot, _chart, found)
    _write(found, file, as_json=options.as_json)


def _write(found: Comparison, file: RunFile, *, as_json: bool) -> None:
    lines = [*report.remarks(found), *file.remarks]
    if as_json:
        print_json({**report.document(found), "notes": lines})
        return
    warn(found.warnings)
    for each in report.tables(found):
        show(each)
        say()
    notes(lines)


def _chart() -> Callable[[Any, File], None]:
    from hedgecore.report.charts.frontier import save  # noqa: PLC0415 - an extra

    return save
