"""`hedgecore simulate`: what a policy does to a book, over many paths of its prices."""

from __future__ import annotations

from collections.abc import Callable
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
    Policy,
    Save,
    Seed,
    Steps,
    Workers,
    files,
    given,
)
from hedgecore.cli.terminal.progress import bar
from hedgecore.cli.terminal.screen import notes, say, show
from hedgecore.report import backtest, documents
from hedgecore.report import simulation as simulation_report
from hedgecore.report.charts.output import drawn_into
from hedgecore.report.files import results, runs
from hedgecore.simulation import SimulationResult
from hedgecore.simulation import simulate as simulate_paths

Quick = Annotated[
    bool, typer.Option("--quick", help="Profit and costs alone, without the ledger: faster.")
]


def simulate(
    book: BookFile,
    *,
    policy: Policy = None,
    path: PathOf = None,
    paths: Paths = None,
    days: Days = None,
    steps: Steps = None,
    seed: Seed = None,
    quick: Quick = False,
    workers: Workers = 1,
    cluster: Cluster = None,
    out: Out = None,
    save: Save = None,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """Simulate a book and its hedge: profit, risk, costs, and where they come from."""
    files(out, save, plot)
    asked = Asked.of(book)
    options = given(policy=policy, price_model=path, paths=paths, days=days, steps=steps, seed=seed)
    settings = asked.run({**options, **({"ledger": False} if quick else {})})
    with bar("Simulating") as told:
        run = simulate_paths(settings, workers=workers, cluster=cluster, progress=told)
    report(run, asked, out=out, save=save, plot=plot, as_json=as_json)


def report(
    run: SimulationResult,
    asked: Asked,
    *,
    out: File | None,
    save: File | None,
    plot: File | None,
    as_json: bool,
) -> None:
    """Write the files that were asked for, and say what came of a run."""
    if out is not None:
        results(run, out)
    if save is not None:
        runs(run, asked.tables, save)
    if plot is not None:
        drawn_into(plot, _history if run.outcome.series else _paths, run)
    view = backtest if run.outcome.series else simulation_report
    said = [*view.remarks(run), *asked.warnings]
    if as_json:
        documents.dump({**view.document(run), "notes": said})
        return
    for table in view.tables(run):
        show(table)
        say()
    notes(said)


def _paths() -> Callable[..., Any]:
    from hedgecore.report.charts.distribution import save  # noqa: PLC0415 - an extra

    return save


def _history() -> Callable[..., Any]:
    from hedgecore.report.charts.backtest import save  # noqa: PLC0415 - an extra

    return save
