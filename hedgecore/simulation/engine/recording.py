"""Recording of frames once they are over: sums of all paths, and of a single one every step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.fast import is_fast
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import count_steps
from hedgecore.simulation.engine.accounting import SimulationFrame
from hedgecore.simulation.engine.holdings import FrameDecision
from hedgecore.simulation.engine.inputs import FrameInputs
from hedgecore.simulation.engine.ledger import COLUMNS, LedgerEntry
from hedgecore.simulation.engine.loops import follow_drawdown
from hedgecore.simulation.price_models.diffusion import FEW
from hedgecore.simulation.results.outcome import AttributionLine, Series

IN = "ledger:"


@frozen(eq=False)
class Tally:
    """Sums over the steps of N paths; it is added to, frame by frame.

    Attributes:
        sums: entries of the ledger, (N,) each.
        tallies: name → (N,).

    """

    sums: dict[AttributionLine, Array]
    tallies: dict[str, Array]

    @classmethod
    def of(cls, equity: Array) -> Tally:
        """Tally of N paths of an equity, (N,), before anything has happened."""
        paths = len(equity)
        names = ("pnl", "unhedged", *COLUMNS, "turnover", "orders", "outside", "drawdown")
        tallies = {name: np.zeros(paths) for name in names}
        tallies |= {"peak": equity.copy(), "distance": np.full(paths, np.inf)}
        return cls({}, {**tallies, "liquidated": np.zeros(paths)})

    def add(self, entries: Iterable[LedgerEntry]) -> None:
        """Add the entries of a frame."""
        for entry in entries:
            line = AttributionLine(entry.leg, entry.asset, entry.column)
            self.sums[line] = self.sums.get(line, 0.0) + entry.total
            self.tallies[entry.column] += entry.total

    def follow(self, equity: Array) -> None:
        """Follow the drawdown along equity S, (K, N)."""
        peak, deepest = self.tallies["peak"], self.tallies["drawdown"]
        if is_fast(equity.size):
            follow_drawdown(equity, peak, deepest)
        elif len(peak) < FEW:
            highest = np.maximum.accumulate(np.vstack([peak, equity]))[1:]
            np.maximum(deepest, (highest - equity).max(axis=0), out=deepest)
            peak[:] = highest[-1]
        else:
            for each in equity:
                np.maximum(peak, each, out=peak)
                np.maximum(deepest, peak - each, out=deepest)

    def count(self, frame: SimulationFrame) -> None:
        """Add what was traded in a frame."""
        if frame.places.size:
            for k in range(frame.decision.orders.shape[-1]):
                self.tallies["turnover"] += frame.turnover(k)
                self.tallies["orders"] += frame.orders(k)
        self.tallies["outside"] += count_steps(frame.decision.outside)

    def keep_nearest(self, distance: Array) -> None:
        """Keep the least distance to liquidation, of (K, N)."""
        kept = self.tallies["distance"]
        np.minimum(kept, distance.min(axis=0), out=kept)

    def totals(
        self, pnl: Array, unhedged: Array, steps: int, stop: NDArray[np.intp], *, margin: bool
    ) -> dict[str, Array]:
        """Tallies at the end; of a liquidation only where there is margin."""
        tallies = {name: number for name, number in self.tallies.items() if name != "peak"}
        tallies |= {"pnl": pnl, "unhedged": unhedged, "outside": self.tallies["outside"] / steps}
        tallies["liquidated"] = (stop <= steps).astype(np.float64)
        np.minimum(tallies["distance"], 0.0, out=tallies["distance"], where=stop <= steps)
        if not margin:
            del tallies["distance"], tallies["liquidated"]
        return tallies


@frozen(eq=False)
class PathRecord:
    """Rows of the series of a single path, frame by frame; it is added to."""

    assets: tuple[str, ...]
    instruments: tuple[str, ...]
    parts: list[dict[str, Array]]

    def add(
        self, inputs: FrameInputs, decision: FrameDecision, entries: Sequence[LedgerEntry],
        equity: Array, unhedged: Array,
    ) -> None:  # fmt: skip
        """Add the steps of a frame of one path."""
        steps = inputs.view.shape[0]
        columns = {name: np.zeros(steps) for name in COLUMNS}
        for entry in entries:
            columns[entry.column] += entry.cash[:, 0]
        at = slice(None), 0
        self.parts.append(
            {
                **{f"{IN}{name}": cash for name, cash in columns.items()},
                "times": inputs.view.clock[:, 0],
                "prices": inputs.price[:, 0],
                "equity": equity[:, 0],
                "unhedged": unhedged[:, 0],
                "held": decision.held[:, 0],
                "orders": decision.orders[:, 0],
                "delta": inputs.delta(at, decision.held[:, 0], decision.coins[:, 0]),
                "exposed": inputs.base[:, 0],
            }
        )

    def series(self) -> Series:
        """Series of all that was added."""
        whole = {n: np.concatenate([part[n] for part in self.parts]) for n in self.parts[0]}
        columns = {name: whole.pop(f"{IN}{name}") for name in COLUMNS}
        return Series(assets=self.assets, instruments=self.instruments, columns=columns, **whole)
