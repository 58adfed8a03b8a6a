"""The table ``[simulation]`` of a book, read: the settings of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from hedgecore.books.book import Book
from hedgecore.books.kinds import costs_of, kind_of, list_of, policy_of
from hedgecore.books.magnitudes import MOST_DAYS
from hedgecore.books.positions import number, only
from hedgecore.errors import SpecError, at_place
from hedgecore.registry.registry import default_registry
from hedgecore.registry.specs import schema
from hedgecore.renamed import renamed_field
from hedgecore.simulation.blocks import MOST
from hedgecore.simulation.default_model import default_model, movers
from hedgecore.simulation.funding import FundingRule
from hedgecore.simulation.margin import Margin
from hedgecore.simulation.start_price import check_start

TABLE = "simulation"
OF_MODEL = ("price_model", "correlations", "pegs")
SAVED = ("versions", "files")
"""Tables in which a saved run describes itself; see `hedgecore.simulation.saved`."""
STEPS_A_DAY = 24
"""Steps of a day, where none are asked for."""
DAYS, PATHS = 30.0, 512
ERROR = "standard_error"
"""Setting in place of `paths`."""
COUNTS = ("paths", ERROR)
ROUNDING = 1e-12
"""So little above a whole number of paths, relatively, is that number."""


def fields_of(table: Mapping[str, Any], book: Book) -> dict[str, Any]:
    """Fields of a `Simulation` that a table describes.

    Args:
        table: of settings, plain.
        book: that they are of.

    Raises:
        SpecError: a setting is unknown, missing or wrong; it is named.

    """
    with at_place(TABLE):
        _check_names(table)
        made = {name: READ[name](table[name], book) for name in READ if name in table}
        made.setdefault("days", DAYS)
        made.setdefault("steps", max(1, round(STEPS_A_DAY * made["days"])))
        model = _price_model(table, book)
        made["paths"] = _paths(made) if model.times() is None else 1
        made.pop(ERROR, None)
        check_start(model, book.market, book)
    return {**made, "price_model": model}


def with_settings(own: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with others in their place; those that say how many paths stand for one another.

    Examples:
        >>> with_settings({"paths": 512, "days": 30}, {"standard_error": 0.01})
        {'days': 30, 'standard_error': 0.01}

    """
    counted = any(name in given for name in COUNTS)
    kept = {name: each for name, each in own.items() if not counted or name not in COUNTS}
    return {**kept, **given}


def _paths(made: Mapping[str, Any]) -> int:
    """Paths that are asked for, or that a standard error takes; `PATHS` where neither is said."""
    if ERROR not in made:
        return int(made.get("paths", PATHS))
    if "paths" in made:
        raise SpecError("stands beside paths: give one of the two", field=ERROR)
    return paths_of(made[ERROR])


def paths_of(standard_error: float) -> int:
    """Paths whose mean has a standard error of this part of the spread of one: 1/e², rounded up.

    Raises:
        SpecError: it is no fraction, or takes more paths than there can be.

    Examples:
        >>> paths_of(0.05), paths_of(0.01)
        (400, 10000)

    """
    least = 1.0 / MOST**0.5
    if not least <= standard_error <= 1.0:
        reason = f"must be a part of the spread of a path's profit, from {least:g} to 1"
        raise SpecError(f"{reason}, as 0.01, not {standard_error!r:.80}", field=ERROR)
    return math.ceil(standard_error**-2 * (1.0 - ROUNDING))


def _check_names(table: Mapping[str, Any]) -> None:
    for name in table:
        new = renamed_field(TABLE, name)
        if new:
            raise SpecError(f"there is no such field{new}", field=name)
    only(table, KEYS)


def _price_model(table: Mapping[str, Any], book: Book) -> Any:
    if "price_model" not in table:
        return default_model(book, table.get("correlations", {}), table.get("pegs", {}))
    for name in ("correlations", "pegs"):
        if name in table:
            raise SpecError("stands beside a price model, which has its own", field=name)
    return kind_of(_of_asset(table["price_model"], book), "hedgecore_price_models", "price model")


def _of_asset(given: Any, book: Book) -> Any:
    """Price model's table with its asset, where it names none and one alone is hedged."""
    table = {"kind": given} if isinstance(given, str) else given
    if not isinstance(table, Mapping) or "asset" in table:
        return table
    cls, moved = default_registry().get(str(table.get("kind"))), movers(book)
    if cls is None or "asset" not in schema(cls) or len(moved) != 1:
        return table
    return {**table, "asset": moved[0]}


def _policy(given: Any, book: Book) -> Any:  # noqa: ARG001 - as all readers
    return policy_of(given)


def _income(given: Any, book: Book) -> dict[str, Any]:  # noqa: ARG001
    if not isinstance(given, Mapping):
        raise SpecError("must be a table: position = a kind of income", field="income")
    return {name: kind_of(each, "hedgecore_incomes", "income") for name, each in given.items()}


def _plain(of: type, name: str) -> Callable[[Any, Book], Any]:
    """Reader of a table of a class that is no kind of its own."""

    def read(given: Any, book: Book) -> Any:  # noqa: ARG001
        with at_place(name):
            only(given, tuple(schema(of)))
            needed = [n for n, its in schema(of).items() if its.default is attrs.NOTHING]
            missing = [each for each in needed if each not in given]
            if missing:
                raise SpecError(f"needs {', '.join(missing)}")
            return of(**given)

    return read


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
    if not 0 < days <= MOST_DAYS:
        reason = f"must be positive and finite, {MOST_DAYS:,} at most, not {days!r:.80}"
        raise SpecError(reason, field="days")
    return days


def _number(name: str) -> Callable[[Any, Book], float]:
    return lambda given, book: number(given, name)  # noqa: ARG005 - as all readers


def _names(given: Any, book: Book) -> list[Any]:  # noqa: ARG001
    return list(list_of(given, "arbitraged"))


def _as_is(given: Any, book: Book) -> Any:  # noqa: ARG001
    return given


READ: Mapping[str, Callable[[Any, Book], Any]] = {
    "policy": _policy,
    "costs": costs_of,
    "income": _income,
    "funding": _plain(FundingRule, "funding"),
    "margin": _plain(Margin, "margin"),
    "arbitraged": _names,
    "times": lambda given, book: [number(each, "times") for each in list_of(given, "times")],  # noqa: ARG005
    "days": _days,
    "roll": _as_is,
    "ledger": _as_is,
    **{name: _whole(name) for name in ("steps", "paths", "seed")},
    **{name: _number(name) for name in ("cooldown", "min_notional", ERROR)},
}
"""Setting → what reads it."""
PLAIN = ("days", "steps", "paths", "seed", "cooldown", "min_notional", "roll", "ledger")
KEYS = (*READ, *OF_MODEL, *SAVED)
