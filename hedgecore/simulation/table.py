"""The table ``[simulation]`` of a book: the settings of a run, as plain tables, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from hedgecore.books.book import Book
from hedgecore.books.positions import number, only
from hedgecore.errors import SpecError, did_you_mean, placed
from hedgecore.registry.registry import default_registry
from hedgecore.registry.specs import build, schema, spec_of
from hedgecore.simulation.default_model import movers, path_of
from hedgecore.simulation.funding import FundingRule, Periodic
from hedgecore.simulation.margin import Margin
from hedgecore.simulation.price_models.replay import Replay
from hedgecore.simulation.settings import Simulation, simulation

TABLE = "simulation"
OF_PATH = ("path", "correlations", "pegs")
SAVED = ("versions", "files")
"""What a saved run says of itself; see `hedgecore.simulation.saved`."""
STEPS_A_DAY = 24
"""Steps of a day, where none are asked for."""
DAYS, PATHS = 30.0, 100_000


def asked(book: Book, given: Mapping[str, Any] | None = None) -> Simulation:
    """Return the run that a book's table ``[simulation]`` describes.

    Where there is no path, what is hedged moves by geometric Brownian motion, at the volatilities
    in the book's ``[vols]``.

    Args:
        book: the book.
        given: other settings, in plain tables too; they take the place of the book's own.

    Raises:
        SpecError: a setting is unknown, missing or wrong; it is named.

    """
    with placed(TABLE):
        table = {**book.simulation, **(given or {})}
        only(table, KEYS)
        made = {name: READ[name](table[name], book) for name in READ if name in table}
        made.setdefault("days", DAYS)
        made.setdefault("steps", max(1, round(STEPS_A_DAY * made["days"])))
        path = _path(table, book)
        made["paths"] = made.get("paths", PATHS) if path.times() is None else 1
        if "since" not in table.get("funding", {}):
            made["funding"] = _paid(made.get("funding", FundingRule()), path, book)
    return simulation(book, path, **made)


def table_of(settings: Simulation) -> dict[str, Any]:
    """Return the table that `asked` makes the same run from, of the same book."""
    values = {each.name: getattr(settings, each.name) for each in attrs.fields(Simulation)}
    table = {name: values[name] for name in PLAIN if values.get(name) is not None}
    table |= {name: list(values[name]) for name in ("arbitraged", "times") if values[name]}
    table |= {name: spec_of(values[name]) for name in ("policy", "path")}
    table["costs"] = [spec_of(each) for each in settings.costs]
    table["income"] = {name: spec_of(each) for name, each in settings.income.items()}
    table["funding"] = _own(spec_of(settings.funding))
    if settings.margin is not None:
        table["margin"] = _own(spec_of(settings.margin))
    return {name: each for name, each in table.items() if each != {}}


def kind_of(given: Any, hook: str, what: str) -> Any:
    """Return what a table, or the name of a kind alone, builds: one of those of a hook.

    Raises:
        SpecError: no such kind, with the nearest; or a field is wrong.

    """
    table = {"kind": given} if isinstance(given, str) else given
    registry = default_registry()
    known = registry.kinds(hook)
    kind = table.get("kind") if isinstance(table, Mapping) else None
    if kind not in known:
        near, there = did_you_mean(kind, known), ", ".join(known)
        raise SpecError(f"{kind or given!r:.80} is no {what}{near} (there are {there})", field=what)
    return build(table, registry=registry)


def _path(table: Mapping[str, Any], book: Book) -> Any:
    if "path" not in table:
        return path_of(book, table.get("correlations", {}), table.get("pegs", {}))
    for name in ("correlations", "pegs"):
        if name in table:
            raise SpecError("stands beside a path, which has its own", field=name)
    return kind_of(_of_asset(table["path"], book), "hedgecore_price_models", "path")


def _paid(rule: FundingRule, path: Any, book: Book) -> FundingRule:
    """Return the rule with payments at the moments of a history's own rates."""
    if not isinstance(path, Replay) or path.rates is None:
        return rule
    for each in book.instruments:
        hours = each.funding_hours if isinstance(each, Periodic) else path.rates.hours
        if path.asset in each.hedges and hours != path.rates.hours:
            reason = f"is paid each {path.rates.hours:g} h, and by {each.name} each {hours:g} h"
            raise SpecError(f"{reason}: its funding_hours", kind=path.kind, field="funding")
    return attrs.evolve(rule, since=path.rates.since(float(path.history.seconds[0])))


