"""A run on the terminal and in files, as `simulate` and `backtest` write it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hedgecore.cli.options.simulation import RunFile
from hedgecore.cli.terminal.failures import usage_errors
from hedgecore.cli.terminal.output import draw_into, print_json, say_written
from hedgecore.cli.terminal.screen import notes, say, show, warn
from hedgecore.report.files import write_results, write_run
from hedgecore.report.outcome import report_of
from hedgecore.simulation import SimulationResult


def write_run_report(
    run: SimulationResult,
    file: RunFile,
    *,
    results: Path | None,
    save: Path | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Write the files that were asked for, and the report of a run."""
    if results is not None:
        with usage_errors():
            write_results(run, results)
        say_written(results)
    if save is not None:
        write_run(run, file.tables, save)
        say_written(save)
    if plot is not None:
        draw_into(plot, _path_chart if run.outcome.series else _distribution_chart, run)
    report = report_of(run)
    lines = [*report.remarks(run), *file.remarks]
    if as_json:
        print_json({**report.document(run), "notes": lines})
        return
    warn(run.warnings)
    for table in report.tables(run):
        show(table)
        say()
    notes(lines)


def _distribution_chart() -> Callable[..., Any]:
    from hedgecore.report.charts.distribution import save  # noqa: PLC0415 - an extra

    return save


def _path_chart() -> Callable[..., Any]:
    from hedgecore.report.charts.backtest import save  # noqa: PLC0415 - an extra

    return save
