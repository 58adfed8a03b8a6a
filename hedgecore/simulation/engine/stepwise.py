"""Decisions step by step, for all paths together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from hedgecore.decisions.limits import allowed, asked, placed, worthwhile
from hedgecore.decisions.target import AbstractTarget, Which
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.holdings import Decided, Hedges, Rules
from hedgecore.simulation.engine.inputs import Ground

Steps = NDArray[np.intp]


class Aim(NamedTuple):
    """Where trades lead, on which ground, and what they obey."""

    ground: Ground
    target: AbstractTarget
    rules: Rules


def stepwise(aim: Aim, policy: AbstractPolicy, before: Hedges, stop: Steps) -> Decided:
    """Return what is traded over a frame.

    Args:
        aim: all of the way, on the ground of the frame, and what it obeys.
        policy: when, and how far.
        before: what is held as the frame begins.
        stop: (N,), the step of the frame at which all is closed, and nothing traded after; one
            that is no step of the frame for none, and a negative one if that was before.

    """
    ground = aim.ground
    steps, paths = ground.view.shape
    shape = (steps, paths, before.held.shape[-1])
    orders, held, coins = np.zeros(shape), np.empty(shape), np.empty(shape)
    outside = np.zeros((steps, paths), dtype=bool)
    now, live = before, np.arange(paths)
    ends = stop.min(initial=steps) < steps
    for k in range(steps):
        if ends:
            live = np.flatnonzero(stop > k)
            closed = np.flatnonzero(stop == k)
            orders[k, closed] = -now.held[closed]
        settled = now.coins + now.held * ground.repaid[k]
        now = _kept(now, ground.kept[k])
        delta = ground.delta(k, now.held, settled)
        outside[k], part = _part(aim, policy, now, delta, k)
        which = live[(part[live] > 0).any(axis=-1)]
        if which.size:
            orders[k, which] = traded(
                aim, (k, which), part[which], delta[which],
                (now.held[which], settled[which]),
            )  # fmt: skip
        now = _after(ground, k, orders[k], now, settled)
        held[k], coins[k] = now.held, now.coins
    return Decided(orders=orders, held=held, coins=coins, outside=outside, after=now)


def traded(aim: Aim, at: Which, part: Array, delta: Array, held: tuple[Array, Array]) -> Array:
    """Return the orders at S[at], (…, k).

    Args:
        aim: of the frame.
        at: which moments.
        part: (…, m), of the way, by asset.
        delta: (…, m), of the whole book there.
        held: (…, k) each, contracts and coins.

    """
    ground, target, rules = aim
    orders = target.orders(at, delta, *held) * ground.share(part)
    least = ground.least if ground.least.ndim == 1 else ground.least[at]
    return worthwhile(placed(orders, ground.lot, least), ground.notional[at], rules.least)


def _part(
    aim: Aim, policy: AbstractPolicy, now: Hedges, delta: Array, k: int
) -> tuple[Array, Array]:
    """Return where the policy asks for a trade, (N,), and the part of the way it may go, (N, m)."""
    ground = aim.ground
    last = now.last_time, now.last_price
    seen = ground.moments(k, delta, ground.gamma(k, now.held), last)
    part = asked(policy, seen)
    return np.asarray((part > 0).any(axis=-1)), allowed(part, seen, aim.rules.cooldown)


def _after(ground: Ground, k: int, orders: Array, now: Hedges, coins: Array) -> Hedges:
    moved = np.asarray(orders.any(axis=-1))
    if not moved.any():
        return evolve(now, coins=coins)
    return Hedges(
        held=now.held + orders,
        coins=coins + orders * ground.settle[k],
        last_time=np.where(moved, ground.view.clock[k, 0], now.last_time),
        last_price=np.where(moved[:, None], ground.price[k], now.last_price),
    )


def _kept(now: Hedges, kept: Array) -> Hedges:
    return now if kept.all() else evolve(now, held=now.held * kept)
