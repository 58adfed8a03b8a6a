"""Orca's own package at random states: what it pays for many positions is ours, to its rounding."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hedgecore_uniswap_v3 import ConcentratedPositions

import hedgecore as hc

npm = pytest.importorskip("npm", reason="tests/npm.py is in the repository, which is not above")
JUDGES = Path(__file__).parent / "judges"
MOST_TICK = 443_636
DOUBLE = Fraction(1, 2**50)
PAIR = ("A", "B")


def drawn(rng):
    """Return a √price in Q64.64, and positions round and far from it, on all of Orca's ticks."""
    tick = int(rng.uniform(-MOST_TICK, MOST_TICK) * rng.choice([0.05, 0.5, 1.0]))
    root = int(1.0001 ** ((tick + rng.uniform(0, 1)) / 2) * 2**64)
    rows = []
    for _ in range(12):
        lower = tick + int(rng.normal(0, 10 ** rng.uniform(1, 4)))
        lower = min(max(lower, -MOST_TICK), MOST_TICK - 1)
        upper = min(lower + int(10 ** rng.uniform(0, 5)), MOST_TICK)
        rows.append([str(int(10 ** rng.uniform(3, 14))), lower, upper])
    return {"root": str(root), "rows": rows}


def slack(rows):
    """Return what Orca's rounding may do: a unit for each amount, and its √prices' two units.

    x = L (1/√s − 1/√b) is off by L δ/√a², and y = L (√s − √a) by L δ, with δ = 2 · 2⁻⁶⁴, and a
    few parts in 2⁻⁶⁰ of the root beside, which is multiplied together from twenty factors.
    """
    x = y = Fraction(0)
    for liquidity, lower, upper in rows:
        low, high = (Fraction(1.0001 ** (tick / 2)) for tick in (lower, upper))
        off = Fraction(2, 2**64)
        x += 1 + int(liquidity) * (off / low + Fraction(1, 2**60)) / low
        y += 1 + int(liquidity) * (off + high / 2**60)
    return x, y


@pytest.mark.campaign
def test_whirlpools_pay_what_the_state_holds():
    rng = np.random.default_rng(1)
    asked = [drawn(rng) for _ in range(60)]
    market = hc.Market(prices=dict.fromkeys(PAIR, 1.0))
    for question, answer in zip(asked, npm.ask(JUDGES, "whirlpools.mjs", asked), strict=True):
        root = int(question["root"]) << 32
        model = ConcentratedPositions(tokens=PAIR, positions=question["rows"], sqrt_price_x96=root)
        held = model.at_state().exposure(market).over(PAIR).delta
        for side, room in enumerate(slack(question["rows"])):
            theirs = sum(int(paid[side]) for paid in answer)
            mine = Fraction(float(held[side]))
            assert abs(mine - theirs) <= room + DOUBLE * theirs


@pytest.mark.campaign
def test_the_amounts_that_three_packages_agree_on():
    """Orca, Raydium and Cetus, to the unit: recorded, so that this needs no npm."""
    root = 7_020_863_254_639_131_300
    rows = [[1_234_567_890_123_456, -20_200, -18_000]]
    model = ConcentratedPositions(tokens=PAIR, positions=rows, sqrt_price_x96=root << 32)
    held = model.at_state().exposure(hc.Market(prices=dict.fromkeys(PAIR, 1.0))).over(PAIR)
    assert [int(each) for each in held.delta] == [207315784030451, 20202947721777]
