"""What decisions are made on, at all moments of a frame at once: nothing here depends on hedges."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from hedgecore.decisions.fixed_exposure import FixedContract, FixedExposure, exposure_over
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.problem import DecisionProblem, Places, total_delta
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.interfaces.policy import Observation
from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.ledger import MarketMoves
from hedgecore.simulation.engine.leg_values import Amounts
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.legs.setup import Legs
from hedgecore.simulation.legs.valuation import LegValues
from hedgecore.simulation.plan import Plan


class PositionGreeks(NamedTuple):
    """Delta S+(n,), gamma S+(n, n) and vega S+(n,) of all positions together, over n assets."""

    delta: Array
    gamma: Array
    vega: Array


@frozen(eq=False, kw_only=True)
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
        positions: of all positions together, as the policy prices them.
        contracts: one contract that is held, of each instrument, likewise.
        base: S+(m,), the delta of the positions.
        bend: S+(m, m), their gamma.
        unit: S+(k, m), the delta of one contract that is held.
        fresh: S+(k, m), the delta that one contract bought now adds.
        curve: S+(k, m, m), the gamma of one contract; None where there is none.
        settle: S+(k,), the coins that come with a contract bought now; 0 for the numeraire.
        repaid: S+(k,), the coins that an expiry pays for a contract held.
        kept: (K, k), 0 where a contract held is settled for good; else 1.
        serves: of each instrument, the hedged assets that it is there for.
        alone: S or (), whether trades are quotients.
        coined: of each instrument, the hedged asset that its profit is settled in, or None.
        notional: S+(k,), of one contract.
        charge: S+(k,), the venue's fee of one contract; NaN where unknown.
        min_order: S+(k,) or (k,), the fewest contracts of an order.
        lots: of each instrument, the step of orders, contracts; 0 is any amount.
        step: (K,), the index of each step.
        price: S+(m,).
        cost: S+(m,), one-way proportional cost of trading each hedged asset.
        vol: S+(m,).

    """

    view: MarketGrid
    plan: Plan
    moves: MarketMoves
    before: tuple[LegValues, ...]
    there: tuple[LegValues, ...]
    states: tuple[Any, ...]
    amounts: tuple[Amounts, ...]
    growth: tuple[Array, ...]
    positions: PositionGreeks
    contracts: tuple[LegValues, ...]
    base: Array
    bend: Array
    unit: Array
    fresh: Array
    curve: Array | None
    settle: Array
    repaid: Array
    kept: Array
    serves: tuple[tuple[int, ...], ...]
    alone: NDArray[np.bool_]
    coined: tuple[int | None, ...]
    notional: Array
    charge: Array
    min_order: Array
    lots: tuple[float, ...]
    step: Array
    price: Array
    cost: Array
    vol: Array

    @property
    def legs(self) -> Legs:
        """The legs."""
        return self.plan.legs

    def target_delta(self, at: Any, coins: Array) -> Array:
        """Delta of positions and of the coins in the account at S[at], S[at]+(m,)."""
        delta: Array = self.base[at]
        for k, asset in enumerate(self.coined):
            if asset is not None:
                own = np.zeros(len(self.plan.rows))
                own[asset] = 1.0
                delta = delta + coins[..., k, None] * own
        return delta

    def problem(self, at: Any, held: Array, coins: Array) -> DecisionProblem:
        """Decision problem at S[at], with so many contracts and coins held, S[at]+(k,)."""
        unit = self.unit[at]
        hedge = [held[..., k, None] * unit[..., k, :] for k in range(unit.shape[-2])]
        if held.ndim == 1:
            held = np.full(unit.shape[:-1], held)

        def question(places: Places) -> HedgeProblem:
            steps, paths = self.view.shape
            where = divmod(np.arange(steps * paths).reshape(steps, paths)[at][places], paths)
            own = np.broadcast_to(coins, held.shape)[places]
            return self._question(where, held[places], own)

        return DecisionProblem(
            places=np.arange(len(unit)),
            question=question,
            solver=self.plan.settings.solver,
            delta=total_delta(self.target_delta(at, coins), hedge),
            held=held,
            unit_delta=self.fresh[at],
            notional=self.notional[at],
            min_order=self.min_order if self.min_order.ndim == 1 else self.min_order[at],
            lots=self.lots,
            serves=self.serves,
            alone=self.alone[at] if self.alone.ndim else self.alone,
        )

    def observation(self, at: Any, problem: DecisionProblem, memory: Memory) -> Observation:
        """What a policy sees at S[at], of a problem there."""
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
        market, settings = market_at(self.view.market, where), self.plan.settings
        parts = [part[where] for part in self.positions]
        for k, coin in enumerate(self.legs.coins):
            if coin is not None:
                parts[0] = parts[0] + coins[..., k, None] * self._row(coin)
        contracts = []
        hedge = {}
        for k, traded in enumerate(self.legs.traded):
            one = self._contract(k, where, market)
            contracts.append(FixedContract(traded, self._fresh(k, where, market)))
            hedge[traded.name] = HeldContracts(held[..., k], FixedExposure(one))
        target = FixedExposure(exposure_over(self.view.assets, parts, _zeros(market), market))
        return HedgeProblem(target, tuple(contracts), market, settings.request, hedge)

    def _contract(self, k: int, where: tuple[Any, Any], market: Market) -> Exposure:
        """Exposure of one contract that is held."""
        held = self.contracts[k]
        parts = [part[where] for part in (held.delta, held.gamma, held.vega)]
        return exposure_over(self.view.assets, parts, _zeros(market), market)

    def _fresh(self, k: int, where: tuple[Any, Any], market: Market) -> Exposure:
        """Exposure of one contract that is bought now."""
        held, coin = self.contracts[k], self.legs.coins[k]
        parts = [part[where] for part in (held.delta, held.gamma, held.vega)]
        if coin is not None:
            parts[0] = parts[0] + self.settle[where][..., k, None] * self._row(coin)
        return exposure_over(self.view.assets, parts, _zeros(market), market)

    def _row(self, asset: int) -> Array:
        return np.asarray(np.eye(len(self.view.assets))[asset])


def market_at(market: Market, where: tuple[Any, ...]) -> Market:
    """Market of shape (K, N) at some of its moments."""
    shape = market.shape
    prices = {
        a: np.broadcast_to(p, shape)[where] if p.ndim else p for a, p in market.prices.items()
    }
    vols = {
        a: np.broadcast_to(v, shape)[where] if np.ndim(v) else v for a, v in market.vols.items()
    }
    time = np.broadcast_to(market.time, shape)[where] if np.ndim(market.time) else market.time
    return evolve(market, prices=prices, vols=vols, time=time)


def _zeros(market: Market) -> Array:
    return np.zeros(market.shape)
