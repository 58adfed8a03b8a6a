"""`Books`: where the paths of a block stand between two frames."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from hedgecore.decisions.memory import Memory
from hedgecore.interfaces.price_model import PathChunk
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import column_stack
from hedgecore.simulation.engine.holdings import Holdings
from hedgecore.simulation.engine.leg_values import walk_legs
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.legs.valuation import LegValues
from hedgecore.simulation.plan import Plan

NEVER = int(np.iinfo(np.intp).max)


@frozen(eq=False, kw_only=True)
class Books:
    """Books of N paths between two frames.

    Attributes:
        view: the frame before, or the start.
        leg_states: of each leg.
        there: a unit of each leg, at the last moment.
        growth: of each position, (N,) or (1,): what compounding has made of one unit.
        holdings: what is held to hedge.
        cash: (N,).
        account: (N,), on margin.
        unhedged: (N,), the worth of the positions and what they have paid.
        equity: (N,), of the book with its hedge.
        stop: (N,), the step of the path at which it was liquidated; `NEVER` if it was not.

    """

    view: MarketGrid
    leg_states: tuple[Any, ...]
    there: tuple[LegValues, ...]
    growth: tuple[Array, ...]
    holdings: Holdings
    cash: Array
    account: Array
    unhedged: Array
    equity: Array
    stop: NDArray[np.intp]


def start_books(plan: Plan, market: Market, paths: int, first: PathChunk) -> tuple[Plan, Books]:
    """Books at the start, nothing being traded yet, and the plan with its worth."""
    legs, settings, held = plan.legs, plan.settings, plan.opening
    view = MarketGrid.start(market, legs.assets, paths, first.opening, plan.bent)
    begun = tuple(leg.begin(view, paths) for leg in legs.every)
    there, states = walk_legs(legs.every, view, begun, settings.funding)
    worths = [amount * one.worth[0] for amount, one in zip(legs.amounts, there, strict=False)]
    unhedged = sum(worths, np.zeros(paths))
    worth, scale = np.asarray(unhedged[0]), sum(abs(float(each[0])) for each in worths)
    memory = Memory(origin=float(market.time or 0.0), worth=worth)
    premium = held.contracts @ [one.basis[0] + np.zeros(paths) for one in there[len(worths) :]]
    collateral = 0.0 if settings.margin is None else settings.margin.collateral
    hedge = Holdings(
        held=column_stack(list(held.contracts[:, None]), (paths,)),
        coins=column_stack(list(held.coins[:, None]), (paths,)),
        memory=memory,
    )  # fmt: skip
    return evolve(plan, worth=worth, scale=scale + held.scale), Books(
        view=view, leg_states=states, there=tuple(evolve(one, flows={}) for one in there),
        growth=tuple(np.ones(1) for _ in legs.positions), holdings=hedge,
        cash=np.full(paths, held.cash), account=collateral + held.profit + premium,
        stop=np.full(paths, NEVER), unhedged=unhedged, equity=unhedged + held.worth + premium,
    )  # fmt: skip
