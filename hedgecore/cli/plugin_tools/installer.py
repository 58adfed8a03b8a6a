"""`hedgecore plugins install` and `uninstall`: with the installer of this environment."""

from __future__ import annotations

import shlex
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Annotated, NamedTuple

import typer

from hedgecore.cli.plugin_tools.probe import ProbeResult, entry_points, probe_all
from hedgecore.cli.terminal import stdout
from hedgecore.cli.terminal.failures import OUR_FAULT
from hedgecore.cli.terminal.screen import notes, say, verbatim
from hedgecore.errors import did_you_mean
from hedgecore.registry.entry_points import source

PREFIX = "hedgecore-"
MARKS = ("/", "\\", ":", "@")
"""Marks of a path, an address or a direct reference, which no name has."""

NewNames = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME…",
        help="Plugins, hedgecore- left out if you like; or folders, wheels, addresses.",
    ),
]
Installed = Annotated[
    list[str], typer.Argument(metavar="NAME…", help="As `plugins list` names them.")
]
Upgrade = Annotated[bool, typer.Option("--upgrade", "-U", help="To the newest version.")]


class Installer(NamedTuple):
    """A program that installs, how it is told where, and not to ask."""

    program: list[str]
    place: list[str]
    assume_yes: list[str]


def install(names: NewNames, *, upgrade: Upgrade = False) -> None:
    """Install plugins beside this hedgecore, which stays as it is; a folder stays editable."""
    wanted = [word for name in names for word in requirement(name)]
    tool, before = _find_installer(), probe_all()
    core = f"hedgecore=={version('hedgecore')}"
    _run([*tool.program, "install", *tool.place, *["--upgrade"] * upgrade, *wanted, core])
    _report(before, probe_all())


def uninstall(names: Installed) -> None:
    """Uninstall plugins, and nothing else; nothing is asked."""
    given = [distribution(name) for name in names]
    tool, before = _find_installer(), probe_all()
    _run([*tool.program, "uninstall", *tool.place, *tool.assume_yes, *dict.fromkeys(given)])
    gone = before.kinds.keys() - probe_all().kinds.keys()
    say(f"No longer there: {', '.join(sorted(gone)) or 'no kind, since it had none that loaded'}.")


def requirement(name: str) -> list[str]:
    """Requirement for `name`: a short one gets ``hedgecore-`` in front."""
    if name.startswith("-") or not name.strip():
        raise typer.BadParameter(f"{name!r:.80} is no name of a plugin")
    if Path(name).is_dir() and any(mark in name or name[0] == "." for mark in MARKS):
        return ["--editable", name]
    if any(mark in name for mark in MARKS) or name.startswith(PREFIX):
        return [name]
    return [f"{PREFIX}{name}"]


def distribution(name: str) -> str:
    """Installed distribution that provides the plugin `name`."""
    known = {entry.name: source(entry)[0] for entry in entry_points()}
    for wanted in (name, f"{PREFIX}{name}"):
        if wanted in known.values():
            return wanted
    if not known.get(name):
        near = did_you_mean(name, [*known, *known.values()])
        raise typer.BadParameter(f"no plugin {name!r:.80} is installed{near}")
    return known[name]


def _find_installer() -> Installer:
    """Pip of this environment, or uv where it has none."""
    if find_spec("pip") is not None:
        return Installer([sys.executable, "-m", "pip"], [], ["--yes"])
    uv = which("uv")
    if uv is None:
        raise typer.BadParameter("this environment has no pip, and there is no uv on the path")
    return Installer([uv, "pip"], ["--python", sys.executable], [])


def _run(command: list[str]) -> None:
    verbatim(f"$ {shlex.join(command)}")
    stdout.stream().flush()
    code = subprocess.run(command, check=False).returncode  # noqa: S603 - as it was just shown
    if code:
        typer.echo(f"That failed, with exit code {code}; nothing else was done.", err=True)
        raise typer.Exit(OUR_FAULT)


def _report(before: ProbeResult, after: ProbeResult) -> None:
    """Say which kinds appeared, and what does not load; exit code 1 where something does not."""
    new = sorted(after.kinds.keys() - before.kinds.keys())
    if new:
        say("New kinds:", "bold")
        notes(f"{kind}, from the plugin {after.kinds[kind]}" for kind in new)
        say(f"`hedgecore describe {new[0]}` says what it is; `hedgecore check {new[0]}` checks it.")
    broken = [text for name, text in after.failures.items() if name not in before.failures]
    if after.died and not before.died:
        broken.append(f"what was installed {after.died}")
    notes(broken)
    if broken:
        say("`hedgecore plugins doctor` says how to mend it.")
        raise typer.Exit(OUR_FAULT)
    if not new:
        say("No new kind: `hedgecore plugins list` shows what is there.")
