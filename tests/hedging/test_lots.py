"""Lots and minimum sizes: what can be ordered, nearest to what one would want."""

from itertools import product as every

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc
from hedgecore.hedging.lots import OrderSizes
from hedgecore.hedging.rounding import MOST

LOTS = st.sampled_from([0.0, 0.001, 0.1, 0.3, 1.0, 7.0])
LEAST = st.sampled_from([0.0, 0.05, 1.0, 2.5])
AMOUNTS = st.floats(-1e4, 1e4)


def orderable(amount, lot, least):
    """Whether `amount` may be ordered: a multiple of the lot, none or at least the minimum."""
    steps = abs(amount) / lot if lot else 0.0
    return amount == 0 or (
        abs(steps - round(steps)) <= 1e-9 * max(1, steps) and abs(amount) >= least * (1 - 1e-12)
    )


TWO_LOTS = {"a": 0.1, "b": 0.001}


@given(amount=AMOUNTS, lot=LOTS, least=LEAST)
def test_both_neighbours_can_be_ordered_and_lie_on_either_side(amount, lot, least):
    low, high = OrderSizes(lot, least).around(np.asarray(amount))
    for each in (low, high):
        assert orderable(float(each), lot, least)
        assert each * amount >= 0
    slack = 1e-12 * abs(amount)
    assert abs(low) <= abs(amount) + slack
    assert amount == 0 or abs(high) >= abs(amount) - slack
    if lot and not least:
        assert abs(abs(high) - abs(low)) <= lot * (1 + 1e-9)


def test_steps_say_whether_there_are_any():
    assert not OrderSizes(0.0, 0.0).any
    assert OrderSizes(0.1, 0.0).any
    assert OrderSizes(0.0, 0.1).any


def best_alone(delta, lot, least):
    """Return the least residual of one instrument by brute force over all that can be ordered."""
    step = lot or abs(delta) or 1.0
    grid = np.arange(0, abs(delta) / step + 3) * step
    more = [least, np.ceil(least / step) * step if lot else max(least, abs(delta))]
    tried = np.array([x for x in (*grid, *more) if orderable(x, lot, least)])
    return np.min(np.abs(abs(delta) - tried))


@given(delta=st.floats(-50, 50), lot=st.sampled_from([0.0, 0.1, 0.3, 1.0, 7.0]), least=LEAST)
def test_one_instrument_takes_the_order_that_leaves_least(stake, delta, lot, least):
    market = hc.Market(prices={"A": 3.0})
    tool = stake(name="a", delta={"A": 1.0}, hedges=("A",), lot=lot, min_size=least)
    answer = hc.hedge(stake(delta={"A": delta}), with_=[tool], market=market)
    assert orderable(float(answer.quantities["a"]), lot, least)
    residual = abs(float(answer.after.delta[0]))
    assert residual <= best_alone(delta, lot, least) + 1e-11


@given(seed=st.integers(0, 10**6))
def test_several_instruments_take_the_neighbours_that_leave_least(stake, seed):
    rng = np.random.default_rng(seed)
    market = hc.Market(prices={"A": 3.0, "B": 0.5})
    lots = rng.choice([0.1, 0.5, 1.0], 3)
    tools = [
        stake(
            name=str(i),
            delta={"A": rng.normal(), "B": rng.normal()},
            hedges=("A", "B"),
            lot=float(lots[i]),
        )
        for i in range(3)
    ]
    free = [stake(name=t.name, delta=t.delta, hedges=t.hedges) for t in tools]
    target = stake(delta={"A": 10 * rng.normal(), "B": 10 * rng.normal()})
    ideal = hc.hedge(target, with_=free, market=market).quantities
    answer = hc.hedge(target, with_=tools, market=market)

    def left(amounts):
        delta = np.array([target.delta[a] for a in "AB"])
        delta = delta + sum(
            k * np.array([t.delta[a] for a in "AB"]) for k, t in zip(amounts, tools, strict=True)
        )
        return np.linalg.norm(delta * [3.0, 0.5])

    sides = [
        (np.floor(ideal[t.name] / t.lot) * t.lot, np.ceil(ideal[t.name] / t.lot) * t.lot)
        for t in tools
    ]
    best = min(left(choice) for choice in every(*sides))
    got = left([answer.quantities[t.name] for t in tools])
    assert got <= best + 1e-10
    for tool in tools:
        assert orderable(float(answer.quantities[tool.name]), tool.lot, 0.0)


def test_what_trades_in_any_amount_takes_up_what_rounding_leaves(stake, market):
    lots = stake(name="lots", delta={"WETH": 1.0}, hedges=("WETH",), lot=1.0)
    fine = stake(name="fine", delta={"WETH": 0.1}, hedges=("WETH",))
    answer = hc.hedge(stake(delta={"WETH": 10.37}), with_=[lots, fine], market=market)
    assert abs(answer.after.delta[0]) <= 1e-14 * 10.37
    assert answer.quantities["lots"] == round(answer.quantities["lots"])
    assert answer.unhedged == {}


