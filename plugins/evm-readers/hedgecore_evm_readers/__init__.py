"""Placeholder while it is written."""

from hedgecore import hookimpl


@hookimpl
def hedgecore_readers() -> list[type]:
    """Return what this plugin provides."""
    return []
