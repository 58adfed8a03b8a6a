"""Every leg over a frame: what a unit of it is worth, earns and becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from attrs import evolve

from hedgecore.errors import at_place
from hedgecore.interfaces.income import AbstractIncome, Earning
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import MarketGrid, lag, previous
from hedgecore.simulation.funding import Funded, FundingRule, with_funding, with_premium
from hedgecore.simulation.legs.leg import AbstractLeg
from hedgecore.simulation.legs.valuation import LegValues


class Amounts(NamedTuple):
    """Units of a position held as each step begins, and once it has ended, S or one row."""

    before: Array
    after: Array


def walk_legs(
    legs: Sequence[AbstractLeg], view: MarketGrid, states: Sequence[Any], rule: FundingRule
) -> tuple[tuple[LegValues, ...], tuple[Any, ...]]:
    """Values of a unit of each leg at the moments of a view, and the states of the legs then."""
    found = [_walk(leg, view, state) for leg, state in zip(legs, states, strict=True)]
    there = tuple(
        with_premium(leg.priced, leg.at_rate_of_one, view, held, rule)
        if Funded in leg.terms
        else held
        for leg, (held, _) in zip(legs, found, strict=True)
    )
    return there, tuple(state for _, state in found)


def _walk(leg: AbstractLeg, view: MarketGrid, state: Any) -> tuple[LegValues, Any]:
    with at_place(leg.name):
        return leg.walk(view, state)


def add_funding(
    legs: Sequence[AbstractLeg],
    view: MarketGrid,
    there: Sequence[LegValues],
    before: Sequence[LegValues],
    rule: FundingRule,
) -> tuple[LegValues, ...]:
    """Values of the legs with the funding that is paid in each step."""
    return tuple(
        with_funding(leg, view, held, last, rule) if Funded in leg.terms else held
        for leg, held, last in zip(legs, there, before, strict=True)
    )


def add_incomes(
    positions: Sequence[AbstractLeg],
    income: Mapping[str, AbstractIncome],
    view: MarketGrid,
    there: Sequence[LegValues],
    before: Sequence[LegValues],
) -> tuple[LegValues, ...]:
    """Values of the legs with what the positions' incomes bring."""
    with_income = list(there)
    for i, leg in enumerate(positions):
        if leg.name in income:
            earning = _leg_earning(leg.priced, view, there[i], before[i])
            with at_place(f"income of {leg.name}"):
                earned = income[leg.name].fees(earning)
            fees = there[i].flows.get("fees", 0.0) + earned
            with_income[i] = evolve(there[i], flows={**there[i].flows, "fees": fees})
    return tuple(with_income)


def amounts_over(
    amount: float, income: AbstractIncome | None, held: LegValues, growth: Array
) -> tuple[Amounts, Array]:
    """Units of a position over a frame, its fees put into it where they compound, and its growth.

    Args:
        amount: at the start.
        income: what it earns.
        held: a unit of it.
        growth: (N,) or (1,), what compounding has made of one unit before.

    """
    if income is None or not income.compounding:
        same = amount * growth[None]
        return Amounts(same, same), growth
    each = np.broadcast_to(1.0 + held.flows["fees"] / held.worth, held.worth.shape)
    units = growth * np.cumprod(each, axis=0)
    return Amounts(amount * lag(growth, units), amount * units), units[-1]


def _leg_earning(model: Any, view: MarketGrid, there: LegValues, before: LegValues) -> Earning:
    now, then = _is_bent(there), _is_bent(before)
    then = previous(then, now, view.shape)
    return Earning(
        model=model,
        market=view.market,
        dt=view.dt,
        worth=previous(before.worth, there.worth, view.shape),
        active=np.broadcast_to(0.5 * (now + then), view.shape),
        rows=view.rows,
    )


def _is_bent(there: LegValues) -> Array:
    """Flag of gamma at each moment, S or (1, 1): 1 where a unit has any, else 0."""
    bent = [number != 0 for (name, _), number in there.greeks.items() if name == "gamma"]
    return np.asarray(sum(bent, np.zeros((1, 1), dtype=bool)), dtype=np.float64)
