"""Extras that the options of a command need, all of them checked before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

import typer

MODULES = {"plot": "matplotlib", "parquet": "pyarrow"}
"""Extra → the module that it brings."""


def check_extras(needed: Mapping[str, bool]) -> None:
    """Refuse a command whose options need extras that are not installed, naming all of them.

    Args:
        needed: extra → whether the command needs it.

    Raises:
        BadParameter: some are not there.

    """
    missing = [x for x, is_needed in needed.items() if is_needed and not find_spec(MODULES[x])]
    if missing:
        modules = " and ".join(MODULES[each] for each in missing)
        install = f"pip install 'hedgecore[{','.join(missing)}]'"
        raise typer.BadParameter(f"this command needs {modules}: {install}")
