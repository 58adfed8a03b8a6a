"""Running sums of a block of paths: what is kept of each step once it is over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.accounting import Frame
from hedgecore.simulation.engine.ledger import COLUMNS, Entry
from hedgecore.simulation.results.outcome import Line


@frozen(eq=False)
class Tally:
    """Sums over the steps of N paths; it is added to, frame by frame.

    Attributes:
        sums: entries of the ledger, (N,) each.
        tallies: name → (N,).

    """

    sums: dict[Line, Array]
    tallies: dict[str, Array]

    @classmethod
    def of(cls, paths: int, equity: Any) -> Tally:
        """Return the tally of N paths before anything has happened."""
        names = ("pnl", "unhedged", *COLUMNS, "turnover", "orders", "outside", "drawdown")
        tallies = {name: np.zeros(paths) for name in names}
        tallies |= {"peak": np.full(paths, equity), "distance": np.full(paths, np.inf)}
        return cls({}, {**tallies, "liquidated": np.zeros(paths)})

    def book(self, found: Iterable[Entry]) -> None:
        """Add the entries of a frame."""
        for leg, asset, column, cash in found:
            total = cash.sum(axis=0)
            line = Line(leg, asset, column)
            self.sums[line] = self.sums[line] + total if line in self.sums else total
            self.tallies[column] += total

    def follow(self, equity: Array) -> None:
        """Follow the drawdown along equity S, (K, N)."""
        peak = np.maximum(np.maximum.accumulate(equity, axis=0), self.tallies["peak"])
        deepest = np.max(peak - equity, axis=0)
        np.maximum(self.tallies["drawdown"], deepest, out=self.tallies["drawdown"])
        self.tallies["peak"][:] = peak[-1]

    def count(self, frame: Frame) -> None:
        """Add what was traded in a frame."""
        orders, decided = frame.decided.orders, frame.decided
        where = np.nonzero(orders.any(axis=-1))
        if where[0].size:
            cash = np.zeros(decided.outside.shape)
            cash[where] = np.sum(np.abs(orders[where]) * frame.ground.notional[where], axis=-1)
            self.tallies["turnover"] += cash.sum(axis=0)
            self.tallies["orders"] += np.count_nonzero(orders, axis=(0, 2))
        self.tallies["outside"] += np.count_nonzero(decided.outside, axis=0)

    def nearest(self, distance: Array) -> None:
        """Keep the least distance to liquidation, of (K, N)."""
        kept = self.tallies["distance"]
        np.minimum(kept, distance.min(axis=0), out=kept)

    def done(
        self, pnl: Array, unhedged: Array, steps: int, stop: NDArray[np.intp], *, margin: bool
    ) -> dict[str, Array]:
        """Return the tallies at the end; of a liquidation only where there is margin."""
        tallies = {name: number for name, number in self.tallies.items() if name != "peak"}
        tallies |= {"pnl": pnl, "unhedged": unhedged, "outside": self.tallies["outside"] / steps}
        tallies["liquidated"] = (stop <= steps).astype(np.float64)
        np.minimum(tallies["distance"], 0.0, out=tallies["distance"], where=stop <= steps)
        if not margin:
            del tallies["distance"], tallies["liquidated"]
        return tallies
