"""What decisions are made on, at all moments of a frame at once: nothing here depends on hedges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from attrs import frozen

from hedgecore.decisions.trades import chosen, hedged_by, order
from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.interfaces.policy import Observation
from hedgecore.market import terms
from hedgecore.market.instrument import Instrument
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import View
from hedgecore.simulation.legs.setup import Stock
from hedgecore.simulation.legs.valuation import Held
from hedgecore.simulation.plan import Plan


class Greeks(NamedTuple):
    """Delta and gamma of one thing, over n assets, and their parts over the m that are hedged."""

    delta: Array
    gamma: Array
    vega: Array


@frozen(eq=False, kw_only=True)
class Ground:
    """K steps of N paths, S = (K, N), with m hedged assets and k instruments.

    Attributes:
        view: the moments.
        stock: the legs.
        rows: which of the view's assets are hedged, m of them.
        positions: of all positions together.
        contracts: of one contract that is held, of each instrument.
        base: S+(m,), the delta of the positions.
        bend: S+(m, m), their gamma.
        unit: S+(k, m), the delta of one contract that is held.
        curve: S+(k, m, m), its gamma; None where there is none.
        mark: S+(k,), what one contract that is held is worth.
        settle: S+(k,), the coins that come with a contract bought now; 0 for the numeraire.
        repaid: S+(k,), the coins that an expiry pays for a contract held.
        kept: (K, k), 0 where a contract held is settled for good; else 1.
        serves: of each instrument, the hedged assets that it is there for.
        into: (k, m), 1 where the coin of an instrument is a hedged asset.
        notional: S+(k,), of one contract.
        charge: S+(k,), the venue's fee of one contract; NaN where unknown.
        least: S+(k,) or (k,), the fewest contracts of an order.
        lot: (k,).
        step: (K,), the index of each step.
        coined: whether any profit is settled in a hedged asset.
        price: S+(m,).
        cost: S+(m,), one-way proportional cost of trading each hedged asset.
        vol: S+(m,).
        worth: of the positions at the start.

    """

    view: View
    stock: Stock
    rows: tuple[int, ...]
    positions: Greeks
    contracts: tuple[Held, ...]
    base: Array
    bend: Array
    unit: Array
    curve: Array | None
    mark: Array
    settle: Array
    repaid: Array
    kept: Array
    serves: tuple[tuple[int, ...], ...]
    into: Array
    notional: Array
    charge: Array
    least: Array
    lot: Array
    step: Array
    coined: bool
    price: Array
    cost: Array
    vol: Array
    worth: Array

    def fresh(self, at: Any) -> Array:
        """Return the delta that one contract bought at S[at] adds, S[at]+(k, m)."""
        unit: Array = self.unit[at]
        return unit + self.settle[at][..., None] * self.into if self.coined else unit

    def delta(self, at: Any, held: Array, coins: Array) -> Array:
        """Return the delta of the whole book at S[at], with so much of each contract, (…, k)."""
        unit = self.unit[at]
        if held.shape[-1] == 1:
            delta = self.base[at] + held * unit[..., 0, :]
        else:
            delta = self.base[at] + np.einsum("...k,...km->...m", held, unit)
        return np.asarray(delta + coins @ self.into if self.coined else delta)

    def gamma(self, at: Any, held: Array) -> Array:
        """Return the gamma of the whole book at S[at]."""
        if self.curve is None:
            return np.asarray(self.bend[at])
        bent = np.einsum("...k,...kij->...ij", held, self.curve[at])
        return np.asarray(self.bend[at] + bent)

    def share(self, part: Array) -> Array:
        """Return the part of the way by instrument, (…, k), from that by asset, (…, m)."""
        if part.shape[-1] == 1:
            return part
        return np.stack([part[..., list(them)].max(axis=-1) for them in self.serves], axis=-1)

    def moments(
        self, at: Any, delta: Array, gamma: Array, last: tuple[Array, Array]
    ) -> Observation:
        """Return what a policy sees at S[at], given the delta, gamma and the last trade."""
        steps = at[0] if isinstance(at, tuple) else at
        return Observation(
            step=self.step[steps],
            time=self.view.clock[steps, 0],
            dt=self.view.dt[steps, 0],
            price=self.price[at],
            delta=delta,
            gamma=gamma,
            vol=self.vol[at],
            cost=self.cost[at],
            last_time=last[0],
            last_price=last[1],
            worth=self.worth,
        )


def ground(view: View, plan: Plan, positions: Greeks, contracts: tuple[Held, ...]) -> Ground:
    """Return the ground of a frame, from the Greeks of the positions and of the contracts."""
    stock, rows = plan.stock, plan.rows
    coins = [_coin(c, h, view) for c, h in zip(stock.coins, contracts, strict=True)]
    notional = view.spread(
        [_notional(i, h, view) for i, h in zip(stock.traded, contracts, strict=True)]
    )
    pairs = enumerate(zip(stock.traded, contracts, strict=True))
    charge = view.spread([_charge(i, h, notional[..., k]) for k, (i, h) in pairs])
    nothing = order(view, stock.traded, np.zeros_like(notional), notional, charge)
    some = [i for i, held in enumerate(contracts) if held.gamma.any()]
    return Ground(
        view=view,
        stock=stock,
        rows=rows,
        positions=positions,
        contracts=contracts,
        base=positions.delta[..., list(rows)],
        bend=chosen(positions.gamma, rows),
        unit=_stacked([h.delta[..., list(rows)] for h in contracts], view.shape, (len(rows),)),
        curve=_stacked([chosen(h.gamma, rows) for h in contracts], view.shape, (len(rows),) * 2)
        if some
        else None,
        mark=view.spread([h.worth for h in contracts]),
        settle=view.spread([settle for settle, _ in coins]),
        repaid=view.spread([repaid for _, repaid in coins]),
        kept=_kept(contracts, len(view.clock)),
        serves=tuple(_serves(i, [view.assets[row] for row in rows]) for i in stock.traded),
        into=_into(stock.coins, rows),
        notional=notional,
        charge=charge,
        least=_leasts(stock.traded, view),
        lot=np.array([i.lot for i in stock.traded]),
        step=np.arange(view.first, view.first + len(view.clock), dtype=np.float64),
        coined=bool(_into(stock.coins, rows).any()),
        price=view.prices[..., list(rows)],
        cost=_rates(
            plan.settings.costs, nothing, [hedged_by(stock.traded, view.assets[r]) for r in rows]
        ),
        vol=view.vols([view.assets[row] for row in rows]),
        worth=plan.worth,
    )


def _serves(instrument: Instrument, assets: Sequence[str]) -> tuple[int, ...]:
    found = tuple(i for i, asset in enumerate(assets) if asset in instrument.hedges)
    return found or tuple(range(len(assets)))


def _into(coins: Sequence[int | None], rows: Sequence[int]) -> Array:
    whole = np.zeros((len(coins), len(rows)))
    for k, coin in enumerate(coins):
        whole[k] = [float(coin == row) for row in rows]
    return whole


def _kept(contracts: Sequence[Held], steps: int) -> Array:
    whole = np.ones((steps, len(contracts)))
    for k, held in enumerate(contracts):
        whole[:, k] = held.kept[:, 0]
    return whole


def _stacked(parts: Sequence[Array], shape: tuple[int, ...], then: tuple[int, ...]) -> Array:
    """Return k arrays, S+then or less, as S+(k,)+then."""
    out = np.empty((*shape, len(parts), *then))
    place: tuple[Any, ...] = (slice(None),) * len(then)
    for i, part in enumerate(parts):
        out[(..., i, *place)] = part
    return out


def _coin(coin: int | None, held: Held, view: View) -> tuple[Any, Any]:
    """Return the coins that come with a contract bought, and that an expiry pays for one held."""
    if coin is None:
        return 0.0, 0.0
    price = view.prices[..., coin]
    return -held.worth / price, (held.end - held.worth) / price


def _notional(instrument: Instrument, held: Held, view: View) -> Array:
    """Return the notional of one contract: its own, or its cash delta."""
    if not np.isnan(held.notional).any():
        return held.notional
    there = [view.assets.index(asset) for asset in instrument.hedges if asset in view.assets]
    return np.asarray(np.abs(held.delta[..., there] * view.prices[..., there]).sum(axis=-1))


def _charge(instrument: Instrument, held: Held, notional: Array) -> Array | float:
    """Return the venue's fee of one contract: its own rule, or its fee; NaN where unknown."""
    if not np.isnan(held.charge).any():
        return held.charge
    fee = None if isinstance(instrument, terms.SupportsFee) else instrument.fee
    return np.nan if fee is None else fee * notional


def _leasts(traded: Sequence[Instrument], view: View) -> Array:
    if not any(isinstance(i, terms.SupportsMinOrder) for i in traded):
        return np.array([i.min_size for i in traded])
    return view.spread([terms.min_order(i, view.market) for i in traded])


def _rates(costs: Sequence[AbstractCost], asked: Trades, by: Sequence[Sequence[int]]) -> Array:
    """Return the least proportional cost of trading each hedged asset, S+(m,)."""
    of_each = sum((cost.proportional_rate(asked) for cost in costs), np.zeros(asked.notional.shape))
    least = [np.min(of_each[..., list(them)], axis=-1) for them in by]
    return np.stack(least, axis=-1) if least else of_each[..., :0]
