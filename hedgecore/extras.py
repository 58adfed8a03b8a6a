"""Extras of hedgecore: the module that each brings, and how the missing ones are installed."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

MODULES = {
    "cli": "tomlkit",
    "cluster": "distributed",
    "fast": "numba",
    "live": "uvicorn",
    "new": "copier",
    "pandas": "pandas",
    "parquet": "pyarrow",
    "plot": "matplotlib",
    "polars": "polars",
}
"""Extra → the module by which it is known to be there."""


def missing_extras(extras: Iterable[str]) -> list[str]:
    """Extras among `extras` that are not installed, in their order."""
    return [each for each in extras if find_spec(MODULES[each]) is None]


def how_to_install(what: str, *extras: str) -> str:
    """Sentence on what needs some extras: the modules, and the one command that brings them.

    Examples:
        >>> how_to_install("this command", "plot", "parquet")
        "this command needs matplotlib and pyarrow: pip install 'hedgecore[plot,parquet]'"

    """
    modules = " and ".join(MODULES[each] for each in extras)
    return f"{what} needs {modules}: pip install 'hedgecore[{','.join(extras)}]'"
