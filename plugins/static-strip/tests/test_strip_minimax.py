"""The strip of the least error: half of interpolation's, and the best there is in whole lots."""

from itertools import pairwise, product

import numpy as np
import pytest
from hedgecore_static_strip import Payoff, interpolation, minimax


@pytest.mark.parametrize("amount", [1.0, -1.0], ids=["long", "short"])
def test_it_at_least_halves_the_error_of_interpolation(case, amount):
    """Chebyshev: the best line over a concave arc is its chord, raised by half of the gap."""
    pool, request = case
    held = amount * Payoff.of(pool)
    best, chords = minimax(held, **request), interpolation(held, **request)
    assert best.error <= chords.error / 2 * (1 + 1e-6)
    assert best.error >= chords.error / 2 * (1 - 1e-6)


def test_of_positions_long_and_short_it_beats_interpolation(built, asked):
    held = Payoff.of(built("range")) + -0.6 * Payoff.of(built("v2"))
    best, chords = minimax(held, **asked("v2")), interpolation(held, **asked("v2"))
    assert best.error <= chords.error * (1 - 1e-3)


@pytest.mark.campaign
def test_whole_lots_are_kept_and_no_other_lots_are_better(built):
    """Every combination of lots of three options, the underlying and the level left free."""
    pool, strikes = built("v2"), [1900.0, 2100.0, 2300.0]
    ends = {"price": 2086.0, "low": 1600.0, "high": 2600.0}
    lot = 2.0
    best = minimax(pool, strikes, lot=lot, **ends)
    assert best.options == pytest.approx(np.round(best.options / lot) * lot, abs=0)
    prices = np.linspace(ends["low"], ends["high"], 2001)
    legs = [np.maximum(k - prices if k < 2086 else prices - k, 0.0) for k in strikes]
    found = np.inf
    for lots in product(range(9), repeat=3):
        strip = pool.value(prices) + sum(n * lot * leg for n, leg in zip(lots, legs, strict=True))
        found = min(found, least_over_lines(prices, strip))
    assert best.error == pytest.approx(found, rel=1e-4)


def least_over_lines(x, y):
    """Return min over slopes of half the range of y − slope x, by golden section: it is convex."""
    low, high, golden = -150.0, 150.0, (np.sqrt(5) - 1) / 2
    for _ in range(60):
        a, b = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, b) if np.ptp(y - a * x) < np.ptp(y - b * x) else (a, high)
    return 0.5 * np.ptp(y - low * x)


@pytest.mark.campaign
def test_finer_lots_are_no_worse(built, asked):
    pool, request = built("range"), asked("range")
    errors = [minimax(pool, lot=lot, **request).error for lot in (2.0, 1.0, 0.0)]
    assert all(fine <= coarse * (1 + 1e-6) for coarse, fine in pairwise(errors))


@pytest.mark.campaign
def test_fewer_options_are_counted_and_cost_accuracy(built, asked):
    pool, request = built("range"), asked("range")
    few = minimax(pool, options=2, **request)
    assert np.count_nonzero(few.options) <= 2
    assert few.error > minimax(pool, **request).error
    one = minimax(pool, options=1, **request)
    prices = np.linspace(request["low"], request["high"], 2001)
    by_hand = min(
        least_over_lines(prices, pool.value(prices) + n * np.maximum(prices - k, 0.0))
        for k in request["strikes"]
        for n in np.linspace(0.0, 60.0, 121)
    )
    assert by_hand * 0.98 <= one.error <= by_hand * (1 + 1e-5)  # which looked at 2001 prices
