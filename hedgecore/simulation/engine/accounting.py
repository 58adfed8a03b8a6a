"""The books of a frame: every entry of the ledger, and the accounts that must agree with it.

The accounts know nothing of the ledger: cash is what was paid and received, and equity is that and
the worth of everything that is held. The ledger's sum must be the change of equity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.errors import blame
from hedgecore.interfaces.cost import Trades
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import any_column, count_steps
from hedgecore.simulation.engine.holdings import FrameDecision, Holdings
from hedgecore.simulation.engine.inputs import FrameInputs
from hedgecore.simulation.engine.ledger import LedgerEntry, LegStay, entries
from hedgecore.simulation.engine.loops import FEW_PATHS
from hedgecore.simulation.engine.products import PlacedNumbers, StepProduct, StepValues
from hedgecore.simulation.engine.view import lag, previous
from hedgecore.simulation.price_models.diffusion import accumulate
from hedgecore.units import DAYS_PER_YEAR

FEW = 2
"""Moments of which one in so many trades, or fewer."""


@frozen(eq=False, kw_only=True)
class SimulationFrame:
    """A frame, S = (K, N): what was known, what was decided, and the books before it.

    Attributes:
        inputs: what decisions were made on.
        decision: what was traded.
        holdings: what was held before.

    """

    inputs: FrameInputs
    decision: FrameDecision
    holdings: Holdings

    @property
    def held(self) -> Array:
        """S+(k,), contracts as each step begins."""
        return self.decision.begun

    @cached_property
    def coins(self) -> Array:
        """S+(k,), likewise."""
        return lag(self.holdings.coins, self.decision.coins)

    @cached_property
    def traded(self) -> NDArray[np.bool_]:
        """Flag of any order, S."""
        return any_column(self.decision.orders)

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """Flat places of S at which there is an order."""
        return np.flatnonzero(self.traded)

    @cached_property
    def paths(self) -> NDArray[np.intp]:
        """Path of each of those."""
        return np.asarray(self.places % self.traded.shape[1])

    @property
    def few(self) -> bool:
        """True if few moments have an order: those are picked out."""
        return FEW * self.places.size < self.traded.size

    @cached_property
    def trades(self) -> Trades:
        """Trades, S+(k,), or (n, k) at their places where they are few."""
        return self.inputs.trades(self.decision.orders, self.places if self.few else None)

    def numbers(self, of_trades: Array) -> StepProduct | PlacedNumbers:
        """Numbers of each step, of those that `trades` has."""
        shape = self.inputs.view.shape
        if self.few:
            return PlacedNumbers(shape, self.places, self.paths, of_trades)
        return StepProduct.of(shape, StepValues(of_trades))

    def turnover(self, k: int) -> Array:
        """Cash traded in one instrument, (N,)."""
        size, notional = np.abs(self.trades.contracts[..., k]), self.trades.notional[..., k]
        if self.few:
            return self.numbers(size * notional).sum()
        return np.asarray(np.einsum("kn,kn->n", size, notional))

    def orders(self, k: int) -> NDArray[Any]:
        """Number of orders in one instrument, (N,)."""
        some = self.trades.contracts[..., k] != 0
        return self.numbers(some.astype(np.float64)).sum() if self.few else count_steps(some)


def position_entries(frame: SimulationFrame) -> Iterator[LedgerEntry]:
    """Entries of the positions in the ledger, (K, N) each, in cash."""
    legs = frame.inputs.legs.positions
    for leg, amount, there, before in zip(
        legs, frame.inputs.amounts, frame.inputs.there, frame.inputs.before, strict=False
    ):
        stay = LegStay(amount.before, there, before)
        yield from entries(leg.name, stay, frame.inputs.moves, leg.daily_column)


def hedge_entries(frame: SimulationFrame) -> Iterator[LedgerEntry]:
    """Entries of the instruments: of the contracts, and of the coins they settle in."""
    stock, first = frame.inputs.legs, len(frame.inputs.legs.positions)
    for k, leg in enumerate(stock.instruments):
        stay = LegStay(
            frame.held[..., k], frame.inputs.there[first + k], frame.inputs.before[first + k]
        )
        yield from entries(leg.name, stay, frame.inputs.moves, leg.daily_column)
        coin = stock.coins[k]
        if coin is not None:
            moved = frame.inputs.moves
            if coin in moved.prices:
                gain = StepProduct.of(
                    stay.there.worth.shape,
                    StepValues(frame.coins[..., k]),
                    StepValues(moved.prices[coin]),
                )
                yield LedgerEntry(leg.name, moved.assets[coin], "delta", gain)


def cost_entries(frame: SimulationFrame) -> Iterator[LedgerEntry]:
    """Entries of the cost of trading each instrument, (K, N), in cash, negative."""
    if not frame.places.size:
        return
    for cost in frame.inputs.plan.settings.costs:
        with blame(cost.kind):
            paid = cost.cost(frame.trades)
        for k, leg in enumerate(frame.inputs.legs.instruments):
            if paid[..., k].any():
                yield LedgerEntry(leg.name, "", cost.column, frame.numbers(0.0 - paid[..., k]))


def penalties(
    frame: SimulationFrame, stop: NDArray[np.intp], penalty: float
) -> Iterator[LedgerEntry]:
    """Entries of the penalties of liquidations at steps `stop` (N,), in cash, negative."""
    (which,) = np.nonzero((stop >= 0) & (stop < frame.inputs.view.shape[0]))
    if which.size and penalty:
        at = stop[which], which
        for k, leg in enumerate(frame.inputs.legs.instruments):
            cash = np.zeros(frame.inputs.view.shape)
            closed = np.abs(frame.decision.orders[..., k][at]) * frame.inputs.notional[..., k][at]
            cash[at] = -penalty * closed
            yield LedgerEntry.of(leg.name, "costs", cash)


def flows(frame: SimulationFrame) -> Array:
    """Cash that is paid and received in each step, S, but for costs and interest."""
    stock, shape = frame.inputs.legs, frame.inputs.view.shape
    count, total, room = len(stock.positions), np.zeros(shape), np.empty(shape)
    for amount, there, before in zip(
        frame.inputs.amounts, frame.inputs.there, frame.inputs.before, strict=False
    ):
        _receive(total, LegStay(amount.before, there, before), frame.inputs.moves.dt, room)
        if there.end is not there.worth:
            total += amount.before * (there.end - there.worth)
        if amount.after is not amount.before:
            total -= (amount.after - amount.before) * there.worth
    held = frame.held
    for k, coin in enumerate(stock.coins):
        there, before = frame.inputs.there[count + k], frame.inputs.before[count + k]
        _receive(total, LegStay(held[..., k], there, before), frame.inputs.moves.dt, room)
        if coin is None:
            if there.end is not there.worth:
                total += held[..., k] * (there.end - there.worth)
            total -= np.multiply(frame.decision.orders[..., k], there.worth, out=room)
    return total


def notional(frame: SimulationFrame) -> Array:
    """Notional of all contracts after each step, S."""
    return np.asarray(np.sum(np.abs(frame.decision.held) * frame.inputs.notional, axis=-1))


def worth(frame: SimulationFrame) -> Array:
    """Worth of everything but cash after each step, S, by full revaluation."""
    stock, view = frame.inputs.legs, frame.inputs.view
    pairs = zip(frame.inputs.amounts, frame.inputs.there, strict=False)
    parts = [(amount.after, there.worth) for amount, there in pairs]
    for k, coin in enumerate(stock.coins):
        there = frame.inputs.there[len(stock.positions) + k]
        parts.append((frame.decision.held[..., k], there.worth))
        if coin is not None:
            parts.append((frame.decision.coins[..., k], view.prices[coin]))
    total, room = np.zeros(view.shape), np.empty(view.shape)
    for amount, price in parts:
        alone = amount.size == 1 and amount == 1.0
        total += price if alone else np.multiply(amount, price, out=room)
    return total


def cash(frame: SimulationFrame, before: Array, paid: Array, grown: Array) -> tuple[Array, Array]:
    """Cash after each step and the interest on it, S, from `before` (N,).

    Args:
        frame: whose contracts' profit bears interest, as the variation margin of each step does.
        before: (N,).
        paid: S, what is paid and received in each step.
        grown: (K, 1) or S, what a unit of cash earns in each step.

    """
    if not grown.any():
        return accumulate(paid, before.copy()), np.zeros((1, 1))
    settled = contract_profit(frame)
    each = np.broadcast_to(grown, paid.shape)
    after, earned = np.empty_like(paid), np.empty_like(paid)
    if len(before) <= FEW_PATHS:
        for n, held in enumerate(before.tolist()):
            steps = zip(*(part[:, n].tolist() for part in (settled, each, paid)), strict=True)
            filled = np.fromiter(_bear_interest(held, steps), dtype="f8,f8", count=len(paid))
            after[:, n], earned[:, n] = filled["f0"], filled["f1"]
        return after, earned
    for k in range(len(paid)):
        earned[k] = (before + settled[k]) * each[k]
        before = after[k] = before + earned[k] + paid[k]
    return after, earned


def _bear_interest(cash: float, steps: Iterable[Sequence[float]]) -> Iterator[tuple[float, float]]:
    """Cash after each step of a path and the interest on it, of profit, growth and payments."""
    for settled, grown, paid in steps:
        earned = (cash + settled) * grown
        cash = cash + earned + paid
        yield cash, earned


def contract_profit(frame: SimulationFrame) -> Array:
    """Worth of the contracts entered as each step began, S: their profit so far."""
    stock, held = frame.inputs.legs, frame.held
    total = np.zeros(frame.inputs.view.shape)
    for k, entered in enumerate(stock.margined):
        if entered and stock.coins[k] is None:
            i = len(stock.positions) + k
            there, before = frame.inputs.there[i], frame.inputs.before[i]
            total += held[..., k] * previous(before.worth, there.worth, total.shape)
    return total


def _receive(total: Array, stay: LegStay, dt: Array, room: Array) -> None:
    """Add cash that a leg receives over each step for being held to a total, S; in some room, S."""
    for flow in stay.there.flows.values():
        total += np.multiply(stay.amount, flow, out=room)
    if stay.has("daily"):
        total += stay.amount * stay.began("daily").whole(total.shape) * (dt * DAYS_PER_YEAR)
