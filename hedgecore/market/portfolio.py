"""Amounts of priced things, themselves priced; and the plainest things to have an amount of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol, cast, runtime_checkable

import attrs
import numpy as np
from attrs import evolve, field, frozen

from hedgecore.errors import SpecError, did_you_mean
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.market.terms import SupportsNotional
from hedgecore.numerics.arrays import Array


class Part(NamedTuple):
    """So much of a priced thing, by a name; a negative amount is short."""

    name: str
    priced: Priced
    amount: float = 1.0


def _parts(given: Iterable[Sequence[object]]) -> tuple[Part, ...]:
    parts = tuple(Part(*each) for each in given)  # type: ignore[arg-type]
    names = [part.name for part in parts]
    twice = (
        [name for name in names if names.count(name) > 1] if len(set(names)) < len(names) else []
    )
    if twice:
        raise SpecError(f"two parts of the portfolio are called {twice[0]!r}")
    for part in parts:
        if not np.isfinite(part.amount):
            raise SpecError(f"the amount of {part.name!r} is {part.amount}; it must be finite")
    return parts


def _names(given: Iterable[str] | str) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


@frozen(eq=False)
class Portfolio:
    """Named amounts of priced things: ``Portfolio([("lp", pool, 1.0), ("debt", loan, -2.0)])``.

    It is Priced itself, and linear in the amounts.
    """

    parts: tuple[Part, ...] = field(converter=_parts)

    @cached_property
    def terms(self) -> tuple[tuple[float, Priced], ...]:
        """What is summed: (amount, thing), where many positions of one pool are one thing."""
        return tuple(_summed(self.parts))

    def __getitem__(self, name: str) -> Part:
        for part in self.parts:
            if part.name == name:
                return part
        names = [part.name for part in self.parts]
        raise SpecError(f"the portfolio has no part {name!r:.80}{did_you_mean(name, names)}")

    def worth(self, market: Market) -> Array:
        """Return ``Σ amount · worth``, S, in the market's numeraire."""
        total = np.zeros(market.shape)
        for amount, priced in self.terms:
            total = total + amount * priced.worth(market)
        return total

    def exposure(self, market: Market) -> Exposure:
        """Return ``Σ amount · exposure`` over all assets that any part depends on."""
        if not self.parts:
            s = market.shape
            none = np.zeros((*s, 0))
            return Exposure((), market.numeraire, np.zeros(s), none, np.zeros((*s, 0, 0)), {}, none)
        return Exposure.sum(
            (amount, priced.exposure(market).in_underlying(market)) for amount, priced in self.terms
        )


@frozen
class Balance:
    """One unit of an asset, simply held."""

    asset: str

    def worth(self, market: Market) -> Array:
        """Return the asset's price, S."""
        return np.broadcast_to(market.price(self.asset), market.shape)

    def exposure(self, market: Market) -> Exposure:
        """Return a delta of one."""
        return Exposure.of(market, market.price(self.asset), {self.asset: 1.0})


@frozen(eq=False)
class Tradable:
    """A priced thing as an instrument: an LP position that may be entered or left, say.

    Attributes:
        name: what the order goes by.
        priced: the thing.
        hedges: the assets whose delta it is there to offset.
        contract_size: how much of the thing one contract is.
        lot: the step in which contracts trade; 0 means any amount.
        min_size: the fewest contracts of one order.
        fee: fraction of the notional; None where unknown.

    """

    name: str
    priced: Priced
    hedges: tuple[str, ...] = field(converter=_names)
    contract_size: float = 1.0
    lot: float = 0.0
    min_size: float = 0.0
    fee: float | None = None

    def worth(self, market: Market) -> Array:
        """Return the worth of one contract, S."""
        return np.asarray(self.contract_size * self.priced.worth(market))

    def exposure(self, market: Market) -> Exposure:
        """Return the exposure of one contract."""
        return self.contract_size * self.priced.exposure(market)

    def notional(self, market: Market) -> Array:
        """Return the thing's own notional, or else its worth or its cash delta if that is more."""
        if isinstance(self.priced, SupportsNotional):
            return np.asarray(self.contract_size * self.priced.notional(market))
        held, hedged = self.exposure(market), market.assets.underlying(self.hedges)
        there = [held.assets.index(asset) for asset in hedged if asset in held.assets]
        cash = np.abs(held.delta_cash[..., there]).sum(axis=-1)
        return np.asarray(np.maximum(np.abs(held.value), cash))


@runtime_checkable
class SupportsEntry(Priced, Protocol):
    """What is another thing where prices have moved from here; the rest is simply owned.

    A perp is worth its profit since it was entered; a pool at its own state follows its curve.
    """

    def entered(self, market: Market, /) -> Priced:
        """Return it as it is revalued elsewhere, from here: a perp with its entry price fixed."""
        ...


def entered(priced: Priced, market: Market) -> Priced:
    """Return `priced` as traded at `market`; itself, where no entry price is part of it."""
    if isinstance(priced, Tradable):
        return evolve(priced, priced=entered(priced.priced, market))
    return priced.entered(market) if isinstance(priced, SupportsEntry) else priced


@runtime_checkable
class SupportsAggregation(Priced, Protocol):
    """A kind of which thousands of one pool are summed at once; others are summed one by one."""

    @classmethod
    def aggregate(cls, columns: Mapping[str, Sequence[Any]], amounts: Sequence[float], /) -> Priced:
        """Return ``Σ amount · position`` of positions that have the same assets.

        Args:
            columns: field → its value in each position; at least one position.
            amounts: how many of each; negative is short.

        """
        ...


MANY = 64
"""From how many positions of one pool on they are aggregated."""


def _summed(parts: Sequence[Part]) -> list[tuple[float, Priced]]:
    """Return (amount, thing) whose sum is that of the parts, each where its first part stood."""
    offers = {
        cls: issubclass(cls, SupportsAggregation) for cls in {type(part.priced) for part in parts}
    }
    pools: dict[Any, list[int]] = {}
    for i, (_, priced, _) in enumerate(parts):
        cls, pool = type(priced), cast("Any", priced)
        pools.setdefault((cls, pool.assets) if offers[cls] else i, []).append(i)
    terms = {i: (part.amount, part.priced) for i, part in enumerate(parts)}
    for alike in pools.values():
        if len(alike) >= MANY:
            together = _aggregated([parts[i] for i in alike])
            for i in alike[1:]:
                del terms[i]
            terms[alike[0]] = 1.0, together
    return list(terms.values())


def _aggregated(parts: Sequence[Part]) -> Priced:
    cls: Any = type(parts[0].priced)
    columns = {
        each.alias or each.name: [getattr(part.priced, each.name) for part in parts]
        for each in attrs.fields(cls)
        if each.init
    }
    pool: Priced = cls.aggregate(columns, [part.amount for part in parts])
    return pool
