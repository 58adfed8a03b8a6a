"""Many paths as tables and as JSON: each figure beside its standard error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hedgecore.report import run_description
from hedgecore.simulation import Estimate, SimulationResult
from hedgecore.simulation.plan import times
from hedgecore.simulation.results.metrics import estimates
from hedgecore.simulation.saved import table_of
from hedgecore.tables.render import Table, amount, cash, percent
from hedgecore.units import DAYS_PER_YEAR

ERROR = "± s.e."
RISKS = {
    "mean": "mean",
    "std": "standard deviation",
    "value_at_risk": "value at risk, 5 %",
    "expected_shortfall": "expected shortfall, 5 %",
}
"""Figure of a profit → what it is called; the last two are losses."""
FIGURES: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "variance_reduction": ("variance removed", percent),
    "cost": ("cost of trading", cash),
    "cost_per_variance": ("cost per unit of variance removed", amount),
    "turnover": ("turnover", cash),
    "orders": ("orders", amount),
    "outside": ("steps at which it asked to trade", percent),
    "drawdown": ("greatest drawdown", cash),
    "funding_share": ("funding, of all cash flows", percent),
    "liquidated": ("liquidated", percent),
    "liquidation_distance": ("nearest to liquidation, of the notional", percent),
}


def unhedged_metrics(run: SimulationResult) -> Mapping[str, Estimate]:
    """Figures of the positions alone."""
    return estimates(run.outcome.tallies, run.unhedged, run.unhedged)


def tables(run: SimulationResult) -> list[Table]:
    """Profit and risk, the ledger, what each leg brought, and what the hedge did."""
    unit = run.settings.market.numeraire
    found = [_profit_table(run, unit)]
    if run.outcome.lines:
        found += [_ledger_table(run, unit), _leg_table(run, unit)]
    return [*found, _hedge_table(run, unit)]


def _profit_table(run: SimulationResult, unit: str) -> Table:
    hedged, bare = run.metrics, unhedged_metrics(run)
    rows = [
        (word, *value_and_error(hedged[n]), *value_and_error(bare[n])) for n, word in RISKS.items()
    ]
    title = f"Profit over {duration(run)}, {len(run.pnl):,} paths, {unit}"
    return Table(title, ("", "hedged", ERROR, "unhedged", ERROR), rows)


def _ledger_table(run: SimulationResult, unit: str) -> Table:
    rows = [(name, *value_and_error(each)) for name, each in run.ledger.items() if is_used(each)]
    rows.append(("profit", *value_and_error(run.metrics["mean"])))
    return Table(
        f"Where it comes from: the ledger, mean per path, {unit}", ("", "mean", ERROR), rows
    )


def _leg_table(run: SimulationResult, unit: str) -> Table:
    rows = [(name, *value_and_error(each)) for name, each in run.attribution().items()]
    return Table(f"Of which each position and instrument, {unit}", ("", "mean", ERROR), rows)


def _hedge_table(run: SimulationResult, unit: str) -> Table:
    rows = list(metric_rows(run.metrics, with_errors=True))
    return Table(f"The hedge, mean per path, {unit}", ("", "", ERROR), rows)


def metric_rows(metrics: Mapping[str, Estimate], *, with_errors: bool) -> Iterator[tuple[str, ...]]:
    """Rows of a table of metrics: name of each figure, its value, and its error."""
    for name, (word, write) in FIGURES.items():
        if name in metrics and (metrics[name].value or name != "funding_share"):
            value, error = metrics[name]
            yield (word, write(value), *([_error(error, write)] if with_errors else []))


def _error(error: float | None, write: Callable[[float], str]) -> str:
    """Two digits of a standard error, in per cent where its figure is."""
    rounded = None if error is None else float(f"{error:.2g}")
    return "" if rounded is None else percent(rounded) if write is percent else amount(rounded)


def value_and_error(each: Estimate) -> tuple[str, str]:
    """Money and its standard error; nothing where it is no estimate."""
    return cash(each.value), _error(each.error, cash)


def short_estimate(each: Estimate) -> str:
    """Number as exactly as it is known: ``2,424 ± 47``; all of it where that is exact."""
    if not each.error:
        return cash(each.value)
    digits = max(0, 1 - math.floor(math.log10(each.error)))
    return f"{each.value:,.{digits}f} ± {each.error:,.{digits}f}"


def is_used(each: Estimate) -> bool:
    """True if a column's estimate or its error is not 0."""
    return bool(each.value or each.error)


def duration(run: SimulationResult) -> str:
    """Duration of a run in words: days, or hours or minutes where it is short."""
    long = days(run)
    for unit, parts in SPANS.items():
        if long * parts >= LEAST or unit == "minutes":
            break
    return f"{amount(float(f'{long * parts:.3g}'))} {unit}"


SPANS = {"days": 1, "hours": 24, "minutes": 1440}
LEAST = 2
"""From so many of a unit on it is used."""


def days(run: SimulationResult) -> float:
    """Duration of a run, days."""
    return round(float(times(run.settings)[-1]) * DAYS_PER_YEAR, 6)


def remarks(run: SimulationResult) -> list[str]:
    """Lines on how a run was done, what is left out, and how exact the ledger is."""
    its = run.settings
    book = [] if not run.outcome.lines else [run_description.closure_line(run)]
    return [
        *run_description.run_lines(run),
        f"Seed {its.seed}.",
        *run_description.missing_income(its),
        *book,
    ]


def document(run: SimulationResult) -> dict[str, Any]:
    """All figures for JSON: ``value`` and ``error``, null where it is no estimate."""
    whole = bool(run.outcome.lines)
    legs, bare = list(run.attribution()) if whole else [], unhedged_metrics(run)
    return {
        "numeraire": run.settings.market.numeraire,
        "days": days(run),
        "steps": len(times(run.settings)) - 1,
        "paths": len(run.pnl),
        "worth": run.outcome.worth,
        "policy": run_description.label(run.settings.policy),
        "metrics": _plain(run.metrics),
        "unhedged": _plain({name: bare[name] for name in RISKS}),
        "ledger": _plain(run.ledger) if whole else None,
        "attribution": {leg: _plain(run.attribution(leg=leg)) for leg in legs},
        "legs": _plain(run.attribution()) if whole else None,
        "settings": table_of(run.settings),
        "notes": remarks(run),
        "warnings": run.warnings,
    }


def _plain(found: Mapping[str, Estimate]) -> dict[str, dict[str, float | None]]:
    return {name: {"value": each.value, "error": each.error} for name, each in found.items()}
