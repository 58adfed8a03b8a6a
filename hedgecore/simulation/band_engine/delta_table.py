"""The delta of a book along one price: tabulated, and certified cell by cell.

Over a cell the slope of the delta is the parabola through those at the ends and the middle, and the
delta is that integrated: over a cell of 1e-4 in the log price both are good to rounding wherever
the delta is smooth. No deltas are subtracted, since a band asks for the slope, and over a narrow
cell their rounding would be more than that. Where the delta is not smooth, as at the edge of a
range, one of them is wrong at the places where their errors are largest: such cells are divided
when the table is made, and in the parts that are wrong still the book itself is asked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array

CELLS = 2**15
SPLIT = 2**10
"""Parts of a cell where the cubic is wrong; fewer where such cells are many."""
CHUNK = 2**13
"""Prices asked at a time: making the table takes no more memory than the table."""
STEEPEST = 0.5 - 0.75**0.5 / 3
"""Part of the way through a cell at which the error of the slope is the largest."""
SMOOTH, BENT = 1e-13, 1e-10
"""Errors of a cubic, relatively to the delta and slope in its cell, and of its slope, relatively to
that, up to which it stands for the book. At other prices deltas may be 1e20 times as large.
"""
Places = NDArray[np.intp]


class Cubics(NamedTuple):
    """Cubics a + t·(b + t·(c + t·d)) over n parts of cells, t from 0 to 1.

    Attributes:
        terms: (n, 4), a, b, c and d; a row is one place in memory.
        smooth: (n,), whether the cubic stands for the book.

    """

    terms: Array
    smooth: NDArray[np.bool_]

    def beyond(self) -> Cubics:
        """Cubics with one more before the first and after the last, where the book is asked."""
        terms = np.pad(self.terms, ((1, 1), (0, 0)))
        return Cubics(terms, np.pad(self.smooth, 1))


@frozen(eq=False)
class DeltaTable:
    """A book along the log price x of one asset, all else as at the start.

    Attributes:
        book: what is tabulated.
        start: the market; x = log(price / its price there).
        asset: whose price moves.
        reach: of the table, from −reach to reach.
        begin: (M + 3,), the cubic that each of M cells begins with, which may be divided; one
            cell before them and one after, and where they end.
        cubics: of the parts, one after another.
        whole: (M + 2,), whether a cell is one smooth part.

    """

    book: Priced
    start: Market
    asset: str
    reach: float
    begin: Places
    cubics: Cubics
    whole: NDArray[np.bool_]

    @classmethod
    def over(cls, book: Priced, start: Market, asset: str, reach: float) -> DeltaTable | None:
        """Tabulate from x = −reach to reach; None where a delta or gamma there is not finite."""
        none, nothing = np.zeros(0, dtype=np.intp), Cubics(np.zeros((0, 4)), np.zeros(0) > 0)
        bare = cls(book, start, asset, reach, none, nothing, nothing.smooth)
        found = bare.subdivision(np.ones(CELLS, dtype=np.intp))
        if found is None or found.whole[1:-1].all():
            return found
        rough = np.flatnonzero(~found.whole[1:-1])
        parts = np.ones(CELLS, dtype=np.intp)
        parts[rough] = min(SPLIT, max(1, CELLS // len(rough)))
        return bare.subdivision(parts)

    def __call__(self, logs: Array) -> tuple[Array, Array]:
        """Delta and ∂delta/∂x at some log prices, (N,) each."""
        cell, t = self._cells(logs)
        delta, slope = self._cubic(self.begin.take(cell), t, 1)
        few = np.flatnonzero(~self.whole.take(cell))
        if few.size:
            delta[few], slope[few] = self._by_parts(logs[few], cell[few], t[few])
        return delta, slope

    def delta(self, logs: Array) -> Array:
        """Delta alone, (N,), to the last bit as with its slope."""
        cell, t = self._cells(logs)
        delta = _value(self.cubics.terms.take(self.begin.take(cell), axis=0), t)
        few = np.flatnonzero(~self.whole.take(cell))
        if few.size:
            delta[few], _ = self._by_parts(logs[few], cell[few], t[few])
        return delta

    def _cells(self, logs: Array) -> tuple[Places, Array]:
        """Cell of each log price, and the part of the way through it."""
        count = len(self.whole) - 2
        place = (logs + self.reach) * (count / (2 * self.reach)) + 1
        np.minimum(np.maximum(place, 0.0, out=place), count + 1.0, out=place)
        cell = place.astype(np.intp)
        return cell, np.subtract(place, cell, out=place)

    def _by_parts(self, logs: Array, cell: Places, t: Array) -> tuple[Array, Array]:
        """Delta and slope of a few prices, by the parts of their cells or the book itself."""
        count = self.begin[cell + 1] - self.begin[cell]
        along = t * count
        part = np.minimum(along.astype(np.intp), count - 1)
        cubic = self.begin[cell] + part
        delta, slope = self._cubic(cubic, along - part, count)
        rough = np.flatnonzero(~self.cubics.smooth[cubic])
        if rough.size:
            delta[rough], slope[rough] = self.exact(logs[rough])
        return delta, slope

    def _cubic(self, cubic: Places, t: Array, parts: Places | int) -> tuple[Array, Array]:
        """Delta and slope at the part t of the way through parts of cells."""
        terms = self.cubics.terms.take(cubic, axis=0)
        width = 2 * self.reach / (len(self.whole) - 2) / parts
        return _value(terms, t), _slope(terms, t) / width

    def exact(self, logs: Array) -> tuple[Array, Array]:
        """Delta and gamma times the price, of the book itself."""
        price = self.start.price(self.asset) * np.exp(logs)
        market = evolve(self.start, prices={**self.start.prices, self.asset: price})
        there = self.book.exposure(market)
        if self.asset not in there.assets:
            return np.zeros_like(logs), np.zeros_like(logs)
        i = there.assets.index(self.asset)
        return there.delta[..., i] + np.zeros_like(logs), price * there.gamma[..., i, i]

    def subdivision(self, parts: Places) -> DeltaTable | None:
        """Table with each of M cells divided into so many parts, (M,), each tried."""
        begin = np.cumsum(parts) - parts
        count = np.repeat(parts, parts)
        width = 2 * self.reach / len(parts) / count
        within = np.arange(len(count)) - np.repeat(begin, parts)
        cell = np.repeat(np.arange(len(parts)), parts)
        nodes = (cell + within / count) * (2 * self.reach / len(parts)) - self.reach
        delta, slope = self._deltas(np.append(nodes, self.reach))
        if not (np.isfinite(delta).all() and np.isfinite(slope).all()):
            return None
        cubics = self._cubics(nodes, width, (delta[:-1], delta[1:]), (slope[:-1], slope[1:]))
        return evolve(
            self,
            begin=np.concatenate([[0], begin + 1, len(count) + np.arange(1, 3)]),
            cubics=cubics.beyond(),
            whole=np.pad((parts == 1) & cubics.smooth[begin], 1),
        )

    def _cubics(
        self, nodes: Array, width: Array, deltas: tuple[Array, Array], slopes: tuple[Array, Array]
    ) -> Cubics:
        """Cubics of n parts, (n,) from `nodes` on, by deltas and slopes at either end."""
        middle, bend = self._deltas(nodes + width / 2)
        tried, steep = self._deltas(nodes + width * STEEPEST)
        terms = _integral(deltas[0], slopes[0] * width, bend * width, slopes[1] * width)
        steepest = np.abs([*slopes, bend]).max(axis=0)
        largest = np.abs([*deltas, middle]).max(axis=0) + steepest
        smooth = np.abs(_slope(terms, STEEPEST) / width - steep) <= BENT * steepest
        for t, true in ((STEEPEST, tried), (0.5, middle), (1.0, deltas[1])):
            smooth &= np.abs(_value(terms, t) - true) <= SMOOTH * largest
        return Cubics(terms, smooth)

    def _deltas(self, logs: Array) -> tuple[Array, Array]:
        chunks = [self.exact(part) for part in np.split(logs, range(CHUNK, len(logs), CHUNK))]
        return np.concatenate([d for d, _ in chunks]), np.concatenate([s for _, s in chunks])


def _integral(delta: Array, left: Array, middle: Array, right: Array) -> Array:
    """Terms of n cubics from a delta on, (n, 4), by slopes times width at ends and middle."""
    terms = delta, left, 2 * middle - (3 * left + right) / 2, 2 * (left - 2 * middle + right) / 3
    return np.stack(terms, axis=-1)


def _value(terms: Array, t: Array | float) -> Array:
    """Value of cubics at the part t of the way, (n,)."""
    a, b, c, d = terms.T
    return np.asarray(a + t * (b + t * (c + t * d)))


def _slope(terms: Array, t: Array | float) -> Array:
    """Slope of cubics, times the width, at the part t of the way, (n,)."""
    _, b, c, d = terms.T
    return np.asarray(b + t * (2 * c + 3 * t * d))
