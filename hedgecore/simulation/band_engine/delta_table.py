"""The delta of a book along one price: tabulated, and certified cell by cell.

Between two nodes the delta is the cubic with its values and slopes at both; over a cell of 1e-4 in
the log price that is good to rounding wherever the delta is smooth. Where it is not, as at the edge
of a range, the cubic is wrong at the middle of the cell, where its error is the largest: such cells
are divided when the table is made, and in the parts that are wrong still the book itself is asked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array

CELLS = 2**16
SPLIT = 2**10
"""Parts of a cell where the cubic is wrong; fewer where such cells are many."""
CHUNK = 2**13
"""Prices asked at a time: making the table takes no more memory than the table."""
SMOOTH = 1e-13
"""The error of a cubic, relatively to the largest delta, up to which it stands for the book."""
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
            delta[few], slope[few] = self._divided(logs[few], cell[few], t[few])
        return delta, slope

    def delta(self, logs: Array) -> Array:
        """Delta alone, (N,), to the last bit as with its slope."""
        cell, t = self._cells(logs)
        delta = _value(self.cubics.terms.take(self.begin.take(cell), axis=0), t)
        few = np.flatnonzero(~self.whole.take(cell))
        if few.size:
            delta[few], _ = self._divided(logs[few], cell[few], t[few])
        return delta

    def _cells(self, logs: Array) -> tuple[Places, Array]:
        """Cell of each log price, and the part of the way through it."""
        count = len(self.whole) - 2
        place = (logs + self.reach) * (count / (2 * self.reach)) + 1
        np.minimum(np.maximum(place, 0.0, out=place), count + 1.0, out=place)
        cell = place.astype(np.intp)
        return cell, np.subtract(place, cell, out=place)

    def _divided(self, logs: Array, cell: Places, t: Array) -> tuple[Array, Array]:
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
        _, b, c, d = terms.T
        width = 2 * self.reach / (len(self.whole) - 2) / parts
        return _value(terms, t), (b + t * (2 * c + 3 * t * d)) / width

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
        """Table with each of M cells divided into so many parts, (M,), each tried in its middle."""
        begin = np.cumsum(parts) - parts
        count = np.repeat(parts, parts)
        width = 2 * self.reach / len(parts) / count
        within = np.arange(len(count)) - np.repeat(begin, parts)
        cell = np.repeat(np.arange(len(parts)), parts)
        nodes = (cell + within / count) * (2 * self.reach / len(parts)) - self.reach
        delta, slope = self._deltas(np.append(nodes, self.reach))
        if not (np.isfinite(delta).all() and np.isfinite(slope).all()):
            return None
        terms = _hermite(delta, slope[:-1] * width, slope[1:] * width)
        wrong = np.abs(_value(terms, 0.5) - self._deltas(nodes + width / 2)[0])
        smooth = wrong <= SMOOTH * np.abs(delta).max()
        return evolve(
            self,
            begin=np.concatenate([[0], begin + 1, len(count) + np.arange(1, 3)]),
            cubics=Cubics(terms, smooth).beyond(),
            whole=np.pad((parts == 1) & smooth[begin], 1),
        )

    def _deltas(self, logs: Array) -> tuple[Array, Array]:
        chunks = [self.exact(part) for part in np.split(logs, range(CHUNK, len(logs), CHUNK))]
        return np.concatenate([d for d, _ in chunks]), np.concatenate([s for _, s in chunks])


def _hermite(delta: Array, left: Array, right: Array) -> Array:
    """Terms of the cubics between n + 1 values, of slopes times width at either end, (n, 4)."""
    rise = np.diff(delta)
    terms = delta[:-1], left, 3 * rise - 2 * left - right, left + right - 2 * rise
    return np.stack(terms, axis=-1)


def _value(terms: Array, t: Array | float) -> Array:
    """Value of cubics at the part t of the way, (n,)."""
    a, b, c, d = terms.T
    return np.asarray(a + t * (b + t * (c + t * d)))
