"""`hedgecore plugins doctor`: what is wrong with each plugin, and how to mend it.

Each plugin is loaded in a process of its own, with a time limit: an import that never ends, or one
that ends the process, is found and named, and takes nothing else with it. What is known of earlier
trials is forgotten: the next command tries all plugins again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import attrs
import typer
from attrs import frozen

from hedgecore.cli.options.common import AsJson
from hedgecore.cli.plugin_tools.probe import (
    SECONDS,
    ProbeResult,
    entry_points,
    probe_all,
    probe_one,
)
from hedgecore.cli.plugin_tools.remedies import DEADLY, LAWLESS, OTHER, STUCK, remedy
from hedgecore.cli.plugin_tools.versions import comparable, conflicts
from hedgecore.cli.terminal.failures import OUR_FAULT
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.screen import notes, prose, say
from hedgecore.registry.entry_points import EntryPoint, source
from hedgecore.registry.quarantine import forget
from hedgecore.tables.render import Table

AT_ONCE = 4
SLOW = 1.0
"""Processor time of an import, seconds, above which it is named: NumPy's takes a tenth of that."""
SLOW_IMPORT = (
    "A slow import delays each command that needs a kind of the plugin: import what is large within"
    " the function that needs it."
)
UNCOMPARED = "Versions were not compared, for want of packaging: pip install packaging"

Limit = Annotated[
    float,
    typer.Option(
        metavar="SECONDS", min=0.1, help="How long each import may take; checks take 5 times."
    ),
]


@frozen
class Finding:
    """Something that is wrong with a plugin."""

    plugin: str
    what: str
    mend: str


def doctor(*, timeout: Limit = SECONDS, as_json: AsJson = False) -> None:
    """Load and check each plugin in a process of its own; say what is wrong, and how to mend it.

    The exit code is 1 if something is wrong.
    """
    forget()
    entries = entry_points()
    alone = probe_each(entries, timeout)
    found = list(findings(entries, alone, timeout))
    if as_json:
        rows = [_row(*each) for each in zip(entries, alone, strict=True)]
        print_json({"plugins": rows, "findings": _plain(found)})
    else:
        _print(entries, alone, found)
    if found:
        raise typer.Exit(OUR_FAULT)


def probe_each(entries: Sequence[EntryPoint], seconds: float) -> list[ProbeResult]:
    """Reports on the plugins of these entry points, each alone, in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda entry: probe_one(entry, seconds), entries))


def findings(
    entries: Sequence[EntryPoint], alone: Sequence[ProbeResult], seconds: float
) -> Iterator[Finding]:
    """Findings about plugins: each by its report, all together, by the registry."""
    dead = {e.name: each.died for e, each in zip(entries, alone, strict=True) if each.died}
    for name, died in dead.items():
        yield Finding(name, f"its import {died}", DEADLY.format(name=name))
    whole = probe_all(dead, seconds * max(1, len(entries)))
    if whole.died:
        yield Finding("all together", f"loading them {whole.died}", OTHER.advice)
    yield from _failures(whole)
    for entry, each in zip(entries, alone, strict=True):
        yield from _broken_laws(entry.name, each)
    for entry in entries if comparable() else ():
        yield from _unmet_requirements(entry)


def _failures(whole: ProbeResult) -> Iterator[Finding]:
    for name, failure in whole.failures.items():
        yield Finding(name, failure, remedy(name, failure))


def _broken_laws(name: str, alone: ProbeResult) -> Iterator[Finding]:
    if alone.stuck:
        kinds = " or ".join(f"`hedgecore check {kind}`" for kind in alone.kinds)
        what = f"it loads, but checking its kinds {alone.stuck}"
        yield Finding(name, what, STUCK.format(checks=kinds))
    for kind, laws in alone.broken.items():
        what = f"its kind {kind!r} breaks {len(laws)} laws: {', '.join(laws)}"
        yield Finding(name, what, LAWLESS.format(kind=kind))


def _unmet_requirements(entry: EntryPoint) -> Iterator[Finding]:
    try:
        found = list(conflicts(entry.name, entry.dist.requires or []))
    except Exception:  # noqa: BLE001 - its metadata may be broken in any way, or not be there
        found = []
    for conflict in found:
        yield Finding(entry.name, conflict.what, conflict.mend)


def _print(
    entries: Sequence[EntryPoint], alone: Sequence[ProbeResult], found: Iterable[Finding]
) -> None:
    wrong = {each.plugin.partition(" (")[0] for each in found}
    rows = [
        (
            entry.name,
            " ".join(source(entry)).strip(),
            "see below" if entry.name in wrong else _word(each),
        )
        for entry, each in zip(entries, alone, strict=True)
    ]
    prose(Table("Plugins, each in a process of its own", ("plugin", "from", ""), rows))
    for each in found:
        say()
        say(f"{each.plugin}: {each.what}")
        notes([f"{each.mend}."])
    if any(map(is_slow, alone)):
        say()
        notes([SLOW_IMPORT])
    if not comparable():
        say()
        notes([UNCOMPARED])


def is_slow(alone: ProbeResult) -> bool:
    """True if the import of a plugin takes so long that each command with its kinds is slow."""
    return alone.seconds is not None and alone.seconds > SLOW


def _word(alone: ProbeResult) -> str:
    return f"good, but slow to import: {alone.seconds:.1f} s" if is_slow(alone) else "good"


def _row(entry: EntryPoint, alone: ProbeResult) -> dict[str, Any]:
    distribution, version = source(entry)
    row = {"name": entry.name, "distribution": distribution, "version": version}
    return {**row, "import_seconds": alone.seconds, "slow": is_slow(alone)}


def _plain(found: Iterable[Finding]) -> list[dict[str, str]]:
    return [attrs.asdict(each) for each in found]
