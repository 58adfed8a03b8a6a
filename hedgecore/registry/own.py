"""The core's own kinds: known by name without what provides them, and never left out."""

from __future__ import annotations

from hedgecore.registry.entry_points import Distribution, KnownEntryPoint, Tried

PRICE_MODELS = "bootstrap correlated gbm heston log-ou merton premium replay"
POLICIES = "band clock every interval leland never price-move whalley-wilmott"
COSTS = "fee gas half-spread impact swap"
INCOMES = "fee-rate fee-volume"
VENUES = "paper"
PROVIDED = {
    "simulation": {
        "hedgecore_price_models": PRICE_MODELS,
        "hedgecore_policies": POLICIES,
        "hedgecore_costs": COSTS,
        "hedgecore_incomes": INCOMES,
    },
    "live": {"hedgecore_venues": VENUES},
}
"""Folder of the core → hook → kinds that its module `kinds` provides: a plugin like any other."""


def entries(version: str) -> list[Tried]:
    """Entry points of all that the core provides itself, `version` being its own: no metadata."""
    core = Distribution("hedgecore", version)
    return [
        Tried(
            KnownEntryPoint(name, f"hedgecore.{name}.kinds", core),
            {kind: hook for hook, kinds in hooks.items() for kind in kinds.split()},
        )
        for name, hooks in PROVIDED.items()
    ]
