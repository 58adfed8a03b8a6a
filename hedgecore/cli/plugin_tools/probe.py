"""Load plugins in a process of their own, so that none of them can take this one with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from attrs import field, frozen

from hedgecore.registry.entry_points import EntryPoint, source
from hedgecore.registry.installed import installed_plugins
from hedgecore.registry.quarantine import CACHE, OFF
from hedgecore.registry.registry import Registry, default_registry, load_plugins
from hedgecore.tables.json_text import parse_json

SECONDS = 20.0
CHECKING = 5
"""Time for the checks of a plugin's kinds, as a multiple of the time for its import."""
LAWFUL = (
    "hedgecore_pools",
    "hedgecore_instruments",
    "hedgecore_solvers",
    "hedgecore_policies",
    "hedgecore_costs",
    "hedgecore_readers",
)
"""The hooks for whose classes there are laws."""


@frozen
class ProbeResult:
    """Report of a process that loaded plugins, and may have died of them.

    Attributes:
        kinds: kind → the plugin that provides it.
        failures: name → what the registry says of it.
        causes: name → the exception behind it, as ``Type: message``; "" where there is none.
        broken: kind → the laws that its example breaks; of one plugin alone.
        died: how the process ended as it loaded, in words; None where it ended well.
        stuck: how it ended as it checked the laws, likewise.
        seconds: processor time that the import took; None where it did not end, or was of all.

    """

    kinds: dict[str, str] = field(factory=dict)
    failures: dict[str, str] = field(factory=dict)
    causes: dict[str, str] = field(factory=dict)
    broken: dict[str, list[str]] = field(factory=dict)
    died: str | None = None
    stuck: str | None = None
    seconds: float | None = None


def entry_points() -> list[EntryPoint]:
    """Entry points of all plugins, by name; none is imported."""
    return sorted(installed_plugins(metadata), key=lambda entry: (entry.name, source(entry)))


def probe_one(entry: EntryPoint, seconds: float = SECONDS) -> ProbeResult:
    """Load one plugin elsewhere, and check the laws of its kinds."""
    return _probe([entry.name, source(entry)[0]], seconds, {"HEDGECORE_PLUGINS": entry.name})


def probe_all(without: Iterable[str] = (), seconds: float = SECONDS) -> ProbeResult:
    """Build the whole registry elsewhere, without some plugins."""
    return _probe([], seconds, {"HEDGECORE_BLOCK": ",".join([*_block_list(), *without])})


def _block_list() -> list[str]:
    return [name for name in [os.environ.get("HEDGECORE_BLOCK", "")] if name]


def _probe(arguments: list[str], seconds: float, settings: dict[str, str]) -> ProbeResult:
    with TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        ended = _outcome(answer, arguments, seconds, settings)
        if not answer.is_file():
            return ProbeResult(died=ended or "ends before it is done")
        said = parse_json(answer.read_text(encoding="utf-8"))
        return ProbeResult(**said, stuck=None if "broken" in said else ended)


def _outcome(
    answer: Path, which: list[str], seconds: float, settings: dict[str, str]
) -> str | None:
    """Run this module, and return how it ended, in words; None where that is well.

    It has `seconds` until it has loaded, which the file `answer` shows, and longer from there.
    """
    with subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, "-P", "-m", "hedgecore.cli.plugin_tools.probe", str(answer), *which],
        env={**os.environ, "HEDGECORE_PLUGINS": "", CACHE: OFF, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        for limit in (seconds, CHECKING * seconds):
            try:
                return _exit_reason(process.wait(limit))
            except subprocess.TimeoutExpired:
                if not answer.is_file():
                    break
        process.kill()
    return f"does not end: it was stopped after {limit:g} s"


def _exit_reason(code: int) -> str | None:
    """Abnormal end of a process by its exit code, a clause; None for 0."""
    how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
    return f"ends the whole process, {how}" if code else None


def answer_of(registry: Registry) -> dict[str, Any]:
    """Registry as a mapping for JSON."""
    causes = {name: error.__cause__ for name, error in registry.failures.items()}
    return {
        "kinds": {kind: registry.plugin(kind).name for kind in registry},
        "failures": {name: str(error) for name, error in registry.failures.items()},
        "causes": {n: f"{type(c).__name__}: {c}" if c else "" for n, c in causes.items()},
    }


def broken_laws(registry: Registry) -> dict[str, list[str]]:
    """Kind → the laws that its example breaks, of those that break one."""
    found = {kind: _failed_laws(registry[kind]) for hook in LAWFUL for kind in registry.kinds(hook)}
    return {kind: laws for kind, laws in found.items() if laws}


def _failed_laws(cls: type) -> list[str]:
    from hedgecore.testing import verdicts  # noqa: PLC0415 - for the process that checks
    from hedgecore.testing.kit import follows  # noqa: PLC0415

    example = getattr(cls, "example", {})
    try:
        model = cls(**example) if example else None
    except Exception:  # noqa: BLE001 - a plugin's own code
        return ["its example builds"]
    found = {} if model is None else verdicts(model)
    return [law for law, error in found.items() if error and not follows(error, found)]


def main(arguments: list[str], clock: Callable[[], float] = process_time) -> None:
    """Write to the file that comes first what the plugin named next, or all, load as.

    Args:
        arguments: of this process.
        clock: processor time, seconds.

    """
    path, *which = arguments
    chosen = [entry for entry in entry_points() if [entry.name, source(entry)[0]] == which]
    began = clock()
    registry = load_plugins(chosen) if which else default_registry()
    answer = answer_of(registry) | {"seconds": clock() - began if which else None}
    Path(path).write_text(json.dumps(answer), encoding="utf-8")
    if which:
        answer["broken"] = broken_laws(registry)
        Path(path).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
