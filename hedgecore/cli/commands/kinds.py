"""`hedgecore kinds` and `hedgecore plugins list`: what is installed, and what is broken."""

from __future__ import annotations

from typing import Annotated

import typer

from hedgecore.cli.options.common import AsJson, words
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.screen import notes, prose, say
from hedgecore.errors import did_you_mean
from hedgecore.registry.registry import default_registry
from hedgecore.report import kinds as report
from hedgecore.tables.printable import printable

Sort = Annotated[
    str | None,
    typer.Option(
        metavar="SORT",
        help=f"Those alone: {', '.join(report.SORTS.values())}.",
        autocompletion=words(report.SORTS.values()),
    ),
]


def kinds(*, sort: Sort = None, as_json: AsJson = False) -> None:
    """List every installed kind of pool, instrument and the like, and the plugin it is from."""
    registry = default_registry()
    if sort is not None and sort not in report.SORTS.values():
        known = ", ".join(report.SORTS.values())
        near = did_you_mean(sort, report.SORTS.values())
        raise typer.BadParameter(f"--sort is one of {known}, not {sort!r:.80}{near}")
    if as_json:
        print_json(report.kinds_document(registry, sort))
    else:
        prose(report.kinds_table(registry, sort))
    for name in registry.failures:
        warning = f"The plugin {name!r} is broken, and left out: see `hedgecore plugins doctor`."
        typer.echo(printable(warning), err=True)


def plugins(*, as_json: AsJson = False) -> None:
    """List the installed plugins with version and kinds, and those that failed, with the cause."""
    registry = default_registry()
    if as_json:
        print_json(report.plugins_document(registry))
        return
    prose(report.plugins_table(registry))
    if registry.failures:
        say()
        say("Broken, and left out:", "bold")
        notes(report.failure_lines(registry))
        say("`hedgecore plugins doctor` says how to mend it.")
