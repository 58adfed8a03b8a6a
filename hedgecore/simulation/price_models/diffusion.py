"""One asset whose log price is driven by a normal number a step, alone or beside others."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from hedgecore.errors import AssetError, SpecError, did_you_mean
from hedgecore.interfaces.price_model import AbstractPriceModel, PathChunk
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.blocks import frames


class Moved(NamedTuple):
    """Results of some steps: the log of price over starting price, (K, N), and vols if they move.

    Where the model is one of a price relative to another asset's, so are the logs.
    """

    logs: Array
    vols: Array | None = None


Stepper: TypeAlias = Callable[[int, Array], Moved]
"""From the first step's index and its shocks, (K, N), which it may write over, to where it leads.
It is called with consecutive steps, and remembers where the last call left off."""

Room: TypeAlias = Callable[[int], Array]
"""From a number of steps, K, to an array (K, N) for them."""

DEVIATIONS = 6.0
"""Deviations within which a normal number stays, but once in 5e8."""
FEW = 64
"""With fewer paths than this, rows are too short to be added one by one."""


class AbstractDiffusion(AbstractPriceModel):
    """A model of one asset: a frozen attrs class with `kind`, `asset`, `pegs` and `begin`.

    It may stand alone, or be one of the parts of `correlated`, which gives it correlated shocks.
    """

    asset: str
    pegs: Mapping[str, str]
    against: str | None = None
    """The asset in whose units its price is modelled; None is the numeraire."""

    @abstractmethod
    def begin(self, start: Market, times: Array, paths: int, rng: np.random.Generator) -> Stepper:
        """Stepper that takes the paths forward, a few steps at a time.

        Args:
            start: scalar prices, and vols.
            times: (T + 1,), years since the start.
            paths: N.
            rng: for what it draws besides the shocks. What it draws must not depend on how the
                steps are divided among calls.

        Raises:
            SpecError: the market lacks what it needs.

        """

    def reach(self, start: Market, years: float) -> float | None:  # noqa: ARG002 - of those that know
        """Bound of the log price's distance from its start, which one path in a million exceeds.

        None where the model does not say: then the fast engine is not for it.
        """
        return None

    def levels(
        self,
        start: Market,
        times: Array,
        paths: int,
        rng: np.random.Generator,
        room: Array,
    ) -> Iterator[tuple[int, Moved]]:
        """First step and logs of each frame, of which `sample` takes the exponential.

        The logs stand in `room`, (K, N) or more rows, until the next frame is asked for.
        """
        made = self._frames(
            start, times, paths, rng, rows=len(room), room=lambda count: room[:count]
        )
        yield from ((first, moved) for first, _, moved in made)

    def sample(
        self, start: Market, times: Array, paths: int, rng: np.random.Generator, rows: int
    ) -> Iterator[PathChunk]:
        """Chunks of the steps after the start: the starting price times exp of `levels`."""
        price = start.price(self.asset)
        made = self._frames(
            start, times, paths, rng, rows=rows, room=lambda count: np.empty((count, paths))
        )
        for first, room, moved in made:
            vols = {} if moved.vols is None else {self.asset: moved.vols}
            level = np.exp(moved.logs, out=room)
            level *= price
            yield frame(start, times, first, {self.asset: level}, pegs=self.pegs, vols=vols)

    def _frames(
        self,
        start: Market,
        times: Array,
        paths: int,
        rng: np.random.Generator,
        *,
        rows: int,
        room: Room,
    ) -> Iterator[tuple[int, Array, Moved]]:
        """First step of each frame, where its shocks stood, and where they led."""
        shocks, own = rng.spawn(2)
        step = self.begin(start, times, paths, own)
        for first, count in frames(len(times) - 1, rows):
            here = room(count)
            yield first, here, step(first, shocks.standard_normal(out=here))


def frame(
    start: Market,
    times: Array,
    first: int,
    prices: Mapping[str, Array],
    *,
    pegs: Mapping[str, str],
    vols: Mapping[str, Any] | None = None,
    rows: Mapping[str, Array] | None = None,
) -> PathChunk:
    """Frame: the start with `prices` (K, N) in place of its own, and pegged ones after.

    A pegged asset costs as much of the other as it does at the start; what is a fixed number of
    another, by the table of assets, moves with it.
    """
    prices = start.assets.underlying_prices(prices)
    for asset, other in pegs.items():
        _peg(start, asset, other, prices)
    roots = {a: (start.assets.multiple(o) or (o,))[0] for a, o in pegs.items()}
    follow = {
        a: prices[o] * (start.price(a) / start.price(o))
        for a, o in roots.items()
        if o in prices and a not in start.assets
    }
    count = next(iter(prices.values())).shape[0]
    market = start.with_prices({**follow, **prices}, start.assets.underlying_vols(vols or {}))
    return PathChunk(
        first=first, times=times[first : first + count], market=market, rows=rows or {}
    )


def accumulate(steps: Array, level: Array) -> Array:
    """Add up `steps` (K, N) in place, from `level` (N,) on, and leave `level` where they end.

    In the same order whatever K is, so that the sums are the same to the last bit.
    """
    if not len(steps):
        return steps
    steps[0] += level
    if len(level) < FEW:
        np.add.accumulate(steps, axis=0, out=steps)
    else:
        for k in range(1, len(steps)):
            np.add(steps[k], steps[k - 1], out=steps[k])
    level[:] = steps[-1]
    return steps


def lengths(times: Array, first: int, count: int) -> Array:
    """Length of each of `count` steps from the `first` on, (count, 1), years.

    Taken anew for each frame: what a block holds does not grow with the number of steps.
    """
    return np.diff(times[first - 1 : first + count])[:, None]


def volatility(model: AbstractDiffusion, start: Market, own: float | None) -> float:
    """Model's own volatility, or else the market's; SpecError where neither is there."""
    if own is not None:
        return own
    if model.asset not in start.vols:
        near = did_you_mean(model.asset, start.vols)
        reason = f"give vol, or put {model.asset} among the vols of the market{near}"
        raise SpecError(reason, kind=model.kind, field="vol")
    vol = np.asarray(start.vols[model.asset], dtype=np.float64)
    if vol.ndim or not 0 <= vol < np.inf:
        reason = (
            f"the market's vol of {model.asset} is {vol!s:.80}: it must be one number, 0 or more"
        )
        raise SpecError(reason, kind=model.kind, field="vol")
    return float(vol)


def _peg(start: Market, asset: str, other: str, moved: Mapping[str, Array]) -> None:
    names = {*start.prices, *start.assets}
    for name in (asset, other):
        if name not in names:
            near = did_you_mean(name, names)
            raise AssetError(f"pegs name {name!r:.80}, for which the market has no price{near}")
    roots = [start.assets.underlying([name]) for name in (asset, other)]
    if asset in start.assets and roots[0] != roots[1]:
        reason = f"{asset} follows {' and '.join(roots[0])} by [assets]: it cannot follow {other}"
        raise SpecError(reason, field="pegs")
    if asset in moved:
        raise SpecError(f"{asset} cannot follow {other}: the model moves it itself", field="pegs")
