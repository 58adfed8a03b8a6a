"""`hedgecore describe`: what a kind means, its fields, and a table that builds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hedgecore.cli.options.common import AsJson, Kind
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.screen import notes, prose, say, verbatim
from hedgecore.registry.registry import default_registry
from hedgecore.report.frozen import TITLE, of_kind
from hedgecore.report.kind_description import (
    alternative_table,
    description,
    field_table,
    paragraphs,
)


def describe(kind: Kind, *, as_json: AsJson = False) -> None:
    """Describe a kind: what it is, each field with its unit and default, and an example table."""
    document = description(default_registry(), kind)
    if as_json:
        print_json(document)
    else:
        _print(document)


def _print(document: Mapping[str, Any]) -> None:
    say(f"{document['kind']} ({document['sort']}, from the plugin {document['plugin']})", "bold")
    say()
    for line in paragraphs(document["doc"]):
        say(line)
    say()
    prose(field_table(document))
    if "alternatives" in document:
        say()
        prose(alternative_table(document))
    if "frozen" in document:
        say()
        say(TITLE, "bold")
        notes(of_kind(document["frozen"]))
    ways = document.get("examples", {"for a book file": document["example"]})
    for title, example in ways.items():
        if example:
            say()
            say(f"Example, {title}", "bold")
            verbatim(example)
