"""`hedgecore describe`: what a kind means, its fields, and a table that builds."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from attrs import NOTHING, Attribute

from hedgecore.cli.commands.kinds import sort_of
from hedgecore.cli.options.common import AsJson, Kind
from hedgecore.cli.terminal.screen import prose, say, verbatim
from hedgecore.registry.registry import Registry, default_registry
from hedgecore.registry.specs import schema
from hedgecore.report import documents
from hedgecore.tables.render import Table
from hedgecore.tables.toml import toml

FACTORY: Any = attrs.Factory  # a class; its stub says function
PLACES = {
    "pool": ("[[position]]", "kind"),
    "instrument": ("[[instrument]]", "kind"),
    "solver": ("[hedge]", "solver"),
    "reader": ("[source.read.mine]", "kind"),
    "path": ("[simulation.price_model]", "kind"),
    "policy": ("[simulation.policy]", "kind"),
    "cost": ("[[simulation.costs]]", "kind"),
    "income": ('[simulation.income."my pool"]', "kind"),
}
"""Sort of kind → the table of a book that it goes into, and the key that names it there."""


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
    return {
        "kind": kind,
        "sort": sort,
        "plugin": registry.plugin(kind).name,
        "doc": inspect.cleandoc(cls.__doc__ or ""),
        "fields": [_field(name, its) for name, its in schema(cls).items()],
        "example": _example(sort, kind, getattr(cls, "example", {})),
    }


def _example(sort: str, kind: str, fields: Mapping[str, Any]) -> str | None:
    if not fields or sort not in PLACES:
        return None
    head, key = PLACES[sort]
    name = {"name": f"my {kind}"} if sort in ("pool", "instrument") else {}
    return toml(head, {**name, key: kind, **fields})


def _field(name: str, its: Attribute[Any]) -> dict[str, Any]:
    return {
        "name": name,
        "unit": its.metadata.get("unit", ""),
        "required": its.default is NOTHING,
        "default": _known(its.default),
        "takes": its.metadata.get("rule", ""),
        "about": its.metadata.get("about", ""),
    }


def _known(default: Any) -> Any:
    """Return a default as a value; None where there is none, or where other fields make it."""
    if isinstance(default, FACTORY):
        return None if default.takes_self else default.factory()
    return None if default is NOTHING else default


def _print(document: Mapping[str, Any]) -> None:
    say(f"{document['kind']} ({document['sort']}, from the plugin {document['plugin']})", "bold")
    say()
    for line in paragraphs(document["doc"]):
        say(line)
    say()
    prose(Table("Fields", ("field", "unit", "default", "meaning"), list(_rows(document["fields"]))))
    if document["example"]:
        say()
        say("Example, for a book file", "bold")
        verbatim(document["example"])


def paragraphs(doc: str) -> list[str]:
    """Return a docstring's lines, prose joined so that it may be folded anew, formulas kept."""
    lines: list[str] = []
    for line in doc.splitlines():
        joins = lines and lines[-1] and line and not line.startswith(" ") and lines[-1][0] != " "
        lines[-1:] = [f"{lines[-1]} {line}"] if joins else [*lines[-1:], line]
    return lines


def _rows(fields: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for each in fields:
        default = "required" if each["required"] else _default(each["default"])
        meaning = "; ".join(part for part in (each["about"], each["takes"]) if part)
        yield each["name"], each["unit"], default, meaning


def _default(value: Any) -> str:
    return "–" if value is None else str(value)
