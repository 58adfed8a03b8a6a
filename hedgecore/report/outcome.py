"""A run as its command prints it: `report.backtest` of one path, `report.simulation` of many."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from hedgecore.report import backtest, simulation
from hedgecore.simulation import SimulationResult
from hedgecore.tables.render import Table


def report_of(run: SimulationResult) -> ModuleType:
    """Module of the report on one path, or on many."""
    return simulation if run.outcome.series is None else backtest


def tables(run: SimulationResult) -> list[Table]:
    """Tables of a run."""
    found: list[Table] = report_of(run).tables(run)
    return found


def remarks(run: SimulationResult) -> list[str]:
    """Sentences on how a run was done, and what is left out."""
    said: list[str] = report_of(run).remarks(run)
    return said


def document(run: SimulationResult) -> dict[str, Any]:
    """Mapping for JSON."""
    found: dict[str, Any] = report_of(run).document(run)
    return found
