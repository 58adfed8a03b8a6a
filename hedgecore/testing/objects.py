"""The laws of models and instruments as objects: values, with a table, documented, installed."""

from __future__ import annotations

import json
import pickle
from functools import lru_cache
from typing import Any

import attrs

from hedgecore.hedging.solvers import AbstractHedgeSolver
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.income import AbstractIncome
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.interfaces.reader import AbstractReader
from hedgecore.interfaces.venue import AbstractVenue
from hedgecore.pools.model import PoolModel
from hedgecore.registry.loading import Plugin
from hedgecore.registry.registry import Registry, default_registry
from hedgecore.registry.specs import build, schema, spec_of
from hedgecore.registry.validation import faults
from hedgecore.testing.law import LawBroken, law, require

HOOKS: dict[type, str] = {
    PoolModel: "hedgecore_pools",
    AbstractHedgeSolver: "hedgecore_solvers",
    AbstractPolicy: "hedgecore_policies",
    AbstractCost: "hedgecore_costs",
    AbstractReader: "hedgecore_readers",
    AbstractPriceModel: "hedgecore_price_models",
    AbstractIncome: "hedgecore_incomes",
    AbstractVenue: "hedgecore_venues",
}
"""Base class → the hook of its kinds; what has no base of ours is an instrument."""
INSTRUMENTS = "hedgecore_instruments"


@law
def contract_kept(model: Any, at: Any = None) -> None:  # noqa: ARG001
    """The class is one the registry takes: a frozen attrs class that overrides nothing public.

    Source: `hedgecore.registry.validation`; a kind that breaks it is refused when
    its plugin is loaded.
    """
    hook = next((hook for base, hook in HOOKS.items() if isinstance(model, base)), INSTRUMENTS)
    found = faults(hook, type(model))
    require(not found, "; ".join(found))


@law
def spec_round_trip(model: Any, at: Any = None) -> None:  # noqa: ARG001
    """``build(spec_of(model)) == model``, through JSON.

    Source: a model is its table; what a book cannot say cannot be hedged from a book.
    """
    cls = type(model)
    table = spec_of(model)
    back = json.loads(json.dumps(table, allow_nan=False))
    plugin = Plugin("checked", "no distribution", "", {})
    built = build(back, registry=Registry({}, {}, {cls.kind: (cls, plugin)}))
    other = [name for name, f in schema(cls).items() if _differ(built, model, f.name)]
    reason = f"its table builds another, by {other}: JSON has lists, so fields need converters"
    require(built == model, reason, got=built, expected=model)


def _differ(one: Any, two: Any, name: str) -> bool:
    return bool(getattr(one, name) != getattr(two, name))


@law
def frozen(model: Any, at: Any = None) -> None:  # noqa: ARG001
    """No field can be set.

    Source: a model is a value, shared by books and threads.
    """
    for name in schema(type(model)):
        try:
            setattr(model, name, getattr(model, name))
        except AttributeError:
            continue
        raise LawBroken(f"its field {name} can be set: decorate the class with @attrs.frozen")


@law
def hashable(model: Any, at: Any = None) -> None:  # noqa: ARG001
    """Equal models have equal hashes.

    Source: Python's data model; models are keys of caches.
    """
    twin = attrs.evolve(model)
    require(twin == model, "one with the same fields is not equal", got=twin, expected=model)
    require(hash(twin) == hash(model), "an equal one has another hash", got=hash(twin))


@law
def picklable(model: Any, at: Any = None) -> None:  # noqa: ARG001
    """The object comes back from pickle equal: books are computed in many processes.

    Source: Python's data model; a class made inside a function is not.
    """
    back = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own
    require(back == model, "what comes back from pickle is another", got=back, expected=model)


@law
def registered(model: Any, at: Any = None) -> None:  # noqa: ARG001
    """The kind is installed, and is the object's own class.

    Source: the hooks; a class that its plugin does not return is in no book.
    """
    cls = type(model)
    found = default_registry()[cls.kind]
    require(found is cls, "its kind is another class in the registry", got=found, expected=cls)


@law
def documented(model: Any, at: Any = None) -> None:  # noqa: ARG001
    """The class and each field say what they are, fields with their unit; the example builds.

    Source: `hedgecore describe` and the reference pages are made of it.
    """
    cls = type(model)
    require(cls.__doc__, f"{cls.__name__} has no docstring")
    for name, field in schema(cls).items():
        silent = [what for what in ("about", "unit") if not field.metadata.get(what)]
        require(not silent, f"its field {name} does not say {' and '.join(silent)}: see `fields`")
    example = dict(cls.example)
    require(example, f"{cls.__name__} has no example: the fields of a table that builds")
    cls(**json.loads(json.dumps(example)))


def is_installed(cls: type) -> bool:
    """True if the class comes out of a package with an entry point of ours."""
    return any(
        cls.__module__ == module or cls.__module__.startswith(f"{module}.") for module in _modules()
    )


@lru_cache(maxsize=1)
def _modules() -> frozenset[str]:
    from importlib_metadata import entry_points  # noqa: PLC0415 - 20 ms, and only here

    return frozenset(entry.module for entry in entry_points(group="hedgecore"))
