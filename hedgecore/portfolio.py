"""Amounts of priced things, themselves priced; and the plainest things to have an amount of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from attrs import evolve, field, frozen

from hedgecore.errors import SpecError, did_you_mean
from hedgecore.exposure import Exposure, Priced, combine
from hedgecore.market import Array, Market
from hedgecore.terms import Notional


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

    def __getitem__(self, name: str) -> Part:
        for part in self.parts:
            if part.name == name:
                return part
        names = [part.name for part in self.parts]
        raise SpecError(f"the portfolio has no part {name!r:.80}{did_you_mean(name, names)}")

    def worth(self, market: Market) -> Array:
        """Return ``Σ amount · worth``, S, in the market's numeraire."""
        total = np.zeros(market.shape)
        for part in self.parts:
            total = total + part.amount * part.priced.worth(market)
        return total

    def exposure(self, market: Market) -> Exposure:
        """Return ``Σ amount · exposure`` over all assets that any part depends on."""
        if not self.parts:
            s = market.shape
            none = np.zeros((*s, 0))
            return Exposure((), market.numeraire, np.zeros(s), none, np.zeros((*s, 0, 0)), {}, none)
        return combine((part.amount, part.priced.exposure(market)) for part in self.parts)


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
        if isinstance(self.priced, Notional):
            return np.asarray(self.contract_size * self.priced.notional(market))
        held = self.exposure(market)
        there = [held.assets.index(asset) for asset in self.hedges if asset in held.assets]
        cash = np.abs(held.delta_cash[..., there]).sum(axis=-1)
        return np.asarray(np.maximum(np.abs(held.value), cash))


@runtime_checkable
class Enterable(Priced, Protocol):
    """What is another thing where prices have moved from here; the rest is simply owned.

    A perp is worth its profit since it was entered; a pool at its own state follows its curve.
    """

    def entered(self, market: Market, /) -> Priced:
        """Return it as it is revalued elsewhere, from here: a perp with its entry price fixed."""
        ...


def entered(priced: Priced, market: Market) -> Priced:
    """Return `priced` as traded at `market`; itself, unless it is `Enterable` or made of one."""
    if isinstance(priced, Tradable):
        return evolve(priced, priced=entered(priced.priced, market))
    return priced.entered(market) if isinstance(priced, Enterable) else priced
