"""The prices tried are those at which formulas break."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve, frozen

import hedgecore as hc
from hedgecore import fields
from hedgecore.errors import PriceError
from hedgecore.testing.answers import answers_or_nan
from hedgecore.testing.grids import grid, prices_to_try, spread_over
from hedgecore.testing.law import NothingAnswered


@frozen(kw_only=True)
class Range(hc.PairPool):
    """Holds nothing outside of its breaks, and refuses prices above `most`."""

    kind = "range"
    assets: tuple[str, str] = ("WETH", "USDC")
    edges: tuple[float, ...] = (2500.0, 3500.0)
    price: float | None = None
    most: float = np.inf

    def _holdings(self, price):
        if np.any(price > self.most):
            raise PriceError("too high")
        return 1 / np.sqrt(price), np.sqrt(price)

    def _breakpoints(self):
        return self.edges

    def _spot(self):
        return self.price


@frozen(kw_only=True)
class Basket(hc.BasketPool):
    kind = "basket"
    assets: tuple[str, ...] = fields.names("all")
    own: tuple[float, ...] | None = None

    def _holdings(self, prices):
        return np.prod(prices ** (1 / len(prices)), axis=0) / prices

    def _spot(self):
        return self.own


def test_every_break_is_met_exactly_and_from_both_sides():
    points = grid(Range())
    for edge in (2500.0, 3500.0):
        for near in (np.nextafter(edge, 0), edge, np.nextafter(edge, np.inf)):
            assert near in points


def test_the_own_price_is_met_exactly_and_from_afar():
    points = grid(Range(price=3123.4567))[:, 0]
    assert 3123.4567 in points
    assert points.min() < 1e-8
    assert points.max() > 1e14
    assert np.sum(np.abs(points / 3123.4567 - 1) < 1e-6) >= 5


def test_there_are_prices_within_each_range():
    points = grid(Range(edges=(1.0, 1.0001, 2.0)))[:, 0]
    assert np.sum((points > 1) & (points < 1.0001)) >= 5
    assert np.sum((points > 1.0001) & (points < 2)) >= 5


def test_a_thousand_breaks_make_no_thousand_prices():
    assert len(grid(Range(edges=tuple(np.geomspace(1, 1e3, 1000))))) < 500


def test_baskets_are_moved_a_little_a_lot_and_crashed_one_by_one():
    model = Basket(assets=("A", "B", "C"), own=(2.0, 5.0))
    points = grid(model)
    assert points.shape[1] == 2
    assert [2.0, 5.0] in points.tolist()
    logs = np.log(points / [2.0, 5.0])
    assert np.any(np.all(np.abs(logs) < 1e-5, axis=1) & np.any(logs != 0, axis=1))
    assert [0.0, np.log(1e-5)] == pytest.approx(logs[np.argmin(logs[:, 1])])
    assert np.any(np.all(logs > 10, axis=1))  # the quote's crash


def test_the_grid_is_the_same_each_time():
    model = Basket(assets=("A", "B", "C"))
    assert np.array_equal(grid(model), grid(model))


def test_prices_that_are_refused_are_left_out_and_only_those():
    model = Range(most=3000.0)
    points = prices_to_try(model)
    assert points.max() <= 3000.0
    assert len(points) == np.sum(grid(model) <= 3000.0)


def test_a_model_that_refuses_all_has_nothing_to_try():
    with pytest.raises(NothingAnswered):
        prices_to_try(evolve(Range(), most=0.0))


def test_prices_given_are_taken_as_they_are():
    assert prices_to_try(Range(), 3000.0).tolist() == [[3000.0]]
    assert prices_to_try(Range(), [[1.0, 2.0]]).tolist() == [[1.0], [2.0]]
    assert prices_to_try(Basket(assets=("A", "B", "C")), [1.0, 2.0]).tolist() == [[1.0, 2.0]]


def test_an_answer_has_nan_where_there_is_none_and_few_calls():
    calls = []

    def picky(points):
        calls.append(len(points))
        if 5.0 in points:
            raise ValueError("five")
        return points[:, 0], points

    first, second = answers_or_nan(picky, np.arange(1.0, 65.0)[:, None])
    assert np.isnan(first).tolist() == [number == 5.0 for number in range(1, 65)]
    assert second.shape == (64, 1)
    assert len(calls) <= 13


def test_a_few_of_many_are_spread_evenly():
    assert spread_over(np.arange(100.0)[:, None], 4)[:, 0].tolist() == [0, 33, 66, 99]
    assert len(spread_over(np.arange(3.0)[:, None], 4)) == 3
