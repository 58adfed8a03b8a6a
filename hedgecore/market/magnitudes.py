"""Magnitudes: numbers too large or too small to compute with are refused, with their place.

Formulas take squares and cubes of prices and cash, and a double ends at 1e308: of numbers and cash
up to 1e100 these are numbers still. What lies beyond is in no book that anybody has.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import attrs
import numpy as np

from hedgecore.errors import ConvergenceError, PluginError, SpecError
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import is_within

MOST = 1e100
"""Largest number of a book, and cash; the least number but 0 is its inverse."""
ORDINARY = 1e20
"""Numbers up to this, and from its inverse on, are no reason for a formula to fail."""


def refuse_overflow(
    priced: Priced, market: Market, amount: float = 1.0, *, model: Any = None
) -> None:
    """Refuse so many of a thing whose worth, delta or gamma is too large to compute with.

    Args:
        priced: as it is taken.
        market: where.
        amount: how many of it.
        model: whose fields state it, where these are not its own.

    Raises:
        SpecError: with the number of it that is farthest from 1, most likely the reason.

    """
    stated = priced if model is None else model
    with suspect(stated, market), np.errstate(all="ignore"):
        held = priced.exposure(market).in_underlying(market)
        sizes = {name: amount * each for name, each in _cash(held)}
    for name, size in sizes.items():
        bad = ~(np.abs(size) <= MOST)
        if np.any(bad):
            raise too_far(f"{name} would be {_first(size[bad])}", stated, market, amount)


def refuse_endless(
    name: str, answer: Any, model: Any, market: Market, *, endless: bool = False
) -> None:
    """Refuse an answer, an exposure or numbers, that holds an infinity or no number.

    Args:
        name: what the answer is called.
        answer: to be looked at; what is neither an exposure nor numbers is not.
        model: whose it is.
        market: where.
        endless: whether an infinity is an answer: of a gamma, or of numbers.

    Raises:
        SpecError: with the number that is farthest from 1, most likely the reason.

    """
    if not isinstance(answer, Exposure | np.ndarray | float):
        return
    for what, numbers in _endless(name, answer, endless):
        bad = ~np.isfinite(numbers)
        if np.any(bad):
            raise too_far(f"{what} would be {_first(numbers[bad])}", model, market)


def _endless(name: str, answer: Any, endless: bool) -> Iterator[tuple[str, Array]]:  # noqa: FBT001
    """Numbers that may be none: of an exposure in cash too, where they are not ordinary."""
    if not isinstance(answer, Exposure):
        numbers = np.asarray(answer, dtype=np.float64)
        if is_within(numbers, MOST):
            return
        yield name, np.where(endless & np.isinf(numbers), 0.0, numbers)
        return
    yield from ((what, other) for what, other in answer.other.items() if not is_within(other, MOST))
    parts = {"worth": answer.value, "delta": answer.delta, "gamma": answer.gamma}
    known = [*parts.values(), *([] if answer.prices is None else [answer.prices])]
    if all(is_within(each, MOST) for each in known):
        return
    legal = endless & np.isinf(answer.gamma)
    if answer.prices is not None:
        parts |= {"cash delta": answer.delta_cash, "cash gamma": answer.gamma_cash}
        least = answer.prices.min(axis=-1, initial=MOST)
        legal &= (least >= 1.0 / MOST)[..., None, None]
    for what, numbers in parts.items():
        yield what, np.where(legal, 0.0, numbers) if "gamma" in what else numbers


def too_far(what: str, model: Any, market: Market, amount: float = 1.0) -> SpecError:
    """Error of an answer that is too large: which number is to blame, and what it leads to."""
    place, number = farthest(model, market, amount)
    most = f"{MOST:g} is the most that is computed with"
    return SpecError(f"{place} is {number:g}: its {what} {market.numeraire}, and {most}")


def _first(numbers: Array) -> str:
    return f"{float(numbers.flat[0]):g}"


@contextmanager
def suspect(model: Any, market: Market) -> Iterator[None]:
    """Say, of a formula that fails within, which number of a model is farthest from ordinary."""
    try:
        yield
    except (PluginError, ConvergenceError) as error:
        place, number = farthest(model, market)
        if 1.0 / ORDINARY <= abs(number) <= ORDINARY:
            raise
        raise SpecError(f"{place} is {number:g}: {error}") from error


def farthest(model: Any, market: Market, amount: float = 1.0) -> tuple[str, float]:
    """Number of a thing that is farthest from 1 by its power of ten, and its place."""
    found = {"the amount": amount, **dict(_numbers(model, market))}
    powers = {place: abs(math.log10(abs(each))) for place, each in found.items() if each}
    place = max(powers, key=lambda each: powers[each])
    return place, found[place]


def _cash(held: Exposure) -> Iterator[tuple[str, Array]]:
    """Numbers of an exposure in cash, by what they are called; infinite gammas are legal."""
    yield "worth", held.value
    yield "cash delta", held.delta_cash
    yield "cash gamma", np.where(np.isinf(held.gamma), 0.0, held.gamma_cash)


def _numbers(model: Any, market: Market) -> Iterator[tuple[str, float]]:
    """Numbers in the fields of a model, by field, and the prices of the assets that they name."""
    for place, leaf in _leaves(model, ""):
        if isinstance(leaf, str) and leaf in market.prices:
            prices = market.price(leaf).ravel()
            if prices.size:
                far = np.abs(np.log10(prices)).argmax()
                yield f"the price of {leaf}", float(prices[far])
        elif isinstance(leaf, int | float) and math.isfinite(leaf):
            yield place, float(leaf)


def _leaves(part: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Values in fields, lists and tables within `part`, by their place."""
    inner: list[tuple[str, Any]] | None = None
    if attrs.has(type(part)):
        inner = [(f".{each.name}", getattr(part, each.name)) for each in attrs.fields(type(part))]
    elif isinstance(part, Mapping):
        inner = [(f".{key}", each) for key, each in part.items()]
    elif isinstance(part, list | tuple):
        inner = [(f"[{index}]", each) for index, each in enumerate(part)]
    if inner is None:
        yield place.removeprefix("."), part
    for step, each in inner or ():
        yield from _leaves(each, place + step)
