"""Plan of a run: its settings, with the legs that they come to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve, field, frozen

from hedgecore.decisions.problem import assets_of, is_quotient
from hedgecore.decisions.rules import Rules
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio
from hedgecore.numerics.arrays import Array
from hedgecore.pools.lifetime import refuse_expired
from hedgecore.simulation.checks import wrong
from hedgecore.simulation.legs.leg import AbstractLeg
from hedgecore.simulation.legs.setup import KIND, Legs, check_known, set_up_legs
from hedgecore.simulation.opening import Opening, opening
from hedgecore.simulation.settings import Simulation
from hedgecore.units import DAYS_PER_YEAR, HOURS_PER_YEAR


@frozen(eq=False, kw_only=True)
class Plan:
    """Plan of a run, with its legs.

    Attributes:
        settings: of the run.
        legs: what is held and traded.
        rows: which of the assets are hedged.
        serves: of each instrument, the places among those that it is there for.
        quotient: whether the solver's answer is a quotient where an instrument stands alone.
        bent: assets of which gammas are asked for; None is all.
        opening: the hedge that is held at the start.
        worth: of the positions then.
        scale: what rounding is relative to: the gross worth of all legs then.

    """

    settings: Simulation
    legs: Legs
    rows: tuple[int, ...]
    serves: tuple[tuple[int, ...], ...]
    quotient: bool
    bent: frozenset[str] | None
    opening: Opening
    worth: Array = field(factory=lambda: np.zeros(()))
    scale: float = 0.0

    @property
    def coined(self) -> tuple[int | None, ...]:
        """Place of the hedged asset that each instrument's profit is settled in, or None."""
        return tuple(self.rows.index(c) if c in self.rows else None for c in self.legs.coins)


def start_market(settings: Simulation) -> Market:
    """Market that the paths of a run start from, at time 0 unless it says when."""
    start = settings.price_model.start(settings.market)
    return evolve(start, time=0.0) if start.time is None else start


def times(settings: Simulation) -> Array:
    """Moments of a run, (T + 1,), years from its start: the price model's own if any."""
    own = settings.price_model.times()
    if own is not None:
        return own
    if settings.times is None:
        return np.linspace(0.0, settings.days / DAYS_PER_YEAR, settings.steps + 1)
    return np.array(settings.times)


def rules_of(settings: Simulation) -> Rules:
    """Rules that every policy of a run obeys."""
    return Rules(cooldown=settings.cooldown / HOURS_PER_YEAR, min_order_value=settings.min_notional)


def plan(
    settings: Simulation, market: Market | None = None, moving: frozenset[str] | None = None
) -> Plan:
    """Legs of a run, and which assets of them are hedged.

    Args:
        settings: of the run.
        market: where it starts; unless given, where its paths do.
        moving: the assets whose price moves on the way; None is all.

    """
    start = start_market(settings) if market is None else market
    legs = set_up_legs(
        settings.book,
        settings.instruments,
        start,
        arbitraged=settings.arbitraged,
        roll=settings.roll,
        moving=moving,
    )
    length = float(times(settings)[-1])
    for leg in legs.every:
        refuse_expired(leg.name, leg.priced, DAYS_PER_YEAR * length, KIND)
    if settings.roll is None:
        _check_expiries(legs.instruments, float(start.time or 0.0) + length)
    names = [leg.name for leg in legs.positions]
    for name in settings.income:
        check_known(name, names, "income")
    rows: tuple[str, ...] = ()
    if settings.instruments:
        problem = HedgeProblem(portfolio(legs), settings.instruments, start, settings.request)
        rows = problem.hedged_assets
    return Plan(
        settings=settings,
        legs=legs,
        rows=tuple(legs.assets.index(row) for row in rows),
        serves=assets_of(legs.traded, rows, start),
        quotient=is_quotient(settings.request, settings.solver),
        bent=_bent(settings, rows, moving),
        opening=opening(settings.held, legs, start),
    )


def _bent(
    settings: Simulation, rows: Sequence[str], moving: frozenset[str] | None
) -> frozenset[str] | None:
    """Assets of which gammas are asked for: by the ledger, by policies, or by any solver, all."""
    if moving is None or not is_quotient(settings.request, settings.solver):
        return None
    return moving.union(rows)


def portfolio(legs: Legs) -> Portfolio:
    """Portfolio of the positions of a run."""
    return Portfolio(
        (leg.name, leg.priced, amount)
        for leg, amount in zip(legs.positions, legs.amounts, strict=True)
    )


def _check_expiries(instruments: Sequence[AbstractLeg], end: float) -> None:
    """Refuse an instrument that would be gone before the end, unless that is meant."""
    for leg in instruments:
        if leg.ends < end:
            reason = f"must be said: {leg.name!r:.80} expires within the run. Say strike,"
            raise wrong("roll", f"{reason} moneyness (what the next keeps), or never")
