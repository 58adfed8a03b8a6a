"""Which interval a price is in, however the edges lie; sums that lose nothing."""

import math
from itertools import accumulate

import numpy as np
import pytest

import hedgecore as hc

RNG = np.random.default_rng(4)
TICKS = 1.0001 ** np.arange(-3000.0, 3000.0)
EDGES = {
    "more than a quarter of the buckets": np.linspace(1.0, 2.0, 70_000),
    "one": np.array([3.0]),
    "two": np.array([3.0, np.nextafter(3.0, 4.0)]),
    "ticks": TICKS,
    "spread": np.sort(RNG.uniform(2000.0, 4000.0, 200)),
    "full ranges too": np.concatenate([[1e-38], TICKS, [1e38]]),
    "many full ranges": np.concatenate([np.geomspace(1e-38, 1e-30, 90), TICKS, [1e30, 1e38]]),
    "far apart": 10.0 ** np.arange(-300.0, 301.0, 50.0),
    "extremes": np.array([5e-324, 1.0, 1.7976931348623157e308]),
    "crowded thrice": np.concatenate([c + 1e-9 * np.arange(500.0) for c in (1.0, 30.0, 1e9)]),
}


@np.errstate(over="ignore")
@pytest.mark.parametrize("edges", EDGES.values(), ids=EDGES)
def test_the_interval_is_the_one_that_a_search_finds(edges):
    near = [edges, np.nextafter(edges, 0), np.nextafter(edges, np.inf), np.sqrt(edges[0] * edges)]
    wide = [
        10.0 ** RNG.uniform(-300, 300, 500),
        RNG.uniform(0.5, 2.0, 500) * RNG.choice(edges, 500),
    ]
    price = np.concatenate([*near, *wide])
    price = RNG.permutation(price[(price > 0) & (price < np.inf)])
    due = np.searchsorted(edges, price, side="right")
    found = hc.Intervals(edges)
    assert np.array_equal(found.index(price), due)
    assert np.array_equal(found.index(price[::2]), due[::2])
    assert [found.index(float(each)) for each in price[:50]] == due[:50].tolist()
    assert found.index(price[:9]).tolist() == due[:9].tolist()


def test_an_interval_begins_at_its_edge():
    found = hc.Intervals(np.array([1.0, 2.0]))
    assert [found.index(at) for at in (0.5, 1.0, 1.5, 2.0, 9.0)] == [0, 1, 1, 2, 2]


def test_running_sums_are_those_of_exact_arithmetic():
    terms = RNG.choice([-1.0, 1.0], 5000) * 10.0 ** RNG.uniform(-6, 12, 5000)
    every = slice(None, None, 7)
    due = [math.fsum(terms[: at + 1]) for at in range(5000)[every]]
    assert np.allclose(hc.running_sums(terms)[every], due, rtol=1e-15, atol=1e-9)
    assert max(abs(np.array(list(accumulate(terms)))[every] - due)) > 1e-5


def test_running_sums_of_what_is_not_negative_are_right_to_the_last_digit_or_two():
    terms = 10.0 ** RNG.uniform(-300, 300, 100_000)
    every = slice(None, None, 4999)
    due = [math.fsum(terms[: at + 1]) for at in range(100_000)[every]]
    assert np.allclose(hc.running_sums(terms)[every], due, rtol=5e-16, atol=0)
