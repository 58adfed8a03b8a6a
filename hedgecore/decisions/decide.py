"""`decide`: the one rule of when to trade, how far, and what; pure, and with no step to the next.

A policy says which part of the way to the target to go, the solver where that is; a cooldown, lots
and least orders say what of it can be ordered. Simulations of any kind and a live loop ask here.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.decisions.memory import Memory
from hedgecore.decisions.problem import DecisionProblem
from hedgecore.decisions.rules import Rules
from hedgecore.decisions.target import orderable, way_to_target
from hedgecore.errors import SpecError, blame
from hedgecore.hedging.lots import without_dust
from hedgecore.interfaces.policy import AbstractPolicy, Observation
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import any_column, zero_columns

ROUNDING = 1e-12
"""Years by which a cooldown may be short, by rounding."""


class Reason(IntEnum):
    """Reason of a decision, by path."""

    POLICY = 0
    """The policy asks for no trade."""
    COOLDOWN = 1
    """The last trade is too recent."""
    SIZE = 2
    """The rest to trade is less than can be ordered."""
    TRADE = 3
    """Some contract is traded."""


@frozen(eq=False, kw_only=True)
class Decision:
    """Decision of one look, on paths S, in k instruments for m hedged assets.

    Attributes:
        fraction: S+(m,), of the way to the target that the policy asks for.
        allowed: S+(m,), of it what a cooldown leaves.
        trade: S+(k,), contracts to buy; negative to sell, 0 for none.
        held: S+(k,), contracts held before.
        observation: what the policy saw.
        before: memory of the decisions before.

    """

    fraction: Array
    allowed: Array
    trade: Array
    held: Array
    observation: Observation
    before: Memory

    @property
    def target(self) -> Array:
        """Contracts wanted, S+(k,): what is held once the trade is done."""
        return np.asarray(self.held + self.trade)

    @property
    def memory(self) -> Memory:
        """Memory for the next decision, if the trade is done."""
        now = self.observation
        return self.before.after(now.time, now.price, any_column(self.trade))

    @property
    def reason(self) -> NDArray[np.uint8]:
        """Reason why each path trades or does not, S: a `Reason` each."""
        asked, free = any_column(self.fraction), any_column(self.allowed)
        kept = np.where(asked, np.where(free, Reason.SIZE, Reason.COOLDOWN), Reason.POLICY)
        return np.where(any_column(self.trade), Reason.TRADE, kept).astype(np.uint8)


def decide(
    problem: DecisionProblem,
    policy: AbstractPolicy,
    rules: Rules,
    observation: Observation,
    memory: Memory,
) -> Decision:
    """Decision on each path, from what is known there and then.

    Args:
        problem: what is to be offset, what is held and what may be traded.
        policy: when, and how far.
        rules: what every policy obeys.
        observation: what the policy sees.
        memory: of the decisions before; without a last trade in it, the hedge is opened.

    Raises:
        SpecError: the policy answers with no fraction.

    """
    if memory.last_time is None:
        whole = np.full(problem.delta.shape, policy.initial_fraction())
    else:
        whole = policy_fraction(policy, observation)
    part = after_cooldown(whole, observation.time, memory, rules.cooldown)
    return Decision(
        fraction=whole,
        allowed=part,
        trade=trades(problem, part, rules),
        held=problem.held,
        observation=observation,
        before=memory,
    )


def policy_fraction(policy: AbstractPolicy, observation: Observation) -> Array:
    """Part of the way to the target that a policy asks for, S+(m,).

    Raises:
        SpecError: it is no array of that shape, or holds a number that is not from 0 to 1: a NaN,
            say, which would trade nothing in silence.

    """
    with blame(policy.kind):
        part = np.asarray(policy.fraction(observation))
    if part.shape != observation.delta.shape:
        reason = f"must be of the shape of delta, {observation.delta.shape}, not {part.shape}"
        raise SpecError(reason, kind=policy.kind, field="fraction")
    if part.size and not (part.min() >= 0 and part.max() <= 1):
        bad = part[~((part >= 0) & (part <= 1))][0]
        raise SpecError(f"must be from 0 to 1, not {bad}", kind=policy.kind, field="fraction")
    return part


def after_cooldown(part: Array, time: Array, memory: Memory, cooldown: float) -> Array:
    """Part of the way, S+(m,), but 0 within `cooldown` years of the last trade."""
    if not cooldown or memory.last_time is None:
        return part
    cold = np.asarray(time - memory.last_time) < cooldown - ROUNDING
    return np.where(cold[..., None], 0.0, part)


def trades(problem: DecisionProblem, part: Array, rules: Rules) -> Array:
    """Contracts to buy, S+(k,): a part of the way, S+(m,) by asset, as it can be ordered."""
    if problem.divisible and not rules.min_order_value:
        return _divisible_trades(problem, part)
    some = any_column(part)
    count = np.count_nonzero(some)
    if count == some.size and some.ndim:
        return _orders(problem, part, rules)
    whole = zero_columns(problem.held.shape[:-1], problem.held.shape[-1])
    if count:
        which = some.nonzero() if some.ndim else some
        whole[which] = _orders(problem.at(which), part[which], rules)
    return whole


def _divisible_trades(problem: DecisionProblem, part: Array) -> Array:
    """Contracts to buy, S+(k,), in any amount, where each instrument stands alone."""
    whole = zero_columns(problem.held.shape[:-1], problem.held.shape[-1])
    for k, (i,) in enumerate(problem.serves):
        share, room = part[..., i].reshape(-1), whole[..., k].reshape(-1)
        (some,) = share.nonzero()
        if some.size:
            which: Any = some if some.size < share.size else slice(None)
            held, delta = problem.held[..., k].reshape(-1), problem.delta[..., i].reshape(-1)
            way = -delta[which] / problem.unit_delta[..., k, i].reshape(-1)[which]
            room[which] = part_of_way(held[which], way, share[which])
    return whole


def _orders(problem: DecisionProblem, part: Array, rules: Rules) -> Array:
    way = way_to_target(problem)
    orders = part_of_way(problem.held, way, _share(part, problem.serves))
    orders = orderable(problem, orders)
    if not rules.min_order_value:
        return orders
    return np.where(np.abs(orders) * problem.notional < rules.min_order_value, 0.0, orders)


def part_of_way(held: Array, way: Array, share: Array) -> Array:
    """Amounts to trade, S+(k,), but 0 where the rounding of what is held and wanted is all.

    At the edge of a band the last bit says whether a delta that stands still is outside.
    """
    return without_dust(way * share, np.abs(held) + np.abs(way))


def _share(part: Array, serves: tuple[tuple[int, ...], ...]) -> Array:
    """Part of the way by instrument, S+(k,), from that by asset, S+(m,)."""
    if part.shape[-1] == 1:
        return part
    return np.stack([part[..., list(them)].max(axis=-1) for them in serves], axis=-1)
