"""`hedgecore kinds` and `hedgecore plugins`: what is installed, and what is broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from hedgecore.cli.options.common import AsJson
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.screen import notes, prose, say
from hedgecore.registry.loading import Plugin
from hedgecore.registry.registry import Registry, default_registry
from hedgecore.tables.printable import printable
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
}


def kinds(*, as_json: AsJson = False) -> None:
    """List every installed kind of pool, instrument and the like, and the plugin it is from."""
    registry = default_registry()
    found = [_kind(registry, kind) for kind in registry]
    if as_json:
        print_json({"kinds": found})
    else:
        heads = ("kind", "sort", "plugin", "meaning")
        rows = [(k["kind"], k["sort"], f"{k['plugin']} {k['version']}", k["about"]) for k in found]
        prose(Table("Installed kinds", heads, rows))
    for name in registry.failures:
        warning = f"The plugin {name!r} is broken, and left out: see `hedgecore plugins doctor`."
        typer.echo(printable(warning), err=True)


def plugins(*, as_json: AsJson = False) -> None:
    """List the installed plugins with version and kinds, and those that failed, with the cause."""
    registry = default_registry()
    loaded = [_plugin(registry, each) for each in registry.plugins.values()]
    if as_json:
        print_json({"plugins": loaded, "failures": list(_failures(registry))})
        return
    names = [f"{p['name']} ({p['distribution']})" for p in loaded]
    rows = [(n, p["version"], ", ".join(p["kinds"])) for n, p in zip(names, loaded, strict=True)]
    prose(Table("Plugins", ("plugin", "version", "kinds"), rows))
    if registry.failures:
        say()
        say("Broken, and left out:", "bold")
        notes(each["error"] for each in _failures(registry))
        say("`hedgecore plugins doctor` says how to mend it.")


def sort_of(registry: Registry, kind: str) -> str:
    """Return what a kind is: "pool", "instrument", "path" and the like."""
    return next(sort for hook, sort in SORTS.items() if kind in registry.kinds(hook))


def meaning(cls: type) -> str:
    """Return the first line of a class's docstring."""
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
