"""A frame before anything is decided: every leg walked, incomes earned, the ground laid."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from attrs import evolve

from hedgecore.interfaces.income import Earning
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.accounting import Amounts
from hedgecore.simulation.engine.inputs import Greeks, Ground, ground
from hedgecore.simulation.engine.view import View, shifted
from hedgecore.simulation.funding import accrued
from hedgecore.simulation.legs.valuation import Held
from hedgecore.simulation.plan import Plan


class Walked(NamedTuple):
    """Every leg over a frame: what a unit is worth and does, and its state then."""

    there: tuple[Held, ...]
    states: tuple[Any, ...]


class Grown(NamedTuple):
    """How many units of each position there are, (K, N), and the growth of one then, (N,)."""

    amounts: tuple[Amounts, ...]
    growth: tuple[Array, ...]


def walked(plan: Plan, view: View, states: tuple[Any, ...]) -> Walked:
    """Return every leg over the moments of a view."""
    found = [leg.walk(view, s) for leg, s in zip(plan.stock.legs, states, strict=True)]
    rule = plan.settings.funding
    there = [
        accrued(leg.priced, _asset(leg.priced), view, held, rule)
        for leg, (held, _) in zip(plan.stock.legs, found, strict=True)
    ]
    return Walked(tuple(there), tuple(state for _, state in found))


def earned(
    plan: Plan, view: View, there: tuple[Held, ...], before: tuple[Held, ...]
) -> tuple[Held, ...]:
    """Return the legs with what the positions' incomes bring."""
    with_income = list(there)
    for i, leg in enumerate(plan.stock.positions):
        income = plan.settings.income.get(leg.name)
        if income is not None:
            paid = income.earned(_earning(leg.priced, view, there[i], before[i]))
            fees = there[i].flows.get("fees", 0.0) + paid
            with_income[i] = evolve(there[i], flows={**there[i].flows, "fees": fees})
    return tuple(with_income)


def grown(plan: Plan, view: View, there: tuple[Held, ...], growth: tuple[Array, ...]) -> Grown:
    """Return how many units there are, fees being put into the positions that compound."""
    amounts, after = [], []
    for leg, amount, held, one in zip(
        plan.stock.positions, plan.stock.amounts, there, growth, strict=False
    ):
        income = plan.settings.income.get(leg.name)
        if income is None or not income.compounding:
            same = amount * np.broadcast_to(one, view.shape)
            amounts.append(Amounts(before=same, after=same))
            after.append(one)
            continue
        each = np.broadcast_to(1.0 + held.flows["fees"] / held.worth, view.shape)
        units = one * np.cumprod(each, axis=0)
        amounts.append(Amounts(before=amount * shifted(one, units), after=amount * units))
        after.append(units[-1])
    return Grown(tuple(amounts), tuple(after))


def laid(
    plan: Plan, view: View, there: tuple[Held, ...], states: tuple[Any, ...], units: Grown
) -> Ground:
    """Return the ground of a frame; the Greeks are those that the policy wants to see.

    Args:
        plan: of the run.
        view: the moments.
        there: the legs, in the market as it is.
        states: of the legs before the frame.
        units: how many of each position there are.

    """
    policy, count = plan.settings.policy, len(plan.stock.positions)
    seen, asked = there, policy.pricing_market(view.market)
    if asked is not view.market:
        other = walked(plan, view.through(asked), states).there
        parts = ("delta", "gamma", "vega")
        seen = tuple(
            evolve(held, **{n: getattr(o, n) for n in parts})
            for held, o in zip(there, other, strict=True)
        )
    positions = _total(seen[:count], units.amounts, view)
    return ground(view, plan, positions, seen[count:])


def _total(there: tuple[Held, ...], amounts: tuple[Amounts, ...], view: View) -> Greeks:
    n = len(view.assets)
    delta, gamma, vega = (np.zeros((*view.shape, *more)) for more in ((n,), (n, n), (n,)))
    for held, amount in zip(there, amounts, strict=True):
        much = amount.after[..., None]
        delta += much * held.delta
        vega += much * held.vega
        gamma += _times(much[..., None], held.gamma)
    return Greeks(delta, gamma, vega)


def _times(amount: Array, gamma: Array) -> Array:
    """Return amount · gamma; none of what is infinite is nothing."""
    if np.isfinite(gamma).all():
        return amount * gamma
    with np.errstate(invalid="ignore"):
        return np.where(amount == 0, 0.0, amount * gamma)


def _earning(model: Any, view: View, there: Held, before: Held) -> Earning:
    now = (there.gamma != 0).any(axis=(-2, -1))
    then = shifted((before.gamma[0] != 0).any(axis=(-2, -1)), now)
    return Earning(
        model=model,
        market=view.market,
        dt=view.dt,
        worth=shifted(before.worth[0], there.worth),
        active=0.5 * (now.astype(np.float64) + then),
        rows=view.rows,
    )


def _asset(priced: Any) -> str:
    """Return the asset that a contract is on; "" for what says none."""
    hedges = getattr(priced, "hedges", ())
    return str(hedges[0]) if hedges else ""
