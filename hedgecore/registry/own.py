"""The core's own kinds: known by name without what provides them, and never left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

PRICE_MODELS = "bootstrap correlated gbm heston log-ou merton premium replay"
POLICIES = "band clock every interval leland never price-move whalley-wilmott"
COSTS = "fee gas half-spread impact swap"
INCOMES = "fee-rate fee-volume"
VENUES = "paper"
PROVIDED = {
    "simulation": f"{PRICE_MODELS} {POLICIES} {COSTS} {INCOMES}",
    "live": VENUES,
}
"""Folder of the core → kinds that its module `kinds` provides: a plugin like any other."""


@frozen
class Core:
    """The core as a distribution."""

    version: str
    name: str = "hedgecore"


@frozen
class Own:
    """The entry point of kinds of the core's own: it needs no metadata, and cannot be left out."""

    name: str
    entry: Any
    dist: Any
    kinds: tuple[str, ...]

    def load(self) -> Any:
        """Import the module."""
        return self.entry.load()


def entries(point: Callable[..., Any], group: str, version: str) -> list[Own]:
    """Entry points of all that the core provides itself.

    Args:
        point: makes an entry point of a name, a module and a group.
        group: of all plugins.
        version: of the core.

    """
    return [
        Own(name, point(name=name, value=f"hedgecore.{name}.kinds", group=group), Core(version),
            tuple(kinds.split()))
        for name, kinds in PROVIDED.items()
    ]  # fmt: skip
