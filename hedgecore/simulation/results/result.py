"""`SimulationResult`: what came of a simulation, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from attrs import field, frozen

from hedgecore.errors import SpecError
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.ledger import COLUMNS
from hedgecore.simulation.legs.setup import KIND
from hedgecore.simulation.results.metrics import Estimate, estimates
from hedgecore.simulation.results.outcome import AttributionLine, Moment, Outcome, Series
from hedgecore.simulation.run_warnings import run_warnings
from hedgecore.simulation.settings import Simulation
from hedgecore.tables.render import Table, text
from hedgecore.views import Drawable, NamedParts, Tabular


@frozen(kw_only=True, eq=False, slots=False)
class SimulationResult(Tabular, Drawable, NamedParts[Estimate]):
    """The outcome of a simulation, with its settings.

    Attributes:
        settings: of the run.
        outcome: sums over the steps of each path.

    """

    settings: Simulation = field(repr=False)
    outcome: Outcome = field(repr=False)

    def __str__(self) -> str:
        count = len(self.pnl)
        rows = [(name, str(each)) for name, each in self.metrics.items()]
        return text(Table(f"{count} paths" if count > 1 else "one path", ("metric", "value"), rows))

    def _parts_by_name(self) -> Mapping[str, Estimate]:
        return self.metrics

    @property
    def pnl(self) -> Array:
        """The change of equity of each path, (N,), with the hedge, by the accounts."""
        return self.outcome.tallies["pnl"]

    @property
    def unhedged(self) -> Array:
        """The same of the positions alone, with what they earn."""
        return self.outcome.tallies["unhedged"]

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Warnings of the book, and of a history beside it, in sentences."""
        return tuple(run_warnings(self.settings))

    @property
    def series(self) -> Series:
        """The steps of a single path; SpecError where there are many."""
        if self.outcome.series is None:
            raise SpecError("is kept of a single path only", kind=KIND, field="series")
        return self.outcome.series

    @property
    def ledger(self) -> dict[str, Estimate]:
        """Column of the ledger → its sum over the steps, the mean over the paths."""
        return {n: _estimate(Moment.of(cash)) for n, cash in self._columns.items()}

    @property
    def _columns(self) -> dict[str, Array]:
        tallies = self.outcome.tallies
        if not all(name in tallies for name in COLUMNS):
            raise SpecError("is not kept by a run with ledger = false", kind=KIND, field="ledger")
        return {name: tallies[name] for name in COLUMNS}

    @cached_property
    def metrics(self) -> Mapping[str, Estimate]:
        """The figures of the run: see `hedgecore.simulation.results.metrics`.

        Of many paths, std and the like are of their profits, and each figure has its standard
        error. Of one path they are of the changes in each step, and nothing is estimated.
        """
        tallies = self.outcome.tallies
        if self.outcome.series is None:
            return estimates(tallies, self.pnl, self.unhedged)
        steps = (np.diff(each) for each in (self.series.equity, self.series.unhedged))
        return estimates(tallies, *steps)

    @property
    def closure(self) -> float:
        """Largest difference of the ledger's sum from the change of equity, over all paths.

        It is relative to the gross worth of the positions at the start, or to the turnover of the
        path where that is more.
        """
        total = sum(self._columns.values(), np.zeros(len(self.pnl)))
        scale = np.maximum(self.outcome.scale, self.outcome.tallies["turnover"])
        apart = np.abs(total - self.pnl)
        return float(np.max(apart / np.where(scale > 0, scale, 1.0)))

    def attribution(
        self, *, leg: str | None = None, asset: str | None = None, column: str | None = None
    ) -> dict[str, Estimate]:
        """Attribution by leg, of one leg by column, or of one column by leg.

        ``attribution()`` is by leg, ``attribution(leg="lp")`` by column of that leg,
        ``attribution(column="delta")`` by leg of that column, ``attribution(asset="WETH")`` the
        asset's own part, which is in delta, gamma and vega alone. The mean over the paths.
        """
        lines = self.outcome.lines if self._columns else {}
        if asset is not None:
            return {
                asset: _estimate(lines.get(AttributionLine("", asset, ""), Moment(1, 0.0, 0.0)))
            }
        if leg is not None:
            return {
                x.column: _estimate(m) for x, m in lines.items() if _is(x, leg, "") and x.column
            }
        if column is not None:
            return {
                x.leg: _estimate(m)
                for x, m in lines.items()
                if x.leg and not x.asset and x.column == column
            }
        return {
            x.leg: _estimate(m) for x, m in lines.items() if x.leg and not (x.asset or x.column)
        }


def _is(line: AttributionLine, leg: str, asset: str) -> bool:
    return line.leg == leg and line.asset == asset


def _estimate(moment: Moment) -> Estimate:
    if moment.count < 2:  # noqa: PLR2004 - one history
        return Estimate(moment.mean)
    variance = moment.squares / (moment.count - 1)
    return Estimate(moment.mean, float(np.sqrt(variance / moment.count)))
