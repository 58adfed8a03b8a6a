"""What contracts paid against what models hold, in exact arithmetic, with each rounding counted."""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import HealthCheck, Phase, settings

from hedgecore import Market

ULP = Fraction(1, 2**52)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
CUTS = 40
"""Halvings of a way that is integrated along, at most: a bend of 1e-12 of it is found."""


def drawn(count: int):
    """Return hypothesis's settings for a test on the chain; HEDGECORE_DRAWS=300 for more."""
    return settings(
        max_examples=int(os.environ.get("HEDGECORE_DRAWS", count)),
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


def whole(raw, decimals) -> list[Fraction]:
    """Return raw amounts in whole units."""
    return [Fraction(amount, 10**digits) for amount, digits in zip(raw, decimals, strict=True)]


def held_now(model, tokens) -> list[float]:
    """Return what a model says that it holds at its own state, in the order of `tokens`."""
    market = Market(prices=dict.fromkeys(tokens, 1.0), numeraire="USD")
    return list(model.at_state().exposure(market).over(tokens).delta)


def assert_paid(held, paid, decimals, more=(0, 0), under: int = 1) -> None:
    """Assert that the contract paid what is held, rounded down to a raw unit.

    A model's holdings are doubles: they are off by a few ulp. `more` is what else is known to be
    lost, in raw units and per token.
    """
    for mine, theirs, digits, room in zip(held, paid, decimals, more, strict=True):
        short = Fraction(mine) * 10**digits - theirs
        slack = 4 * ULP * theirs + Fraction(room)
        assert -slack <= short <= under + slack, (float(short), theirs, float(slack))


def slip(model, price: float) -> float:
    """Return how far a pair's base moves within an ulp of a price, to either side of a jump."""
    sides = -model.gamma(np.array([np.nextafter(price, 0), price]))
    return float(ULP) * price * float(np.max(sides))


def moved(model, start: float, end: float) -> tuple[float, float]:
    """Return ∫γ dP from one price to another by Gauss's rule in log P, and how far it may be off.

    It is split where gamma jumps; those prices, as the ends, are doubles.
    """
    low, high = sorted((start, end))
    stops = [low, *(b for b in model.breakpoints() if low < b < high), high]
    total = 0.0
    for one, other in pairwise(stops):
        half = np.log(other / one) / 2
        prices = np.sqrt(one * other) * np.exp(half * NODES)
        inside = np.clip(prices, one, np.nextafter(other, one))
        total += half * float(np.sum(WEIGHTS * prices * model.gamma(inside)))
    off = sum(slip(model, stop) for stop in stops) + 1e-13 * abs(total)
    return (total if start <= end else -total), off


def carried(model, start, end) -> tuple[np.ndarray, np.ndarray]:
    """Return ∫Γ dp of all assets, from some prices to others, and how far it may be off.

    The way is straight in log price. A piece of it is cut in halves until Gauss's rule on it and on
    its halves agree, next to all that moves to and fro on the way, so that the cuts gather where
    the curve bends; what is left is the error.
    """
    gamma = _slopes(model)
    ends = np.array([0.0]), np.array([1.0])
    sums, _ = _pieces(gamma, start, end, *ends)
    total, off, size = np.zeros((3, len(start)))
    for _ in range(CUTS):
        middles = np.mean(ends, axis=0)
        ends = np.append(ends[0], middles), np.append(middles, ends[1])
        halves, sizes = _pieces(gamma, start, end, *ends)
        left, right = np.split(halves, 2, axis=1)
        gaps, reach = np.abs(left + right - sums), size + np.sum(sizes, axis=1)
        unsettled = np.tile(np.any(gaps > 1e-13 * reach[:, None], axis=0), 2)
        total += np.sum(halves[:, ~unsettled], axis=1)
        size += np.sum(sizes[:, ~unsettled], axis=1)
        off += np.sum(gaps[:, ~unsettled[: len(middles)]], axis=1)
        if not np.any(unsettled):
            return total, 4 * off + 1e-12 * size
        ends, sums = (ends[0][unsettled], ends[1][unsettled]), halves[:, unsettled]
    raise AssertionError("the integral of gamma does not converge")


def slips(model, prices) -> np.ndarray:
    """Return how far each asset held moves when each price is off by what a spot may be: 3e-15."""
    slopes = _slopes(model)(np.array(prices)[:, None])[..., 0]
    return 3e-15 * np.abs(slopes) @ np.array(prices)


def _slopes(model):
    """Return the function from prices (n, N) to gamma (n, n, N) of all assets in a numeraire."""

    def gamma(prices):
        market = Market(prices=dict(zip(model.assets, prices, strict=True)), numeraire="USD")
        return np.moveaxis(model.exposure(market).over(model.assets).gamma, 0, -1)

    return gamma


def _pieces(gamma, start, end, lows, highs):
    """Return ∫Γ dp over parts of the way by Gauss's rule, and ∫|Γ dp|, assets by parts."""
    widths = highs - lows
    along = lows[:, None] + widths[:, None] * (NODES + 1) / 2
    steps = np.log(np.array(end) / np.array(start))
    prices = np.array(start)[:, None] * np.exp(steps[:, None] * along.ravel())
    slopes = (gamma(prices) * (prices * steps[:, None])).reshape(len(steps), -1, *along.shape)
    sums = np.sum(slopes, axis=1), np.sum(np.abs(slopes), axis=1)
    return tuple(each @ WEIGHTS * widths / 2 for each in sums)
