"""Names for assets: what people call them, unique by address where two are called alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hedgecore.interfaces.reading import Token

SHOWN = 10
MONEY = ("USD", "EUR", "GBP", "JPY", "CHF", "CNY")
"""Names that no token may have by its own word: prices are in these."""


def names_of(tokens: Iterable[Token], given: Mapping[str, str]) -> dict[str, str]:
    """Token id → name: as `given`, else its symbol, with its id where that is taken.

    No two tokens have one name, whatever they call themselves.
    """
    met = [one for each in tokens for one in (each, each.claim) if one is not None]
    tokens = list({each.id: each for each in met}.values())
    named = {each.id: given[each.id] for each in tokens if each.id in given}
    new = [each for each in tokens if each.id not in named]
    taken = Counter([*MONEY, *given.values(), *(each.symbol for each in new)])
    short = {each.id: _unlike(each) if taken[each.symbol] > 1 else each.symbol for each in new}
    taken = Counter([*MONEY, *given.values(), *short.values()])
    clash = {each.id: f"{each.symbol} {each.id}" for each in new if taken[short[each.id]] > 1}
    return {**named, **short, **clash}


def sum_by_name(amounts: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    """Name → amount, together for those that share a name."""
    found: dict[str, float] = {}
    for its, amount in amounts.items():
        name = names.get(its, its)
        found[name] = found.get(name, 0.0) + amount
    return found


def assets_by_name(names: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Name → id, or ids, of what it is called."""
    found: dict[str, list[str]] = {}
    for its, name in names.items():
        found.setdefault(name, []).append(its)
    return {name: its[0] if len(its) == 1 else its for name, its in found.items()}


def names_by_asset(assets: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """Id → name: `assets_by_name`, turned."""
    each = ((name, [its] if isinstance(its, str) else its) for name, its in assets.items())
    return {its: name for name, ids in each for its in ids}


def with_names(part: Any, names: Mapping[str, str]) -> Any:
    """Tables with every token's id replaced by its name, keys too."""
    if isinstance(part, str):
        return names.get(part, part)
    if isinstance(part, Mapping):
        return {names.get(key, key): with_names(each, names) for key, each in part.items()}
    if isinstance(part, list | tuple):
        return [with_names(each, names) for each in part]
    return part


def unique(name: str, taken: Iterable[str]) -> str:
    """`name`, numbered where it is taken."""
    taken = set(taken)
    again = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(each for each in again if each not in taken)


def _unlike(token: Token) -> str:
    return f"{token.symbol} {token.id[:SHOWN]}"
