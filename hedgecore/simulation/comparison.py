"""Several policies on the same paths: what each costs, and what risk it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from attrs import frozen

from hedgecore.analysis.frontier import efficient
from hedgecore.parallel import Progress
from hedgecore.simulation.blocks import blocks
from hedgecore.simulation.results.metrics import Estimate
from hedgecore.simulation.results.result import SimulationResult
from hedgecore.simulation.settings import Simulation
from hedgecore.simulation.simulate import simulate
from hedgecore.views import Drawable, NamedParts, Tabular


@frozen(eq=False, slots=False)
class PolicyResult:
    """One policy, by its name, and its run; cash is in the numeraire."""

    name: str
    run: SimulationResult

    @property
    def cost(self) -> Estimate:
        """Cost of trading, mean per path."""
        return self.run.metrics["cost"]

    @property
    def risk(self) -> Estimate:
        """Standard deviation of the profit; of one path, that of its steps."""
        return self.run.metrics["std"]

    @cached_property
    def profit(self) -> Estimate:
        """Mean profit; of one path, all of it."""
        metric = self.run.metrics["mean"]
        return metric if metric.error is not None else Estimate(float(self.run.pnl[0]))


@frozen(eq=False)
class Comparison(Tabular, Drawable, NamedParts[PolicyResult]):
    """Several policies on the same paths, in the order in which they were named."""

    results: tuple[PolicyResult, ...]

    def _parts_by_name(self) -> dict[str, PolicyResult]:
        return {each.name: each for each in self.results}

    @property
    def warnings(self) -> tuple[str, ...]:
        """Doubts about the book, in sentences."""
        return self.results[0].run.warnings

    @property
    def frontier(self) -> tuple[PolicyResult, ...]:
        """Policies that no other beats in cost and risk both, the cheapest first."""
        best = efficient([(each.cost.value, each.risk.value) for each in self.results])
        return tuple(self.results[k] for k in best)


def compare(
    runs: Mapping[str, Simulation],
    *,
    workers: int = 1,
    cluster: Any = None,
    progress: Progress | None = None,
) -> Comparison:
    """Results of runs, by name: settings that differ in their policy, on the same paths.

    Args:
        runs: name → settings; one at least.
        workers: processes of this machine.
        cluster: a Dask cluster, in place of workers.
        progress: called with how many blocks are done, and of how many in all.

    """
    whole = sum(len(blocks(each.paths)) for each in runs.values())
    found, before = [], 0
    for name, settings in runs.items():

        def count(done: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + done, whole)

        run = simulate(settings, workers=workers, cluster=cluster, progress=count)
        found.append(PolicyResult(name, run))
        before += len(blocks(settings.paths))
    return Comparison(tuple(found))
