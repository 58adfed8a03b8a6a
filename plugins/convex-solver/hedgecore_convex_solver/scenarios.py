"""Scenarios of prices, volatilities and time, and the profit in each by full revaluation.

A move is by name: an asset's price, "vol:WETH" its volatility, both as fractions, and "days". Over
the days funding and interest accrue, as in `hedgecore.scenario`; what decays does so in its worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from attrs import evolve

from hedgecore import HedgeError, HedgeProblem, Market, Portfolio, Priced, SupportsCarry, enter
from hedgecore.units import DAYS_PER_YEAR
from hedgecore_convex_solver.inputs import known_carry
from hedgecore_convex_solver.problem_data import Array

Moves: TypeAlias = Mapping[str, tuple[float, ...]]

MOST = 100_000
"""Scenarios of one problem at most."""
"""Days."""
VOL, DAYS = "vol:", "days"


def profits(
    problem: HedgeProblem, moves: Moves, scenarios: Moves, carries: Array
) -> tuple[Array, Array]:
    """Profit in each scenario, of one contract of each (S, k) and of the target (S,).

    Args:
        problem: the target, the instruments and the market.
        moves: by name, of which all combinations are scenarios; or else
        scenarios: by name, the i-th of each being one scenario.
        carries: what one contract of each receives per day, with the decay of its worth, (k,).

    """
    here, there = markets(problem.market, moves, scenarios)
    later = _days(here, there)
    paid = np.zeros_like(carries)
    if np.any(later):
        decay = np.array([_decay(each, here) for each in problem.instruments])
        paid = known_carry(problem, carries) - decay
    gains = np.stack([_profit(each, here, there) for each in problem.instruments], axis=-1)
    accrued = _accrual(problem.book, here) if np.any(later) else 0.0
    own = _profit(problem.book, here, there) + later * accrued
    return gains + np.multiply.outer(later, paid), own


def markets(market: Market, moves: Moves, scenarios: Moves) -> tuple[Market, Market]:
    """Market that profit is counted from, and all scenarios as one market of shape (S,).

    Raises:
        HedgeError: there are none, too many, of different lengths, or of what does not move.

    """
    if bool(moves) == bool(scenarios):
        raise HedgeError("minimax, cvar and ridge need `moves` or `scenarios`, one of them")
    by_asset = _grid(moves) if moves else _joint(scenarios)
    _movable(by_asset, market)
    here = market if DAYS not in by_asset else evolve(market, time=market.time or 0.0)
    vols = {name[len(VOL) :]: 1.0 + by for name, by in by_asset.items() if name.startswith(VOL)}
    priced = {*market.prices, *market.assets}
    prices = {asset: 1.0 + by for asset, by in by_asset.items() if asset in priced}
    return here, here.shifted(
        prices={asset: market.price(asset) * by for asset, by in prices.items()},
        vols={asset: market.vols[asset] * by for asset, by in vols.items()},
        days=by_asset.get(DAYS, 0.0),
    )


def _movable(moves: Mapping[str, Array], market: Market) -> None:
    """Refuse what the market does not have, or what cannot move."""
    for name, by in moves.items():
        if name == DAYS:
            if np.any(by < 0):
                raise HedgeError(f"`days` are 0 or more, not {by.min():g}: time does not go back")
        elif name.startswith(VOL):
            if name[len(VOL) :] not in market.vols:
                reason = "give it among the market's `vols`"
                raise HedgeError(f"{name!r:.80} moves, but there is no such volatility: {reason}")
        else:
            market.price(name)
            if name == market.numeraire:
                raise HedgeError(f"{name!r} is the numeraire: its price does not move")


def _grid(moves: Moves) -> dict[str, Array]:
    _few(int(np.prod([float(len(each)) for each in moves.values()])))
    axes = np.meshgrid(*moves.values(), indexing="ij")
    return {name: axis.ravel() for name, axis in zip(moves, axes, strict=True)}


def _joint(moves: Moves) -> dict[str, Array]:
    if len({len(each) for each in moves.values()}) != 1:
        raise HedgeError("`scenarios` has lists of different lengths: the i-th of each is one")
    _few(max(len(each) for each in moves.values()))
    return {name: np.array(each) for name, each in moves.items()}


def _few(count: int) -> None:
    if count > MOST:
        raise HedgeError(f"{count} scenarios are too many: {MOST} at most")


def _profit(priced: Priced, here: Market, there: Market) -> Array:
    """Profit from here to there, as traded here, (S,), cash: no Taylor expansion."""
    held = _with_entries(priced, here)
    gain = np.broadcast_to(held.worth(there) - held.worth(here), there.shape)
    if not np.isfinite(gain).all():
        raise HedgeError("a profit in the scenarios is not finite: narrow the moves")
    return np.asarray(gain, dtype=float)


def _with_entries(priced: Priced, here: Market) -> Priced:
    """Position with every entry price fixed, parts of a portfolio too; a pool on its curve."""
    if isinstance(priced, Portfolio):
        return Portfolio(
            (name, _with_entries(part, here), amount) for name, part, amount in priced.parts
        )
    return enter(priced, here)


def _days(here: Market, there: Market) -> Array:
    """Days that pass in each scenario, (S,)."""
    if here.time is None or there.time is None:
        return np.zeros(there.shape)
    return np.asarray(np.broadcast_to(DAYS_PER_YEAR * (there.time - here.time), there.shape))


def _accrual(priced: Priced, here: Market) -> float:
    """Funding and interest, cash per day: the carry without the decay of the worth."""
    if isinstance(priced, Portfolio):
        return sum(amount * _accrual(part, here) for _, part, amount in priced.parts)
    if not isinstance(priced, SupportsCarry):
        return 0.0
    carry = priced.carry(here)
    if carry is None:
        raise HedgeError(
            f"the funding of {priced!r:.80} is unknown, and days pass in the scenarios: give "
            "`funding_rate` in the book, or --funding"
        )
    return float(carry) - _decay(priced, here)


def _decay(priced: Priced, here: Market) -> float:
    """Theta, cash per day: the gain of the worth if nothing moves."""
    return float(priced.exposure(here).other.get("theta", 0.0)) / DAYS_PER_YEAR
