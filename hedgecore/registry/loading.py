"""Loading one plugin: import it, call its hooks, and check what they return.

Whatever goes wrong with it is one PluginError that names it and its cause; no other plugin is
touched. (pluggy's own loader stops at the first broken entry point.)
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from difflib import get_close_matches
from itertools import islice
from typing import Any

import pluggy
from attrs import frozen

from hedgecore.errors import PluginError, did_you_mean
from hedgecore.registry import hookspecs, markers
from hedgecore.registry.entry_points import EntryPoint, source
from hedgecore.renamed import HOOKS as HOOKS_RENAMED

VERSION = "hedgecore_interface"
KIND = "kind"
HOOKS = tuple(n for n in vars(hookspecs) if n.startswith("hedgecore_") and n != VERSION)
"""The hooks that return classes."""
MOST = 1000
"""Classes of one hook: a generator that does not end is stopped there."""


@frozen
class Plugin:
    """Plugin that loaded: its distribution, its classes by hook, its interface.

    Example:
        >>> hc.default_registry().plugin("uniswap-v2").distribution
        'hedgecore-uniswap-v2'

    """

    name: str
    distribution: str
    version: str
    classes: Mapping[str, tuple[type, ...]]
    interface: int = markers.INTERFACE


def load_plugin(entry: EntryPoint, name: str) -> Plugin:
    """Import one plugin and call its hooks; PluginError with the cause where anything fails."""
    distribution, version = source(entry)
    try:
        with redirect_stdout(sys.stderr):  # what a plugin prints is no part of our output
            module = entry.load()
        manager = _manager(module, name)
        interface = _interface(manager, f"plugin {name!r} ({distribution} {version})")
        return check_plugin(Plugin(name, distribution, version, _classes(manager, name), interface))
    except PluginError:
        raise
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, GeneratorExit)):
            raise
        reason = f"{type(error).__name__}: {error}"
        origin = f"{distribution} {version}".strip()
        message = f"plugin {name!r} ({origin}) could not be loaded: {reason}"
        raise PluginError(message) from error


def check_plugin(plugin: Plugin) -> Plugin:
    """Plugin; PluginError where one of its classes breaks the contract."""
    from hedgecore.registry.validation import faults  # noqa: PLC0415 - brings all that is subclassed

    given = [(hook, cls) for hook, group in plugin.classes.items() for cls in group]
    wrong = [fault for hook, cls in given for fault in faults(hook, cls)]
    if wrong:
        raise PluginError(f"plugin {plugin.name!r} breaks the contract: {'; '.join(wrong)}")
    return plugin


def kinds_of(plugin: Plugin) -> tuple[str, ...]:
    """Kinds that a plugin provides, through any hook."""
    return tuple(getattr(cls, KIND) for group in plugin.classes.values() for cls in group)


def _manager(module: Any, name: str) -> pluggy.PluginManager:
    """Manager with this plugin alone, refusing hooks that are misspelt or missing."""
    manager = pluggy.PluginManager(markers.GROUP)
    manager.add_hookspecs(hookspecs)
    manager.register(module, name)
    for old, new in HOOKS_RENAMED.items():
        if old in vars(module):
            raise PluginError(f"plugin {name!r} has the hook {old}: it is now {new!r}")
    callers = manager.get_hookcallers(module) or []
    for caller in callers:
        if caller.name not in (*HOOKS, VERSION):
            near = did_you_mean(caller.name, (*HOOKS, VERSION))
            raise PluginError(f"plugin {name!r} implements no hook of ours, {caller.name!r}{near}")
    marked = {caller.name for caller in callers}
    for hook in HOOKS:
        if hook in vars(module) and hook not in marked:
            raise PluginError(f"plugin {name!r} does not mark {hook} with @hookimpl")
    if marked <= {VERSION}:
        alike = [each for each in dir(module) if get_close_matches(each, HOOKS, cutoff=0.8)]
        hint = f"; did you mean {alike[0]} to be one?" if alike else ""
        raise PluginError(f"plugin {name!r} implements no hook of {', '.join(HOOKS)}{hint}")
    return manager


def _interface(manager: pluggy.PluginManager, who: str) -> int:
    """Interface that a plugin was written for; PluginError where it is not ours."""
    said, ours = manager.hook.hedgecore_interface(), markers.INTERFACE
    theirs = 1 if said is None else said
    if not isinstance(theirs, int) or isinstance(theirs, bool):
        raise PluginError(f"{who} says that its interface is {theirs!r:.80}, which is no number")
    if theirs != ours:
        older = "the plugin" if theirs < ours else "hedgecore"
        versions = f"written for interface {theirs}, and this hedgecore has {ours}"
        raise PluginError(f"{who} is {versions}: upgrade {older}")
    return theirs


def _classes(manager: pluggy.PluginManager, name: str) -> dict[str, tuple[type, ...]]:
    given = {hook: getattr(manager.hook, hook)() for hook in HOOKS}
    for hook, groups in given.items():
        if not groups and getattr(manager.hook, hook).get_hookimpls():
            raise PluginError(f"plugin {name!r}: {hook} returned None: return a list of classes")
    return {
        hook: tuple(
            cls for group in groups for cls in _bounded_classes(f"plugin {name!r}: {hook}", group)
        )
        for hook, groups in given.items()
    }


def _bounded_classes(where: str, group: Iterable[type]) -> list[type]:
    """Classes that one hook returned; PluginError where they do not end."""
    classes = list(islice(group, MOST + 1))
    if len(classes) > MOST:
        raise PluginError(f"{where} returned more than {MOST} classes, or does not end")
    return classes
