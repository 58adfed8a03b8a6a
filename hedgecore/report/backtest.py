"""One path as tables and as JSON: a report of a backtest, whose lines add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.report import payments, run_description, simulation
from hedgecore.report.simulation import days, figures, span
from hedgecore.simulation import COLUMNS, SimulationResult
from hedgecore.simulation.blocks import blocks
from hedgecore.simulation.data.history import History
from hedgecore.simulation.incomes.volume import FeeVolume
from hedgecore.simulation.plan import plan, start_market, times
from hedgecore.simulation.price_models.replay import Replay
from hedgecore.tables.render import Table, amount, cash, percent

TOTAL = "total"
WIDE = 4
"""More legs than this are rows, and not columns."""
FEW = 5
"""Gaps and bad rows that are named; the rest is counted."""


class Held(NamedTuple):
    """What a pool position did, against holding what it held at the start; all in cash.

    Attributes:
        worth: at the start.
        change: of its worth, fees left out.
        kept: what the same coins, held, would have gained.
        lvr: the loss versus rebalancing along the path, positive; minus its gamma column.
        fees: earned.
        inside: the part of the steps that end with it in range.

    """

    worth: float
    change: float
    kept: float
    lvr: float
    fees: float
    inside: float

    @property
    def loss(self) -> float:
        """The loss against holding, negative: the impermanent loss."""
        return self.change - self.kept


def tables(run: SimulationResult) -> list[Table]:
    """Return where the profit comes from, the pools against holding, and what the hedge did."""
    unit = run.settings.market.numeraire
    pools = held(run)
    beside = [_against(pools, unit)] if pools else []
    return [_ledger(run, unit), *beside, _hedge(run, unit)]


def _ledger(run: SimulationResult, unit: str) -> Table:
    """Return columns by legs, or legs by columns where there are many; both ways it adds up."""
    columns = [name for name in COLUMNS if simulation.moved(run.ledger[name])]
    legs = list(run.attribution())
    parts = {leg: {n: each.value for n, each in run.attribution(leg=leg).items()} for leg in legs}
    grid = [[_cell(parts[leg].get(name, 0.0)) for leg in legs] for name in columns]
    sums = [cash(run.ledger[name].value) for name in columns]
    ends = [*(cash(each.value) for each in run.attribution().values()), cash(float(run.pnl[0]))]
    title = f"Profit over {span(run)}, and where it comes from, {unit}"
    rows = [[name, *row, last] for name, row, last in zip(columns, grid, sums, strict=True)]
    rows.append([TOTAL, *ends])
    heads = ["", *legs, TOTAL]
    if len(legs) > WIDE:
        heads, *rows = map(list, zip(heads, *rows, strict=True))
    return Table(title, heads, rows)


def _cell(number: float) -> str:
    return cash(number) if number else "–"


def _against(pools: Mapping[str, Held], unit: str) -> Table:
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


def _hedge(run: SimulationResult, unit: str) -> Table:
    metrics = run.metrics
    per_day = float(np.sqrt((len(run.series.times) - 1) / days(run)))
    rows = [
        ("standard deviation per day, hedged", cash(per_day * metrics["std"].value)),
        ("standard deviation per day, unhedged", cash(per_day * metrics["unhedged_std"].value)),
        *((word, value) for word, value in figures(metrics, with_errors=False)),
        ("greatest drawdown, unhedged", cash(drawdown(run.series.unhedged))),
    ]
    return Table(f"The hedge, {unit}", ("", ""), rows)


def drawdown(equity: Array) -> float:
    """Return the greatest fall from a peak."""
    return float(np.max(np.maximum.accumulate(equity) - equity))


def held(run: SimulationResult) -> dict[str, Held]:
    """Return pool position → what it did, of those that are taken at the market."""
    its = run.settings
    start, end = start_market(its), last(run)
    stock = plan(its, start).legs
    found = {}
    for leg, many in zip(stock.positions, stock.amounts, strict=True):
        if isinstance(leg.priced, PoolModel) and leg.name not in its.arbitraged:
            parts = {name: each.value for name, each in run.attribution(leg=leg.name).items()}
            here = leg.priced.exposure(start)
            apart = end.vector(here.assets) - start.vector(here.assets)
            found[leg.name] = Held(
                worth=many * float(here.value),
                change=sum(parts.values()) - parts.get("fees", 0.0),
                kept=many * float(here.delta @ apart),
                lvr=-parts.get("gamma", 0.0),
                fees=parts.get("fees", 0.0),
                inside=_inside(run, leg.priced),
            )
    return found


def last(run: SimulationResult) -> Market:
    """Return the market at the end of a run of one path."""
    its = run.settings
    start = start_market(its)
    *_, frame = its.price_model.sample(
        start, times(its), 1, blocks(its.paths)[0].generator(its.seed), 2**13
    )
    prices = {a: p[-1, 0] if p.ndim else p for a, p in frame.market.prices.items()}
    return Market(prices=prices, numeraire=start.numeraire, vols=start.vols, rates=start.rates)


def _inside(run: SimulationResult, pool: PoolModel) -> float:
    """Return the part of the steps that end where the pool has any gamma."""
    base, quote = pool.assets[0], pool.assets[-1]
    series = run.series
    if len(pool.assets) != 2 or base not in series.assets:  # noqa: PLR2004 - a pair
        return float("nan")
    price = series.prices[1:, series.assets.index(base)] / last(run).price(quote)
    return float(np.mean(pool.gamma(price) != 0))


def remarks(run: SimulationResult) -> list[str]:
    """Return what was replayed, what is not in the history, and how it was run."""
    its = run.settings
    lines = (
        list(_replayed(run, its.price_model.history)) if isinstance(its.price_model, Replay) else []
    )
    earned = [line for name in its.income for line in _shared(run, name)]
    return [
        *lines,
        *earned,
        *payments.sentences(its),
        *run_description.how(run),
        *run_description.silent(its),
        run_description.closed(run),
    ]


def _replayed(run: SimulationResult, read: History) -> Iterator[str]:
    first, final = (_moment(read.seconds[i]) for i in (0, -1))
    yield f"{len(read.seconds):,} rows, {first} to {final} UTC, usually {read.interval:g} s apart."
    for asset, prices in zip(run.series.assets, run.series.prices.T, strict=True):
        least, most = amount(prices.min()), amount(prices.max())
        yield f"{asset}: {amount(prices[0])} to {amount(prices[-1])}, between {least} and {most}."
    for faults, what in ((read.gaps, "Gaps"), (read.faults, "Bad rows, left out")):
        if faults:
            more = f"; and {len(faults) - FEW} more" if len(faults) > FEW else ""
            yield f"{what}, {len(faults)}: {'; '.join(map(str, faults[:FEW]))}{more}."


def _shared(run: SimulationResult, name: str) -> Iterator[str]:
    """Yield what the pool earned, and which part of it a position did."""
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
    """Return the same for JSON."""
    pools = {name: {**x._asdict(), "against_holding": x.loss} for name, x in held(run).items()}
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
