"""Plugins that would take this process with them are left out, by a trial of each in another one.

How a trial ended is kept for the version of the plugin's distribution, and of an editable one for
the last change of its files: a start tries what is new, all of it in one process, and nothing else.
With it are kept the kinds that the plugin provides, by which a start imports those it needs alone.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hedgecore.errors import SpecError
from hedgecore.registry.entry_points import (
    Installed,
    Quarantined,
    Tried,
    format_kinds,
    parse_kinds,
)
from hedgecore.registry.markers import INTERFACE
from hedgecore.tables.atomic_write import write
from hedgecore.tables.json_text import parse_json

if TYPE_CHECKING:
    from hedgecore.registry.trial import Ending

CACHE, OFF = "HEDGECORE_CACHE", "off"
"""The variable that names the folder of what is kept; `off` where nothing is tried nor kept."""
HINT = "`hedgecore plugins doctor` has it tried again"
CODE = (".py", ".so", ".pyd")
VERSION = re.compile(r"^Version:[ \t]*(.+)$", re.MULTILINE | re.IGNORECASE)
Known = Mapping[str, list[str]]
"""Plugin → (its edition, why it is not to be imported, its kinds and classes in one line)."""


def quarantine(entries: Iterable[Installed], seconds: float | None = None) -> list[Tried]:
    """Entry points and their kinds; those whose load never ends, or ends the process, replaced.

    Args:
        entries: the plugins' own.
        seconds: how long a load may take that nothing is known of; as a trial has it unless given.

    """
    given, file = list(entries), cache_file()
    if file is None:
        return [Tried(each, None) for each in given]
    known = {**_earlier_trials(file)}
    editions = {_which(each): _edition(each) for each in given if each.value}
    new = [e for e in given if e.value and known.get(_which(e), [""])[0] != editions[_which(e)]]
    if new and _is_writable(file.parent):
        found = _trial([*dict.fromkeys(e.value for e in new)], seconds)
        kept = {
            _which(e): _row(editions[_which(e)], found[e.value]) for e in new if e.value in found
        }
        known |= kept
        with suppress(SpecError):
            write(json.dumps(known, indent=1), file)
    return [_trial_of(each, known, editions) for each in given]


def _trial(plugins: list[str], seconds: float | None) -> dict[str, Ending]:
    from hedgecore.registry import trial  # noqa: PLC0415 - starts a process, which is rare

    return trial.endings(plugins, {CACHE: OFF}, trial.SECONDS if seconds is None else seconds)


def cache_file() -> Path | None:
    """File in which the ends of trials are kept, in the user's cache; None where none is wanted."""
    wanted = os.environ.get(CACHE, "")
    if wanted == OFF:
        return None
    if wanted:
        return Path(wanted) / "trials.json"
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    with suppress(RuntimeError):  # of a user without a home
        return Path(base or Path.home() / ".cache") / "hedgecore" / "trials.json"
    return None


def forget() -> None:
    """Have all plugins tried again at the next start."""
    file = cache_file()
    if file is not None:
        for each in (file, *file.parent.glob("installed-*.json")):
            with suppress(OSError):
                each.unlink(missing_ok=True)


def _trial_of(entry: Installed, known: Known, editions: Mapping[str, str]) -> Tried:
    edition, reason, kinds = known.get(_which(entry), ("", "", ""))
    if edition != editions.get(_which(entry)):
        return Tried(entry, None)
    if not reason:
        return Tried(entry, parse_kinds(kinds.split()))
    return Tried(Quarantined(entry.name, entry.dist, f"{reason} ({HINT})"), {})


def _row(edition: str, ending: Ending) -> list[str]:
    return [edition, ending.reason, format_kinds(ending.kinds)]


def _earlier_trials(file: Path) -> Known:
    """Ends of earlier trials; none where the file says nothing that can be used."""
    try:
        said = parse_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    rows = said.items() if isinstance(said, dict) else ()
    return {which: row for which, row in rows if _is_row(row)}


def _is_row(row: object) -> bool:
    return isinstance(row, list) and len(row) == 3 and all(isinstance(each, str) for each in row)  # noqa: PLR2004


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _which(entry: Installed) -> str:
    """Name of a plugin among those of all environments: what is imported, and from where."""
    try:
        return f"{entry.value} in {entry.dist.locate_file('')}"
    except Exception:  # noqa: BLE001 - metadata may be broken in any way
        return entry.value


def _edition(entry: Installed) -> str:
    """Version, the interface it was tried by, and when an editable plugin's files last changed."""
    return f"{_version(entry)} {INTERFACE} {last_change(code(entry))}".strip()


def _version(entry: Installed) -> str:
    """Line of a version, in a distribution's metadata; to parse all of them takes 1 ms each."""
    try:
        found = VERSION.search(entry.dist.read_text("METADATA") or "")
        return found[1] if found else ""
    except Exception:  # noqa: BLE001 - metadata may be broken in any way, or not be there
        return ""


def code(entry: Installed) -> list[str]:
    """Module and folders of an editable plugin's code; none of any other, which is as installed."""
    try:
        said = json.loads(entry.dist.read_text("direct_url.json") or "{}")
        is_editable = said.get("dir_info", {}).get("editable", False)
        spec = find_spec(entry.value.partition(":")[0].partition(".")[0]) if is_editable else None
    except Exception:  # noqa: BLE001 - metadata may be broken in any way, or not be there
        return []
    if spec is None or spec.origin is None:
        return []
    return [spec.origin, *(spec.submodule_search_locations or ())]


def last_change(places: Iterable[str]) -> str:
    """Time of the last change of code, ns; an empty string where there is none."""
    return str(max((time for place in places for time in _changes(place)), default=""))


def _changes(place: str) -> Iterator[int]:
    """Times of the last changes of a module, or of the code in a folder, ns."""
    with suppress(OSError):
        if place.endswith(CODE):
            yield os.stat(place).st_mtime_ns  # noqa: PTH116 - a start has many of them
    for inner, _, names in os.walk(place):
        files = (name for name in names if name.endswith(CODE))
        yield from (os.stat(f"{inner}/{name}").st_mtime_ns for name in files)  # noqa: PTH116
