"""Performance of each pool position along one path, against holding its amounts at the start."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.simulation.blocks import blocks
from hedgecore.simulation.plan import plan, start_market, times
from hedgecore.simulation.results.result import SimulationResult


@frozen(kw_only=True)
class PoolPerformance:
    """A pool position over a run, in the numeraire.

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
        """Loss against holding, negative: the impermanent loss."""
        return self.change - self.kept


def pool_performance(run: SimulationResult) -> dict[str, PoolPerformance]:
    """Pool position → its performance, of those that are taken at the market; of one path."""
    its = run.settings
    start, end = start_market(its), final_market(run)
    legs = plan(its, start).legs
    found = {}
    for leg, many in zip(legs.positions, legs.amounts, strict=True):
        if isinstance(leg.priced, PoolModel) and leg.name not in its.arbitraged:
            parts = {name: each.value for name, each in run.attribution(leg=leg.name).items()}
            here = leg.priced.exposure(start)
            apart = end.vector(here.assets) - start.vector(here.assets)
            found[leg.name] = PoolPerformance(
                worth=many * float(here.value),
                change=sum(parts.values()) - parts.get("fees", 0.0),
                kept=many * float(here.delta @ apart),
                lvr=-parts.get("gamma", 0.0),
                fees=parts.get("fees", 0.0),
                inside=_inside(run, leg.priced, end),
            )
    return found


def final_market(run: SimulationResult) -> Market:
    """Market at the end of a run of one path."""
    its = run.settings
    start = start_market(its)
    *_, frame = its.price_model.sample(
        start, times(its), 1, blocks(its.paths)[0].generator(its.seed), 2**13
    )
    prices = {a: p[-1, 0] if p.ndim else p for a, p in frame.market.prices.items()}
    return Market(
        prices=prices,
        numeraire=start.numeraire,
        assets=start.assets,
        vols=start.vols,
        rates=start.rates,
    )


def drawdown(equity: Array) -> float:
    """Greatest fall of a path (T + 1,) from a peak before, positive."""
    return float(np.max(np.maximum.accumulate(equity) - equity))


def _inside(run: SimulationResult, pool: PoolModel, end: Market) -> float:
    """Part of the steps that end where the pool has any gamma; NaN where that is unknown."""
    base, quote = pool.assets[0], pool.assets[-1]
    series, its = run.series, end.assets.multiple(base)
    if len(pool.assets) != 2 or its is None or its[0] not in series.assets:  # noqa: PLR2004 - a pair
        return float("nan")
    price = its[1] * series.prices[1:, series.assets.index(its[0])] / end.price(quote)
    return float(np.mean(pool.gamma(price) != 0))
