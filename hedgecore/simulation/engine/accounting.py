"""The books of a frame: every entry of the ledger, and the accounts that must agree with it.

The accounts know nothing of the ledger: cash is what was paid and received, and equity is that and
the worth of everything that is held. The ledger's sum must be the change of equity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.decisions.trades import order, some
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.holdings import Decided, Hedges
from hedgecore.simulation.engine.inputs import Ground
from hedgecore.simulation.engine.ledger import DAYS, Entry, Moves, Stay, entries
from hedgecore.simulation.engine.view import shifted
from hedgecore.simulation.funding import column_of
from hedgecore.simulation.legs.valuation import Held


@frozen(eq=False, kw_only=True)
class Amounts:
    """How many units of a position are held: as each step begins, and once it has ended, S."""

    before: Array
    after: Array


@frozen(eq=False, kw_only=True)
class Frame:
    """All that was there over a frame, S = (K, N).

    Attributes:
        ground: what decisions were made on.
        moves: of the market.
        amounts: of each position.
        there: each leg at the end of each step, positions first.
        before: each leg before the first step.
        hedges: what was held then.
        decided: what was traded.
        costs: what trading costs.

    """

    ground: Ground
    moves: Moves
    amounts: Sequence[Amounts]
    there: Sequence[Held]
    before: Sequence[Held]
    hedges: Hedges
    decided: Decided
    costs: Sequence[AbstractCost]

    @property
    def held(self) -> Array:
        """S+(k,), contracts as each step begins."""
        return shifted(self.hedges.held, self.decided.held)

    @property
    def coins(self) -> Array:
        """S+(k,), likewise."""
        return shifted(self.hedges.coins, self.decided.coins)


def position_entries(frame: Frame) -> Iterator[Entry]:
    """Yield the entries of the positions."""
    legs = frame.ground.stock.positions
    for leg, amount, there, before in zip(
        legs, frame.amounts, frame.there, frame.before, strict=False
    ):
        stay = Stay(amount.before, there, before)
        yield from entries(leg.name, stay, frame.moves, column_of(leg.priced))


def hedge_entries(frame: Frame) -> Iterator[Entry]:
    """Yield the entries of the instruments: of the contracts, and of the coins they settle in."""
    stock, first = frame.ground.stock, len(frame.ground.stock.positions)
    held, coins = frame.held, frame.coins
    for k, leg in enumerate(stock.instruments):
        stay = Stay(held[..., k], frame.there[first + k], frame.before[first + k])
        yield from entries(leg.name, stay, frame.moves, column_of(leg.priced))
        coin = stock.coins[k]
        if coin is not None:
            gain = coins[..., k] * frame.moves.prices[..., coin]
            yield Entry(leg.name, frame.moves.assets[coin], "delta", gain)


def cost_entries(frame: Frame) -> Iterator[Entry]:
    """Yield what trading cost, of each instrument, negative."""
    ground, orders = frame.ground, frame.decided.orders
    where = np.nonzero(orders.any(axis=-1))
    if not where[0].size:
        return
    whole = order(ground.view, ground.stock.traded, orders, ground.notional, ground.charge)
    placed = some(whole, where)
    for cost in frame.costs:
        paid = cost.cost(placed)
        for k, leg in enumerate(ground.stock.instruments):
            if paid[:, k].any():
                cash = np.zeros(ground.view.shape)
                cash[where] = -paid[:, k]
                yield Entry(leg.name, "", cost.column, cash)


def penalties(frame: Frame, stop: NDArray[np.intp], penalty: float) -> Iterator[Entry]:
    """Yield what the liquidations of a frame cost, at steps `stop` (N,), negative."""
    (which,) = np.nonzero((stop >= 0) & (stop < frame.ground.view.shape[0]))
    if which.size and penalty:
        at = stop[which], which
        for k, leg in enumerate(frame.ground.stock.instruments):
            cash = np.zeros(frame.ground.view.shape)
            closed = np.abs(frame.decided.orders[..., k][at]) * frame.ground.notional[..., k][at]
            cash[at] = -penalty * closed
            yield Entry(leg.name, "", "costs", cash)


def flows(frame: Frame) -> Array:
    """Return the cash that is paid and received in each step, S, but for costs and interest."""
    stock, total = frame.ground.stock, np.zeros(frame.ground.view.shape)
    count = len(stock.positions)
    for amount, there, before in zip(frame.amounts, frame.there, frame.before, strict=False):
        total += _received(Stay(amount.before, there, before), frame.moves.dt)
        total += amount.before * (there.end - there.worth)
        total -= (amount.after - amount.before) * there.worth
    held = frame.held
    for k, coin in enumerate(stock.coins):
        there, before = frame.there[count + k], frame.before[count + k]
        total += _received(Stay(held[..., k], there, before), frame.moves.dt)
        if coin is None:
            total += held[..., k] * (there.end - there.worth)
            total -= frame.decided.orders[..., k] * there.worth
    return total


def notional(frame: Frame) -> Array:
    """Return the notional of all contracts after each step, S."""
    return np.asarray(np.sum(np.abs(frame.decided.held) * frame.ground.notional, axis=-1))


def worth(frame: Frame) -> Array:
    """Return the worth of everything but cash after each step, S, by full revaluation."""
    stock, view = frame.ground.stock, frame.ground.view
    total = np.zeros(view.shape)
    for amount, there in zip(frame.amounts, frame.there, strict=False):
        total += amount.after * there.worth
    for k, coin in enumerate(stock.coins):
        total += frame.decided.held[..., k] * frame.there[len(stock.positions) + k].worth
        if coin is not None:
            total += frame.decided.coins[..., k] * view.prices[..., coin]
    return total


def cash(before: Array, paid: Array, settled: Array, grown: Array) -> tuple[Array, Array]:
    """Return the cash after each step and the interest on it, S, from `before` (N,).

    Args:
        before: (N,).
        paid: S, what is paid and received in each step.
        settled: S, what contracts were worth as each step began: their profit bears interest, as
            the variation margin of each step does.
        grown: (K, 1) or S, what a unit of cash earns in each step.

    """
    if not grown.any():
        return before + np.cumsum(paid, axis=0), np.zeros((1, 1))
    each = np.broadcast_to(grown, paid.shape)
    after, earned = np.empty_like(paid), np.empty_like(paid)
    for k in range(len(paid)):
        earned[k] = (before + settled[k]) * each[k]
        before = after[k] = before + earned[k] + paid[k]
    return after, earned


def settled(frame: Frame) -> Array:
    """Return what the contracts entered were worth as each step began, S: their profit so far."""
    stock, held = frame.ground.stock, frame.held
    total = np.zeros(frame.ground.view.shape)
    for k, entered in enumerate(stock.margined):
        if entered and stock.coins[k] is None:
            i = len(stock.positions) + k
            total += held[..., k] * shifted(frame.before[i].worth[0], frame.there[i].worth)
    return total


def _received(stay: Stay, dt: Array) -> Array:
    """Return what a leg receives in cash over each step for being held, S."""
    total = sum(stay.there.flows.values(), np.zeros((1, 1)))
    if stay.has("daily"):
        total = total + stay.shifted("daily") * (dt * DAYS)
    return np.asarray(stay.amount * total)
