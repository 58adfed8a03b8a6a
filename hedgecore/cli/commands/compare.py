"""`hedgecore compare`: the frontier of cost against risk, of several policies on the same paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path as File
from typing import Annotated, Any

import typer

from hedgecore.cli.options.common import AsJson, BookFile, Plot
from hedgecore.cli.options.simulation import (
    Asked,
    Cluster,
    Days,
    Out,
    PathOf,
    Paths,
    Seed,
    Steps,
    Workers,
    files,
    given,
    table,
)
from hedgecore.cli.terminal.progress import bar
from hedgecore.cli.terminal.screen import notes, say, show
from hedgecore.report import documents, frontier
from hedgecore.report.charts.output import drawn_into
from hedgecore.report.files import compared
from hedgecore.report.frontier import Entry
from hedgecore.simulation import Simulation, simulate
from hedgecore.simulation.blocks import blocks

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
    typer.Option("--policies", metavar="POLICY…", help="As clock,hours=8 band,half_width=2 …"),
]
More = Annotated[list[str] | None, typer.Argument(metavar="POLICY", hidden=True)]
Apart = Annotated[
    list[str] | None, typer.Option("--policy", metavar="POLICY", help="One more; any number.")
]


def compare(
    book: BookFile,
    more: More = None,
    *,
    policies: Policies = None,
    policy: Apart = None,
    path: PathOf = None,
    paths: Paths = None,
    days: Days = None,
    steps: Steps = None,
    seed: Seed = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    out: Out = None,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """Compare policies on the same paths: what each costs, and what risk it leaves."""
    files(out, None, plot)
    asked = Asked.of(book)
    named = [*(policies or ()), *(more or ()), *(policy or ())] or list(POLICIES)
    options = given(price_model=path, paths=paths, days=days, steps=steps, seed=seed)
    options["ledger"] = False
    if "paths" not in {**asked.own, **options}:
        options["paths"] = PATHS
    runs = [asked.run({**options, "policy": table(each)}) for each in named]
    found = _found(named, runs, workers, cluster)
    if out is not None:
        compared(found, out)
    if plot is not None:
        drawn_into(plot, _picture, found)
    _write(found, asked, as_json=as_json)


def _found(
    named: Sequence[str], runs: Sequence[Simulation], workers: int, cluster: str | None
) -> list[Entry]:
    """Return what came of each policy, all on the same paths, with one bar for all."""
    whole = sum(len(blocks(each.paths)) for each in runs)
    entries, before = [], 0
    with bar("Comparing") as told:
        for name, settings in zip(named, runs, strict=True):

            def progress(done: int, _: int, before: int = before) -> None:
                if told is not None:
                    told(before + done, whole)

            run = simulate(settings, workers=workers, cluster=cluster, progress=progress)
            entries.append(Entry(name, run))
            before += len(blocks(settings.paths))
    return entries


def _write(found: Sequence[Entry], asked: Asked, *, as_json: bool) -> None:
    said = [*frontier.remarks(found), *asked.warnings]
    if as_json:
        documents.dump({**frontier.document(found), "notes": said})
        return
    for each in frontier.tables(found):
        show(each)
        say()
    notes(said)


def _picture() -> Callable[[Any, File], None]:
    from hedgecore.report.charts.frontier import save  # noqa: PLC0415 - an extra

    return save
