"""The protocols' own packages at random states: their amounts are ours, to their own rounding."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hedgecore_bins import LiquidityBins

import hedgecore as hc

npm = pytest.importorskip("npm", reason="tests/npm.py is in the repository, which is not above")
JUDGES = Path(__file__).parent / "judges"
DOUBLE = Fraction(1, 2**50)
PAIR = ("X", "Y")


def ladder(rng, zero, reach, digits):
    """Return (active id, rows [id, raw x, raw y]) of a pool in some state."""
    active = zero + int(rng.integers(-reach, reach))
    away = np.unique(rng.integers(-60, 60, 30)).tolist()
    amounts = [[int(10 ** rng.uniform(0, digits)) for _ in PAIR] for _ in away]
    rows = [
        [active + at, x * (at >= 0), y * (at <= 0)]
        for at, (x, y) in zip(away, amounts, strict=True)
    ]
    return active, [*(row for row in rows if row[0] != active), [active, *amounts[0]]]


def model_of(step, zero, rows, decimals):
    dx, dy = decimals
    bins = [[index, x / 10**dx, y / 10**dy] for index, x, y in rows]
    return LiquidityBins(assets=PAIR, bin_step=step, bins=bins, zero_id=zero, decimals=decimals)


@pytest.mark.parametrize("step", [1, 2, 5, 10, 20, 80, 100, 400])
@pytest.mark.sample(1)
def test_dlmm_trades_what_the_ladder_holds(step):
    """Each bin all in x is its atom, all in y its L; DLMM rounds up, and its price is in Q64.64.

    The price is a power of (1 + step) in 64 bits, squared some twenty times and inverted above 1:
    each may lose a unit of 2⁻⁶⁴, in the price or in its inverse; the base loses one in each factor.
    """
    rng = np.random.default_rng(step)
    for decimals in [(9, 6), (6, 9), (0, 0)]:
        _, rows = ladder(rng, 0, min(80_000 // step, 20_000), 15)
        model = model_of(step, 0, rows, decimals)
        asked = [{"step": step, "id": i, "x": str(x), "y": str(y)} for i, x, y in rows]
        base, quote = Fraction(0), Fraction(0)
        for answer, row, atom in judged(asked, rows, model):
            check_bin(answer, row, atom, model)
            base += Fraction(int(answer["inX"]), 10 ** decimals[0])
            quote += Fraction(int(answer["inY"]), 10 ** decimals[1])
        ends = model.greeks(
            np.array([model.breakpoints()[0] / 2, model.breakpoints()[-1] * 2])
        ).holdings
        assert float(base) == pytest.approx(ends[0, 0], rel=1e-6)
        assert float(quote) == pytest.approx(ends[1, 1], rel=1e-6)


def judged(asked, rows, model):
    """Yield (answer, row, atom) in the order of prices."""
    answers = npm.ask(JUDGES, "dlmm.mjs", asked)
    order = sorted(range(len(rows)), key=lambda at: rows[at][0])
    yield from zip(
        (answers[at] for at in order), (rows[at] for at in order), model.atoms(), strict=True
    )


def check_bin(answer, row, atom, model):
    """Require the price, and the bin in x and in y, to be theirs within their rounding."""
    index, x, y = row
    dx, dy = model.decimals
    exact = (1 + Fraction(model.bin_step, 10_000)) ** index
    lost = (abs(index) + 40 * max(exact, 1 / exact)) / 2**63
    assert abs(Fraction(int(answer["price"]), 2**64) / exact - 1) <= lost
    assert abs(Fraction(atom[0]) / (exact * Fraction(10) ** (dx - dy)) - 1) <= DOUBLE
    in_x, in_y = -Fraction(atom[1]) * 10**dx, -Fraction(atom[1]) * Fraction(atom[0]) * 10**dy
    assert abs(int(answer["inX"]) - in_x) <= 1 + y / exact * lost + in_x * DOUBLE
    assert abs(int(answer["inY"]) - in_y) <= 1 + x * exact * lost + in_y * DOUBLE


def test_liquidity_book_pays_what_the_state_holds():
    """A position's part of each bin, rounded down by the package bin by bin; its prices are powers
    of doubles, off by one rounding for each factor.
    """
    rng = np.random.default_rng(8)
    asked, models, counts = [], [], []
    for step in (1, 5, 10, 15, 20, 25, 50, 100):
        active, rows = ladder(rng, 2**23, 100_000 // step, 24)
        parts = [(int(10 ** rng.uniform(0, 18)), 10**18) for _ in rows]
        asked.append(
            {
                "step": step,
                "active": active,
                "ids": [index for index, _, _ in rows],
                "reserves": [[str(x), str(y)] for _, x, y in rows],
                "supplies": [str(supply) for _, supply in parts],
                "liquidity": [str(own) for own, _ in parts],
            }
        )
        held = [
            [index, *(float(Fraction(raw * own, supply * 10**18)) for raw in amounts)]
            for (index, *amounts), (own, supply) in zip(rows, parts, strict=True)
        ]
        models.append(LiquidityBins(assets=PAIR, bin_step=step, bins=held, decimals=(18, 18)))
        counts.append(len(rows))
    market = hc.Market(prices={"X": 1.0, "Y": 1.0})
    answers = npm.ask(JUDGES, "liquidity_book.mjs", asked)
    for question, answer, model, count in zip(asked, answers, models, counts, strict=True):
        exposure = model.at_state().exposure(market).over(PAIR)
        for mine, theirs in zip(exposure.delta, (answer["x"], answer["y"]), strict=True):
            short = Fraction(float(mine)) * 10**18 - int(theirs)
            assert -DOUBLE * int(theirs) <= short <= count + DOUBLE * int(theirs)
        for index, price in zip(question["ids"], answer["prices"], strict=True):
            near = (abs(index - 2**23) + 8) * 2.0**-52
            assert model.price_of(index).nearest == pytest.approx(price, rel=near, abs=0)
