"""Decisions along time, for one path: from trade to trade, and not from step to step.

A policy is a formula of what it sees, given that nothing was traded since the last trade. So it is
evaluated over a window of steps after a trade; the first of them at which an order comes out is the
next trade, and windows double until there is one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hedgecore.decisions.limits import allowed, asked
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.holdings import Decided, Hedges
from hedgecore.simulation.engine.inputs import Ground
from hedgecore.simulation.engine.stepwise import Aim, Steps, stepwise, traded

SHORTEST, LONGEST = 8, 8192
"""Steps of a window."""
FIRST = 1
"""How many candidates are tried first; then four times as many, and so on."""


class _Window(NamedTuple):
    """Some steps from `first` on: the delta and the part of the way, (W, m), where there is any.

    `wanted` are the steps at which the policy asks for a trade, a cooldown or none.
    """

    first: int
    delta: Array
    part: Array
    which: Steps
    wanted: Steps


def _seen(aim: Aim, policy: AbstractPolicy, first: int, end: int, now: Hedges) -> _Window:
    """Return what a policy says over a window, if nothing is traded in it."""
    at, ground = (slice(first, end), 0), aim.ground
    delta = ground.delta(at, now.held[0], now.coins[0])
    last = now.last_time, now.last_price
    seen = ground.moments(at, delta, ground.gamma(at, now.held[0]), last)
    whole = asked(policy, seen)
    part, wanted = allowed(whole, seen, aim.rules.cooldown), _somewhere(whole)
    return _Window(first, delta, part, wanted if part is whole else _somewhere(part), wanted)


def _somewhere(part: Array) -> Steps:
    """Return the steps at which there is a part of the way, of any asset."""
    there = part[:, 0] > 0 if part.shape[-1] == 1 else (part > 0).any(axis=-1)
    return np.asarray(there).nonzero()[0]


def _order(aim: Aim, seen: _Window, now: Hedges) -> tuple[int, Array] | None:
    """Return the first step of a window at which an order comes out, and the order."""
    start, count = 0, FIRST if aim.target.at_once else 1
    while start < len(seen.which):
        some = seen.which[start : start + count]
        orders = _orders(aim, seen, some, now)
        there = np.asarray(orders.any(axis=-1)).nonzero()[0]
        if there.size:
            return seen.first + int(some[there[0]]), orders[there[0]]
        start += count
        count = 4 * count if aim.target.at_once else 1
    return None


def _orders(aim: Aim, seen: _Window, some: Steps, now: Hedges) -> Array:
    at: Any
    if aim.target.at_once:
        at, held = (seen.first + some, 0), (now.held[0], now.coins[0])
    else:
        at, held = (seen.first + int(some[0]), np.zeros(1, dtype=np.intp)), (now.held, now.coins)
    return traded(aim, at, seen.part[some], seen.delta[some], held)


def along(aim: Aim, policy: AbstractPolicy, before: Hedges, stop: Steps) -> Decided:
    """Return what one path trades over a frame: what `stepwise` returns, from trade to trade."""
    ground, now = aim.ground, before
    steps = ground.view.shape[0]
    if stop[0] < steps or ground.repaid.any() or not ground.kept.all():
        return stepwise(aim, policy, before, stop)
    shape = (steps, 1, before.held.shape[-1])
    orders, held, coins = np.zeros(shape), np.empty(shape), np.empty(shape)
    outside = np.zeros((steps, 1), dtype=bool)
    at, width, since = 0, SHORTEST, 0
    while at < steps:
        end = min(at + width, steps)
        seen = _seen(aim, policy, at, end, now)
        found = _order(aim, seen, now)
        until = end if found is None else found[0] + 1
        outside[at + seen.wanted[seen.wanted < until - at], 0] = True
        held[at:until], coins[at:until] = now.held, now.coins
        width = min(2 * width, LONGEST)
        if found is not None:
            step, order = found
            orders[step, 0] = order
            now = _traded(ground, step, order, now)
            held[step], coins[step] = now.held, now.coins
            width, since = min(max(until - since, SHORTEST), LONGEST), until
        at = until
    return Decided(orders=orders, held=held, coins=coins, outside=outside, after=now)


def _traded(ground: Ground, step: int, order: Array, now: Hedges) -> Hedges:
    return Hedges(
        held=now.held + order,
        coins=now.coins + order * ground.settle[step, 0],
        last_time=ground.view.clock[step],
        last_price=ground.price[step],
    )
