"""`RunOptions`: what `simulate` and `compare` take alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import frozen

from hedgecore.cli.options.common import Accept, AsJson, Plot
from hedgecore.cli.options.rates import Fees, Fundings
from hedgecore.cli.options.simulation import (
    Cluster,
    Days,
    Model,
    Paths,
    Results,
    RunFile,
    Seed,
    StandardError,
    Steps,
    Workers,
    settings_of,
)


@frozen(kw_only=True)
class RunOptions:
    """Options of runs along many paths: their settings, who does them, and where they go."""

    model: Model = None
    paths: Paths = None
    standard_error: StandardError = None
    days: Days = None
    steps: Steps = None
    seed: Seed = None
    fee: Fees = None
    funding: Fundings = None
    workers: Workers = 1
    cluster: Cluster = None
    results: Results = None
    accept: Accept = False
    as_json: AsJson = False
    plot: Plot = None

    def file(self, book: Path) -> RunFile:
        """Book's file at the rates that were given."""
        return RunFile.load(book, fee=self.fee, funding=self.funding, accept=self.accept)

    @property
    def settings(self) -> dict[str, Any]:
        """Settings that were given, in plain tables."""
        return settings_of(
            price_model=self.model, paths=self.paths, standard_error=self.standard_error,
            days=self.days, steps=self.steps, seed=self.seed,
        )  # fmt: skip

    @property
    def means(self) -> dict[str, Any]:
        """Processes or cluster that the runs are done by."""
        return {"workers": self.workers, "cluster": self.cluster}
