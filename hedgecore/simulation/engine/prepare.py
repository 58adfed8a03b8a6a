"""A frame before anything is decided: every leg valued, and what decisions need of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve

from hedgecore.decisions.problem import assets_of, is_quotient, stand_alone
from hedgecore.decisions.trades import cheapest_rate, instruments_for
from hedgecore.interfaces.cost import Trades
from hedgecore.market import terms
from hedgecore.market.instrument import Instrument
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.books import Books
from hedgecore.simulation.engine.inputs import FrameInputs, PositionGreeks
from hedgecore.simulation.engine.ledger import moves, vols_of
from hedgecore.simulation.engine.leg_values import (
    Amounts,
    add_funding,
    add_incomes,
    amounts_over,
    walk_legs,
)
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.legs.valuation import LegValues
from hedgecore.simulation.plan import Plan
from hedgecore.units import DAYS_PER_YEAR


def prepare_frame(plan: Plan, view: MarketGrid, books: Books) -> FrameInputs:
    """Inputs of the frame that a view is of, the books standing before it."""
    legs, settings = plan.legs, plan.settings
    there, states = walk_legs(legs.every, view, books.leg_states, settings.funding)
    there = add_funding(legs.every, view, there, books.there, settings.funding)
    there = add_incomes(legs.positions, settings.income, view, there, books.there)
    units = [
        amounts_over(amount, settings.income.get(leg.name), held, growth)
        for leg, amount, held, growth in zip(
            legs.positions, legs.amounts, there, books.growth, strict=False
        )
    ]
    return _inputs(plan, view, books, (there, states), units)


def prepare_opening(plan: Plan, books: Books) -> FrameInputs:
    """Inputs of the start, at which the hedge is opened."""
    same = [amount * np.broadcast_to(1.0, books.view.shape) for amount in plan.legs.amounts]
    units = [(Amounts(each, each), one) for each, one in zip(same, books.growth, strict=True)]
    return _inputs(plan, books.view, books, (books.there, books.leg_states), units)


def _inputs(
    plan: Plan,
    view: MarketGrid,
    books: Books,
    values: tuple[tuple[LegValues, ...], tuple[Any, ...]],
    units: Sequence[tuple[Amounts, Array]],
) -> FrameInputs:
    there, states = values
    amounts, count = tuple(amount for amount, _ in units), len(plan.legs.positions)
    seen = _as_priced(plan, view, there, books.leg_states)
    return FrameInputs(
        view=view, plan=plan, there=there, states=states, amounts=amounts, before=books.there,
        moves=moves(view, books.view.prices[-1], vols_of(books.view)[-1]),
        growth=tuple(growth for _, growth in units), contracts=seen[count:],
        step=np.arange(view.first, view.first + len(view.clock), dtype=np.float64),
        **_positions(plan, view, seen[:count], amounts), **_hedges(plan, view, seen[count:]),
    )  # fmt: skip


def _as_priced(
    plan: Plan, view: MarketGrid, there: tuple[LegValues, ...], states: tuple[Any, ...]
) -> tuple[LegValues, ...]:
    """Legs with the Greeks that the policy wants to see."""
    settings = plan.settings
    priced = settings.policy.pricing_market(view.market)
    if priced is view.market:
        return there
    other, _ = walk_legs(plan.legs.every, view.with_market(priced), states, settings.funding)
    return tuple(
        evolve(held, delta=o.delta, gamma=o.gamma, vega=o.vega)
        for held, o in zip(there, other, strict=True)
    )


def _positions(
    plan: Plan, view: MarketGrid, seen: Sequence[LegValues], amounts: Sequence[Amounts]
) -> dict[str, Any]:
    """Fields of the inputs that are of positions and prices."""
    rows = list(plan.rows)
    positions = _total(seen, amounts, view)
    return {
        "positions": positions,
        "base": positions.delta[..., rows],
        "bend": _submatrix(positions.gamma, rows),
        "price": view.prices[..., rows],
        "vol": view.vols([view.assets[row] for row in rows]),
    }


def _hedges(plan: Plan, view: MarketGrid, contracts: tuple[LegValues, ...]) -> dict[str, Any]:
    """Fields of the inputs that are of contracts."""
    traded, settings, rows = plan.legs.traded, plan.settings, list(plan.rows)
    assets = [view.assets[row] for row in rows]
    coins = [_coin(c, h, view) for c, h in zip(plan.legs.coins, contracts, strict=True)]
    settle = view.spread([settle for settle, _ in coins])
    unit = _stack([h.delta[..., rows] for h in contracts], view.shape, (len(rows),))
    coined = tuple(rows.index(c) if c in rows else None for c in plan.legs.coins)
    fresh = _with_coins(unit, settle, coined)
    pairs = list(zip(traded, contracts, strict=True))
    notional = view.spread([_notional(i, h, view) for i, h in pairs])
    charge = view.spread([_charge(i, h, notional[..., k]) for k, (i, h) in enumerate(pairs)])
    serves = assets_of(traded, assets, view.market)
    none = trades_over(view, traded, np.zeros_like(notional), notional, charge)
    quotient = is_quotient(settings.request, settings.solver)
    bent = any(held.gamma.any() for held in contracts)
    curves = [_submatrix(h.gamma, rows) for h in contracts] if bent else []
    return {
        "unit": unit,
        "fresh": fresh,
        "curve": _stack(curves, view.shape, (len(rows),) * 2) if bent else None,
        "settle": settle,
        "repaid": view.spread([repaid for _, repaid in coins]),
        "kept": _survival(contracts, len(view.clock)),
        "serves": serves,
        "alone": stand_alone(fresh, serves) if quotient else np.zeros((), dtype=np.bool_),
        "coined": coined,
        "notional": notional,
        "charge": charge,
        "lots": tuple(each.lot for each in traded),
        "min_order": _min_orders(traded, view),
        "cost": cheapest_rate(
            settings.costs, none, [instruments_for(traded, a, view.market) for a in assets]
        ),
    }


def trades_over(
    view: MarketGrid, traded: Sequence[Instrument], contracts: Array, notional: Array, charge: Array
) -> Trades:
    """Trades at all moments of a view, S+(k,)."""
    assets = [each.hedges[0] for each in traded]
    bar = view.row("bar", assets)
    days = np.where(np.isnan(bar), view.dt[..., None], bar) * DAYS_PER_YEAR
    daily = view.row("volume", assets) / np.where(days > 0, days, np.nan)
    return Trades(
        instruments=traded,
        contracts=contracts,
        notional=notional,
        charge=charge,
        market=view.market,
        vol=view.vols(assets),
        volume=daily,
    )


def _submatrix(gamma: Array, rows: Sequence[int]) -> Array:
    """Entries of S+(n, n) over some of the assets."""
    return np.asarray(gamma[..., list(rows), :][..., list(rows)])


def _with_coins(unit: Array, settle: Array, coined: Sequence[int | None]) -> Array:
    """Delta of a contract that is bought now, S+(k, m), from that of one held."""
    fresh = unit
    for k, asset in enumerate(coined):
        if asset is not None:
            fresh = fresh.copy() if fresh is unit else fresh
            fresh[..., k, asset] += settle[..., k]
    return fresh


def _total(
    there: Sequence[LegValues], amounts: Sequence[Amounts], view: MarketGrid
) -> PositionGreeks:
    n = len(view.assets)
    delta, gamma, vega = (np.zeros((*view.shape, *more)) for more in ((n,), (n, n), (n,)))
    for held, amount in zip(there, amounts, strict=True):
        much = amount.after[..., None]
        delta += much * held.delta
        vega += much * held.vega
        gamma += _times(much[..., None], held.gamma)
    return PositionGreeks(delta, gamma, vega)


def _times(amount: Array, gamma: Array) -> Array:
    """Amount times gamma; none of what is infinite is nothing."""
    if np.isfinite(gamma).all():
        return amount * gamma
    with np.errstate(invalid="ignore"):
        return np.where(amount == 0, 0.0, amount * gamma)


def _survival(contracts: Sequence[LegValues], steps: int) -> Array:
    whole = np.ones((steps, len(contracts)))
    for k, held in enumerate(contracts):
        whole[:, k] = held.kept[:, 0]
    return whole


def _stack(parts: Sequence[Array], shape: tuple[int, ...], then: tuple[int, ...]) -> Array:
    """Stack of k arrays, S+then or less, as S+(k,)+then."""
    out = np.empty((*shape, len(parts), *then))
    place: tuple[Any, ...] = (slice(None),) * len(then)
    for i, part in enumerate(parts):
        out[(..., i, *place)] = part
    return out


def _coin(coin: int | None, held: LegValues, view: MarketGrid) -> tuple[Any, Any]:
    """Coins that come with a contract bought, and that an expiry pays for one held."""
    if coin is None:
        return 0.0, 0.0
    price = view.prices[..., coin]
    return -held.worth / price, (held.end - held.worth) / price


def _notional(instrument: Instrument, held: LegValues, view: MarketGrid) -> Array:
    """Notional of one contract: its own, or its cash delta."""
    if not np.isnan(held.notional).any():
        return held.notional
    hedged = view.market.assets.underlying(instrument.hedges)
    there = [view.assets.index(asset) for asset in hedged if asset in view.assets]
    return np.asarray(np.abs(held.delta[..., there] * view.prices[..., there]).sum(axis=-1))


def _charge(instrument: Instrument, held: LegValues, notional: Array) -> Array | float:
    """Venue's fee of one contract: its own rule, or its fee; NaN where unknown."""
    if not np.isnan(held.charge).any():
        return held.charge
    fee = None if isinstance(instrument, terms.SupportsFee) else instrument.fee
    return np.nan if fee is None else fee * notional


def _min_orders(traded: Sequence[Instrument], view: MarketGrid) -> Array:
    if not any(isinstance(i, terms.SupportsMinOrder) for i in traded):
        return np.array([i.min_size for i in traded])
    return view.spread([terms.min_order(i, view.market) for i in traded])
