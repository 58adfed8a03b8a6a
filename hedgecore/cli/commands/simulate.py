"""`hedgecore simulate`: what a policy does to a book, over many paths of its prices."""

from __future__ import annotations

from typing import Annotated

import typer

from hedgecore.cli.options.common import BookFile
from hedgecore.cli.options.run import RunOptions
from hedgecore.cli.options.simulation import Policy, Save, check_files, settings_of
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
    options: RunOptions,
    no_ledger: NoLedger = False,
    save: Save = None,
) -> None:
    """Simulate a book and its hedge: profit, risk, costs, and where they come from."""
    file = options.file(book)
    check_files(
        options.results, save, options.plot, cluster=options.cluster, histories=file.histories
    )
    ledger = {"ledger": False} if no_ledger else {}
    settings = file.settings({**options.settings, **settings_of(policy=policy), **ledger})
    with bar("Simulating") as progress:
        run = run_simulation(settings, **options.means, progress=progress)
    write_run_report(
        run, file, results=options.results, save=save, plot=options.plot, as_json=options.as_json
    )
