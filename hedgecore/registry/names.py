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


def kinds_by_trial() -> list[str] | None:
    """Kinds of the core and of all plugins, sorted; None where the kinds of one are not known."""
    found = installed()
    entries = (*own.entries(found.version), *found.tried)
    if any(each.kinds is None for each in entries):
        return None
    return sorted(kind for each in entries for kind in each.kinds or ())
