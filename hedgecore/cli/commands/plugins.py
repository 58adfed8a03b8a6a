"""`hedgecore plugins …`: what is installed, what one is, what is broken; to install and remove."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from hedgecore.cli.commands.kinds import plugins as listing
from hedgecore.cli.options.common import AsJson
from hedgecore.cli.plugin_tools.doctor import doctor
from hedgecore.cli.plugin_tools.installer import PREFIX, install, uninstall
from hedgecore.cli.plugin_tools.probe import entry_points
from hedgecore.cli.plugin_tools.remedies import remedy
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.screen import notes, prose, say
from hedgecore.errors import UnknownKindError, did_you_mean
from hedgecore.registry.entry_points import EntryPoint, source
from hedgecore.registry.loading import Plugin
from hedgecore.registry.registry import Registry, default_registry
from hedgecore.report.kinds import meaning, sort_of
from hedgecore.tables.render import Table

ABOUT = {"summary": "Summary", "author": "Author", "license": "License-Expression"}
"""Key → what it is called in a distribution's metadata."""

Name = Annotated[str, typer.Argument(metavar="NAME", help="As `plugins list` names it.")]


def group(epilog: str) -> typer.Typer:
    """Group of the commands; bare, it lists."""
    app = typer.Typer(
        epilog=epilog,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(plugins)
    app.command("list", epilog=epilog)(listing)
    for each in (info, doctor, install, uninstall):
        app.command(epilog=epilog)(each)
    return app


def plugins(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the installed plugins; or tell of one, find what is broken, install and uninstall."""
    if context.invoked_subcommand is None:
        listing(as_json=as_json)


def info(name: Name, *, as_json: AsJson = False) -> None:
    """Tell of one plugin: its version, interface and kinds, and what is wrong if it is broken."""
    document = information(default_registry(), name)
    if as_json:
        print_json(document)
    else:
        _print(document)


def information(registry: Registry, name: str) -> dict[str, Any]:
    """All that is known of a plugin, by its name, its distribution, or one of its kinds."""
    found = _plugin_name(registry, name)
    plugin, failure = registry.plugins.get(found), registry.failures.get(found)
    distribution, version, about = _origin(found, plugin)
    return {
        "name": found,
        "distribution": distribution,
        "version": version,
        **about,
        "interface": None if plugin is None else plugin.interface,
        "kinds": [] if plugin is None else _kinds(registry, plugin),
        "error": None if failure is None else str(failure),
        "mend": None if failure is None else remedy(found, str(failure)),
    }


def _plugin_name(registry: Registry, name: str) -> str:
    known = (*registry.plugins, *registry.failures)
    for wanted in (name, name.removeprefix(PREFIX)):
        if wanted in known:
            return wanted
    whose = {each.distribution: each.name for each in registry.plugins.values()}
    whose |= {kind: registry.plugin(kind).name for kind in registry}
    if name not in whose:
        near = did_you_mean(name, known)
        there = f"installed: {', '.join(known)}" if known else "none is installed"
        raise UnknownKindError(f"no plugin {name!r:.80}{near} ({there})")
    return whose[name]


def _origin(name: str, plugin: Plugin | None) -> tuple[str, str, dict[str, Any]]:
    """Distribution, its version, and what it says of itself."""
    for entry in entry_points():
        if _matches(entry, name, plugin):
            return *source(entry), _about(entry)
    return "", "", dict.fromkeys(ABOUT)


def _matches(entry: EntryPoint, name: str, plugin: Plugin | None) -> bool:
    if plugin is not None:
        return source(entry)[0] == plugin.distribution
    return name in {entry.name, f"{entry.name} ({source(entry)[0]})"}


def _about(entry: EntryPoint) -> dict[str, Any]:
    try:
        said = entry.dist.metadata
        return {key: said.get(head) for key, head in ABOUT.items()}
    except Exception:  # noqa: BLE001 - metadata may be broken in any way, or not be there
        return dict.fromkeys(ABOUT)


def _kinds(registry: Registry, plugin: Plugin) -> list[dict[str, str]]:
    mine = [kind for kind in registry if registry.plugin(kind) == plugin]
    return [
        {"kind": kind, "sort": sort_of(registry, kind), "about": meaning(registry[kind])}
        for kind in mine
    ]


def _print(document: dict[str, Any]) -> None:
    say(f"{document['name']} ({document['distribution']} {document['version']})", "bold")
    if document["summary"]:
        say(document["summary"])
    say()
    if document["error"]:
        say("Broken, and left out:", "bold")
        notes([document["error"], document["mend"]])
        return
    rows = [(each["kind"], each["sort"], each["about"]) for each in document["kinds"]]
    prose(Table(f"Its kinds, by interface {document['interface']}", ("kind", "sort", ""), rows))
