"""The laws of costs: never negative, nothing for no trade, and a rate that is theirs."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np

from hedgecore.errors import SpecError
from hedgecore.interfaces.cost import Trades
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.registry.specs import schema
from hedgecore.testing.answers import UNIT
from hedgecore.testing.contracts import LinearContract
from hedgecore.testing.law import law, require

SIZES = 10.0 ** np.arange(-8.0, 8.0)
"""Worth of the orders to try, in money: a least fee is more than what small ones cost, and no more
than what large ones do."""
SMALL = 10.0
"""Most that is asked of a pool, in money, which may be a small one."""
UNITS = (2.0**-40, 2.0**-20, 2.0**20, 2.0**40)
SAME = 1e-9
RATE = 1e-6
"""Tolerance of a rate, of the cash traded, and of itself twice over."""


@law
def cost_nonnegative(cost: Any, at: Any = None) -> None:
    """Each order costs 0 or more, a finite amount, S+(k,).

    Source: `AbstractCost.cost`.
    """
    for trades in _each(cost, at):
        found = _of(cost, trades)
        require(found.shape == trades.contracts.shape, "its shape is not that of the orders",
                got=found.shape, expected=trades.contracts.shape)  # fmt: skip
        fine = np.isfinite(found) & (found >= -_rounding(trades))
        require(
            np.all(fine), "an order costs less than nothing, or no number", got=found[~fine][:1]
        )


@law
def no_trade_is_free(cost: Any, at: Any = None) -> None:
    """A trade of nothing costs exactly nothing.

    Source: `AbstractCost.cost`.
    """
    for trades in _each(cost, at):
        none = attrs.evolve(trades, contracts=np.zeros(trades.contracts.shape))
        found = _of(cost, none)
        require(
            np.all(found == 0), "an order of nothing costs something", got=found[found != 0][:1]
        )


@law
def even_in_sign(cost: Any, at: Any = None) -> None:
    """To sell costs what to buy does, unless the class says ``symmetric = False``.

    Source: a fee, half a spread and the square-root law know sizes alone; a curve does not.
    """
    if not type(cost).symmetric:
        return
    for trades in _each(cost, at):
        found, other = _of(cost, trades), _of(cost, _times(trades, -1.0))
        _close(other, found, "to sell it costs something else than to buy it")


@law
def rate_is_of_small_trades(cost: Any, at: Any = None) -> None:
    """`proportional_rate` is what a little more of a small order costs, per cash.

    Source: `AbstractCost.proportional_rate`: the part of the cost that grows with the cash.
    """
    for trades in _each(cost, at):
        one, two = _of(cost, trades), _of(cost, _times(trades, 2.0))
        slope = (two - one) / np.where(trades.cash > 0, trades.cash, np.inf)
        rate = np.broadcast_to(np.asarray(cost.proportional_rate(trades)), slope.shape)
        off = np.abs(slope - rate) / (RATE + 2.0 * np.square(rate))
        traded = np.where(trades.cash > 0, off, np.inf)
        best = traded.reshape(-1, traded.shape[-1]).min(axis=0)
        worst = int(np.argmax(best))
        require(best[worst] <= 1, "its rate is not what small orders cost",
                got=rate[..., worst].flat[0], expected=slope[..., worst].flat[0])  # fmt: skip


@law
def orders_are_alone(cost: Any, at: Any = None) -> None:
    """Each moment costs what it costs alone; nothing that is given changes; twice is the same.

    Source: `AbstractCost`: a formula over arrays.
    """
    for trades in _each(cost, at):
        kept = copy.deepcopy(trades.contracts)
        together = np.array(_of(cost, trades))
        require(np.array_equal(trades.contracts, kept), "it changes the orders")
        require(np.array_equal(_of(cost, trades), together), "asked again it says something else")
        for index in np.ndindex(trades.contracts.shape[:-1]):
            alone = _of(cost, _moment(trades, index))
            _close(alone, together[index], "alone an order costs something else")


@law
def cost_knows_no_contract_size(cost: Any, at: Any = None) -> None:
    """Twice the contracts of half the size cost the same, from 1e-12 to 1e12 of it.

    Source: what is traded is cash; how it is cut into contracts is the venue's choice.
    """
    for trades in _each(cost, at):
        expected = _of(cost, trades)
        for unit in UNITS:
            other = attrs.evolve(
                trades,
                contracts=trades.contracts * unit,
                notional=trades.notional / unit,
                charge=trades.charge / unit,
            )
            _close(_of(cost, other), expected, f"contracts of 1/{unit:g} of the size cost others")


@law
def unknown_is_refused(cost: Any, at: Any = None) -> None:
    """A cost refuses an unknown fee, volatility or volume that it depends on, and gives no number.

    Source: unknown is not zero.
    """
    for trades in _each(cost, at):
        nothing = np.full(trades.contracts.shape, np.nan)
        unknown = attrs.evolve(trades, charge=nothing, vol=nothing, volume=nothing)
        try:
            found, known = _of(cost, unknown), _of(cost, trades)
        except SpecError:
            continue
        _close(found, known, "it answers by what is unknown")


def _each(cost: Any, at: Any) -> Iterator[Trades]:
    """Trades to try: those that are given, or the kit's."""
    yield sample_trades(cost) if at is None else at


