"""Installed kinds and plugins, and those that failed, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hedgecore.registry.loading import Plugin
from hedgecore.registry.registry import Registry
from hedgecore.tables.render import Table

SORTS = {
    "hedgecore_pools": "pool",
    "hedgecore_instruments": "instrument",
    "hedgecore_solvers": "solver",
    "hedgecore_readers": "reader",
    "hedgecore_price_models": "path",
    "hedgecore_policies": "policy",
    "hedgecore_costs": "cost",
    "hedgecore_incomes": "income",
    "hedgecore_venues": "venue",
}


def kinds_document(registry: Registry, sort: str | None = None) -> dict[str, Any]:
    """Mapping for JSON: each kind, or those of one sort, with its plugin and its first line."""
    found = [_kind(registry, kind) for kind in registry]
    return {"kinds": [each for each in found if sort in (None, each["sort"])]}


def kinds_table(registry: Registry, sort: str | None = None) -> Table:
    """Table of the installed kinds, sort by sort, or of those of one sort."""
    heads = ("kind", "sort", "plugin", "meaning")
    order = list(SORTS.values())
    found = sorted(kinds_document(registry, sort)["kinds"], key=lambda k: order.index(k["sort"]))
    rows = [(k["kind"], k["sort"], f"{k['plugin']} {k['version']}", k["about"]) for k in found]
    return Table("Installed kinds", heads, rows)


def plugins_document(registry: Registry) -> dict[str, Any]:
    """Mapping for JSON: the plugins with their kinds, and those that failed, with the cause."""
    loaded = [_plugin(registry, each) for each in registry.plugins.values()]
    return {"plugins": loaded, "failures": list(_failures(registry))}


def plugins_table(registry: Registry) -> Table:
    """Table of the plugins that loaded."""
    loaded = plugins_document(registry)["plugins"]
    names = [f"{p['name']} ({p['distribution']})" for p in loaded]
    rows = [(n, p["version"], ", ".join(p["kinds"])) for n, p in zip(names, loaded, strict=True)]
    return Table("Plugins", ("plugin", "version", "kinds"), rows)


def failure_lines(registry: Registry) -> list[str]:
    """Sentences on the plugins that failed."""
    return [each["error"] for each in _failures(registry)]


def sort_of(registry: Registry, kind: str) -> str:
    """Sort of a kind: "pool", "instrument", "path" and the like."""
    return next(sort for hook, sort in SORTS.items() if kind in registry.kinds(hook))


def meaning(cls: type) -> str:
    """First line of a class's docstring."""
    return (cls.__doc__ or "").strip().partition("\n")[0]


def _kind(registry: Registry, kind: str) -> dict[str, Any]:
    plugin = registry.plugin(kind)
    return {
        "kind": kind,
        "sort": sort_of(registry, kind),
        "plugin": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "about": meaning(registry[kind]),
    }


def _plugin(registry: Registry, plugin: Plugin) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "kinds": [kind for kind in registry if registry.plugin(kind) == plugin],
    }


def _failures(registry: Registry) -> Iterator[dict[str, Any]]:
    for name, error in registry.failures.items():
        cause = error.__cause__
        reason = None if cause is None else f"{type(cause).__name__}: {cause}"
        yield {"name": name, "error": str(error), "cause": reason}
