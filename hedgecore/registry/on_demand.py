"""Plugins that are imported when one of their kinds is asked for, and all where all are.

The kinds of each are known from its trial. One whose kinds no other provides is imported alone;
whatever else is asked (a list, a kind that is unknown or that two provide) imports all of them,
and is answered as if they had been imported at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, TypeVar

from attrs import Factory, define

from hedgecore.errors import PluginError
from hedgecore.registry.loading import EntryPoint, Plugin, kinds_of, load_plugin

Value = TypeVar("Value")
Found = tuple[type, Plugin]


class Known(EntryPoint, Protocol):
    """Entry point of a plugin whose kinds may be known."""

    @property
    def kinds(self) -> tuple[str, ...] | None:
        """Kinds that the plugin provides; None where nothing is known."""
        ...


@define(eq=False)
class Late(Mapping[str, Value]):
    """Mapping that is made when somebody looks."""

    make: Callable[[], Mapping[str, Value]]

    @cached_property
    def _values(self) -> Mapping[str, Value]:
        return self.make()

    def __getitem__(self, key: str) -> Value:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@define(eq=False)
class KindsOnDemand(Mapping[str, Found]):
    """Kind → (its class, its plugin).

    Attributes:
        alone: kind → the entry point of the one plugin that provides it.
        all_kinds: of all plugins, which this imports.
        loaded: name → plugin, of those that were imported so far.

    """

    alone: Mapping[str, Known]
    all_kinds: Callable[[], Mapping[str, Found]]
    loaded: dict[str, Plugin] = Factory(dict)

    def load(self, entry: EntryPoint, name: str) -> Plugin:
        """Plugin of an entry point, imported once."""
        if name not in self.loaded:
            self.loaded[name] = load_plugin(entry, name)
        return self.loaded[name]

    def __getitem__(self, kind: str) -> Found:
        found = self._of_one(self.alone[kind], kind) if kind in self.alone else None
        return self._all[kind] if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _all(self) -> Mapping[str, Found]:
        return self.all_kinds()

    def _of_one(self, entry: Known, kind: str) -> Found | None:
        """Class of a kind, of one plugin; None where the plugin is not what its trial said."""
        try:
            plugin = self.load(entry, entry.name)
        except PluginError:
            return None
        if kinds_of(plugin) != entry.kinds:
            return None
        classes = (cls for group in plugin.classes.values() for cls in group)
        return next(cls for cls in classes if _kind(cls) == kind), plugin


def sole_providers(entries: Sequence[Known]) -> dict[str, Known]:
    """Kind → the plugin to import for it, of those plugins that share no kind and no name.

    None of them, where the kinds of some plugin are not known.
    """
    if any(each.kinds is None for each in entries):
        return {}
    kinds = Counter(kind for each in entries for kind in each.kinds or ())
    names = Counter(each.name for each in entries)
    apart = [
        each
        for each in entries
        if names[each.name] == 1 and all(kinds[kind] == 1 for kind in each.kinds or ())
    ]
    return {kind: each for each in apart for kind in each.kinds or ()}


def _kind(cls: Any) -> str:
    return str(cls.kind)
