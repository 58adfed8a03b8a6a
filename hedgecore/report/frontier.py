"""Policies side by side: which of them costs less than any that leaves as little risk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from attrs import frozen

from hedgecore.report import run_description
from hedgecore.report.simulation import days, short, span
from hedgecore.simulation import Estimate, SimulationResult
from hedgecore.simulation.plan import times
from hedgecore.simulation.saved import table_of
from hedgecore.tables.render import Table, amount

BEST = "•"


@frozen(eq=False, slots=False)
class Entry:
    """One policy, and what came of it."""

    name: str
    run: SimulationResult

    @property
    def cost(self) -> Estimate:
        """What trading cost, mean per path."""
        return self.run.metrics["cost"]

    @property
    def risk(self) -> Estimate:
        """The standard deviation of the profit; of one path, that of its steps."""
        return self.run.metrics["std"]

    @cached_property
    def profit(self) -> Estimate:
        """The mean profit; of one path, all of it."""
        metric = self.run.metrics["mean"]
        return metric if metric.error is not None else Estimate(float(self.run.pnl[0]))


def efficient(found: Sequence[Entry]) -> list[Entry]:
    """Return the policies that no other beats in cost and risk both, the cheapest first."""
    best: list[Entry] = []
    for each in sorted(found, key=lambda e: (e.cost.value, e.risk.value)):
        if not best or each.risk.value < best[-1].risk.value or _alike(each, best[-1]):
            best.append(each)
    return best


def _alike(one: Entry, other: Entry) -> bool:
    return (one.cost.value, one.risk.value) == (other.cost.value, other.risk.value)


def tables(found: Sequence[Entry]) -> list[Table]:
    """Return the frontier: a row for each policy, the riskiest first."""
    unit = found[0].run.settings.market.numeraire
    best = efficient(found)
    rows = [
        (
            each.name.replace(",", ", "),
            short(each.risk),
            short(each.cost),
            short(each.profit),
            amount(float(f"{each.run.metrics['orders'].value:.4g}")),
            BEST if each in best else "",
        )
        for each in sorted(found, key=lambda e: -e.risk.value)
    ]
    many = len(found[0].run.pnl)
    over = "one path" if many == 1 else f"{many:,} paths"
    title = f"Risk and cost over {span(found[0].run)}, {over}, {unit}"
    heads = ("policy", "risk", "cost", "profit", "orders", "best")
    return [Table(title, heads, rows)]


def remarks(found: Sequence[Entry]) -> list[str]:
    """Return what the columns are, which policies are on the frontier, and how it was run."""
    first = found[0].run
    what = "the standard deviation of the profit" if len(first.pnl) > 1 else "that of its steps"
    errors = ", mean per path; ± is one standard error" if len(first.pnl) > 1 else ""
    lines = [
        f"Risk is {what}; cost is what trading cost{errors}.",
        "The best are the frontier: no other policy here has less of both, on these same paths.",
    ]
    seed = f"Seed {first.settings.seed}."
    return [
        *lines,
        *run_description.around(first.settings),
        seed,
        *run_description.silent(first.settings),
    ]


def document(found: Sequence[Entry]) -> dict[str, Any]:
    """Return the same for JSON, in the order in which policies were named."""
    first, best = found[0].run, efficient(found)
    return {
        "numeraire": first.settings.market.numeraire,
        "days": days(first),
        "steps": len(times(first.settings)) - 1,
        "paths": len(first.pnl),
        "worth": first.outcome.worth,
        "policies": [_entry(each, each in best) for each in found],
        "frontier": [each.name for each in best],
        "settings": {n: v for n, v in table_of(first.settings).items() if n != "policy"},
    }


def _entry(each: Entry, best: bool) -> dict[str, Any]:  # noqa: FBT001 - private
    parts = {"risk": each.risk, "cost": each.cost, "profit": each.profit}
    plain = {name: {"value": x.value, "error": x.error} for name, x in parts.items()}
    metrics = {n: {"value": x.value, "error": x.error} for n, x in each.run.metrics.items()}
    settings = table_of(each.run.settings)["policy"]
    return {"name": each.name, "policy": settings, "best": best, **plain, "metrics": metrics}
