"""`hedgecore describe`: what a kind means, its fields, and a table that builds."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import NOTHING, Attribute, Factory

from hedgecore import Registry, default_registry, schema
from hedgecore.cli import documents
from hedgecore.cli.arguments import AsJson, Kind
from hedgecore.cli.kinds import sort_of
from hedgecore.cli.screen import prose, say, verbatim
from hedgecore.cli.toml import toml
from hedgecore.present import Table

HEADS = {"instrument": "instrument"}
"""Sort of kind → where in a book its table goes; all else is a position."""


def describe(kind: Kind, *, as_json: AsJson = False) -> None:
    """Describe a kind: what it is, each field with its unit and default, and an example table."""
    document = description(default_registry(), kind)
    if as_json:
        documents.dump(document)
    else:
        _print(document)


def description(registry: Registry, kind: str) -> dict[str, Any]:
    """Return all that there is to say of a kind; `example` is TOML that a book takes as it is."""
    cls, sort = registry[kind], sort_of(registry, kind)
    example: Mapping[str, Any] = getattr(cls, "example", {})
    named = {"name": f"my {kind}", "kind": kind} | dict(example)
    return {
        "kind": kind,
        "sort": sort,
        "plugin": registry.plugin(kind).name,
        "doc": inspect.cleandoc(cls.__doc__ or ""),
        "fields": [_field(name, its) for name, its in schema(cls).items()],
        "example": toml(HEADS.get(sort, "position"), named) if example else None,
    }


def _field(name: str, its: Attribute[Any]) -> dict[str, Any]:
    default = its.default
    if isinstance(default, Factory):  # type: ignore[arg-type]
        default = default.factory()  # type: ignore[union-attr]
    return {
        "name": name,
        "unit": its.metadata.get("unit", ""),
        "required": its.default is NOTHING,
        "default": None if its.default is NOTHING else default,
        "takes": its.metadata.get("rule", ""),
        "about": its.metadata.get("about", ""),
    }


def _print(document: Mapping[str, Any]) -> None:
    say(f"{document['kind']} ({document['sort']}, from the plugin {document['plugin']})", "bold")
    say("")
    for line in document["doc"].splitlines():
        verbatim(line)
    say("")
    prose(Table("Fields", ("field", "unit", "default", "meaning"), list(_rows(document["fields"]))))
    if document["example"]:
        say("")
        say("Example, for a book file", "bold")
        verbatim(document["example"])


def _rows(fields: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for each in fields:
        default = "required" if each["required"] else _default(each["default"])
        meaning = "; ".join(part for part in (each["about"], each["takes"]) if part)
        yield each["name"], each["unit"], default, meaning


def _default(value: Any) -> str:
    return "–" if value is None else str(value)
