"""Choices among equals are by rule: what a processor's last bits do to a number decides nothing."""

import numpy as np
import pytest

from hedgecore.numerics.indefinite import blamed_pair
from hedgecore.numerics.ties import round_for_ties

NOISE = 4 * np.finfo(float).eps


def correlated(names, **pairs):
    """Return a matrix of correlations by pairs of one-letter names; 0 where none is given."""
    matrix = np.eye(len(names))
    for (one, two), number in pairs.items():
        i, j = names.index(one), names.index(two)
        matrix[i, j] = matrix[j, i] = number
    return matrix


ALL_ALIKE = correlated("ABC", AB=-0.9, AC=-0.9, BC=-0.9)
TWO_BLOCKS = correlated("ABCDEF", AB=0.9, AC=0.9, BC=-0.9, DE=0.9, DF=0.9, EF=-0.9)


@pytest.mark.parametrize("number", [0.1, 1 / 3, 3000.0, -2.5e-300, 1e300, 1 - 1e-11])
def test_last_bits_are_rounded_away(number):
    around = [np.nextafter(number, -np.inf), number, np.nextafter(number, np.inf)]
    assert len(set(round_for_ties(around).tolist())) == 1
    assert round_for_ties(number) == pytest.approx(number, rel=1e-9)


def test_what_differs_is_told_apart():
    assert round_for_ties(1.0) < round_for_ties(1.0 + 1e-8)
    assert round_for_ties([5000.0, 0.0, np.inf]).tolist() == [5000.0, 0.0, np.inf]
    assert np.isnan(round_for_ties(np.nan))


@pytest.mark.parametrize(
    ("names", "matrix", "pair"),
    [
        ("ABC", ALL_ALIKE, "AB"),
        ("CAB", ALL_ALIKE, "AB"),
        ("BCA", ALL_ALIKE, "AB"),
        ("ABCDEF", TWO_BLOCKS, "BC"),
        ("DEFABC", TWO_BLOCKS, "BC"),
        ("XYZ", correlated("XYZ", XY=0.1, XZ=0.99, YZ=0.99), "XZ"),
        ("YXZ", correlated("XYZ", XY=0.1, XZ=0.99, YZ=0.99), "XZ"),
    ],
)
def test_of_pairs_that_are_as_much_to_blame_the_first_by_name_is_named(names, matrix, pair):
    generator = np.random.default_rng(1)
    for _ in range(50):
        noise = NOISE * generator.standard_normal(matrix.shape)
        i, j = blamed_pair(matrix + noise + noise.T, names)
        assert "".join(sorted(names[i] + names[j])) == pair


def test_of_a_triangle_that_cannot_be_the_odd_one_is_named():
    assert blamed_pair(correlated("ABC", AB=0.9, AC=0.9, BC=-0.9), "ABC") == (1, 2)
    assert blamed_pair(correlated("ABC", AB=0.9, AC=-0.9, BC=0.9), "ABC") == (0, 2)


def test_a_pair_that_is_more_to_blame_is_named_before_the_first_by_name():
    assert blamed_pair(correlated("ABC", AB=-0.8, AC=-0.9, BC=-0.8), "ABC") == (0, 2)
    assert blamed_pair(correlated("ABC", AB=-0.5, AC=0.99, BC=0.99), "ABC") == (0, 2)
