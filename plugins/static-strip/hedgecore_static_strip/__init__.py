"""Placeholder while it is written."""

from hedgecore import hookimpl


@hookimpl
def hedgecore_solvers() -> list[type]:
    """Return what this plugin provides."""
    return []
