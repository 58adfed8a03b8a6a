"""`--held NAME=CONTRACTS[@ENTRY]`: what is held of an instrument, instead of what a book says."""

from __future__ import annotations

from collections.abc import Iterable

import typer


def holdings(given: Iterable[str]) -> dict[str, tuple[float, float | None]]:
    """Instrument name → contracts held, and the price they were entered at where it was said.

    Raises:
        BadParameter: not of the form NAME=CONTRACTS[@ENTRY], or a name that stands twice.

    """
    found: dict[str, tuple[float, float | None]] = {}
    for text in given:
        name, sign, rest = text.rpartition("=")
        contracts, at, entry = rest.partition("@")
        if not (name and sign):
            raise typer.BadParameter(f"--held is NAME=CONTRACTS[@ENTRY], not {text!r:.80}")
        if name in found:
            raise typer.BadParameter(f"--held names {name!r:.80} twice")
        found[name] = _number(contracts, text), _number(entry, text) if at else None
    return found


def _number(given: str, text: str) -> float:
    try:
        return float(given)
    except ValueError:
        raise typer.BadParameter(f"--held {text:.80}: {given!r:.80} is no number") from None
