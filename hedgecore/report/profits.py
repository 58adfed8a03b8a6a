"""Profits of a book in other markets: as `report.scenario` has a grid, or a row for each."""

from __future__ import annotations

from typing import Any

from hedgecore.analysis.axes import axes_between, level_shifts
from hedgecore.analysis.profit import Scenario
from hedgecore.analysis.stress import Stress
from hedgecore.report import frames, scenario
from hedgecore.report.frames import Columns
from hedgecore.tables.render import Table

MOST_AXES = 2
"""Directions that a table or a picture has."""


def stress_of(result: Scenario) -> Stress | None:
    """Profits as a grid of one or two directions; None where their markets are none."""
    axes = axes_between(result.here, result.there)
    found = None if axes is None else Stress(result.book, axes, result)
    return found if found is not None and len(found.wide) <= MOST_AXES else None


def tables(result: Scenario) -> list[Table]:
    """Tables as of a grid; else one with a row for each market."""
    grid = stress_of(result)
    if grid is not None:
        return scenario.tables(grid)
    return [frames.table(f"Profit of the book, {result.here.numeraire}", columns(result))]


def remarks(result: Scenario) -> list[str]:
    """Sentences on what moves, what stays, and what is left out."""
    grid = stress_of(result)
    return [] if grid is None else scenario.remarks(grid)


def columns(result: Scenario) -> Columns:
    """Columns of the prices and volatilities that move, and of the profits; a row a market."""
    moved = level_shifts(result.here, result.there)
    levels = {scenario.level_head(each.what, each.name): each.there.ravel() for each in moved}
    return {**levels, **scenario.profit_columns(result)}


def document(result: Scenario) -> dict[str, Any]:
    """Mapping for JSON: a list for each column, and what the profits leave out."""
    return {
        "numeraire": result.here.numeraire,
        **columns(result),
        "deaf": result.deaf,
        "unfunded": result.unfunded,
        "notes": remarks(result),
        "warnings": result.book.warnings,
    }
