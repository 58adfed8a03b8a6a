"""The record of a single path, step by step."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import frozen

from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.accounting import Frame
from hedgecore.simulation.engine.ledger import COLUMNS, Entry
from hedgecore.simulation.legs.setup import Stock
from hedgecore.simulation.results.outcome import Series

IN = "ledger:"


@frozen(eq=False)
class Record:
    """Rows of a series, frame by frame; it is added to."""

    stock: Stock
    rows: tuple[int, ...]
    parts: list[dict[str, Array]]

    def add(self, frame: Frame, found: Iterable[Entry], equity: Array, unhedged: Array) -> None:
        """Add the steps of a frame of one path."""
        steps = frame.ground.view.shape[0]
        columns = {name: np.zeros(steps) for name in COLUMNS}
        for entry in found:
            columns[entry.column] += entry.cash[:, 0]
        ground, decided = frame.ground, frame.decided
        delta = ground.delta((slice(None), 0), decided.held[:, 0], decided.coins[:, 0])
        self.parts.append(
            {
                **{f"{IN}{name}": cash for name, cash in columns.items()},
                "times": ground.view.clock[:, 0],
                "prices": ground.price[:, 0],
                "equity": equity[:, 0],
                "unhedged": unhedged[:, 0],
                "held": decided.held[:, 0],
                "orders": decided.orders[:, 0],
                "delta": delta,
                "exposed": np.broadcast_to(ground.base, (*ground.view.shape, len(self.rows)))[:, 0],
            }
        )

    def series(self) -> Series:
        """Return all that was added."""
        whole = {n: np.concatenate([part[n] for part in self.parts]) for n in self.parts[0]}
        columns = {name: whole.pop(f"{IN}{name}") for name in COLUMNS}
        return Series(
            assets=tuple(self.stock.assets[row] for row in self.rows),
            instruments=tuple(each.name for each in self.stock.traded),
            columns=columns,
            **whole,
        )
