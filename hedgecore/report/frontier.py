"""Policies side by side: which of them costs less than any that leaves as little risk."""

from __future__ import annotations

from typing import Any

from hedgecore.numerics.ties import round_for_ties
from hedgecore.report import run_description
from hedgecore.report.frames import Columns, named_columns
from hedgecore.report.simulation import days, duration, short_estimate
from hedgecore.simulation.comparison import Comparison, PolicyResult
from hedgecore.simulation.plan import times
from hedgecore.simulation.saved import table_of
from hedgecore.tables.render import Table, amount

BEST = "•"


def tables(found: Comparison) -> list[Table]:
    """Frontier: a row for each policy, the riskiest first."""
    first, best = found.results[0].run, found.frontier
    unit = first.settings.market.numeraire
    rows = [
        (
            each.name.replace(",", ", "),
            short_estimate(each.risk),
            short_estimate(each.cost),
            short_estimate(each.profit),
            amount(float(f"{each.run.metrics['orders'].value:.4g}")),
            BEST if each in best else "",
        )
        for each in sorted(found.results, key=lambda e: -float(round_for_ties(e.risk.value)))
    ]
    many = len(first.pnl)
    over = "one path" if many == 1 else f"{many:,} paths"
    title = f"Risk and cost over {duration(first)}, {over}, {unit}"
    heads = ("policy", "risk", "cost", "profit", "orders", "best")
    return [Table(title, heads, rows)]


def remarks(found: Comparison) -> list[str]:
    """Lines on the columns, the policies on the frontier, and how it was run."""
    first = found.results[0].run
    what = "the standard deviation of the profit" if len(first.pnl) > 1 else "that of its steps"
    errors = ", mean per path; ± is one standard error" if len(first.pnl) > 1 else ""
    lines = [
        f"Risk is {what}; cost is what trading cost{errors}.",
        "The best are the frontier: no other policy here has less of both, on these same paths.",
    ]
    seed = f"Seed {first.settings.seed}."
    return [
        *lines,
        *run_description.setting_lines(first.settings),
        seed,
        *run_description.missing_income(first.settings),
    ]


def columns(found: Comparison) -> Columns:
    """Columns of risk, cost and profit with their errors, a row for each policy."""
    parts = {
        name: [number for one in (its.risk, its.cost, its.profit) for number in one]
        for name, its in found.items()
    }
    words = ("risk", "cost", "profit")
    return named_columns("policy", parts, [f"{w}{end}" for w in words for end in ("", "_error")])


def document(found: Comparison) -> dict[str, Any]:
    """Mapping for JSON, in the order in which policies were named."""
    first, best = found.results[0].run, found.frontier
    return {
        "numeraire": first.settings.market.numeraire,
        "days": days(first),
        "steps": len(times(first.settings)) - 1,
        "paths": len(first.pnl),
        "worth": first.outcome.worth,
        "policies": [_policy(each, each in best) for each in found.results],
        "frontier": [each.name for each in best],
        "notes": remarks(found),
        "warnings": first.warnings,
        "settings": {n: v for n, v in table_of(first.settings).items() if n != "policy"},
    }


def _policy(each: PolicyResult, best: bool) -> dict[str, Any]:  # noqa: FBT001 - private
    parts = {"risk": each.risk, "cost": each.cost, "profit": each.profit}
    plain = {name: {"value": x.value, "error": x.error} for name, x in parts.items()}
    metrics = {n: {"value": x.value, "error": x.error} for n, x in each.run.metrics.items()}
    settings = table_of(each.run.settings)["policy"]
    return {"name": each.name, "policy": settings, "best": best, **plain, "metrics": metrics}
