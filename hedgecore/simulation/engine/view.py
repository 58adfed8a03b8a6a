"""A frame of a path with what everything that is held there needs: one grid of moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import ArrayLike, NDArray

from hedgecore.interfaces.price_model import RATES, PathChunk
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import broadcast, column_stack


@frozen(eq=False, kw_only=True, slots=False)
class MarketGrid:
    """K steps of N paths, S = (K, N); the start is one step.

    Attributes:
        first: the index of the first step; 0 is the start.
        clock: (K, 1), years since the start.
        dt: (K, 1), years since the step before; 0 at the start.
        market: prices S; its time is the moment of each step.
        rows: what else the path says, by name.
        assets: n names, of all that may move: the numeraire is not among them.
        bent: assets of which gammas are asked for; None is all.

    """

    first: int
    clock: Array
    dt: Array
    market: Market
    rows: Mapping[str, Array]
    assets: tuple[str, ...]
    bent: frozenset[str] | None = None

    @classmethod
    def start(
        cls,
        market: Market,
        assets: Sequence[str],
        paths: int,
        rows: Mapping[str, Array],
        bent: frozenset[str] | None = None,
    ) -> MarketGrid:
        """Start of N paths, from scalar prices."""
        prices = {asset: np.full((1, paths), price) for asset, price in market.prices.items()}
        none = np.zeros((1, 1))
        origin = np.full((1, 1), market.time or 0.0)
        there = evolve(market, prices=prices, time=origin)
        rows = _for_aliases(rows, market)
        return cls(
            first=0, clock=none, dt=none, market=there, rows=rows, assets=tuple(assets), bent=bent
        )

    def next_grid(self, frame: PathChunk) -> MarketGrid:
        """View of the frame that comes after this one, or after the start."""
        clock = np.asarray(frame.times)[:, None]
        before = np.concatenate([self.clock[-1:], clock[:-1]])
        origin = (self.market.time - self.clock)[-1, 0]
        return MarketGrid(
            first=frame.first,
            clock=clock,
            dt=clock - before,
            market=frame.market.replace_unchecked(time=origin + clock),
            rows=_for_aliases(frame.rows, frame.market),
            assets=self.assets,
            bent=self.bent,
        )

    def with_market(self, market: Market) -> MarketGrid:
        """Grid of the same moments in another market."""
        return evolve(self, market=market)

    def rows_between(self, first: int, end: int) -> MarketGrid:
        """Grid of some of the moments."""
        if (first, end) == (0, self.shape[0]):
            return self
        return self.at_steps(slice(first, end))

    def last(self) -> MarketGrid:
        """Grid of the last of the moments, apart from those before it, and without its rows."""
        return evolve(self.at_steps([self.shape[0] - 1]), rows={})

    def at_steps(self, here: slice | Sequence[int] | NDArray[np.intp]) -> MarketGrid:
        """Grid of some of the moments, in order; views of a slice, and copies of others."""
        market = self.market.replace_unchecked(
            prices=_cut(self.market.prices, here),
            vols=_cut(self.market.vols, here),
            time=self.market.time[here],
        )
        steps = range(self.first, self.first + self.shape[0])
        return MarketGrid(
            first=steps[here.start] if isinstance(here, slice) else steps[here[0]],
            clock=self.clock[here],
            dt=self.dt[here],
            market=market,
            rows=_cut(self.rows, here),
            assets=self.assets,
            bent=self.bent,
        )

    @cached_property
    def shape(self) -> tuple[int, int]:
        """(K, N)."""
        steps, paths = self.market.shape
        return steps, paths

    @cached_property
    def prices(self) -> tuple[Array, ...]:
        """Price of each asset, S, or (1, 1) where it is the same at all moments."""
        return tuple(self._over(self.market.price(asset)) for asset in self.assets)

    @cached_property
    def vols(self) -> tuple[Array, ...]:
        """Volatility of each asset, likewise; NaN where the market names none."""
        return tuple(self._over(self.market.vols.get(asset, np.nan)) for asset in self.assets)

    def vols_of(self, assets: Sequence[str]) -> Array:
        """Volatilities of some assets, S+(len,); NaN where the market names none."""
        return self.spread([self.market.vols.get(asset, np.nan) for asset in assets])

    def spread(self, columns: Sequence[ArrayLike]) -> Array:
        """Numbers, or arrays that broadcast to S, as S+(len,)."""
        return column_stack([np.asarray(column, dtype=float) for column in columns], self.shape)

    def _over(self, number: ArrayLike) -> Array:
        one = np.asarray(number, dtype=np.float64)
        return broadcast(one, self.shape) if one.ndim else np.full((1, 1), one)


def _cut(numbers: Mapping[str, Any], here: Any) -> Mapping[str, Any]:
    """Numbers of some of the moments; the mapping itself where none has an axis of them."""
    if not any(np.ndim(each) for each in numbers.values()):
        return numbers
    return {name: each[here] if np.ndim(each) else each for name, each in numbers.items()}


def _for_aliases(rows: Mapping[str, Array], market: Market) -> Mapping[str, Array]:
    """Rows, and those of an asset under each name that it has, ETH's being WETH's.

    Its rates are those of what is a fixed number of it, too, unless that has its own.
    """
    found = dict(rows)
    for same in (True, False):
        for name, row in rows.items():
            what, _, asset = name.partition(":")
            if same or what in RATES:
                for each in _other_names(asset, market, same=same):
                    found.setdefault(f"{what}:{each}", row)
    return found


def _other_names(asset: str, market: Market, *, same: bool) -> list[str]:
    """Assets of which one is a fixed number of what `asset` is; `same`, the same number."""
    its = market.assets.multiple(asset)
    if its is None or not market.assets:
        return []
    of = {each: market.assets.multiple(each) for each in (its[0], *market.assets)}
    known = {each: m for each, m in of.items() if m is not None and m[0] == its[0]}
    return [each for each, multiple in known.items() if multiple == its or not same]


def lag(first: Array, then: Array) -> Array:
    """Values at the step before each: `first` (N, …) or less, and `then` (K, N, …)."""
    whole = np.empty_like(then)
    whole[0], whole[1:] = first, then[:-1]
    return whole


def previous(before: Array, there: Array, shape: tuple[int, int]) -> Array:
    """Number of a unit as each step began, S or (1, 1), of that at each end and the one before.

    Args:
        before: (1, N), or (1, 1) where it is the same on all paths.
        there: S, or (1, 1) where it is the same all over S.
        shape: S.

    """
    if before.shape == there.shape == (1, 1) and before == there:
        return there
    whole = np.empty(shape)
    whole[0], whole[1:] = before[0], there[: shape[0] - 1] if len(there) > 1 else there
    return whole


def market_at(market: Market, pick: Callable[[Array], Array]) -> Market:
    """Market at some of its moments: those that `pick` picks of numbers that are no scalars."""

    def at(number: Any) -> Any:
        return pick(number) if np.ndim(number) else number

    return market.replace_unchecked(
        prices={asset: at(price) for asset, price in market.prices.items()},
        vols={asset: at(vol) for asset, vol in market.vols.items()},
        time=at(market.time),
    )
