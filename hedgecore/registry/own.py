"""The core's own kinds: known by name without the simulation, and never left out."""

from __future__ import annotations

from typing import Any

from attrs import frozen

MODULE = "hedgecore.simulation.kinds"
"""The module that provides them: a plugin like any other."""
NAME = "simulation"
PRICE_MODELS = "bootstrap correlated gbm heston log-ou merton premium replay"
POLICIES = "band clock every interval leland never price-move whalley-wilmott"
COSTS = "fee gas half-spread impact swap"
INCOMES = "fee-rate fee-volume"
KINDS = tuple(f"{PRICE_MODELS} {POLICIES} {COSTS} {INCOMES}".split())


@frozen
class Core:
    """The core as a distribution."""

    version: str
    name: str = "hedgecore"


@frozen
class Own:
    """The entry point of the core's own kinds: it needs no metadata, and cannot be left out."""

    entry: Any
    dist: Any
    kinds: tuple[str, ...] = KINDS
    name: str = NAME

    def load(self) -> Any:
        """Import the module."""
        return self.entry.load()
