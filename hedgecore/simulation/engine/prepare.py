"""A frame before anything is decided: every leg valued, and what decisions need of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from hedgecore.decisions.problem import stand_alone
from hedgecore.market import terms
from hedgecore.market.instrument import Instrument
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import broadcast, column_stack, compact
from hedgecore.simulation.engine.books import Books
from hedgecore.simulation.engine.inputs import FrameInputs, times
from hedgecore.simulation.engine.ledger import moves
from hedgecore.simulation.engine.leg_values import (
    Amounts,
    add_funding,
    add_incomes,
    amounts_over,
    walk_legs,
)
from hedgecore.simulation.engine.orders import TradedContracts, VenueFee
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.legs.valuation import NONE, UNSAID, LegValues
from hedgecore.simulation.plan import Plan


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
    same = [np.full((1, 1), amount) for amount in plan.legs.amounts]
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
        moves=moves(view, books.view),
        growth=tuple(growth for _, growth in units), contracts=seen[count:],
        step=np.arange(view.first, view.first + len(view.clock), dtype=np.float64),
        positions=seen[:count], **_positions(plan, view, seen[:count], amounts),
        **_hedges(plan, view, seen[count:]), **_orders(plan, view, seen[count:]),
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
    return tuple(evolve(held, greeks=o.greeks) for held, o in zip(there, other, strict=True))


def _positions(
    plan: Plan, view: MarketGrid, seen: Sequence[LegValues], amounts: Sequence[Amounts]
) -> dict[str, Any]:
    """Fields of the inputs that are of positions and prices."""
    rows = plan.rows
    base = [_total("delta", (i,), seen, amounts) for i in rows]
    bend = [_total("gamma", pair, seen, amounts) for pair in product(rows, rows)]
    return {
        "base": column_stack(base, view.shape),
        "bend": column_stack(bend, view.shape, len(rows), len(rows)),
        "price": column_stack([view.prices[i] for i in rows], view.shape),
    }


def _total(
    name: str, places: tuple[int, ...], seen: Sequence[LegValues], amounts: Sequence[Amounts]
) -> Array:
    """One of the Greeks of all positions together, S or less."""
    bent = [pair for pair in zip(seen, amounts, strict=True) if (name, places) in pair[0].greeks]
    each = [times(amount.after, held.greeks[name, places]) for held, amount in bent]
    return reduce(np.add, each) if each else NONE


def _hedges(plan: Plan, view: MarketGrid, contracts: tuple[LegValues, ...]) -> dict[str, Any]:
    """Fields of the inputs that are of what contracts offset."""
    rows, k, m = plan.rows, len(contracts), len(plan.rows)
    unit = [h.greek("delta", i) for h in contracts for i in rows]
    curves = [h.greek("gamma", i, j) for h in contracts for i, j in product(rows, rows)]
    bent = any(each is not NONE and each.any() for each in curves)
    pairs = zip(np.ndindex(k, m), unit, strict=True)
    whole = column_stack(unit, view.shape, k, m)
    return {
        "unit": whole,
        "offsets": tuple(place for place, each in pairs if each.any()),
        "curve": column_stack(curves, view.shape, k, m, m) if bent else None,
        "kept": _survival(contracts, len(view.clock)),
        **(_coins if plan.legs.owed else _no_coins)(plan, view, contracts, unit, whole),
    }


def _no_coins(
    plan: Plan, view: MarketGrid, contracts: Sequence[LegValues], unit: list[Array], whole: Array
) -> dict[str, Any]:
    """Fields of the inputs that are of settlement, which is in the numeraire."""
    none = broadcast(NONE, (*view.shape, len(contracts)))
    return {"fresh": whole, "settle": none, "repaid": none, "alone": _alone(plan, unit)}


def _coins(
    plan: Plan, view: MarketGrid, contracts: Sequence[LegValues], unit: list[Array], whole: Array
) -> dict[str, Any]:
    """Fields of the inputs that are of settlement in coins."""
    coins = [_coin(c, h, view) for c, h in zip(plan.legs.coins, contracts, strict=True)]
    settle = [settle for settle, _ in coins]
    fresh = _with_coins(unit, settle, plan.coined, len(plan.rows))
    return {
        "fresh": column_stack(fresh, view.shape, *whole.shape[2:]),
        "settle": view.spread(settle),
        "repaid": view.spread([repaid for _, repaid in coins]),
        "alone": _alone(plan, fresh),
    }


def _orders(plan: Plan, view: MarketGrid, contracts: tuple[LegValues, ...]) -> dict[str, Any]:
    """Fields of the inputs that are of orders."""
    traded = plan.legs.traded
    pairs = list(zip(traded, contracts, strict=True))
    notional = view.spread([_notional(i, h, view) for i, h in pairs])
    fees = [_venue_fee(i, h) for i, h in pairs]
    return {
        "terms": TradedContracts(traded, notional, fees),
        "min_order": _min_orders(traded, view),
    }


def _with_coins(
    unit: Sequence[Array], settle: Sequence[Any], coined: Sequence[int | None], m: int
) -> list[Array]:
    """Delta of a contract that is bought now, k rows of m, from that of one held."""
    fresh = list(unit)
    for k, asset in enumerate(coined):
        if asset is not None:
            fresh[k * m + asset] = unit[k * m + asset] + settle[k]
    return fresh


def _alone(plan: Plan, fresh: Sequence[Array]) -> NDArray[np.bool_]:
    """True where each instrument stands alone, S, or () where that is the same all over S."""
    if not plan.quotient:
        return np.zeros((), dtype=np.bool_)
    wide = [each.shape for each in fresh if each.size > 1]
    then = len(plan.serves), len(plan.rows)
    found = stand_alone(column_stack(fresh, wide[0] if wide else (1, 1), *then), plan.serves)
    return found if found.size > 1 else found.reshape(())


def _survival(contracts: Sequence[LegValues], steps: int) -> Array:
    whole = np.ones((steps, len(contracts)))
    for k, held in enumerate(contracts):
        whole[:, k] = held.kept[:, 0]
    return whole


def _coin(coin: int | None, held: LegValues, view: MarketGrid) -> tuple[Any, Any]:
    """Coins that come with a contract bought, and that an expiry pays for one held."""
    if coin is None:
        return 0.0, 0.0
    price = view.prices[coin]
    return -held.worth / price, (held.end - held.worth) / price


def _notional(instrument: Instrument, held: LegValues, view: MarketGrid) -> Array:
    """Notional of one contract: its own, or its cash delta."""
    if terms.supports(instrument, terms.SupportsNotional) or not np.isnan(held.notional).any():
        return held.notional
    hedged = view.market.assets.underlying(instrument.hedges)
    there = [view.assets.index(asset) for asset in hedged if asset in view.assets]
    return np.asarray(sum((np.abs(held.greek("delta", i) * view.prices[i]) for i in there), NONE))


def _venue_fee(instrument: Instrument, held: LegValues) -> VenueFee:
    """Venue's fee of one contract: its own rule, or its fee."""
    if held.charge is not UNSAID and not np.isnan(held.charge).any():
        return VenueFee(held.charge, np.nan)
    fee = None if terms.supports(instrument, terms.SupportsFee) else instrument.fee
    return VenueFee(None, np.nan if fee is None else fee)


def _min_orders(traded: Sequence[Instrument], view: MarketGrid) -> Array:
    least = [compact(terms.min_order(i, view.market), view.shape) for i in traded]
    if all(each.size == 1 for each in least):
        return np.array([float(each.flat[0]) for each in least])
    return column_stack(least, view.shape)
