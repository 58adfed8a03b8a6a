"""Registry of kinds: which are installed, by which plugin, and what is broken.

Each plugin is loaded on its own: one that fails is left out whole, kept in `failures` with its
cause, and disturbs no other. (pluggy's own loader stops at the first broken entry point.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from hedgecore.errors import PluginError, UnknownKindError, did_you_mean
from hedgecore.registry import own
from hedgecore.registry.entry_points import EntryPoint, Tried, source
from hedgecore.registry.loading import KIND, Plugin, check_plugin, load_plugin
from hedgecore.registry.names import installed, kinds_by_trial, names_in
from hedgecore.registry.on_demand import KindsOnDemand, Late, no_class, sole_providers
from hedgecore.registry.providers import PROVIDERS
from hedgecore.renamed import KINDS as KINDS_RENAMED
from hedgecore.renamed import now_called

FEW = 10
"""Kinds that an error lists in full."""


@frozen(eq=False)
class Registry:
    """Kinds of everything that is installed: ``registry["uniswap-v3"]`` is the class.

    Attributes:
        plugins: name → Plugin, of those that loaded.
        failures: name → PluginError, of those that did not; the cause is its ``__cause__``.

    Example:
        >>> registry = hc.default_registry()
        >>> "uniswap-v2" in registry.kinds("hedgecore_pools"), registry["uniswap-v2"].__name__
        (True, 'UniswapV2')

    """

    plugins: Mapping[str, Plugin]
    failures: Mapping[str, PluginError]
    _kinds: Mapping[str, tuple[type, Plugin]] = field(alias="kinds")
    _class_and_hook: Callable[[object], tuple[type, str] | None] = field(
        alias="class_and_hook", default=no_class
    )

    def __getitem__(self, kind: str) -> type[Any]:
        return (self._class_and_hook(kind) or self._find(kind))[0]

    def __contains__(self, kind: object) -> bool:
        return self._class_and_hook(kind) is not None or kind in self._kinds

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def get(self, kind: str, default: type | None = None) -> type | None:
        """Class of `kind`, or `default`."""
        return self[kind] if kind in self else default  # noqa: SIM401 - this is what get is

    def plugin(self, kind: str) -> Plugin:
        """Plugin that provides `kind`."""
        return self._find(kind)[1]

    def kinds(self, hook: str) -> tuple[str, ...]:
        """Kinds that came through `hook`, sorted: ``kinds("hedgecore_pools")``."""
        return tuple(k for k, (cls, by) in self._kinds.items() if cls in by.classes.get(hook, ()))

    def hooks(self, kind: str) -> tuple[str, ...]:
        """Hooks that `kind` came through: ``hooks("perp")`` is ``("hedgecore_instruments",)``."""
        found = self._class_and_hook(kind)
        if found is not None:
            return (found[1],)
        cls, by = self._find(kind)
        return tuple(hook for hook, classes in by.classes.items() if cls in classes)

    def plus(
        self,
        *,
        pools: Iterable[type] = (),
        instruments: Iterable[type] = (),
        readers: Iterable[type] = (),
        venues: Iterable[type] = (),
    ) -> Registry:
        """Registry that has classes of your own too, without a package.

        ``registry.plus(pools=[Solidly])`` lets a book name the kind of a class in a notebook.

        Raises:
            PluginError: a class breaks the contract, or takes a kind that is taken.

        """
        name = f"given-{len(self.plugins)}"
        groups = {
            "hedgecore_pools": tuple(pools),
            "hedgecore_instruments": tuple(instruments),
            "hedgecore_readers": tuple(readers),
            "hedgecore_venues": tuple(venues),
        }
        plugin = check_plugin(Plugin(name, "no distribution", "", groups))
        claimed = {kind: (cls, plugin) for kind, cls in _own_kinds(plugin, self._kinds).items()}
        kinds = dict(sorted({**self._kinds, **claimed}.items()))
        return Registry({**self.plugins, name: plugin}, self.failures, kinds)

    def _find(self, kind: str) -> tuple[type, Plugin]:
        if kind not in self._kinds:
            near = (
                _failure(kind, self.failures)
                or now_called(kind, KINDS_RENAMED)
                or _install(kind)
                or did_you_mean(kind, {**self._kinds, **PROVIDERS})
            )
            there = _installed(kind, list(self._kinds))
            reason = f"no plugin provides {kind!r:.80}{near}{_broken(self.failures)} ({there})"
            raise UnknownKindError(reason)
        return self._kinds[kind]


def _broken(failures: Iterable[str]) -> str:
    """Plugins that are left out, one of which may have provided what is missing."""
    names = ", ".join(failures)
    told = f"; broken, and left out: {names:.200}, as `hedgecore plugins doctor` explains"
    return told if names else ""


def _failure(kind: object, failures: Mapping[str, PluginError]) -> str:
    """Failure of the plugin that has the name of a kind; empty where none of that name failed."""
    return f"; {failures[str(kind)]}" if str(kind) in failures else ""


def _installed(kind: object, kinds: Sequence[str]) -> str:
    """Clause on what is installed: all where few are, else those with the letters of `kind`."""
    if not kinds:
        return "none is installed"
    if len(kinds) <= FEW:
        return f"installed: {', '.join(kinds)}"
    like = [each for each in kinds if _letters(kind) and _letters(kind) in _letters(each)]
    return f"{'installed: ' if like else ''}{', '.join([*like, ''])}`hedgecore kinds` lists all"


def _letters(kind: object) -> str:
    return "".join(filter(str.isalnum, str(kind).casefold()))


def _install(kind: object) -> str:
    """Command that installs a kind that is known and not here; empty for any other."""
    if kind not in PROVIDERS:
        return ""
    return f"; pip install {PROVIDERS[str(kind)]} brings it"


def load_plugins(
    entries: Iterable[EntryPoint],
    vouched: Iterable[str] = (),
    load: Callable[[EntryPoint, str], Plugin] = load_plugin,
) -> Registry:
    """Registry of plugins, each loaded on its own.

    Args:
        entries: the plugins' entry points. They are taken in the order of their names, those of
            distributions that are `vouched` for first, so that no newcomer takes their kinds.
        vouched: names of distributions.
        load: from an entry point and a name to a plugin.

    Example:
        >>> hc.load_plugins([]).kinds("hedgecore_pools")
        ()

    """
    first = {_normal(name) for name in vouched}
    plugins: dict[str, Plugin] = {}
    failures: dict[str, PluginError] = {}
    kinds: dict[str, tuple[type, Plugin]] = {}
    for entry in sorted(entries, key=lambda e: (_normal(source(e)[0]) not in first, e.name)):
        name = entry.name
        if name in plugins or name in failures:
            name = f"{name} ({source(entry)[0]})"
        try:
            plugin = load(entry, name)
            taken = _own_kinds(plugin, kinds)
        except PluginError as error:
            failures[name] = error
        else:
            plugins[name] = plugin
            kinds.update({kind: (cls, plugin) for kind, cls in taken.items()})
    return Registry(
        MappingProxyType(plugins),
        MappingProxyType(failures),
        MappingProxyType(dict(sorted(kinds.items()))),
    )


def _own_kinds(plugin: Plugin, kinds: Mapping[str, tuple[type, Plugin]]) -> dict[str, type]:
    """Kind → class of one plugin; PluginError where a kind is taken, by whomever."""
    mine: dict[str, type] = {}
    for cls in (cls for group in plugin.classes.values() for cls in group):
        kind = str(getattr(cls, KIND))
        owner = plugin if kind in mine else kinds[kind][1] if kind in kinds else None
        if owner is not None:
            ours, theirs = (f"{p.name!r} ({p.distribution})" for p in (plugin, owner))
            raise PluginError(f"plugin {ours} takes the kind {kind!r}, which belongs to {theirs}")
        mine[kind] = cls
    return mine


def _normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-").replace(".", "-")


@lru_cache(maxsize=1)
def default_registry() -> Registry:
    """Registry of what is installed here: built at first use, then kept.

    ``HEDGECORE_PLUGINS=a,b`` loads those plugins only; ``HEDGECORE_BLOCK=c`` leaves some out. One
    whose import never ends, or ends the process, is left out too: `quarantine` knows which.
    The distributions that hedgecore's own extra ``plugins`` names keep their kinds, whatever else
    is installed, and so does hedgecore itself, whose own kinds are always there.

    Example:
        >>> hc.default_registry() is hc.default_registry()
        True

    """
    only, found = names_in("HEDGECORE_PLUGINS"), installed()
    entries = [*own.entries(found.version), *found.tried]
    vouched = ["hedgecore", *found.vouched]
    return _on_demand(entries, vouched, only - {each.name for each in found.tried})


def kind_names() -> list[str]:
    """Kinds that plugins provide by their trials, none imported; those of all, where one is new."""
    known = kinds_by_trial()
    return list(default_registry()) if known is None else known


def _on_demand(entries: list[Tried], vouched: list[str], absent: set[str]) -> Registry:
    """Registry that imports a plugin when one of its kinds is asked for."""

    @cache
    def everything() -> Registry:
        return load_plugins(entries, vouched, kinds.load)

    kinds = KindsOnDemand(sole_providers(entries), lambda: everything()._kinds)  # noqa: SLF001
    return Registry(
        Late(lambda: everything().plugins),
        Late(lambda: {**everything().failures, **_absent(absent)}),
        kinds,
        kinds.class_and_hook,
    )


def _absent(names: set[str]) -> dict[str, PluginError]:
    reason = "HEDGECORE_PLUGINS names it, and no plugin of this name is installed"
    return {name: PluginError(f"plugin {name!r}: {reason}") for name in sorted(names)}
