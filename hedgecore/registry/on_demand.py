"""Plugins that are imported when one of their kinds is asked for, and all where all are.

The kinds of each are known from its trial, and where the class of each stands. One whose kinds no
other provides is imported alone, or but the module of that class; whatever else is asked (a list, a
kind that is unknown or that two provide) imports all of them, and is answered as if they had been
imported at once.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from functools import cached_property
from importlib import import_module
from typing import Any, TypeVar

from hedgecore.errors import PluginError
from hedgecore.registry.entry_points import EntryPoint, Tried
from hedgecore.registry.loading import KIND, Plugin, kinds_of, load_plugin

Value = TypeVar("Value")
Found = tuple[type, Plugin]


class Late(Mapping[str, Value]):
    """Mapping that is made when somebody looks."""

    def __init__(self, make: Callable[[], Mapping[str, Value]]) -> None:
        self.make = make

    @cached_property
    def _values(self) -> Mapping[str, Value]:
        return self.make()

    def __getitem__(self, key: str) -> Value:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class KindsOnDemand(Mapping[str, Found]):
    """Kind → (its class, its plugin).

    Attributes:
        alone: kind → the entry point of the one plugin that provides it.
        all_kinds: of all plugins, which this imports.
        loaded: name → plugin, of those that were imported so far.

    """

    def __init__(
        self, alone: Mapping[str, Tried], all_kinds: Callable[[], Mapping[str, Found]]
    ) -> None:
        self.alone, self.all_kinds = alone, all_kinds
        self.loaded: dict[str, Plugin] = {}

    def load(self, entry: EntryPoint, name: str) -> Plugin:
        """Plugin of an entry point, imported once."""
        if name not in self.loaded:
            self.loaded[name] = load_plugin(entry, name)
        return self.loaded[name]

    def class_and_hook(self, kind: object) -> tuple[type, str] | None:
        """Class of a kind and its hook, as its trial saw them; None where that is no longer so."""
        entry = self.alone.get(str(kind))
        hook, _, place = (entry.kinds or {})[str(kind)].partition(":") if entry else ("", "", "")
        found = _found_at(place) if place else None
        if not isinstance(found, type) or getattr(found, KIND, None) != kind:
            return None
        return found, hook

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

    def _of_one(self, entry: Tried, kind: str) -> Found | None:
        """Class of a kind, of one plugin; None where the plugin is not what its trial said."""
        try:
            plugin = self.load(entry, entry.name)
        except PluginError:
            return None
        if kinds_of(plugin) != tuple(entry.kinds or ()):
            return None
        classes = (cls for group in plugin.classes.values() for cls in group)
        return next(cls for cls in classes if getattr(cls, KIND) == kind), plugin


def no_class(_: object) -> None:
    """None: no class of any kind is known by its place."""


def _found_at(place: str) -> Any:
    """Object at ``module:name``; None where that fails, as the whole plugin will tell."""
    module, _, name = place.partition(":")
    try:
        with redirect_stdout(sys.stderr):  # what a plugin prints is no part of our output
            return getattr(import_module(module), name)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, GeneratorExit)):
            raise
        return None


def sole_providers(entries: Sequence[Tried]) -> dict[str, Tried]:
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
