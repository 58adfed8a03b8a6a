"""A number of lots is the decimal that a venue takes: the one rule, of one lot or of many."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from hedgecore import OrderSizes

LOTS = [
    *(f"{mantissa}e{power}" for power in range(-8, 4) for mantissa in (1, 2, 3, 5, 7, 25, 125)),
    "0.05", "0.25", "0.0125", "1e-18", "123.456", "0.000000123",
]  # fmt: skip


@pytest.mark.parametrize("lot", LOTS)
def test_every_multiple_is_the_double_nearest_its_decimal(lot):
    rng = np.random.default_rng(0)
    counts = [*range(-60, 61), *rng.integers(-(10**9), 10**9, 60).tolist()]
    due = np.array([float(Fraction(lot) * count) for count in counts])
    noise = 1 + 1e-12 * rng.uniform(-1, 1, len(counts))
    sizes = OrderSizes(float(lot))
    assert sizes.nearest(due * noise).tolist() == due.tolist()
    assert sizes.nearest(np.array(counts) * float(lot)).tolist() == due.tolist()
    assert OrderSizes(float(lot), np.abs(due)).fewest.tolist() == np.abs(due).tolist()


def test_thousands_of_lots_of_any_decimals():
    rng = np.random.default_rng(1)
    texts = [f"{rng.integers(1, 10**4)}e{rng.integers(-10, 3)}" for _ in range(3000)]
    counts = rng.integers(-(10**6), 10**6, 3000).tolist()
    due = [float(Fraction(lot) * count) for lot, count in zip(texts, counts, strict=True)]
    lots = np.array([float(lot) for lot in texts])
    assert OrderSizes(lots).nearest(np.array(counts) * lots).tolist() == due
    written = [Decimal(repr(each)) for each in due]
    assert all(each % Decimal(lot) == 0 for each, lot in zip(written, texts, strict=True))


@pytest.mark.parametrize("lot", [1 / 3, 2 / 7, np.pi, 0.1 * 1e-12 / 3])
def test_a_lot_that_is_no_decimal_is_the_double_that_it_is(lot):
    counts = np.arange(-500.0, 501.0)
    sizes = OrderSizes(lot, np.abs(counts * lot))
    assert OrderSizes(lot).nearest(counts * lot * (1 + 1e-13)).tolist() == (counts * lot).tolist()
    assert sizes.fewest.tolist() == np.abs(counts * lot).tolist()


def test_a_tie_goes_to_the_smaller_and_no_lot_is_any_amount():
    amounts, lots = np.array([0.025, -0.025, 0.035, 1.234]), np.array([0.01, 0.01, 0.01, 0.0])
    assert OrderSizes(lots).nearest(amounts).tolist() == [0.02, -0.02, 0.03, 1.234]


@pytest.mark.parametrize("lot", ["0.01", "0.1", "0.001", "0.05", "0.7", "0.3333333333333333"])
def test_a_least_order_of_whole_lots_is_that_many_lots(lot):
    """0.07 at a lot of 0.01 is 7 lots; by doubles the quotient is 7.000000000000001."""
    count = np.arange(1, 1000)
    least = np.array([float(Fraction(lot) * int(each)) for each in count])
    fewest = OrderSizes(float(lot), least).fewest
    np.testing.assert_allclose(fewest, least, rtol=1e-15)
    assert np.round(fewest / float(lot)).tolist() == count.tolist()
    assert OrderSizes(0.1, 0.1 + 0.2).fewest == 0.3


def test_many_instruments_are_ordered_as_each_alone():
    rng = np.random.default_rng(2)
    lots = rng.choice([0.0, 1e-18, 0.001, 0.05, 1 / 3, 7.0], 60)
    least = rng.choice([0.0, 0.05, 2.5], 60)
    amounts = 10.0 ** rng.uniform(-3, 4, (20, 60)) * rng.choice([-1.0, 1.0], (20, 60))
    together = OrderSizes(lots, least)
    for i, each in enumerate(map(OrderSizes, lots.tolist(), least.tolist())):
        assert together.nearest(amounts)[:, i].tolist() == each.nearest(amounts[:, i]).tolist()
