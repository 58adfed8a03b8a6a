"""From a problem to a strip, as a hedge."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve

from hedgecore import Certificate, Hedge, HedgeError, HedgeProblem
from hedgecore.tables.render import cash
from hedgecore_static_strip import weights
from hedgecore_static_strip.bound import band
from hedgecore_static_strip.listed import asset_of, expiry_of, timed
from hedgecore_static_strip.payoff import Array, Payoff
from hedgecore_static_strip.program import Limits
from hedgecore_static_strip.said import BY, Found, Said
from hedgecore_static_strip.scene import Scene
from hedgecore_static_strip.search import Answer, Search
from hedgecore_static_strip.shelf import Shelf, shelf
from hedgecore_static_strip.target import payoff_of

if TYPE_CHECKING:
    from hedgecore_static_strip.solver import StaticStrip

FOR_EXPIRY = "a strip is for the worth at expiry, not for today's delta"
LAST = 0.3
"""Of the time for the cheapest strip, what is kept for any that is near enough."""
SAME = 1e-6
"""Of strips whose error is the least but for this part of it, the cheapest to trade is taken."""


def answer(options: StaticStrip, problem: HedgeProblem) -> Hedge:
    """Return the strip as a hedge, or no trade with the reason."""
    scene = _scene(options, problem)
    there = shelf(problem, scene)
    payoff = payoff_of(problem.target, scene)
    if not np.any(payoff.slope(there.menu.knots)):
        raise HedgeError(f"nothing in the book depends on the price of {scene.asset}")
    found = _found(options, there, payoff, scene)
    if isinstance(found, Found) and options.error is not None and found.error > options.error:
        found = f"the strip may be off by {cash(found.error)}, and `error` is {cash(options.error)}"
    if isinstance(found, str):
        none = Hedge.of(problem, np.zeros(len(problem.instruments)), [f"No trade: {found}."])
        return evolve(none, certificate=Certificate(status="no trade", solver=BY[options.method]))
    hedge = Hedge.of(problem, _spread(problem, there, found.contracts))
    said = Said(problem, hedge, scene, there, payoff, found)
    return evolve(
        hedge,
        notes=tuple(said.notes()),
        certificate=said.certificate(options.method),
        reasons={scene.asset: FOR_EXPIRY},
    )


def _scene(options: StaticStrip, problem: HedgeProblem) -> Scene:
    if problem.market.shape:
        raise HedgeError("strip takes one price of each asset: solve one market at a time")
    if problem.request.neutral != ("delta",) or problem.request.cross_gamma:
        reason = "a strip offsets the payoff at expiry, not Greeks of today"
        raise HedgeError(f"{reason}: leave `neutral` and `cross` out")
    asset = asset_of(problem)
    now = timed(problem.market)
    price = float(now.price(asset))
    if not options.low < price < options.high:
        ends = f"from {options.low:g} to {options.high:g}"
        raise HedgeError(f"the price of {asset}, {price:g}, is outside the range {ends}")
    first, last = expiry_of(problem, asset, options.expiry_years)
    return Scene(asset=asset, now=now, ends=(options.low, options.high), first=first, last=last)


def _found(options: StaticStrip, there: Shelf, payoff: Payoff, scene: Scene) -> Found | str:
    menu, way = there.menu, weights.WAYS.get(options.method)
    if way is None:
        return _best(options, there, payoff, scene)
    aim = way(payoff, menu.knots, scene.price)
    contracts = weights.contracts(menu, aim, scene.price, lots=options.lots)
    at = menu.knots if options.method == "interpolate" else np.array([scene.price])
    level = payoff.value(at) + np.interp(at, menu.knots, menu.pays(contracts))
    its = band(payoff, menu.knots, menu.pays(contracts), menu.gross(contracts))
    return Found(contracts=contracts, band=its, level=float(np.mean(level)))


def _best(options: StaticStrip, there: Shelf, payoff: Payoff, scene: Scene) -> Found | str:
    """Return the strip of the least error, or the cheapest within the error that is allowed."""
    until = time.perf_counter() + options.time_limit
    aim = weights.polygon(payoff, there.menu.knots, scene.price)
    near = weights.contracts(there.menu, aim, scene.price, lots=False)
    limits = Limits(lots=options.lots, options=options.options, budget=options.budget)
    search = Search(payoff, there.menu, limits, near, until)
    return _nearest(search) if options.error is None else _cheapest(search, options.error)


def _nearest(search: Search) -> Found | str:
    """Return the strip of the least error; of those the cheapest that is found."""
    least = search.least_error()
    if isinstance(least, str):
        return f"no strip was found ({least})"
    cheap = search.least_cost(least.band.half * (1 + SAME))
    kept = cheap if isinstance(cheap, Answer) else least
    return _proven(kept, kept.band.half, least.bound)


def _cheapest(search: Search, error: float) -> Found | str:
    """Return the cheapest strip within an error; if none is found, what error is the least."""
    left = search.until - time.perf_counter()
    cheap = evolve(search, until=search.until - LAST * left).least_cost(error)
    if isinstance(cheap, Answer):
        cost = float(search.menu.fees @ np.abs(cheap.contracts))
        return _proven(cheap, cost, min(cheap.bound, cost))
    least = search.least_error()
    if isinstance(least, str):
        return f"no strip was found ({least})"
    if least.band.half > error:
        return f"the least error that these options allow is {cash(least.band.half)}, above `error`"
    return _proven(least, float(search.menu.fees @ np.abs(least.contracts)), -np.inf)


def _proven(kept: Answer, objective: float, bound: float) -> Found:
    return Found(
        contracts=kept.contracts,
        band=kept.band,
        level=kept.band.middle,
        objective=float(objective),
        gap=float(max(0.0, objective - max(bound, 0.0))),
    )


def _spread(problem: HedgeProblem, there: Shelf, contracts: Array) -> Array:
    """Return the contracts of every instrument of the problem, 0 of those that are not used."""
    chosen = [*there.options, there.underlying]
    places = {each.name: i for i, each in enumerate(problem.instruments)}
    whole = np.zeros(len(problem.instruments))
    whole[[places[each.name] for each in chosen]] = contracts
    return whole
