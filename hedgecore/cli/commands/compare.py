"""`hedgecore compare`: the frontier of cost against risk, of several policies on the same paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path as File
from typing import Annotated, Any

import typer

from hedgecore.cli.options.common import Accept, AsJson, BookFile, Plot
from hedgecore.cli.options.simulation import (
    Cluster,
    Days,
    Model,
    Paths,
    Results,
    RunFile,
    Seed,
    Steps,
    Workers,
    check_files,
    settings_of,
    spec_of_words,
)
from hedgecore.cli.terminal.clock import warn_of_age
from hedgecore.cli.terminal.failures import usage_errors
from hedgecore.cli.terminal.output import draw_into, print_json, say_written
from hedgecore.cli.terminal.progress import bar
from hedgecore.cli.terminal.screen import notes, say, show
from hedgecore.report import frontier as report
from hedgecore.report.files import write_comparison
from hedgecore.simulation.comparison import PolicyResult
from hedgecore.simulation.comparison import compare as compare_runs

PATHS = 4_096
"""Unless the book or the option says how many: all policies go along the same paths, so that their
differences are much surer than their figures."""
POLICIES = (
    "never",
    "never,at_start=true",
    *(f"clock,hours={hours}" for hours in (24, 8, 4)),
    *(f"price-move,move={move}" for move in (0.05, 0.02, 0.01)),
    *(f"band,half_width={width},of=worth" for width in (0.1, 0.05, 0.02, 0.01)),
    *(f"whalley-wilmott,aversion={aversion}" for aversion in (3, 10, 30, 100, 300, 1000)),
)
"""What is compared unless policies are named."""

Policies = Annotated[
    list[str] | None,
    typer.Option(metavar="POLICY", help="As clock,hours=8 or band,half_width=2; again for more."),
]


def compare(
    book: BookFile,
    *,
    policy: Policies = None,
    model: Model = None,
    paths: Paths = None,
    days: Days = None,
    steps: Steps = None,
    seed: Seed = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    results: Results = None,
    accept: Accept = False,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """Compare policies on the same paths: what each costs, and what risk it leaves."""
    check_files(results, None, plot)
    file = RunFile.load(book, accept=accept)
    warn_of_age(file.book)
    options = settings_of(price_model=model, paths=paths, days=days, steps=steps, seed=seed)
    options["ledger"] = False
    if "paths" not in {**file.own, **options}:
        options["paths"] = PATHS
    runs = {
        name: file.settings({**options, "policy": spec_of_words(name)})
        for name in policy or POLICIES
    }
    with bar("Comparing") as progress:
        found = compare_runs(runs, workers=workers, cluster=cluster, progress=progress)
    if results is not None:
        with usage_errors():
            write_comparison(found, results)
        say_written(results)
    if plot is not None:
        draw_into(plot, _chart, found)
    _write(found, file, as_json=as_json)


def _write(found: Sequence[PolicyResult], file: RunFile, *, as_json: bool) -> None:
    lines = [*report.remarks(found), *file.warnings]
    if as_json:
        print_json({**report.document(found), "notes": lines})
        return
    for each in report.tables(found):
        show(each)
        say()
    notes(lines)


def _chart() -> Callable[[Any, File], None]:
    from hedgecore.report.charts.frontier import save  # noqa: PLC0415 - an extra

    return save
