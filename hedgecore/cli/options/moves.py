"""What `--move` and `--vol` say: names, and to which prices or volatilities they move.

    WETH=-30%..+30%          a range of moves, in steps
    WETH=1500..4000          a range of prices
    WETH=-10%,0,+10%         a list
    WETH,wstETH=-30%..+30%   several that move together
    WETH=+5pt                a volatility, five points up

A range has `..`, `...` or `…` in it. What has no unit of its own has that of the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple

import numpy as np
import typer
from attrs import frozen

from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.tables.render import amount

RANGE = re.compile(r"…|\.{2,}")
TERM = re.compile(r"([+-]?)((?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(%|pts?|points?)?")
PERCENT, POINTS, LEVEL = "%", "pt", ""
HUNDRED = 100.0


class Asked(NamedTuple):
    """One option as it was given: names, unit, numbers, and whether they are the ends of a range.

    Numbers are in the unit: a percentage and a point are one hundredth.
    """

    option: str
    names: tuple[str, ...]
    unit: str
    numbers: tuple[float, ...]
    ranged: bool

    def points(self, steps: int) -> Array:
        """Return the numbers, ascending: those of a range in `steps`."""
        if self.ranged:
            low, high = self.numbers
            return np.linspace(low, high, steps)
        return np.unique(self.numbers)


@frozen(eq=False, kw_only=True)
class Axis:
    """What moves together along one direction of a grid, N points.

    Attributes:
        what: "price" or "volatility".
        names: whose.
        levels: name → where to, (N,).
        moves: by how much, (N,), a fraction of what it was, or in volatility itself.
        unit: "%" or "pt", which moves are said in.

    """

    what: str
    names: tuple[str, ...]
    levels: Mapping[str, Array]
    moves: Array
    unit: str

    def __len__(self) -> int:
        return len(self.moves)

    @property
    def title(self) -> str:
        """What moves, in words."""
        return f"{self.what} of {' and '.join(self.names)}"

    def label(self, i: int) -> str:
        """Return what its i-th point is called: the level, where there is one, and the move."""
        shown = amount(float(f"{HUNDRED * self.moves[i]:.4g}"))
        move = f"{shown}{' %' if self.unit == PERCENT else self.unit}"
        move = move if self.moves[i] < 0 else f"+{move}" if self.moves[i] else move
        if len(self.names) > 1:
            return move
        level = self.levels[self.names[0]][i]
        return f"{f'{level:.5g}' if self.what != 'price' else amount(level)} ({move})"


def move_of(text: str, market: Market) -> Asked:
    """Return what `--move` asks.

    Raises:
        BadParameter: it cannot be read, in a sentence.

    """
    asked = _read(text, "--move", market.prices)
    if asked.unit == POINTS:
        raise typer.BadParameter(f"--move {text}: points are for --vol; a price moves in %")
    return asked


def vol_of(text: str, market: Market) -> Asked:
    """Return what `--vol` asks, likewise."""
    return _read(text, "--vol", market.vols)


def axis(asked: Asked, market: Market, steps: int) -> Axis:
    """Return the points that are asked for, in a market.

    Raises:
        HedgecoreError: an asset that the market has not.
        BadParameter: a price of nothing or less.

    """
    priced = asked.option == "--move"
    base = {name: _base(name, market, priced=priced) for name in asked.names}
    points = asked.points(steps)
    levels = {name: LEVELS[asked.unit](each, points) for name, each in base.items()}
    for name, each in levels.items():
        if each.min() < 0 or (priced and not each.min()):
            what = "price" if priced else "volatility"
            said = f"a {what} of {name} of {amount(each.min())}"
            raise typer.BadParameter(f"{asked.option}: there is no such thing as {said}")
    first = asked.names[0]
    moves, unit = points / HUNDRED, asked.unit
    if unit == LEVEL:
        apart = levels[first] - base[first]
        moves, unit = (apart / base[first], PERCENT) if base[first] else (apart, POINTS)
    return Axis(
        what="price" if priced else "volatility",
        names=asked.names, levels=levels, moves=moves, unit=unit,
    )  # fmt: skip


LEVELS: Mapping[str, Callable[[float, Array], Array]] = {
    PERCENT: lambda base, points: base * (1.0 + points / HUNDRED),
    POINTS: lambda base, points: base + points / HUNDRED,
    LEVEL: lambda base, points: points + 0.0 * base,
}
"""Unit → the levels at some points."""


def _base(name: str, market: Market, *, priced: bool) -> float:
    """Return what the market has: a price, or a volatility."""
    if priced:
        return float(market.price(name))
    numbers: Any = market.vols.get(name, np.nan)  # `moved` refuses a name that is not there
    return float(numbers)


def _read(text: str, option: str, known: Container[str]) -> Asked:
    left, equals, right = text.rpartition("=")
    whole = left in known or left.strip() in known  # a name may have a comma in it
    listed = [left] if whole else left.split(",")
    names = tuple(name if name in known else name.strip() for name in listed)
    if not equals or not all(names) or len(set(names)) < len(names):
        raise _bad(option, text, "names each asset once, then = and where to")
    right = right.replace("\N{MINUS SIGN}", "-")
    ends = RANGE.split(right)
    ranged = len(ends) > 1
    terms = [_term(each, option, text) for each in (ends if ranged else right.split(","))]
    units = {unit for _, _, unit in terms if unit} or {LEVEL}
    numbers = tuple(number for _, number, _ in terms)
    if len(units) > 1:
        raise _bad(option, text, "mixes % and points")
    if ranged and (len(ends) != 2 or not numbers[0] < numbers[1]):  # noqa: PLR2004 - two ends
        raise _bad(option, text, "is no range from less to more")
    if units == {LEVEL} and any(sign for sign, _, _ in terms):
        raise _bad(option, text, "has a sign and no unit")
    if units == {LEVEL} and len(names) > 1:
        raise _bad(option, text, "moves several together, and so in %")
    return Asked(option, names, units.pop(), numbers, ranged)


def _term(text: str, option: str, whole: str) -> tuple[str, float, str]:
    """Return sign, number and unit."""
    found = TERM.fullmatch(text.strip())
    if found is None:
        raise _bad(option, whole, f"has {text.strip()!r:.40} where a number belongs")
    number = float(found[1] + found[2])
    if not np.isfinite(number):
        raise _bad(option, whole, f"has {text.strip()!r:.40}, which is too large")
    unit = {"%": PERCENT, "p": POINTS, "": LEVEL}[(found[3] or "")[:1]]
    return found[1], number, unit


def _bad(option: str, text: str, why: str) -> typer.BadParameter:
    example = "WETH=-30%..+30%, WETH=1500..4000, WETH=-10%,0,+10%"
    if option == "--vol":
        example = "WETH=+20%, WETH=-5pt..+5pt, WETH=0.8"
    return typer.BadParameter(f"{option} {text:.80} {why}: write {example}")
