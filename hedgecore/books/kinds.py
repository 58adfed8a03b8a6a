"""Policies and costs that a book's tables name: each a kind, by itself or with its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hedgecore.books.book import Book
from hedgecore.errors import SpecError, did_you_mean
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.registry.registry import default_registry
from hedgecore.registry.specs import build
from hedgecore.renamed import KINDS, now_called


def kind_of(given: Any, hook: str, what: str) -> Any:
    """Model that a table, or the name of a kind alone, describes: one of those of a hook.

    Raises:
        SpecError: no such kind, with the nearest; or a field is wrong.

    """
    table = {"kind": given} if isinstance(given, str) else given
    registry = default_registry()
    known = registry.kinds(hook)
    kind = table.get("kind") if isinstance(table, Mapping) else None
    if kind not in known:
        near = now_called(str(kind), KINDS) or did_you_mean(kind, known) or _as_table(given, known)
        there = ", ".join(known)
        raise SpecError(f"{kind or given!r:.80} is no {what}{near} (there are {there})", field=what)
    return build(table, registry=registry)


def _as_table(given: Any, known: Sequence[str]) -> str:
    """Table that a text as of an option stands for, "band,half_width=2"; empty for any other."""
    kind, _, fields = str(given).partition(",")
    if kind not in known or not fields:
        return ""
    pairs = ", ".join(f"{name} = …" for name in (f.partition("=")[0] for f in fields.split(",")))
    return f'; with fields, write a table: {{ kind = "{kind}", {pairs} }}'


def policy_of(given: Any) -> AbstractPolicy:
    """Policy that a table describes."""
    policy: AbstractPolicy = kind_of(given, "hedgecore_policies", "policy")
    return policy


def costs_of(given: Any, book: Book) -> list[AbstractCost]:
    """Costs that a list of tables describes; a pool among their fields may be a position's name."""
    rows = list_of(given, "costs")
    return [kind_of(_with_pool(each, book), "hedgecore_costs", "cost") for each in rows]


def list_of(given: Any, name: str) -> Sequence[Any]:
    """List that stands under a name; SpecError where it is none."""
    if not isinstance(given, list | tuple):
        raise SpecError(f"must be a list, not {given!r:.80}", field=name)
    return given


def _with_pool(given: Any, book: Book) -> Any:
    """Table of a cost with its pool built: a table of its own, or a position's name."""
    if not isinstance(given, Mapping) or "pool" not in given:
        return given
    pool = given["pool"]
    if isinstance(pool, Mapping):
        return {**given, "pool": build(pool)}
    held = {each.name: each.model for each in book.positions}
    if pool not in held:
        near = did_you_mean(pool, held)
        raise SpecError(f"no position is called {pool!r:.80}{near}", kind="swap", field="pool")
    return {**given, "pool": held[pool]}
