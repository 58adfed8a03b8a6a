"""Names of the kinds that are installed, by the trials of their plugins: no class is imported."""

from __future__ import annotations

import os

from hedgecore.registry import own
from hedgecore.registry.installed import Plugins, find_plugins


def names_in(variable: str) -> set[str]:
    """Names of plugins in a variable of the environment, as ``a,b``."""
    return {part.strip() for part in os.environ.get(variable, "").split(",") if part.strip()}


def installed() -> Plugins:
    """Plugins that are installed, less those that the environment leaves out."""
    return find_plugins(names_in("HEDGECORE_PLUGINS"), names_in("HEDGECORE_BLOCK"))


def kinds_by_trial(hook: str | None = None) -> list[str] | None:
    """Kinds of the core and of all plugins, sorted; None where the kinds of one are not known.

    Args:
        hook: whose kinds alone; of all unless given.

    """
    there = installed()
    entries = (*own.entries(there.version), *there.tried)
    if any(each.kinds is None for each in entries):
        return None
    found = [row for each in entries for row in (each.kinds or {}).items()]
    return sorted(kind for kind, its in found if hook in (None, its.partition(":")[0]))
