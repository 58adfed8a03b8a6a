"""Axes of a grid of scenarios: prices or volatilities that move together, point by point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from hedgecore.books.magnitudes import refuse_far
from hedgecore.errors import SpecError
from hedgecore.fields import VOL
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.tables.render import amount

PERCENT, POINTS, LEVEL = "%", "pt", ""
PRICE, VOLATILITY = "price", "volatility"
SAME = 1e-9
"""Moves so near to each other, as fractions, are the same."""


@frozen(eq=False, kw_only=True)
class Axis:
    """One direction of a grid, N points.

    Attributes:
        what: "price" or "volatility".
        names: the assets, or the names of volatilities, that move together.
        levels: name → price in the numeraire, or volatility per √year, (N,).
        moves: (N,), fractions of the book's level, or volatility added to it.
        unit: "%" for fractions, "pt" for volatility that is added.

    """

    what: str
    names: tuple[str, ...]
    levels: Mapping[str, Array]
    moves: Array
    unit: str

    def __len__(self) -> int:
        return len(self.moves)


def axis(
    market: Market, names: Sequence[str], points: ArrayLike, *, what: str = PRICE, by: str = PERCENT
) -> Axis:
    """Axis along which the prices or volatilities `names` of a market move together.

    Args:
        market: the book's, where every move is 0.
        names: the assets, or the names of volatilities.
        points: (N,), ascending: fractions of the level, -0.3 for 30 % down; or as `by` says.
        what: "price" or "volatility".
        by: "%" for fractions, "pt" for what is added, "" for the levels themselves.

    Raises:
        AssetError: an asset that the market has no price for.
        SpecError: a price of zero or less, a negative volatility, or one too large to compute with.

    Examples:
        >>> import hedgecore as hc
        >>> market = hc.Market(prices={"WETH": 2000.0, "USD": 1.0})
        >>> axis(market, ["WETH"], [-0.5, 0.0, 0.25]).levels["WETH"].tolist()
        [1000.0, 2000.0, 2500.0]

    """
    numbers = np.atleast_1d(np.asarray(points, dtype=np.float64))
    base = {name: _level(market, name, what) for name in names}
    with np.errstate(all="ignore"):
        levels = {name: LEVELS[by](each, numbers) for name, each in base.items()}
    for name, each in levels.items():
        _check(what, name, each)
    moves, unit = numbers, by
    if by == LEVEL:
        first = base[names[0]]
        added = levels[names[0]] - first
        moves, unit = (added / first, PERCENT) if first else (added, POINTS)
    return Axis(what=what, names=tuple(names), levels=levels, moves=moves, unit=unit)


LEVELS: Mapping[str, Callable[[float, Array], Array]] = {
    PERCENT: lambda base, points: base * (1.0 + points),
    POINTS: lambda base, points: base + points,
    LEVEL: lambda base, points: points + 0.0 * base,
}
"""Unit → the levels at some points."""


def _level(market: Market, name: str, what: str) -> float:
    """Price or volatility of a market; NaN for a volatility that the market lacks."""
    if what == PRICE:
        return float(market.price(name))
    vol: Any = market.vols.get(name, np.nan)  # `Market.shifted` refuses a name that is not there
    return float(vol)


def _check(what: str, name: str, levels: Array) -> None:
    least, most = float(levels.min()), float(levels.max())
    if least < 0 or (what == PRICE and not least):
        raise SpecError(f"there is no such thing as a {what} of {name} of {amount(least)}")
    if what == PRICE:
        refuse_far(f"price of {name}", levels)
    elif not (np.isnan(most) or VOL.holds(most)):
        raise SpecError(f"the volatility of {name} must be {VOL.says}, not {most:g}")


class LevelShift(NamedTuple):
    """Price or volatility that is not the same everywhere: here, and there, over all of S."""

    what: str
    name: str
    here: float
    there: Array

    @property
    def directions(self) -> tuple[int, ...]:
        """Axes of S along which it changes."""
        sizes = range(self.there.ndim)
        return tuple(k for k in sizes if np.any(np.diff(self.there, axis=k)))

    @property
    def points(self) -> Array:
        """Levels along its direction, (N,); its one level where it has no direction."""
        first = tuple(slice(None) if k in self.directions else 0 for k in range(self.there.ndim))
        return np.atleast_1d(self.there[first])


def axes_between(here: Market, there: Market) -> tuple[Axis, ...] | None:
    """Axes of a grid of markets; None where they are no grid of prices and volatilities.

    Args:
        here: where every move is 0.
        there: of shape S; along each of its axes some prices or volatilities move together.

    Examples:
        >>> import hedgecore as hc
        >>> here = hc.Market(prices={"WETH": 2000.0, "USD": 1.0})
        >>> (one,) = axes_between(here, here.shifted(prices={"WETH": [1000.0, 2500.0]}))
        >>> one.names, one.moves.tolist()
        (('WETH',), [-0.5, 0.25])

    """
    moved = list(level_shifts(here, there))
    along = [[each for each in moved if each.directions == (k,)] for k in range(len(there.shape))]
    still = [[each] for each in moved if not each.directions]
    axes = [_joint_axis(each) for each in (*along, *still)]
    whole = all(len(each.directions) < 2 for each in moved) and not np.ndim(there.time)  # noqa: PLR2004
    return tuple(each for each in axes if each) if whole and all(axes) else None


def level_shifts(here: Market, there: Market) -> Iterator[LevelShift]:
    """Prices and volatilities that differ between two markets, anywhere in S.

    Examples:
        >>> import hedgecore as hc
        >>> here = hc.Market(prices={"WETH": 2000.0, "USD": 1.0})
        >>> [each.name for each in level_shifts(here, here.shifted(prices={"WETH": 1500.0}))]
        ['WETH']

    """
    for asset, price in here.prices.items():
        if np.any(there.price(asset) != price):
            levels = np.broadcast_to(there.price(asset), there.shape)
            yield LevelShift(PRICE, asset, float(price), levels)
    for name, vol in here.vols.items():
        if name not in here.assets and np.any(np.asarray(there.vols[name]) != vol):
            yield LevelShift(
                VOLATILITY, name, float(vol), np.broadcast_to(there.vols[name], there.shape)
            )


def _joint_axis(moved: Sequence[LevelShift]) -> Axis | None:
    """Axis along which all move by the same fraction; None where they do not."""
    moves = [each.points / each.here - 1.0 for each in moved]
    alike = all(np.allclose(each, moves[0], rtol=SAME, atol=SAME) for each in moves)
    if not alike or len({each.what for each in moved}) != 1:
        return None
    levels = {each.name: each.points for each in moved}
    return Axis(
        what=moved[0].what, names=tuple(levels), levels=levels, moves=moves[0], unit=PERCENT
    )