def sample_trades(cost: Any) -> Trades:
    """Orders in two instruments, of a millionth of a cent and of much, bought and sold.

    The first has the name that the cost asks for, if it does, and the first asset of its pool.
    """
    values = [getattr(cost, name) for name in schema(type(cost))]
    pools = [value for value in values if isinstance(value, PoolModel)]
    names = [value for value in values if isinstance(value, str)]
    prices = _prices(pools[0]) if pools else {"A": 2000.0}
    first, price = next(iter(prices.items()))
    name = next(iter(names), "A-1")
    instruments = [
        LinearContract(name=name, underlying=first),
        LinearContract(name=f"{name} too", underlying=first, contract_size=10.0),
    ]
    sizes = SIZES[SIZES <= SMALL] if pools else SIZES
    notional = np.broadcast_to(np.array([price, 10.0 * price]), (2 * len(sizes) + 1, 2)).copy()
    cash = np.concatenate([sizes, [0.0], -sizes])[:, None] * np.array([1.0, 3.0])
    same = np.ones(notional.shape)
    return Trades(
        instruments=instruments,
        contracts=cash / notional,
        notional=notional,
        charge=0.0005 * notional,
        market=Market(prices=prices, numeraire=UNIT),
        vol=0.6 * same,
        volume=1e9 * same,
    )


def _prices(pool: PoolModel) -> dict[str, float]:
    """Asset → price of a pool's assets, where it stands if it says so."""
    try:
        spot = np.append(np.atleast_1d(pool.spot()), 1.0)
    except SpecError:
        spot = np.ones(len(pool.assets))
    return dict(zip(pool.assets, map(float, spot), strict=True))


def _of(cost: Any, trades: Trades) -> Array:
    return np.asarray(cost.cost(trades))


def _times(trades: Trades, number: float) -> Trades:
    return attrs.evolve(trades, contracts=number * trades.contracts)


def _moment(trades: Trades, index: tuple[int, ...]) -> Trades:
    names = ("contracts", "notional", "charge", "vol", "volume")
    return attrs.evolve(trades, **{name: getattr(trades, name)[index] for name in names})


def _rounding(trades: Trades) -> Array:
    """Rounding of a difference of two amounts of the pool, cash: of a small order, much."""
    return np.asarray(SAME * (trades.cash + 1e-6))


def _close(got: Array, expected: Array, reason: str) -> None:
    off = np.abs(got - expected) > SAME * np.abs(expected) + 1e-12
    off = off | np.isnan(got)
    require(not np.any(off), reason, got=got[off][:1], expected=np.asarray(expected)[off][:1])
