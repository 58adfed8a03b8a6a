"""Requirements of a plugin, against the versions that are installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from packaging.requirements import Requirement

CORE = "hedgecore"
LOWER = frozenset({">=", ">", "==", "~=", "==="})
"""Operators that name the least version that will do."""


class Conflict(NamedTuple):
    """Requirement that is not met, and the command that mends it."""

    what: str
    mend: str


def comparable() -> bool:
    """True if `packaging`, which compares versions, is installed."""
    try:
        import packaging.requirements  # noqa: F401, PLC0415 - most have it, and none must
    except ModuleNotFoundError:
        return False
    return True


def conflicts(plugin: str, needs: Iterable[str]) -> Iterator[Conflict]:
    """Conflicts of a plugin's requirements with what is installed, one for each that is not met."""
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415

    for line in needs:
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            continue
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            yield from _unmet(plugin, wanted)


def _unmet(plugin: str, wanted: Requirement) -> Iterator[Conflict]:
    needs = f"needs {wanted.name}{wanted.specifier}"
    try:
        there = version(wanted.name)
    except PackageNotFoundError:
        yield Conflict(f"{needs}, which is not installed", f"Install it: {_pip(str(wanted))}")
        return
    if not wanted.specifier.contains(there, prereleases=True):
        yield Conflict(f"{needs}, and {there} is installed", _mend(plugin, wanted, there))


def _mend(plugin: str, wanted: Requirement, there: str) -> str:
    from packaging.version import Version  # noqa: PLC0415

    least = [Version(s.version.rstrip(".*")) for s in wanted.specifier if s.operator in LOWER]
    if any(each > Version(there) for each in least):
        return f"Upgrade {wanted.name}: {_pip(f'{wanted.name}{wanted.specifier}')}"
    if wanted.name == CORE:
        return f"Upgrade the plugin: `hedgecore plugins install --upgrade {plugin}`"
    return f"Install a version that fits: {_pip(f'{wanted.name}{wanted.specifier}')}"


def _pip(requirement: str) -> str:
    return f"pip install '{requirement}'"
