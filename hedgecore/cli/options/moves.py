"""Terms of `--move` and `--vol`: names, and the prices or volatilities to which they move.

    WETH=-30%..+30%          a range of moves, in steps
    WETH=1500..4000          a range of prices
    WETH=-10%,0,+10%         a list
    WETH,wstETH=-30%..+30%   several that move together
    WETH=+5pt                a volatility, five points up

A range has `..`, `...` or `…` in it. What has no unit of its own has that of the others.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

import numpy as np
import typer

from hedgecore.analysis.axes import LEVEL, PERCENT, POINTS, PRICE, VOLATILITY, Axis, axis
from hedgecore.cli.terminal.failures import usage_errors
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array

RANGE = re.compile(r"…|\.{2,}")
TERM = re.compile(r"([+-]?)((?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(%|pts?|points?)?")
HUNDRED = 100.0


class MoveSpec(NamedTuple):
    """One option as it was given: names, unit, numbers, and whether they are the ends of a range.

    Numbers are in the unit: a percentage and a point are one hundredth.
    """

    option: str
    names: tuple[str, ...]
    unit: str
    numbers: tuple[float, ...]
    ranged: bool

    def points(self, steps: int) -> Array:
        """Numbers in ascending order, (N,); those of a range in `steps`."""
        if self.ranged:
            low, high = self.numbers
            return np.linspace(low, high, steps)
        return np.unique(self.numbers)


def move_of(text: str, market: Market) -> MoveSpec:
    """Move that `--move` describes.

    Raises:
        BadParameter: it cannot be read, in a sentence.

    """
    spec = _parse(text, "--move", market.prices)
    if spec.unit == POINTS:
        raise typer.BadParameter(f"--move {text}: points are for --vol; a price moves in %")
    return spec


def vol_of(text: str, market: Market) -> MoveSpec:
    """Move that `--vol` describes, likewise."""
    return _parse(text, "--vol", market.vols)


def axis_of(move: MoveSpec, market: Market, steps: int) -> Axis:
    """Axis that an option describes, in a market; a range in `steps`.

    Raises:
        HedgecoreError: an asset that the market has not.
        BadParameter: a price of nothing or less.

    """
    points = move.points(steps)
    numbers = points if move.unit == LEVEL else points / HUNDRED
    what = PRICE if move.option == "--move" else VOLATILITY
    with usage_errors(f"{move.option}: "):
        return axis(market, move.names, numbers, what=what, by=move.unit)


def _parse(text: str, option: str, known: Container[str]) -> MoveSpec:
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
    return MoveSpec(option, names, units.pop(), numbers, ranged)


def _term(text: str, option: str, whole: str) -> tuple[str, float, str]:
    """Sign, number and unit."""
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
