"""`observe`: what a policy sees of a hedge problem, at one moment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgecore.decisions.memory import Memory
from hedgecore.decisions.problem import delta_of, gamma_of, total_delta
from hedgecore.decisions.trades import cheapest_rate, instruments_for
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.interfaces.policy import Observation
from hedgecore.numerics.arrays import Array


def observe(
    problem: HedgeProblem,
    costs: Sequence[AbstractCost],
    memory: Memory,
    *,
    step: int,
    time: float,
    dt: float,
) -> Observation:
    """Observation of a policy, of a problem in a market of one price of each asset.

    Args:
        problem: with what is held.
        costs: of trading.
        memory: of the decisions before.
        step: which look it is, from 1; 0 opens the hedge.
        time: years since the memory's origin.
        dt: years since the look before.

    """
    assets, market = problem.hedged_assets, problem.market
    held = [delta_of(each, assets) for each in problem.held_exposures.values()]
    target = delta_of(problem.target_exposure, assets)
    price = market.vector(assets)
    last_time, last_price = memory.last_trade(time, price)
    by = [instruments_for(problem.instruments, asset, market) for asset in assets]
    return Observation(
        step=np.asarray(float(step)),
        time=np.asarray(time),
        dt=np.asarray(dt),
        price=price,
        delta=total_delta(target, held),
        gamma=gamma_of(problem.open_exposure, assets),
        vol=np.array([market.vols.get(asset, np.nan) for asset in assets], dtype=np.float64),
        cost=cheapest_rate(costs, _none(problem), by),
        last_time=last_time,
        last_price=last_price,
        worth=memory.worth,
    )


def _none(problem: HedgeProblem) -> Trades:
    """Trades of nothing, for the rates of their costs; what was traded that day is unknown."""
    instruments, market = problem.instruments, problem.market
    fees = [np.nan if fee is None else fee for fee in problem.unit_fees]
    return Trades(
        instruments=instruments,
        contracts=np.zeros(len(instruments)),
        notional=_row(problem.notionals),
        charge=_row(fees),
        market=market,
        vol=_row([market.vols.get(each.hedges[0], np.nan) for each in instruments]),
        volume=np.full(len(instruments), np.nan),
    )


def _row(numbers: Sequence[Array | float]) -> Array:
    return np.array([float(each) for each in numbers])
