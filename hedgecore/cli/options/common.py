"""Options that several commands share, each described once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hedgecore.registry.names import kinds_by_trial


def kind_names(incomplete: str) -> list[str]:
    """Kinds that begin so, for the shell's completion."""
    known = kinds_by_trial()
    if known is None:
        from hedgecore.registry.registry import kind_names as of_all  # noqa: PLC0415 - imports all

        known = of_all()
    return [kind for kind in known if kind.startswith(incomplete)]


BookFile = Annotated[Path, typer.Argument(metavar="BOOK", help="A book: a TOML or JSON file.")]
Accept = Annotated[
    bool,
    typer.Option(
        "--accept", help="Take what looks like a confusion, a pair turned round, say, as it is."
    ),
]
Kind = Annotated[
    str,
    typer.Argument(
        metavar="KIND", help="As `hedgecore kinds` lists it.", autocompletion=kind_names
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON document instead.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Write CSV instead.")]
Plot = Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it: a .png or .svg file.")]
Hedging = Annotated[bool, typer.Option("--hedged/--unhedged", help="With the hedge, or without.")]


def one_format(as_csv: bool, as_json: bool) -> None:  # noqa: FBT001 - as they were given
    """Refuse two formats at once."""
    if as_csv and as_json:
        raise typer.BadParameter("choose one of --csv and --json")
