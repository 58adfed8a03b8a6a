"""Entry points of plugins: what the registry needs of them, and those that need no metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, NoReturn, Protocol

from hedgecore.registry.markers import GROUP


class EntryPoint(Protocol):
    """Part of an entry point that the loader needs; ``importlib_metadata.EntryPoint`` has it."""

    @property
    def name(self) -> str:
        """The plugin's short name."""
        ...

    @property
    def dist(self) -> Any:
        """The distribution, with ``name`` and ``version``; None where there is none."""
        ...

    def load(self) -> Any:
        """Import the plugin."""
        ...


class Installed(EntryPoint, Protocol):
    """Entry point that says what it imports."""

    @property
    def value(self) -> str:
        """Module, or ``module:object``; an empty string where nothing can be imported."""
        ...


class Tried(NamedTuple):
    """Entry point of a plugin, and what its trial said.

    Attributes:
        entry: of the plugin, or what stands for it.
        kinds: kind that the plugin provides → its class, as ``hook:module:name``, the hook or an
            empty string where no name leads to it; None where nothing is known.

    """

    entry: EntryPoint
    kinds: dict[str, str] | None

    @property
    def name(self) -> str:
        """The plugin's short name."""
        return self.entry.name

    @property
    def dist(self) -> Any:
        """The distribution."""
        return self.entry.dist

    def load(self) -> Any:
        """Import the plugin, or raise why not."""
        return self.entry.load()


class Distribution(NamedTuple):
    """Name and version of a distribution whose metadata is not read."""

    name: str
    version: str


class KnownEntryPoint(NamedTuple):
    """Entry point that stands somewhere else than in the metadata of a distribution."""

    name: str
    value: str
    dist: Distribution

    def load(self) -> Any:
        """Import the plugin, as its entry point in metadata would."""
        import importlib_metadata as metadata  # noqa: PLC0415 - 20 ms, and only here

        return metadata.EntryPoint(self.name, self.value, GROUP).load()


class Quarantined(NamedTuple):
    """Stands for the entry point of a plugin that is not imported, and says why."""

    name: str
    dist: Any
    reason: str

    def load(self) -> NoReturn:
        """Raise the reason."""
        raise ImportError(self.reason)


def source(entry: EntryPoint) -> tuple[str, str]:
    """Name and version of the distribution that an entry point is of."""
    try:
        dist = entry.dist
        return ("no distribution", "") if dist is None else (str(dist.name), str(dist.version))
    except Exception:  # noqa: BLE001 - its metadata may be broken in any way, and it may still load
        return "a broken distribution", ""


def format_kinds(kinds: Mapping[str, str]) -> str:
    """Kinds and their classes in one line, which `parse_kinds` reads again word by word."""
    return " ".join(f"{kind}={path}" for kind, path in kinds.items())


def parse_kinds(words: Iterable[str]) -> dict[str, str]:
    """Kind → its class, of words as `format_kinds` writes them."""
    parts = (word.partition("=") for word in words)
    return {kind: path for kind, _, path in parts}
