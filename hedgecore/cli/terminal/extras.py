"""Extras that the options of a command need, all of them checked before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from hedgecore.extras import how_to_install, missing_extras


def check_extras(needed: Mapping[str, bool]) -> None:
    """Refuse a command whose options need extras that are not installed, naming all of them.

    Args:
        needed: extra → whether the command needs it.

    Raises:
        BadParameter: some are not there.

    """
    missing = missing_extras(extra for extra, is_needed in needed.items() if is_needed)
    if missing:
        raise typer.BadParameter(how_to_install("this command", *missing))
