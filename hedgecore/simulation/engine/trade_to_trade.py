"""Decisions along time, for one path: from trade to trade, and not from step to step.

A policy is a formula of what it sees, given that nothing was traded since the last trade. So it is
evaluated over a window of steps after a trade; the first of them at which an order comes out is the
next trade, and windows double until there is one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hedgecore.decisions.decide import after_cooldown, policy_fraction, trades
from hedgecore.decisions.problem import DecisionProblem
from hedgecore.decisions.rules import Rules
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import any_column
from hedgecore.simulation.engine.holdings import FrameDecision, Holdings, empty_holdings
from hedgecore.simulation.engine.inputs import FrameInputs
from hedgecore.simulation.engine.stepwise import Steps, decide_stepwise, trade_at

SHORTEST, LONGEST = 8, 8192
"""Steps of a window."""


class Window(NamedTuple):
    """Some steps from `first` on, (W,), if nothing is traded in them.

    Attributes:
        first: step of the frame.
        problem: at all of them.
        part: (W, m), of the way that may be gone.
        which: the steps at which there is any.
        wanted: the steps at which the policy asks for a trade, a cooldown or none.

    """

    first: int
    problem: DecisionProblem
    part: Array
    which: Steps
    wanted: Steps


def decide_trade_to_trade(
    inputs: FrameInputs, policy: AbstractPolicy, rules: Rules, before: Holdings, stop: Steps
) -> FrameDecision:
    """Decisions of one path over a frame, as `decide_stepwise` makes them, from trade to trade."""
    steps = inputs.view.shape[0]
    if stop[0] < steps or inputs.repaid.any() or not inputs.kept.all():
        return decide_stepwise(inputs, policy, rules, before, stop)
    shape = (steps, 1, before.held.shape[-1])
    orders, coins, (begun, held) = (
        np.zeros(shape),
        np.empty(shape),
        empty_holdings(before.held, steps),
    )
    outside = np.zeros((steps, 1), dtype=bool)
    quick = bool(inputs.alone.all())
    now, at, width, since = before, 0, SHORTEST, 0
    while at < steps:
        end = min(at + width, steps)
        window = _window(inputs, policy, rules, slice(at, end), now)
        found = _next_order(rules, window, quick=quick)
        until = end if found is None else found[0] + 1
        outside[at + window.wanted[window.wanted < until - at], 0] = True
        held[at:until], coins[at:until] = now.held, now.coins
        width = min(2 * width, LONGEST)
        if found is not None:
            step, order = found
            orders[step, 0] = order
            now = trade_at(inputs, step, order[None], now)
            held[step], coins[step] = now.held, now.coins
            width, since = min(max(until - since, SHORTEST), LONGEST), until
        at = until
    return FrameDecision(
        orders=orders, begun=begun, held=held, coins=coins, outside=outside, after=now
    )


def _window(
    inputs: FrameInputs, policy: AbstractPolicy, rules: Rules, steps: slice, now: Holdings
) -> Window:
    """Fractions that a policy asks for over a window, if nothing is traded in it."""
    at = (steps, 0)
    problem = inputs.problem(at, now.held[0], now.coins[0])
    seen = inputs.observation(at, problem, now.memory)
    whole = policy_fraction(policy, seen)
    part, wanted = after_cooldown(whole, seen.time, now.memory, rules.cooldown), _somewhere(whole)
    return Window(steps.start, problem, part, wanted if part is whole else _somewhere(part), wanted)


def _somewhere(part: Array) -> Steps:
    """Steps at which there is a part of the way, of any asset."""
    return any_column(part).nonzero()[0]


def _next_order(rules: Rules, window: Window, *, quick: bool) -> tuple[int, Array] | None:
    """First step of a window at which an order comes out, and the order.

    Where orders are quotients, one candidate is tried first, then four times as many, and so on.
    """
    start = count = 0
    while start < len(window.which):
        count = 4 * count if count and quick else 1
        some = window.which[start : start + count]
        orders = trades(window.problem.at(some), window.part[some], rules)
        there = any_column(orders).nonzero()[0]
        if there.size:
            return window.first + int(some[there[0]]), orders[there[0]]
        start += count
    return None
