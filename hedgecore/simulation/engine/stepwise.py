"""Decisions step by step, for all paths together."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from hedgecore.decisions.decide import decide, policy_fraction
from hedgecore.decisions.rules import Rules
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import any_column, empty_columns
from hedgecore.simulation.engine.holdings import FrameDecision, Holdings, empty_holdings
from hedgecore.simulation.engine.inputs import FrameInputs

Steps = NDArray[np.intp]


def decide_stepwise(
    inputs: FrameInputs, policy: AbstractPolicy, rules: Rules, before: Holdings, stop: Steps
) -> FrameDecision:
    """Decisions over a frame, step by step.

    Args:
        inputs: of the frame.
        policy: when, and how far.
        rules: what it obeys.
        before: what is held as the frame begins.
        stop: (N,), the step of the frame at which all is closed, and nothing traded after; one
            that is no step of the frame for none, and a negative one if that was before.

    """
    steps, paths = inputs.view.shape
    count = before.held.shape[-1]
    orders, (begun, held) = empty_columns((steps, paths), count), empty_holdings(before.held, steps)
    coins = np.broadcast_to(before.coins, orders.shape)
    if inputs.legs.owed:
        coins = empty_columns((steps, paths), count)
    outside = np.empty((steps, paths), dtype=bool)
    now, ends, expires = before, stop.min(initial=steps) < steps, inputs.expires
    for k in range(steps):
        live: Any = slice(None)
        if ends:
            orders[k], live = 0.0, np.flatnonzero(stop > k)
            closed = np.flatnonzero(stop == k)
            orders[k, closed] = -now.held[closed]
        if expires:
            now = settle_expiries(inputs, k, now)
        if ends:
            outside[k] = _is_outside(inputs, policy, now, k)
        outside[k, live], orders[k, live] = _step(inputs, policy, rules, now, (k, live))
        now = trade_at(inputs, k, orders[k], now)
        held[k] = now.held
        if inputs.legs.owed:
            coins[k] = now.coins
    return FrameDecision(
        orders=orders, begun=begun, held=held, coins=coins, outside=outside, after=now
    )


def _step(
    inputs: FrameInputs, policy: AbstractPolicy, rules: Rules, now: Holdings, at: tuple[int, Any]
) -> tuple[NDArray[np.bool_], Array]:
    """Flag of a trade that the policy asks for, (n,), and the trades, (n, k), of some paths."""
    paths = at[1]
    memory = now.memory.of(paths)
    problem = inputs.problem(at, now.held[paths], now.coins[paths])
    seen = inputs.observation(at, problem, memory)
    made = decide(problem, policy, rules, seen, memory)
    return any_column(made.fraction), made.trade


def _is_outside(
    inputs: FrameInputs, policy: AbstractPolicy, now: Holdings, k: int
) -> NDArray[np.bool_]:
    """True on each path where the policy asks for a trade, (N,), closed ones included."""
    at = k, slice(None)
    seen = inputs.observation(at, inputs.problem(at, now.held, now.coins), now.memory)
    return any_column(policy_fraction(policy, seen))


def settle_expiries(inputs: FrameInputs, k: int, now: Holdings) -> Holdings:
    """Holdings at a step, once what expires there has been paid."""
    kept, paid = inputs.kept[k], inputs.repaid[k]
    if kept.all() and not paid.any():
        return now
    return evolve(now, held=now.held * kept, coins=now.coins + now.held * paid)


def trade_at(inputs: FrameInputs, k: int, orders: Array, now: Holdings) -> Holdings:
    """Holdings at a step after orders, (N, k), contracts, with the memory of them."""
    traded = any_column(orders)
    memory = now.memory.after(inputs.view.clock[k, 0], inputs.price[k], traded)
    if memory is now.memory:
        return now
    coins = now.coins + orders * inputs.settle[k] if inputs.legs.owed else now.coins
    return Holdings(held=now.held + orders, coins=coins, memory=memory)
