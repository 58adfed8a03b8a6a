"""Plugins that are installed, by the metadata of distributions, or as an earlier start found them.

To read what is installed takes half an import of NumPy. What was found holds while the folders that
hold distributions are as they were, and the code of editable plugins and of this folder, which made
it; it is kept beside the trials.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from hedgecore.errors import SpecError
from hedgecore.registry.entry_points import (
    Distribution,
    Installed,
    KnownEntryPoint,
    Quarantined,
    Tried,
    source,
)
from hedgecore.registry.markers import GROUP
from hedgecore.registry.quarantine import cache_file, code, last_change, quarantine
from hedgecore.tables.atomic_write import write

METADATA = (".dist-info", ".egg-info")
REGISTRY = str(Path(__file__).parent)
"""Code that says what a record means: one of another edition is not read."""
TICK = 2_000_000_000
"""Time that the finest clock of a file system may take to move, ns: within it nothing is sure."""


class Plugins(NamedTuple):
    """Plugins that are installed, and what the core says of itself.

    Attributes:
        tried: entry points, with what the trial of each said.
        vouched: distributions that the core vouches for.
        version: of the core.

    """

    tried: list[Tried]
    vouched: list[str]
    version: str


def find_plugins(only: Collection[str] = (), blocked: Collection[str] = ()) -> Plugins:
    """Plugins that are installed here; those alone that are named, and none that is blocked."""
    file = None if only or blocked else _record_file()
    kept = None if file is None else _read(file)
    if kept is not None:
        return kept
    import importlib_metadata as metadata  # noqa: PLC0415 - 20 ms, and only here

    holders = _holders()
    given = [
        each
        for each in installed_plugins(metadata)
        if (not only or each.name in only) and each.name not in blocked
    ]
    try:
        requirements, version = metadata.requires("hedgecore"), metadata.version("hedgecore")
    except metadata.PackageNotFoundError:  # a source tree that is not installed vouches for none
        requirements, version = None, ""
    code_then = [(places, last_change(places)) for places in map(code, given)]
    found = Plugins(quarantine(given), _extra_plugins(requirements), version)
    if file is not None and all(each.kinds is not None for each in found.tried):
        rows = [_row(*each) for each in zip(given, found.tried, code_then, strict=True)]
        _keep(file, {**found._asdict(), "tried": rows, "holders": holders})
    return found


def _record_file() -> Path | None:
    """File of this environment; None where nothing is kept."""
    trials = cache_file()
    return trials and trials.with_name(f"installed-{crc32(sys.prefix.encode()):08x}.json")


def _holders() -> dict[str, int]:
    """Places of the search path that hold distributions, and when each last changed, ns."""
    found = {}
    for each in dict.fromkeys(sys.path):
        with suppress(OSError):  # of a place that is not there, the working directory among them
            place = os.path.abspath(each)  # noqa: PTH100 - a start has many of them
            if _is_holder(place):
                found[place] = os.stat(place).st_mtime_ns  # noqa: PTH116
    return found


def _is_holder(place: str) -> bool:
    try:
        return any(name.endswith(METADATA) for name in os.listdir(place))  # noqa: PTH208
    except NotADirectoryError:  # an archive may hold some
        return True


def _read(file: Path) -> Plugins | None:
    """Plugins as they were kept; None where that may no longer be so."""
    try:
        check, _, text = file.read_text(encoding="utf-8").partition("\n")
        if check != str(crc32(text.encode())):
            return None
        kept = json.loads(text)
        young = file.stat().st_mtime_ns - TICK
    except (OSError, ValueError):
        return None
    holders = _holders()
    if kept.get("registry") != last_change([REGISTRY]) or kept["holders"] != holders:
        return None
    if young <= max(holders.values(), default=0):
        return None
    rows = kept["tried"]
    if any(last_change(places) != then for places, then in (row["code"] for row in rows)):
        return None
    return Plugins([_tried(row) for row in rows], kept["vouched"], kept["version"])


def _tried(row: dict[str, Any]) -> Tried:
    dist = Distribution(*row["source"])
    if row["reason"]:
        return Tried(Quarantined(row["name"], dist, row["reason"]), row["kinds"])
    return Tried(KnownEntryPoint(row["name"], row["value"], dist), row["kinds"])


def _keep(file: Path, record: Mapping[str, Any]) -> None:
    """Write what was found, below a sum that tells whether all of it is there."""
    text = json.dumps({"registry": last_change([REGISTRY]), **record}, indent=1)
    with suppress(SpecError):
        write(f"{crc32(text.encode())}\n{text}", file)


def _row(entry: Installed, tried: Tried, code_then: tuple[list[str], str]) -> dict[str, Any]:
    reason = tried.entry.reason if isinstance(tried.entry, Quarantined) else ""
    return {
        "name": entry.name, "value": entry.value, "source": source(entry), "reason": reason,
        "kinds": tried.kinds, "code": code_then,
    }  # fmt: skip


class _Unreadable(NamedTuple):
    """Stands for the entry points of a distribution whose file of them is malformed."""

    dist: Any
    error: Exception
    value: str = ""

    @property
    def name(self) -> str:
        return f"entry points of {self.dist.name}"

    def load(self) -> Any:
        raise self.error


def installed_plugins(metadata: Any) -> list[Installed]:
    """Entry points of the plugins; a malformed distribution fails alone, not all with it."""
    try:
        return list(metadata.entry_points(group=GROUP))
    except Exception:  # noqa: BLE001 - that is what one bad file, of anyone, can raise
        each = [entry for dist in metadata.distributions() for entry in _its_own(dist)]
        return list({(source(entry)[0], entry.name): entry for entry in reversed(each)}.values())


def _its_own(dist: Any) -> list[Installed]:
    try:
        return list(dist.entry_points.select(group=GROUP))
    except Exception as error:  # noqa: BLE001
        ours = f"[{GROUP}]" in (dist.read_text("entry_points.txt") or "")
        return [_Unreadable(dist, error)] if ours else []


def _extra_plugins(requirements: list[str] | None) -> list[str]:
    lines = [line for line in requirements or [] if "extra" in line and "plugins" in line]
    return re.findall(r"^\s*([A-Za-z0-9._-]+)", "\n".join(lines), re.MULTILINE)
