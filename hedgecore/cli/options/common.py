"""Options that several commands share, each described once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from hedgecore.cli.terminal import stdout
from hedgecore.registry.names import kinds_by_trial

Completion: TypeAlias = Callable[[str], list[str]]
"""Words that begin so, for the shell's completion."""


def words(known: Iterable[str]) -> Completion:
    """Completion to some words."""
    return lambda incomplete: [word for word in known if word.startswith(incomplete)]


def kinds_of(hook: str | None) -> Completion:
    """Completion to the kinds of a hook; to all where it is None."""

    def complete(incomplete: str) -> list[str]:
        return words(_known(hook))(incomplete)

    return complete


def _known(hook: str | None) -> Sequence[str]:
    known = kinds_by_trial(hook)
    if known is not None:
        return known
    from hedgecore.registry.registry import default_registry  # noqa: PLC0415 - imports all

    with stdout.reserve():  # a plugin may print as it is imported
        registry = default_registry()
    return [*registry] if hook is None else registry.kinds(hook)


kind_names = kinds_of(None)
solver_names, policy_names = kinds_of("hedgecore_solvers"), kinds_of("hedgecore_policies")


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