def test_lots_hold_at_each_market_of_an_array(product, stake):
    market = hc.Market(prices={"A": np.linspace(1.0, 4.0, 7), "B": 1.0})
    pool = product(assets=("A", "B"), depth=10.0)
    tool = stake(name="a", delta={"A": 1.0}, hedges=("A",), lot=0.5, min_size=6.0)
    many = hc.hedge(pool, with_=[tool], market=market).quantities["a"]
    assert many.shape == (7,)
    for i, price in enumerate(np.linspace(1.0, 4.0, 7)):
        single = hc.Market(prices={"A": price, "B": 1.0})
        assert hc.hedge(pool, with_=[tool], market=single).quantities["a"] == many[i]
        assert orderable(float(many[i]), 0.5, 6.0)


def test_nothing_is_ordered_where_nothing_is_wanted(stake, market):
    tool = stake(name="a", delta={"WETH": 1.0}, hedges=("WETH",), lot=0.5, min_size=2.0)
    answer = hc.hedge(stake(delta={"WETH": 0.0}), with_=[tool], market=market)
    assert answer.quantities["a"] == 0.0


def test_of_two_orders_that_leave_as_much_the_smaller_is_taken(stake, market):
    tool = stake(name="a", delta={"WETH": 1.0}, hedges=("WETH",), lot=1.0)
    assert hc.hedge(stake(delta={"WETH": 2.5}), with_=[tool], market=market).quantities["a"] == -2.0


@pytest.mark.parametrize("count", [MOST, MOST + 5])
def test_many_instruments_with_lots_are_all_orderable_and_close(stake, count):
    names = [f"A{i}" for i in range(count)]
    market = hc.Market(prices=dict.fromkeys(names, 2.0))
    tools = [stake(name=a, delta={a: 1.0}, hedges=(a,), lot=0.1) for a in names]
    target = stake(delta={a: 1.0 + 0.013 * i for i, a in enumerate(names)})
    answer = hc.hedge(target, with_=tools, market=market)
    assert np.abs(answer.after.delta).max() <= 0.05 + 1e-12
    assert all(orderable(float(x), 0.1, 0.0) for x in answer.quantities.values())


def test_a_finer_lot_takes_up_what_a_coarser_one_leaves(stake):
    """Both share the hedge; rounded each by itself they would leave 0.0136 of it."""
    market = hc.Market(prices={"A": 3000.0})
    tools = [stake(name=n, delta={"A": 1.0}, hedges=("A",), lot=lot) for n, lot in TWO_LOTS.items()]
    answer = hc.hedge(stake(delta={"A": 6.771667}), with_=tools, market=market)
    assert abs(float(answer.after.delta[0])) <= 0.0005


def test_orders_are_written_in_the_decimals_of_their_lot(stake):
    tool = stake(name="a", delta={"A": 1.0}, hedges=("A",), lot=0.001)
    answer = hc.hedge(
        stake(delta={"A": -138.8960014}), with_=[tool], market=hc.Market(prices={"A": 2.0})
    )
    assert repr(float(answer.quantities["a"])) == "138.896"


@pytest.mark.parametrize("seed", range(4))
def test_several_lots_at_each_market_of_an_array_are_those_of_that_market_alone(stake, seed):
    """Which lot is the coarsest changes with the prices, and which orders are too small."""
    rng = np.random.default_rng(seed)
    prices = np.exp(rng.normal(0.0, 2.0, 12))
    tools = [
        stake(name=n, delta={"A": rng.normal(), "B": rng.normal()}, hedges=("A", "B"),
              lot=lot, min_size=least)
        for n, lot, least in [("a", 0.1, 0.0), ("b", 1.0, 0.0), ("c", 0.0, 2.0)]
    ]  # fmt: skip
    target = stake(delta={"A": 10 * rng.normal(), "B": 10 * rng.normal()})
    many = hc.hedge(target, with_=tools, market=hc.Market(prices={"A": prices, "B": 1.0}))
    for i, price in enumerate(prices.tolist()):
        alone = hc.hedge(target, with_=tools, market=hc.Market(prices={"A": price, "B": 1.0}))
        for name, quantity in alone.quantities.items():
            assert many.quantities[name][i] == pytest.approx(quantity, rel=1e-9)


def test_lots_of_several_at_no_market_are_no_orders(stake):
    tools = [stake(name=n, delta={"A": 1.0}, hedges=("A",), lot=lot) for n, lot in TWO_LOTS.items()]
    nowhere = hc.Market(prices={"A": np.zeros(0)})
    answer = hc.hedge(stake(delta={"A": 1.0}), with_=tools, market=nowhere)
    assert [amounts.shape for amounts in answer.quantities.values()] == [(0,), (0,)]
