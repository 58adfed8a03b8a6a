"""One path as tables and as JSON: a report of a backtest, whose lines add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np

from hedgecore.report import payments, run_description, simulation
from hedgecore.report.simulation import days, duration, metric_rows
from hedgecore.simulation import COLUMNS, SimulationResult
from hedgecore.simulation.data.history import History
from hedgecore.simulation.incomes.volume import FeeVolume
from hedgecore.simulation.plan import plan
from hedgecore.simulation.pool_performance import PoolPerformance, drawdown, pool_performance
from hedgecore.simulation.price_models.replay import Replay
from hedgecore.tables.render import Table, amount, cash, percent

TOTAL = "total"
WIDE = 4
"""More legs than this are rows, and not columns."""
FEW = 5
"""Gaps and bad rows that are named; the rest is counted."""


def tables(run: SimulationResult) -> list[Table]:
    """Tables of where profit comes from, the pools against holding, and what the hedge did."""
    unit = run.settings.market.numeraire
    pools = pool_performance(run)
    beside = [_holding_table(pools, unit)] if pools else []
    return [_ledger_table(run, unit), *beside, _hedge_table(run, unit)]


def _ledger_table(run: SimulationResult, unit: str) -> Table:
    """Columns by legs, or legs by columns where there are many; both ways it adds up."""
    columns = [name for name in COLUMNS if simulation.is_used(run.ledger[name])]
    legs = list(run.attribution())
    parts = {leg: {n: each.value for n, each in run.attribution(leg=leg).items()} for leg in legs}
    grid = [[_cell(parts[leg].get(name, 0.0)) for leg in legs] for name in columns]
    sums = [cash(run.ledger[name].value) for name in columns]
    ends = [*(cash(each.value) for each in run.attribution().values()), cash(float(run.pnl[0]))]
    title = f"Profit over {duration(run)}, and where it comes from, {unit}"
    rows = [[name, *row, last] for name, row, last in zip(columns, grid, sums, strict=True)]
    rows.append([TOTAL, *ends])
    heads = ["", *legs, TOTAL]
    if len(legs) > WIDE:
        heads, *rows = map(list, zip(heads, *rows, strict=True))
    return Table(title, heads, rows)


def _cell(number: float) -> str:
    return cash(number) if number else "–"


def _holding_table(pools: Mapping[str, PoolPerformance], unit: str) -> Table:
    rows = [
        (
            name,
            cash(x.change),
            cash(x.kept),
            cash(x.loss),
            cash(x.lvr),
            cash(x.fees),
            percent(x.inside),
        )
        for name, x in pools.items()
    ]
    heads = ("", "change of worth", "if held", "against holding", "LVR", "fees", "in range")
    return Table(f"Pools, against holding what they held at the start, {unit}", heads, rows)


def _hedge_table(run: SimulationResult, unit: str) -> Table:
    metrics = run.metrics
    per_day = float(np.sqrt((len(run.series.times) - 1) / days(run)))
    rows = [
        ("standard deviation per day, hedged", cash(per_day * metrics["std"].value)),
        ("standard deviation per day, unhedged", cash(per_day * metrics["unhedged_std"].value)),
        *((word, value) for word, value in metric_rows(metrics, with_errors=False)),
        ("greatest drawdown, unhedged", cash(drawdown(run.series.unhedged))),
    ]
    return Table(f"The hedge, {unit}", ("", ""), rows)


def remarks(run: SimulationResult) -> list[str]:
    """Lines on what was replayed, what is not in the history, and how it was run."""
    its, model = run.settings, run.settings.price_model
    lines = list(_history_lines(run, model.history)) if isinstance(model, Replay) else []
    earned = [line for name in its.income for line in _income_lines(run, name)]
    return [
        *lines,
        *earned,
        *payments.sentences(its),
        *run_description.run_lines(run),
        *run_description.missing_income(its),
        run_description.closure_line(run),
    ]


def _history_lines(run: SimulationResult, read: History) -> Iterator[str]:
    first, final = (_moment(read.seconds[i]) for i in (0, -1))
    yield f"{len(read.seconds):,} rows, {first} to {final} UTC, usually {read.interval:g} s apart."
    for asset, prices in zip(run.series.assets, run.series.prices.T, strict=True):
        least, most = amount(prices.min()), amount(prices.max())
        yield f"{asset}: {amount(prices[0])} to {amount(prices[-1])}, between {least} and {most}."
    for faults, what in ((read.gaps, "Gaps"), (read.faults, "Bad rows, left out")):
        if faults:
            more = f"; and {len(faults) - FEW} more" if len(faults) > FEW else ""
            yield f"{what}, {len(faults)}: {'; '.join(map(str, faults[:FEW]))}{more}."


def _income_lines(run: SimulationResult, name: str) -> Iterator[str]:
    """Sentences on the income of a pool, and the part of it that a position earned."""
    its = run.settings
    income = its.income[name]
    model: Any = next(leg.priced for leg in plan(its).legs.positions if leg.name == name)
    rows = its.price_model.history.rows if isinstance(its.price_model, Replay) else {}
    volume = rows.get(f"volume:{model.assets[0]}")
    if isinstance(income, FeeVolume) and volume is not None:
        fee = model.fee if income.fee is None else income.fee
        unit, traded = its.market.numeraire, float(np.sum(volume[1:]))
        ours = run.attribution(leg=name).get("fees")
        share = 0.0 if ours is None else ours.value / (fee * traded)
        yield (
            f"{name}: {traded:,.0f} {unit} were traded in its pool, whose fees of {100 * fee:g} % "
            f"were {cash(fee * traded)} {unit}; {percent(share)} of them is this position's."
        )


def _moment(seconds: float) -> str:
    return str(np.datetime64(round(seconds), "s")).replace("T", " ")


def document(run: SimulationResult) -> dict[str, Any]:
    """Mapping for JSON."""
    pools = {
        name: {**attrs.asdict(each), "against_holding": each.loss}
        for name, each in pool_performance(run).items()
    }
    path = run.settings.price_model
    read = path.history if isinstance(path, Replay) else None
    return {
        **simulation.document(run),
        "start": None if read is None else _moment(read.seconds[0]),
        "end": None if read is None else _moment(read.seconds[-1]),
        "gaps": [] if read is None else list(map(str, read.gaps)),
        "bad_rows": [] if read is None else list(map(str, read.faults)),
        "payments": {n: x._asdict() for n, x in payments.payment_counts(run.settings).items()},
        "pools": pools,
        "notes": remarks(run),
    }
