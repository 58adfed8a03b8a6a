"""Inputs of decisions, at all moments of a frame at once: nothing here depends on hedges."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.decisions.fixed_exposure import FixedContract, FixedExposure, exposure_over
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.problem import DecisionProblem, Places
from hedgecore.decisions.trades import cheapest_rate, instruments_for
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.lots import without_dust
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.interfaces.cost import Trades
from hedgecore.interfaces.policy import Observation
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import HUGE, broadcast, column_stack, distinct, is_within
from hedgecore.simulation.engine.ledger import MarketMoves
from hedgecore.simulation.engine.leg_values import Amounts
from hedgecore.simulation.engine.orders import FrameTrades, TradedContracts
from hedgecore.simulation.engine.view import MarketGrid, market_at
from hedgecore.simulation.legs.setup import Legs
from hedgecore.simulation.legs.valuation import LegValues
from hedgecore.simulation.plan import Plan


@frozen(eq=False, kw_only=True, slots=False)
class FrameInputs:
    """K steps of N paths, S = (K, N), with m hedged assets and k instruments.

    Attributes:
        view: the moments.
        plan: of the run.
        moves: of the market over each step.
        before: a unit of each leg before the first step.
        there: a unit of each leg at the end of each step, positions first, as the market is.
        states: of the legs then.
        amounts: of each position.
        growth: of each position, (N,): what compounding has made of one unit by the end.
        positions: a unit of each position at the end of each step, as the policy prices it.
        contracts: one contract that is held, of each instrument, likewise.
        base: S+(m,), the delta of the positions.
        bend: S+(m, m), their gamma.
        unit: S+(k, m), the delta of one contract that is held.
        offsets: places (k, m) at which `unit` is anything but 0.
        fresh: S+(k, m), the delta that one contract bought now adds.
        curve: S+(k, m, m), the gamma of one contract; None where there is none.
        settle: S+(k,), the coins that come with a contract bought now; 0 for the numeraire.
        repaid: S+(k,), the coins that an expiry pays for a contract held.
        kept: (K, k), 0 where a contract held is settled for good; else 1.
        alone: S or (), whether trades are quotients.
        terms: of the instruments: the notional of one contract, and its fee.
        min_order: S+(k,) or (k,), the fewest contracts of an order.
        step: (K,), the index of each step.
        price: S+(m,).

    """

    view: MarketGrid
    plan: Plan
    moves: MarketMoves
    before: tuple[LegValues, ...]
    there: tuple[LegValues, ...]
    states: tuple[Any, ...]
    amounts: tuple[Amounts, ...]
    growth: tuple[Array, ...]
    positions: tuple[LegValues, ...]
    contracts: tuple[LegValues, ...]
    base: Array
    bend: Array
    unit: Array
    offsets: tuple[tuple[int, ...], ...]
    fresh: Array
    curve: Array | None
    settle: Array
    repaid: Array
    kept: Array
    alone: NDArray[np.bool_]
    terms: TradedContracts
    min_order: Array
    step: Array
    price: Array

    @cached_property
    def cost(self) -> Array:
        """One-way proportional cost of trading each hedged asset, S+(m,)."""
        market, traded = self.view.market, self.legs.traded
        none = self.trades(np.broadcast_to(0.0, self.notional.shape))
        by = [instruments_for(traded, asset, market) for asset in self.assets]
        return cheapest_rate(self.plan.settings.costs, none, by)

    def trades(self, orders: Array, places: Places | None = None) -> Trades:
        """Trades of orders S+(k,) as costs take them, at all moments or at flat places of S."""
        return FrameTrades(self.view, self.terms, orders, places)

    @property
    def notional(self) -> Array:
        """Notional of one contract, S+(k,)."""
        return self.terms.notional

    @cached_property
    def vol(self) -> Array:
        """Volatility of each hedged asset, S+(m,); NaN where the market names none."""
        return column_stack([self.view.vols[row] for row in self.plan.rows], self.view.shape)

    @property
    def assets(self) -> list[str]:
        """Hedged assets, m names."""
        return [self.view.assets[row] for row in self.plan.rows]

    @property
    def legs(self) -> Legs:
        """The legs."""
        return self.plan.legs

    @property
    def lots(self) -> tuple[float, ...]:
        """Step of orders of each instrument, contracts; 0 is any amount."""
        return tuple(each.lot for each in self.legs.traded)

    @property
    def divisible(self) -> bool:
        """True if orders are quotients all over the frame, in any amount, and nothing expires."""
        alike = not any(self.lots) and not self.min_order.any() and bool(self.alone.all())
        return alike and self.curve is None and not self.legs.owed and not self.expires

    @property
    def expires(self) -> bool:
        """True if any contract is settled within the frame."""
        return not self.kept.all() or bool(distinct(self.repaid).any())

    def target_delta(self, at: Any, coins: Array) -> Array:
        """Delta of positions and of the coins in the account at S[at], S[at]+(m,)."""
        delta: Array = self.base[at]
        if self.legs.owed:
            delta = delta.copy()
            for k, asset in enumerate(self.plan.coined):
                if asset is not None:
                    delta[..., asset] += coins[..., k]
        return delta

    def delta(self, at: Any, held: Array, coins: Array) -> Array:
        """Delta of the whole book at S[at], S[at]+(m,), with so many contracts and coins held."""
        target, unit = self.target_delta(at, coins), self.unit[at]
        total = target.copy(order="K")
        for k, i in self.offsets:
            total[..., i] += held[..., k] * unit[..., k, i]
        return without_dust(total, np.abs(target))

    def problem(self, at: Any, held: Array, coins: Array) -> DecisionProblem:
        """Decision problem at S[at], with so many contracts and coins held, S[at]+(k,)."""
        unit = self.unit[at]
        held = broadcast(held, unit.shape[:-1])

        def question(places: Places) -> HedgeProblem:
            steps, paths = self.view.shape
            where = divmod(np.arange(steps * paths).reshape(steps, paths)[at][places], paths)
            own = np.broadcast_to(coins, held.shape)[places]
            return self._question(where, held[places], own)

        return DecisionProblem(
            places=np.arange(len(unit)),
            question=question,
            solver=self.plan.settings.solver,
            delta=self.delta(at, held, coins),
            held=held,
            unit_delta=self.fresh[at],
            notional=self.notional[at],
            min_order=self.min_order if self.min_order.ndim == 1 else self.min_order[at],
            lots=self.lots,
            serves=self.plan.serves,
            alone=self.alone[at] if self.alone.ndim else self.alone,
        )

    def observation(self, at: Any, problem: DecisionProblem, memory: Memory) -> Observation:
        """Observation of a policy at S[at], of a problem there."""
        steps, price = at[0], self.price[at]
        time = self.view.clock[steps, 0]
        last_time, last_price = memory.last_trade(time, price)
        return Observation(
            step=self.step[steps],
            time=time,
            dt=self.view.dt[steps, 0],
            price=price,
            delta=problem.delta,
            gamma=self.gamma(at, problem.held),
            vol=self.vol[at],
            cost=self.cost[at],
            last_time=last_time,
            last_price=last_price,
            worth=memory.worth,
        )

    def gamma(self, at: Any, held: Array) -> Array:
        """Gamma of the whole book at S[at]."""
        total: Array = self.bend[at]
        if self.curve is not None:
            curve = self.curve[at]
            for k in range(curve.shape[-3]):
                total = total + held[..., k, None, None] * curve[..., k, :, :]
        return total

    def _question(self, where: tuple[Any, Any], held: Array, coins: Array) -> HedgeProblem:
        """Hedge problem at some moments: positions and coins, contracts held, and what is bought.

        Args:
            where: steps and paths.
            held: contracts there, (…, k).
            coins: likewise.

        """
        shape, settings = self.view.shape, self.plan.settings
        market = market_at(self.view.market, lambda number: np.broadcast_to(number, shape)[where])
        parts = self._dense(self.positions, [amount.after for amount in self.amounts], where)
        for k, coin in enumerate(self.legs.coins):
            if coin is not None:
                parts[0][..., coin] += coins[..., k]
        contracts = []
        hedge = {}
        for k, traded in enumerate(self.legs.traded):
            one, fresh = self._contract(k, where)
            bought = exposure_over(self.view.assets, fresh, _zeros(market), market)
            contracts.append(FixedContract(traded, bought))
            own = exposure_over(self.view.assets, one, _zeros(market), market)
            hedge[traded.name] = HeldContracts(held[..., k], FixedExposure(own))
        target = FixedExposure(exposure_over(self.view.assets, parts, _zeros(market), market))
        return HedgeProblem(target, tuple(contracts), market, settings.request, hedge)

    def _contract(self, k: int, where: tuple[Any, Any]) -> tuple[list[Array], list[Array]]:
        """Delta, gamma and vega of one contract that is held, and of one that is bought now."""
        coin, one = self.legs.coins[k], self._dense([self.contracts[k]], [np.ones((1, 1))], where)
        if coin is None:
            return one, one
        delta, gamma, vega = one
        fresh = delta.copy()
        fresh[..., coin] += self.settle[where][..., k]
        return one, [fresh, gamma, vega]

    def _dense(
        self, legs: Sequence[LegValues], amounts: Sequence[Array], where: tuple[Any, Any]
    ) -> list[Array]:
        """Delta, gamma and vega of some legs together at S[where], over all n assets."""
        n, shape = len(self.view.assets), np.shape(where[0])
        axes = {"delta": 1, "gamma": 2, "vega": 1}
        whole = {name: np.zeros((*shape, *(n,) * count)) for name, count in axes.items()}
        for leg, amount in zip(legs, amounts, strict=True):
            much = np.broadcast_to(amount, self.view.shape)[where]
            for (name, places), number in leg.greeks.items():
                if name in whole:
                    there = np.broadcast_to(number, self.view.shape)[where]
                    at: Any = (..., *places)
                    whole[name][at] += times(much, there)
        return list(whole.values())


def times(amount: Array, number: Array) -> Array:
    """Product of an amount and a Greek; none of what is infinite is nothing."""
    if amount.size == 1 and amount == 1.0:
        return number
    if is_within(number, HUGE):
        return amount * number
    with np.errstate(invalid="ignore"):
        return np.where(amount == 0, 0.0, amount * number)


def _zeros(market: Market) -> Array:
    return np.zeros(market.shape)
