"""Amounts of priced things, themselves priced; and the plainest things to have an amount of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar, cast, runtime_checkable

import attrs
import numpy as np
from attrs import evolve, field, frozen

from hedgecore.errors import SpecError, at_place
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.market.terms import SupportsNotional
from hedgecore.numerics.arrays import Array
from hedgecore.views import NamedParts, Tabular

T = TypeVar("T")


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
        if np.ndim(part.amount) or not np.isfinite(part.amount):
            reason = f"the amount of {part.name!r} is {part.amount!s:.80}"
            raise SpecError(f"{reason}; it must be one finite number")
    return parts


def _names(given: Iterable[str] | str) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


@frozen(eq=False)
class Portfolio(Tabular, NamedParts[Part]):
    """Named amounts of priced things: ``Portfolio([("lp", pool, 1.0), ("debt", loan, -2.0)])``.

    It is Priced itself, and linear in the amounts.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> coins, dollars = hc.Balance("WETH"), hc.Balance("USDC")
        >>> book = hc.Portfolio([("coins", coins, 2.0), ("debt", dollars, -1000.0)])
        >>> float(book.worth(market)), book.exposure(market).delta.tolist()
        (5000.0, [2.0, -1000.0])

    """

    parts: tuple[Part, ...] = field(converter=_parts)

    @cached_property
    def terms(self) -> tuple[tuple[float, Priced], ...]:
        """Terms of the sum: (amount, thing), where many positions of one pool are one thing."""
        return tuple(_sum_terms(self.parts))

    def _parts_by_name(self) -> dict[str, Part]:
        return {part.name: part for part in self.parts}

    def worth(self, market: Market) -> Array:
        """Worth ``Σ amount · worth``, S, in the market's numeraire."""
        total = np.zeros(market.shape)
        for amount, worth in self.answers(lambda priced: priced.worth(market)):
            total = total + amount * worth
        return total

    def exposure(self, market: Market) -> Exposure:
        """Exposure ``Σ amount · exposure`` over all assets that any part depends on."""
        if not self.parts:
            s = market.shape
            none = np.zeros((*s, 0))
            return Exposure((), market.numeraire, np.zeros(s), none, np.zeros((*s, 0, 0)), {}, none)
        return Exposure.sum(
            self.answers(lambda priced: priced.exposure(market).in_underlying(market))
        )

    def answers(self, ask: Callable[[Priced], T]) -> Iterator[tuple[float, T]]:
        """Amount of each term and its answer to a question; an error names the term."""
        for amount, priced in self.terms:
            with at_place(self._name(priced)):
                answer = ask(priced)
            yield amount, answer

    def _name(self, priced: Priced) -> str:
        """Name of the first part that is `priced`; of its class, where many are summed at once."""
        own = (part.name for part in self.parts if part.priced is priced)
        return next(own, type(priced).__name__)


@frozen
class Balance:
    """One unit of an asset, held outright.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> float(hc.Balance("WETH").worth(market))
        3000.0

    """

    asset: str

    def worth(self, market: Market) -> Array:
        """Price of the asset, S."""
        return np.broadcast_to(market.price(self.asset), market.shape)

    def exposure(self, market: Market) -> Exposure:
        """Exposure with a delta of one."""
        return Exposure.of(market, market.price(self.asset), {self.asset: 1.0})


@frozen(eq=False)
class Tradable:
    """Priced thing as an instrument: an LP position that may be entered or left, say.

    Attributes:
        name: what the order goes by.
        priced: the thing.
        hedges: the assets whose delta it is there to offset.
        contract_size: how much of the thing one contract is.
        lot: the step in which contracts trade; 0 means any amount.
        min_size: the fewest contracts of one order.
        fee: fraction of the notional; None where unknown.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> spot = hc.Tradable("ETH-SPOT", hc.Balance("WETH"), hedges="WETH", fee=0.001)
        >>> float(spot.notional(market))
        3000.0

    """

    name: str
    priced: Priced
    hedges: tuple[str, ...] = field(converter=_names)
    contract_size: float = 1.0
    lot: float = 0.0
    min_size: float = 0.0
    fee: float | None = None

    def worth(self, market: Market) -> Array:
        """Worth of one contract, S."""
        return np.asarray(self.contract_size * self.priced.worth(market))

    def exposure(self, market: Market) -> Exposure:
        """Exposure of one contract."""
        return self.contract_size * self.priced.exposure(market)

    def notional(self, market: Market) -> Array:
        """Notional S of the thing itself, or else its worth or its cash delta if that is more."""
        if isinstance(self.priced, SupportsNotional):
            return np.asarray(self.contract_size * self.priced.notional(market))
        held, hedged = self.exposure(market), market.assets.underlying(self.hedges)
        there = [held.assets.index(asset) for asset in hedged if asset in held.assets]
        cash = np.abs(held.delta_cash[..., there]).sum(axis=-1)
        return np.asarray(np.maximum(np.abs(held.value), cash))


@runtime_checkable
class SupportsEntry(Priced, Protocol):
    """Contract that is another thing where prices have moved from here; the rest is owned.

    A perp is worth its profit since it was entered; a pool at its own state follows its curve.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> isinstance(pool.at_state(), hc.SupportsEntry), isinstance(pool, hc.SupportsEntry)
        (True, False)

    """

    def enter(self, market: Market, /) -> Priced:
        """Contract as revalued elsewhere, from here: a perp with its entry price fixed."""
        ...


def enter(priced: Priced, market: Market) -> Priced:
    """Priced thing as traded at `market`; itself, where no entry price is part of it.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> perp = hc.build(
        ...     {"kind": "perp", "name": "ETH-PERP", "underlying": "WETH", "funding_rate": 0.0001}
        ... )
        >>> hc.enter(perp, market).entry_price
        3000.0

    """
    if isinstance(priced, Tradable):
        return evolve(priced, priced=enter(priced.priced, market))
    return priced.enter(market) if isinstance(priced, SupportsEntry) else priced


@runtime_checkable
class SupportsAggregation(Priced, Protocol):
    """Kind of which thousands of one pool are summed at once; others are summed one by one.

    Example:
        >>> issubclass(hc.default_registry()["uniswap-v3"], hc.SupportsAggregation)
        True

    """

    @classmethod
    def aggregate(cls, columns: Mapping[str, Sequence[Any]], amounts: Sequence[float], /) -> Priced:
        """Sum ``Σ amount · position`` of positions that have the same assets.

        Args:
            columns: field → its value in each position; at least one position.
            amounts: how many of each; negative is short.

        """
        ...


MANY = 64
"""From how many positions of one pool on they are aggregated."""


def _sum_terms(parts: Sequence[Part]) -> list[tuple[float, Priced]]:
    """(amount, thing) whose sum is that of the parts, each where its first part stood."""
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
            together = _aggregate([parts[i] for i in alike])
            for i in alike[1:]:
                del terms[i]
            terms[alike[0]] = 1.0, together
    return list(terms.values())


def _aggregate(parts: Sequence[Part]) -> Priced:
    cls: Any = type(parts[0].priced)
    columns = {
        each.alias or each.name: [getattr(part.priced, each.name) for part in parts]
        for each in attrs.fields(cls)
        if each.init
    }
    pool: Priced = cls.aggregate(columns, [part.amount for part in parts])
    return pool
