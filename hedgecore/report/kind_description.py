"""A kind in full, as JSON and as a table: its meaning, its fields, and an example that builds."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from attrs import NOTHING, Attribute

from hedgecore.market.frozen import SupportsFrozen
from hedgecore.pools.alternatives import Alternative, SupportsAlternatives
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import schema
from hedgecore.report.kinds import sort_of
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
    "venue": ("[venues.mine]", "kind"),
}
"""Sort of kind → the table of a book that it goes into, and the key that names it there."""


def description(registry: Registry, kind: str) -> dict[str, Any]:
    """Mapping for JSON: a kind and its fields; `example` is TOML that a book takes as it is."""
    cls, sort = registry[kind], sort_of(registry, kind)
    return {
        "kind": kind,
        "sort": sort,
        "plugin": registry.plugin(kind).name,
        "doc": inspect.cleandoc(cls.__doc__ or ""),
        "fields": [_field(name, its) for name, its in schema(cls).items()],
        "example": _example(sort, kind, getattr(cls, "example", {})),
        **_alternatives(sort, kind, cls),
        **({"frozen": dict(cls.frozen_fields())} if issubclass(cls, SupportsFrozen) else {}),
    }


def _alternatives(sort: str, kind: str, cls: type) -> dict[str, Any]:
    """Alternatives to the fields of a kind's table, and an example of each way to state it."""
    if not issubclass(cls, SupportsAlternatives):
        return {}
    return {
        "alternatives": [_alternative(name, its) for name, its in cls.alternatives().items()],
        "examples": {title: _example(sort, kind, its) for title, its in cls.examples().items()},
    }


def _alternative(name: str, its: Alternative) -> dict[str, Any]:
    return {
        "name": name,
        "unit": its.unit,
        "instead_of": list(its.instead_of),
        "takes": its.rule,
        "about": its.about,
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
        "default": _default_value(its.default),
        "takes": its.metadata.get("rule", ""),
        "about": its.metadata.get("about", ""),
    }


def _default_value(default: Any) -> Any:
    """Default as a value; None where there is none, or where other fields make it."""
    if isinstance(default, FACTORY):
        return None if default.takes_self else default.factory()
    return None if default is NOTHING else default


def field_table(document: Mapping[str, Any]) -> Table:
    """Table of the fields of a description."""
    rows = list(_rows(document["fields"]))
    return Table("Fields", ("field", "unit", "default", "meaning"), rows)


def alternative_table(document: Mapping[str, Any]) -> Table:
    """Table of what a table of the kind may hold instead of fields."""
    heads = ("name", "unit", "instead of", "meaning")
    return Table("Instead of fields", heads, list(_other_rows(document["alternatives"])))


def _other_rows(others: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for each in others:
        meaning = "; ".join((each["about"], each["takes"]))
        yield each["name"], each["unit"], ", ".join(each["instead_of"]) or "–", meaning


def paragraphs(doc: str) -> list[str]:
    """Docstring's lines, prose joined so that it may be folded anew, formulas kept."""
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
