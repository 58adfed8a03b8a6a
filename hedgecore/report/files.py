"""Files of results: Parquet or CSV, and what repeats a run; each whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hedgecore.errors import SpecError
from hedgecore.extras import how_to_install
from hedgecore.report.documents import jsonable
from hedgecore.report.frames import Columns
from hedgecore.simulation import SimulationResult
from hedgecore.simulation.comparison import Comparison
from hedgecore.simulation.price_models.replay import Replay
from hedgecore.simulation.saved import table_of, tables_of_run
from hedgecore.tables.atomic_write import replacement, save

COMMENT = "A saved run: `hedgecore simulate` on this file gives the same numbers again."


SUFFIXES = (".csv", ".parquet")


def check_suffix(path: Path) -> None:
    """Refuse a file that results cannot go into, by its name."""
    if path.suffix.lower() not in SUFFIXES:
        raise SpecError(f"results go into a .csv or .parquet file, not {path.name}")


def parquet() -> Any:
    """Module pyarrow; SpecError where it is not installed."""
    try:
        import pyarrow.parquet  # noqa: PLC0415 - an extra, and slow to import
    except ModuleNotFoundError as error:
        raise SpecError(how_to_install("Parquet", "parquet")) from error
    return pyarrow


def write_results(run: SimulationResult, path: Path) -> None:
    """Write the results of a run: a row for each path, or for each step of a single path.

    Of Parquet, the settings of the run are in the metadata, under ``hedgecore``, as JSON.
    """
    _write(columns(run), {"hedgecore": table_of(run.settings)}, path)


def write_comparison(found: Comparison, path: Path) -> None:
    """Write the results of several policies: their paths' one after another, with their names."""
    each = [{"policy": [e.name] * len(e.run.pnl), **path_columns(e.run)} for e in found.results]
    names = [name for name in each[0] if all(name in one for one in each)]
    rows = {name: np.concatenate([one[name] for one in each]) for name in names}
    _write(rows, {e.name: table_of(e.run.settings) for e in found.results}, path)


def _write(rows: Columns, settings: Mapping[str, Any], path: Path) -> None:
    """Write columns as CSV, or as Parquet with settings in its metadata."""
    check_suffix(path)
    if path.suffix.lower() == ".csv":
        _write_csv(rows, path)
        return
    arrow = parquet()
    texts = {name: json.dumps(jsonable(each), allow_nan=False) for name, each in settings.items()}
    table = arrow.table(dict(rows)).replace_schema_metadata(texts)
    with replacement(path) as beside:
        arrow.parquet.write_table(table, beside)


def _write_csv(given: Columns, path: Path) -> None:
    """Write columns as CSV, numbers with all their digits; a file has no place for settings."""
    rows = zip(*(np.asarray(each).tolist() for each in given.values()), strict=True)
    with replacement(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(given)
        out.writerows(rows)


def columns(run: SimulationResult) -> Columns:
    """Columns of a run: a row for each path, or for each step of a single path."""
    return path_columns(run) if run.outcome.series is None else step_columns(run)


def path_columns(run: SimulationResult) -> dict[str, Any]:
    """Column → (N,), what came of each path."""
    tallies = run.outcome.tallies
    return {"path": np.arange(len(run.pnl)), **tallies}


def step_columns(run: SimulationResult) -> dict[str, Any]:
    """Column → (T + 1,), what happened at each step of a single path."""
    series = run.series
    found: dict[str, Any] = {"years": series.times}
    moments = history_times(run)
    if moments is not None:
        found["time"] = moments
    found |= {f"price:{a}": series.prices[:, i] for i, a in enumerate(series.assets)}
    found |= {"equity": series.equity, "unhedged": series.unhedged, **series.columns}
    for name, rows in (("delta", series.delta), ("exposed", series.exposed)):
        found |= {f"{name}:{a}": rows[:, i] for i, a in enumerate(series.assets)}
    for name, rows in (("held", series.held), ("orders", series.orders)):
        found |= {f"{name}:{each}": rows[:, k] for k, each in enumerate(series.instruments)}
    return found


def history_times(run: SimulationResult) -> Any:
    """Moments of a replay, (T + 1,) in UTC; None where a run has none of its own."""
    path = run.settings.price_model
    if not isinstance(path, Replay):
        return None
    return np.round(1e3 * path.history.seconds).astype("datetime64[ms]")


def write_run(run: SimulationResult, tables: Mapping[str, Any], path: Path) -> None:
    """Write what repeats a run: the book's tables, all settings, and versions."""
    save(tables_of_run(run.settings, tables, path), path, COMMENT)
