"""The judge knows derivatives, and how well it knows them."""

from __future__ import annotations

import numpy as np
import pytest

from hedgecore.errors import PriceError
from hedgecore.testing.differences import SAFETY, Slope, judge, log_slope
from hedgecore.testing.law import LawBroken

PRICES = np.geomspace(1e-6, 1e6, 60)[:, None]


def plain(function):
    """Return `function` of prices (K, 1) with its size, as the judge wants it."""
    return lambda points: (function(points), np.abs(function(points)))


def step(width):
    """Return a smooth step at 1 of a relative width, and its derivative by log price."""

    def value(points):
        return 1.5 + np.arctan((points - 1) / width)

    def slope(points):
        return points / width / (1 + ((points - 1) / width) ** 2)

    return plain(value), slope


@pytest.mark.parametrize("power", [-3.0, -0.5, 0.0, 0.5, 1.0, 2.0])
def test_powers_are_known_to_twelve_digits(power):
    found = log_slope(plain(lambda p: p**power), PRICES, 0)
    truth = power * PRICES**power
    assert np.all(np.abs(found.slope - truth) <= 1e-11 * PRICES**power)
    assert np.all(np.abs(found.slope - truth) <= SAFETY * found.error)


@pytest.mark.parametrize("width", [1e-1, 1e-3, 1e-6, 1e-7])
def test_steep_steps_are_known_or_known_not_to_be(width):
    steps = np.concatenate([[0.0], np.geomspace(1e-3, 1e6, 40)])
    points = np.unique(np.concatenate([1 - width * steps, 1 + width * steps]))
    points = points[(points > 1e-3) & (points < 1e3)][:, None]
    function, slope = step(width)
    found, truth = log_slope(function, points, 0), slope(points)
    # the price itself is rounded, which a step of this width turns into as much of its slope
    given = 2e-16 / width * np.abs(truth)
    assert np.all(np.abs(found.slope - truth) <= SAFETY * found.error + given)
    sure = SAFETY * found.error <= 2e-5 * np.abs(truth)
    assert sure.mean() > (0.9 if width > 1e-7 else 0.7)


@pytest.mark.parametrize("noise", [1e-14, 1e-11, 1e-8])
def test_a_noisy_formula_is_not_taken_for_a_wrong_one(noise):
    random = np.random.default_rng(1)
    points = np.geomspace(0.01, 100, 5000)[:, None]

    def noisy(at):
        value = np.sqrt(at) * (1 + noise * random.uniform(-1, 1, at.shape))
        return value, np.abs(value)

    found = log_slope(noisy, points, 0)
    truth = np.sqrt(points) / 2
    allowed = 1e-6 * truth + SAFETY * found.error
    assert np.all(np.abs(found.slope - truth) <= allowed)


def test_wide_steps_over_a_narrow_feature_are_not_believed():
    function, slope = step(1e-6)  # differences at 0.25, 0.06, ... agree with each other there
    found = log_slope(function, np.array([[1.0]]), 0)
    assert found.slope[0, 0] == pytest.approx(slope(1.0), rel=1e-6)


def test_a_step_never_reaches_across_a_break():
    kinked = plain(lambda p: 1 + np.maximum(p - 1, 0))
    points = np.array([1 - 1e-9, 1 - 1e-5, 0.99, 1.01, 1 + 1e-5, 1 + 1e-9])[:, None]
    found = log_slope(kinked, points, 0, breaks=(1.0,))
    truth = np.where(points > 1, points, 0.0)
    assert np.all(np.abs(found.slope - truth)[1:-1] <= SAFETY * found.error[1:-1])
    assert np.all(found.error[1:-1] < 1e-6)
    assert np.isinf(found.error[[0, -1]]).all()


def test_at_a_break_and_next_to_it_nothing_is_known():
    points = np.array([np.nextafter(1, 0), 1.0, np.nextafter(1, 2)])[:, None]
    found = log_slope(plain(np.sqrt), points, 0, breaks=(1.0,))
    assert np.isinf(found.error).all()
    assert np.isnan(found.slope).all()


def test_an_undeclared_kink_is_met_by_small_steps():
    kinked = plain(lambda p: 1 + np.maximum(p - 1, 0))
    found = log_slope(kinked, np.array([[1.0001]]), 0)
    assert found.slope[0, 0] == pytest.approx(1.0001, abs=1e-7)


def test_a_singular_neighbour_does_not_fool_it():
    points = (1 + np.geomspace(1e-8, 0.5, 30))[:, None]
    found = log_slope(plain(lambda p: 2 - np.cbrt(p - 1)), points, 0, breaks=(1.0,))
    truth = -points / 3 / np.cbrt(points - 1) ** 2
    assert np.all(np.abs(found.slope - truth) <= SAFETY * found.error + 1e-6 * np.abs(truth))
    assert (SAFETY * found.error <= 2e-5 * np.abs(truth)).mean() > 0.7


def test_what_is_refused_is_left_out():
    def picky(points):
        if np.any(points > 2):
            raise PriceError("too high")
        return points, points

    found = log_slope(picky, np.array([[1.0], [1.99], [3.0]]), 0)
    assert found.slope[:2, 0] == pytest.approx([1.0, 1.99])
    assert np.isinf(found.error[2, 0])


def test_only_one_of_many_prices_moves():
    points = np.array([[2.0, 3.0], [5.0, 0.1]])
    found = log_slope(lambda p: (p**2, p**2), points, 1)
    assert found.slope == pytest.approx(np.array([[0.0, 18.0], [0.0, 0.02]]), abs=1e-9)


def test_one_part_in_ten_thousand_is_found_wherever_it_is_conclusive():
    error = np.array([[1e-9], [1.3e-6]])
    truth = Slope(np.ones((2, 1)), error, np.ones((2, 1)))
    points = np.array([[1.0], [2.0]])
    judge(points, np.ones((2, 1)), truth, "right")
    for off in ([[1.0001], [1.0]], [[1.0], [1.0001]], [[1.0], [0.9999]]):
        with pytest.raises(LawBroken, match="wrong"):
            judge(points, np.array(off), truth, "wrong")


def test_too_few_conclusive_prices_are_said_to_be_inconclusive():
    truth = Slope(np.ones((9, 1)), np.full((9, 1), 1e-4), np.ones((9, 1)))
    with pytest.raises(LawBroken, match=r"inconclusive: .* at 0 of 9 prices"):
        judge(np.ones((9, 1)), np.ones((9, 1)), truth, "right")


def test_what_does_not_move_at_all_needs_no_conclusive_price():
    truth = log_slope(lambda p: (np.ones_like(p), np.ones_like(p)), PRICES, 0)
    judge(PRICES, np.zeros_like(PRICES), truth, "flat")


def test_beside_a_kink_of_the_slope_the_error_is_as_large_as_it_is():
    """There the error falls as the step alone, and both orders of the extrapolation agree."""
    points = np.exp(np.geomspace(1e-12, 1e-2, 60))[:, None]

    def smooth_once(at):
        away = np.log(at)
        value = 1.0 + away + 3e4 * np.where(away > 0, away**2, 0.0)
        return value, np.abs(value)

    found, truth = log_slope(smooth_once, points, 0), 1.0 + 6e4 * np.log(points)
    assert np.all(np.abs(found.slope - truth) <= SAFETY * found.error + 1e-6 * np.abs(truth))
