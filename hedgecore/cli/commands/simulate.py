"""`hedgecore simulate`: what a policy does to a book, over many paths of its prices."""

from __future__ import annotations

from typing import Annotated

import typer

from hedgecore.cli.options.common import Accept, AsJson, BookFile, Plot
from hedgecore.cli.options.simulation import (
    Cluster,
    Days,
    Model,
    Paths,
    Policy,
    Results,
    RunFile,
    Save,
    Seed,
    Steps,
    Workers,
    check_files,
    settings_of,
)
from hedgecore.cli.terminal.clock import warn_of_age
from hedgecore.cli.terminal.progress import bar
from hedgecore.cli.terminal.runs import write_run_report
from hedgecore.simulation import simulate as run_simulation

NoLedger = Annotated[
    bool, typer.Option("--no-ledger", help="Profit and costs alone, without the ledger: faster.")
]


def simulate(
    book: BookFile,
    *,
    policy: Policy = None,
    model: Model = None,
    paths: Paths = None,
    days: Days = None,
    steps: Steps = None,
    seed: Seed = None,
    no_ledger: NoLedger = False,
    workers: Workers = 1,
    cluster: Cluster = None,
    results: Results = None,
    save: Save = None,
    accept: Accept = False,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """Simulate a book and its hedge: profit, risk, costs, and where they come from."""
    check_files(results, save, plot)
    file = RunFile.load(book, accept=accept)
    warn_of_age(file.book)
    options = settings_of(
        policy=policy, price_model=model, paths=paths, days=days, steps=steps, seed=seed
    )
    settings = file.settings({**options, **({"ledger": False} if no_ledger else {})})
    with bar("Simulating") as progress:
        run = run_simulation(settings, workers=workers, cluster=cluster, progress=progress)
    write_run_report(run, file, results=results, save=save, plot=plot, as_json=as_json)
