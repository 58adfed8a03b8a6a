"""From a problem to a strip, as a hedge."""

from __future__ import annotations

import time

import numpy as np
from attrs import evolve

from hedgecore import Certificate, Hedge, HedgeError, HedgeProblem
from hedgecore.present import cash
from hedgecore_static_strip import weights
from hedgecore_static_strip.bound import band
from hedgecore_static_strip.listed import asset_of, expiry_of, timed
from hedgecore_static_strip.menu import Menu
from hedgecore_static_strip.payoff import Array, Payoff
from hedgecore_static_strip.program import Limits
from hedgecore_static_strip.said import BY, Found, Said
from hedgecore_static_strip.scene import Scene
from hedgecore_static_strip.search import Answer, Search
from hedgecore_static_strip.shelf import Shelf, shelf
from hedgecore_static_strip.target import payoff_of

FOR_EXPIRY = "a strip is for the worth at expiry, not for today's delta"
LAST = 0.3
"""Of the time for the cheapest strip, what is kept for any that is near enough."""
SAME = 1e-6
"""Of strips whose error is the least but for this part of it, the cheapest to trade is taken."""


def answer(
    problem: HedgeProblem,
    scene: Scene,
    *,
    method: str,
    limits: Limits,
    error: float | None,
    seconds: float,
) -> Hedge:
    """Strip as a hedge, or no trade with the reason.

    Args:
        problem: the target, the instruments and the market.
        scene: the asset, its range of prices, and the expiry.
        method: "minimax", "interpolate" or "carr-madan".
        limits: what a strip may be.
        error: the most by which the worth may be off, in cash; None for the least there is.
        seconds: the most to take.

    """
    there = shelf(problem, scene)
    payoff = payoff_of(problem.target, scene)
    if not np.any(payoff.slope(there.menu.knots)):
        raise HedgeError(f"nothing in the book depends on the price of {scene.asset}")
    found: Found | str
    if method in weights.WAYS:
        found = _weighed(method, there.menu, payoff, scene.price, lots=limits.lots)
    else:
        found = _best(limits, there.menu, payoff, price=scene.price, error=error, seconds=seconds)
    if isinstance(found, Found) and error is not None and found.error > error:
        found = f"the strip may be off by {cash(found.error)}, and `error` is {cash(error)}"
    if isinstance(found, str):
        none = Hedge.of(problem, np.zeros(len(problem.instruments)), [f"No trade: {found}."])
        return evolve(none, certificate=Certificate(tier="no trade", by=BY[method]))
    hedge = Hedge.of(problem, _spread(problem, there, found.contracts))
    said = Said(problem, hedge, scene, there, payoff, found)
    return evolve(
        hedge,
        notes=tuple(said.notes()),
        certificate=said.certificate(method),
        reasons={scene.asset: FOR_EXPIRY},
    )


def scene_of(problem: HedgeProblem, low: float, high: float, expiry_years: float | None) -> Scene:
    """Range of prices of the asset whose options make the strip, at their expiry.

    Raises:
        HedgeError: arrays of prices, Greeks in the request, or a price outside the range.

    """
    if problem.market.shape:
        raise HedgeError("strip takes one price of each asset: solve one market at a time")
    if problem.request.neutral != ("delta",) or problem.request.cross:
        reason = "a strip offsets the payoff at expiry, not Greeks of today"
        raise HedgeError(f"{reason}: leave `neutral` and `cross` out")
    asset = asset_of(problem)
    now = timed(problem.market)
    price = float(now.price(asset))
    if not low < price < high:
        ends = f"from {low:g} to {high:g}"
        raise HedgeError(f"the price of {asset}, {price:g}, is outside the range {ends}")
    first, last = expiry_of(problem, asset, expiry_years)
    return Scene(asset=asset, now=now, ends=(low, high), first=first, last=last)


def _weighed(method: str, menu: Menu, payoff: Payoff, price: float, *, lots: bool) -> Found:
    """Strip by weights of the strikes."""
    aim = weights.WAYS[method](payoff, menu.knots, price)
    contracts = weights.contracts(menu, aim, price, lots=lots)
    at = menu.knots if method == "interpolate" else np.array([price])
    level = payoff.value(at) + np.interp(at, menu.knots, menu.pays(contracts))
    its = band(payoff, menu.knots, menu.pays(contracts), menu.gross(contracts))
    return Found(contracts=contracts, band=its, level=float(np.mean(level)))


def _best(
    limits: Limits,
    menu: Menu,
    payoff: Payoff,
    *,
    price: float,
    error: float | None,
    seconds: float,
) -> Found | str:
    """Strip of the least error, or the cheapest within the error that is allowed."""
    until = time.perf_counter() + seconds
    aim = weights.polygon(payoff, menu.knots, price)
    near = weights.contracts(menu, aim, price, lots=False)
    search = Search(payoff, menu, limits, near, until)
    return _nearest(search) if error is None else _cheapest(search, error)


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
