"""Running sums that round once: what `math.fsum` and fractions say of each beginning."""

from fractions import Fraction
from math import fsum

import numpy as np
import pytest
from hedgecore_uniswap_v3.exact_sums import exact_sums, numbers

DRAWS = 80


def begun(terms, total):
    """Return the sum of the first one, two, … terms, each from scratch."""
    return [total(terms[: count + 1]) for count in range(len(terms))]


def drawn(rng, reach):
    """Terms of 53 digits over powers of two so far apart, and some of few, for ties."""
    size = rng.integers(1, 40)
    terms = rng.integers(-(2**53), 2**53, size) * 2.0 ** rng.integers(-reach, reach + 1, size)
    return np.where(rng.random(size) < 0.5, terms, np.round(terms / 2**50) * 2.0**40)


@pytest.mark.parametrize("reach", [0, 1, 20, 60, 300])
def test_each_sum_is_the_exact_one_rounded_once(reach):
    rng = np.random.default_rng(reach)
    for _ in range(DRAWS):
        terms = drawn(rng, reach)
        assert exact_sums(terms).tolist() == begun(terms.tolist(), fsum)


def test_what_cancels_leaves_the_rest_to_its_last_digit():
    rng = np.random.default_rng(0)
    for _ in range(DRAWS):
        large = drawn(rng, 60)
        terms = np.concatenate([large, [1e-9 / 3], -rng.permutation(large)])
        assert exact_sums(terms)[-1] == 1e-9 / 3


@pytest.mark.parametrize("terms", [[5e-324, 1e-310, -5e-324], [1e308, 1e-300, -1e308], [0.0, -0.0]])
def test_the_ends_of_what_doubles_reach(terms):
    assert exact_sums(numbers(terms)).tolist() == begun(terms, fsum)


def test_whole_numbers_of_any_length_are_summed_as_they_are():
    terms = [2**127 + 1, 0.1, -(2**127), 3**60, 2**53 + 1]
    due = begun(terms, lambda some: float(sum(map(Fraction, some))))
    assert exact_sums(numbers(terms)).tolist() == due


def test_blocks_leave_no_seam():
    terms = np.random.default_rng(1).normal(size=20_000) / 3
    found = exact_sums(terms)
    for count in (1, 8_191, 8_192, 8_193, 16_385, 20_000):
        assert found[count - 1] == fsum(terms[:count])
