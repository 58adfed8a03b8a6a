"""Loading of plugins in a process of its own: how each load ended, however it ended.

A load that never ends is stopped by a watchdog outside Python, and one that ends its process is
missed; the rest are then tried in a new process.
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, NamedTuple

from hedgecore.errors import PluginError
from hedgecore.registry.entry_points import format_kinds, parse_kinds
from hedgecore.registry.loading import KIND, Plugin, load_plugin
from hedgecore.registry.markers import GROUP

SECONDS = 30.0
"""Time for one plugin to load, seconds."""
BEGINNING = 300.0
"""Time for the process itself to begin, seconds; one that is no Python of ours may never end."""
STOPPED = "Timeout"
"""Beginning of the watchdog's last words."""


class Ending(NamedTuple):
    """End of a plugin's trial load in another process.

    Attributes:
        reason: why it must not be imported here, in words; an empty string where it may be.
        kinds: kind that it provides → its class, as ``hook:module:name``, the hook where no name
            leads to it; none of a plugin that fails by itself.

    """

    reason: str = ""
    kinds: Mapping[str, str] = MappingProxyType({})


def endings(
    plugins: Sequence[str], settings: Mapping[str, str], seconds: float = SECONDS
) -> dict[str, Ending]:
    """Value of an entry point → how its load ended.

    Args:
        plugins: values of entry points, as ``module`` or ``module:object``.
        settings: variables of the process's environment beside ours.
        seconds: how long each may take.

    """
    found: dict[str, Ending] = {}
    while len(found) < len(plugins):
        left = [each for each in plugins if each not in found]
        lines, code = _run(left, settings, seconds)
        if not lines:  # no Python of ours could be started: nothing is known
            return found
        done = [line.split() for line in lines if line.partition(" ")[0] in left]
        found |= {value: Ending(kinds=parse_kinds(kinds)) for value, *kinds in done}
        if len(done) < len(left):
            found[left[len(done)]] = Ending(_reason("\n".join(lines), code, seconds))
    return found


def _run(plugins: list[str], settings: Mapping[str, str], seconds: float) -> tuple[list[str], int]:
    """Lines that a process of this module wrote, and its exit code."""
    given = json.dumps({"path": sys.path, "plugins": plugins, "seconds": seconds})
    with TemporaryDirectory() as folder, suppress(OSError, subprocess.TimeoutExpired):
        report = Path(folder) / "report"
        code = subprocess.run(  # noqa: S603 - this module
            [sys.executable, "-P", "-m", __name__, str(report)],
            input=given.encode(),
            env={**os.environ, **settings},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=BEGINNING + seconds * len(plugins),
            check=False,
        ).returncode
        return report.read_text(encoding="utf-8", errors="replace").splitlines(), code
    return [], 0


def _reason(report: str, code: int, seconds: float) -> str:
    if STOPPED in report:
        place = re.search(r'File "(.*)", line (\d+)', report.partition(STOPPED)[2])
        where = f", at line {place[2]} of {place[1]}" if place else ""
        return f"its import does not end: it was stopped after {seconds:g} s{where}"
    how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
    return f"its import ends the whole process, {how}"


def _kinds(plugin: Plugin) -> dict[str, str]:
    given = ((hook, cls) for hook, group in plugin.classes.items() for cls in group)
    return {str(getattr(cls, KIND)): _place(hook, cls) for hook, cls in given}


def _place(hook: str, cls: type) -> str:
    """Hook, module and name of a class; the hook alone where the latter do not lead to it."""
    there = getattr(sys.modules.get(cls.__module__), cls.__name__, None)
    return f"{hook}:{cls.__module__}:{cls.__name__}" if there is cls else hook


def main(report: str, given: Mapping[str, Any]) -> None:
    """Load plugins one by one, and write a line to `report` as each is done."""
    sys.path[:] = given["path"]
    with Path(report).open("w", encoding="utf-8", buffering=1) as lines:
        lines.write("begun\n")
        for value in given["plugins"]:
            faulthandler.dump_traceback_later(given["seconds"], exit=True, file=lines)
            kinds: dict[str, str] = {}
            with suppress(PluginError):  # a plugin that fails by itself fails in any process
                kinds = _kinds(load_plugin(EntryPoint(value, value, GROUP), value))
            faulthandler.cancel_dump_traceback_later()
            lines.write(f"{value} {format_kinds(kinds)}\n")
        lines.flush()
        os._exit(0)  # whatever threads of theirs still run


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.stdin.read()))