def _of_asset(given: Any, book: Book) -> Any:
    """Return a path's table with its asset, where it names none and one alone is hedged."""
    table = {"kind": given} if isinstance(given, str) else given
    if not isinstance(table, Mapping) or "asset" in table:
        return table
    cls, moved = default_registry().get(str(table.get("kind"))), movers(book)
    if cls is None or "asset" not in schema(cls) or len(moved) != 1:
        return table
    return {**table, "asset": moved[0]}


def _policy(given: Any, book: Book) -> Any:  # noqa: ARG001 - as all readers
    return kind_of(given, "hedgecore_policies", "policy")


def _costs(given: Any, book: Book) -> list[Any]:
    return [
        kind_of(_pooled(each, book), "hedgecore_costs", "cost") for each in _list(given, "costs")
    ]


def _pooled(given: Any, book: Book) -> Any:
    """Return a cost's table with its pool built: a table of its own, or a position's name."""
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


def _income(given: Any, book: Book) -> dict[str, Any]:  # noqa: ARG001
    if not isinstance(given, Mapping):
        raise SpecError("must be a table: position = a kind of income", field="income")
    return {name: kind_of(each, "hedgecore_incomes", "income") for name, each in given.items()}


def _plain(of: type, name: str) -> Callable[[Any, Book], Any]:
    """Return what reads a table of a class that is no kind of its own."""

    def read(given: Any, book: Book) -> Any:  # noqa: ARG001
        with placed(name):
            only(given, tuple(schema(of)))
            needed = [n for n, its in schema(of).items() if its.default is attrs.NOTHING]
            missing = [each for each in needed if each not in given]
            if missing:
                raise SpecError(f"needs {', '.join(missing)}")
            return of(**given)

    return read


def _list(given: Any, name: str) -> Sequence[Any]:
    if not isinstance(given, list | tuple):
        raise SpecError(f"must be a list, not {given!r:.80}", field=name)
    return given


def _whole(name: str) -> Callable[[Any, Book], int]:
    def read(given: Any, book: Book) -> int:  # noqa: ARG001
        if isinstance(given, bool) or not isinstance(given, int) or given < (name != "seed"):
            least = "0" if name == "seed" else "1"
            reason = f"must be a whole number, {least} or more, not {given!r:.80}"
            raise SpecError(reason, field=name)
        return given

    return read


def _days(given: Any, book: Book) -> float:  # noqa: ARG001
    days = number(given, "days")
    if not 0 < days < np.inf:
        raise SpecError(f"must be positive and finite, not {days!r:.80}", field="days")
    return days


def _number(name: str) -> Callable[[Any, Book], float]:
    return lambda given, book: number(given, name)  # noqa: ARG005 - as all readers


def _names(given: Any, book: Book) -> list[Any]:  # noqa: ARG001
    return list(_list(given, "arbitraged"))


def _as_is(given: Any, book: Book) -> Any:  # noqa: ARG001
    return given


def _own(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in table.items() if name != "kind"}


READ: Mapping[str, Callable[[Any, Book], Any]] = {
    "policy": _policy,
    "costs": _costs,
    "income": _income,
    "funding": _plain(FundingRule, "funding"),
    "margin": _plain(Margin, "margin"),
    "arbitraged": _names,
    "times": lambda given, book: [number(each, "times") for each in _list(given, "times")],  # noqa: ARG005
    "days": _days,
    "roll": _as_is,
    "ledger": _as_is,
    **{name: _whole(name) for name in ("steps", "paths", "seed")},
    **{name: _number(name) for name in ("cooldown", "min_notional")},
}
"""Setting → what reads it."""
PLAIN = ("days", "steps", "paths", "seed", "cooldown", "min_notional", "roll", "ledger")
KEYS = (*READ, *OF_PATH, *SAVED)
