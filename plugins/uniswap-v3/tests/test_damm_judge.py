"""Meteora's DAMM v2 at random states: a range of prices, whose liquidity has an extra 2⁶⁴ in it."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hedgecore_uniswap_v3 import ConcentratedRanges

import hedgecore as hc

npm = pytest.importorskip("npm", reason="tests/npm.py is in the repository, which is not above")
JUDGES = Path(__file__).parent / "judges_damm"
Q64 = 2**64
LEAST, MOST = 4_295_048_016, 79_226_673_521_066_979_257_578_248_091
"""√price of the pools' full range, in Q64.64."""
PAIR = ("A", "B")
ROUNDING = Fraction(1, 2**52)
"""Of a √price that is given as a double of the price, and of an amount."""


def drawn(rng):
    """A pool on all prices or on some, somewhere in its range, ends too."""
    ends = (
        np.sort(rng.uniform(*np.log([float(LEAST), float(MOST)]), 2)) if rng.random() < 0.7 else ()
    )
    low, top = (int(each) for each in np.exp(ends)) if len(ends) else (LEAST, MOST)
    root = low + int(rng.choice([0.0, rng.random(), rng.random() ** 20, 1.0]) * (top - low))
    liquidity = int(10 ** rng.uniform(3, 18)) << 64
    return {
        "root": str(min(root, top)),
        "low": str(low),
        "top": str(top),
        "liquidity": str(liquidity),
    }


def model_of(question):
    """The same as a range of prices in raw units."""
    root, low, top = (Fraction(int(question[n]), Q64) for n in ("root", "low", "top"))
    rows = [[float(Fraction(int(question["liquidity"]), Q64)), float(low**2), float(top**2)]]
    return ConcentratedRanges(assets=PAIR, ranges=rows, price=float(root**2)), (root, low, top)


@pytest.mark.campaign
def test_damm_pays_what_the_range_holds():
    """Rounded down by a unit of each token; our prices are doubles, of which √s and √b are off."""
    rng = np.random.default_rng(14)
    asked = [drawn(rng) for _ in range(200)]
    market = hc.Market(prices=dict.fromkeys(PAIR, 1.0))
    for question, paid in zip(asked, npm.ask(JUDGES, "damm.mjs", asked), strict=True):
        model, (root, low, top) = model_of(question)
        held = model.at_state().exposure(market).over(PAIR).delta
        size = Fraction(int(question["liquidity"]), Q64)
        room = size * ROUNDING * (1 / root + 1 / top), size * ROUNDING * (root + low)
        for mine, theirs, off in zip(held, paid, room, strict=True):
            assert abs(Fraction(float(mine)) - int(theirs)) <= 1 + off + ROUNDING * int(theirs)
