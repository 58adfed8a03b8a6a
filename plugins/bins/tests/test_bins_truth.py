"""Ladders of bins: recorded truth, 60-digit arithmetic, both sides of every step."""

import math

import numpy as np
import pytest
from hedgecore_bins import LiquidityBins

import hedgecore as hc
from hedgecore.testing import check_pool_model

GOAL = 1e-13
PAIR = ("X", "Y")


def table_of(case):
    params = case["params"]
    rows = [list(row.values()) if isinstance(row, dict) else row for row in params["bins"]]
    names = ("bin_step", "zero_id", "decimals")
    known = {name: params[name] for name in names if name in params}
    bins = [[index, float(x), float(y)] for index, x, y in rows]
    return {"assets": PAIR, "bins": bins, **known}


def model_of(case):
    return LiquidityBins(**table_of(case))


def test_value_and_holdings_as_recorded(bins_case, oracle):
    model, price, due = model_of(bins_case), float(bins_case["price"]), bins_case["expected"]
    assert oracle.exact(price) == oracle.exact(bins_case["price"])
    found = model.greeks(price)
    pairs = [(found.value, "value"), (found.delta, "delta"), (found.holdings[1], "quote_amount")]
    for got, name in pairs:
        assert oracle.error(got, due[name]) <= GOAL, name
    assert found.gamma == 0.0


def test_delta_from_the_left_as_recorded(bins_case, oracle):
    model, price, due = model_of(bins_case), float(bins_case["price"]), bins_case["expected"]
    exactly = bins_case.get("exactly_on_a_bin", price in model.breakpoints())
    left = model.delta(np.nextafter(price, 0) if exactly else price)
    assert oracle.error(left, due["delta_left"]) <= GOAL


def test_atoms_as_recorded(bins_case, oracle):
    atoms, due = model_of(bins_case).atoms(), bins_case["expected"]["atoms"]
    assert len(atoms) == len(due)
    for got, want in zip(atoms, due, strict=True):
        assert max(map(oracle.error, got, want)) <= GOAL


def test_effective_gamma_as_recorded(bins_case, oracle):
    """Of the move that the record names, by two deltas: what a hedge of that move should take."""
    model, due = model_of(bins_case), oracle.exact(bins_case["expected"]["gamma_effective"])
    move = float(bins_case["params"].get("band", bins_case["expected"].get("move")))
    price = float(bins_case["price"])
    ends = model.delta(price * (1 + move)), model.delta(price * (1 - move))
    got = (oracle.exact(float(ends[0])) - oracle.exact(float(ends[1]))) / (2 * move * price)
    room = GOAL * oracle.exact(float(sum(ends))) / (2 * move * price)
    assert abs(got - due) <= room + GOAL * abs(due)


def drawn(rng, count, **fields):
    """Return a table: a ladder round an active bin, amounts over many decades, with gaps."""
    ids = np.sort(rng.choice(np.arange(-3 * count, 3 * count), count, replace=False)).tolist()
    active = ids[count // 2]
    amounts = (10.0 ** rng.uniform(-12, 12, (count, 2))).tolist()
    bins = [
        [index, x * (index >= active), y * (index <= active)]
        for index, (x, y) in zip(ids, amounts, strict=True)
    ]
    return {"assets": PAIR, "bins": bins, "zero_id": 0, **fields}


@pytest.mark.parametrize("step", [1, 25, 400])
@pytest.mark.parametrize("decimals", [(0, 0), (18, 6), (6, 18)])
@pytest.mark.sample(4)
def test_any_ladder_at_and_beside_every_bin(oracle, step, decimals):
    rng = np.random.default_rng(step)
    table = drawn(rng, 60, bin_step=step, decimals=decimals, share=0.3)
    model = LiquidityBins(**table)
    steps = np.array(model.breakpoints())
    prices = np.concatenate([steps, np.nextafter(steps, 0), np.nextafter(steps, np.inf)])
    found = model.greeks(prices)
    for at in rng.permutation(len(prices))[:60]:
        due = oracle.at(table, float(prices[at]))
        assert oracle.error(found.value[at], due.value) <= GOAL
        assert oracle.error(found.delta[at], due.base) <= GOAL
        assert oracle.error(found.holdings[at, 1], due.quote) <= GOAL


def test_a_bin_is_sold_at_its_own_price_and_not_before(oracle):
    """A power of 1.01 is no double: it is reached at the first one above it."""
    for index in (-23_140, -17, 1, 2, 3, 1000, 23_140):  # as far as ids go
        model = LiquidityBins(assets=PAIR, bin_step=100, bins=[[index, 1, 0]], zero_id=0)
        ((price, mass),) = model.atoms()
        exact = oracle.price(100, index)
        assert oracle.exact(np.nextafter(price, 0)) < exact <= oracle.exact(price)
        assert (model.delta(price), model.delta(np.nextafter(price, 0))) == (0.0, 1.0)
        assert mass == -1.0


def test_between_two_prices_delta_changes_by_the_atoms_there():
    model = LiquidityBins(**drawn(np.random.default_rng(3), 200, bin_step=20))
    rng = np.random.default_rng(4)
    low, high = model.breakpoints()[0] * 0.9, model.breakpoints()[-1] * 1.1
    for start, end in np.sort(rng.uniform(low, high, (100, 2))):
        masses = [mass for price, mass in model.atoms() if start < price <= end]
        change = model.delta(end) - model.delta(start)
        assert change == pytest.approx(math.fsum(masses), rel=1e-13, abs=1e-15 * model.delta(low))


def test_a_uniform_ladder_is_nearly_a_range():
    """The same L in each bin: −L/(P² ln(1 + step)), as a v3 range with √ liquidity would bend."""
    step, depth = 1, 50.0
    rows = [
        [i, 0.0 if i <= 0 else depth / 1.0001**i, depth if i <= 0 else 0.0]
        for i in range(-4000, 4001)
    ]
    model = LiquidityBins(assets=PAIR, bin_step=step, bins=rows, zero_id=0)
    for price, move in ((1.00005, 0.1), (1.2, 0.05), (0.8, 0.05)):
        effective = (model.delta(price * (1 + move)) - model.delta(price * (1 - move))) / (
            2 * move * price
        )
        smooth = -depth / (math.log1p(step / 1e4) * price**2 * (1 - move**2))
        assert effective == pytest.approx(smooth, rel=2e-3)


def test_the_state_is_what_the_bins_hold():
    model = LiquidityBins(**LiquidityBins.example, share=0.5)
    held = model.at_state().exposure(hc.Market(prices={"AVAX": 25.0, "USDC": 1.0}))
    assert held.delta.tolist() == [50.0, 1250.0]
    assert held.gamma.tolist() == [[0.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize(
    "bins",
    [[[0, 0, 1.0], [1, 1.0, 0]], [[0, 1.0, 1.0], [1, 1.0, 1.0]], [[0, 0, 0]]],
    ids=["between two", "two at once", "nothing"],
)
def test_a_price_that_no_bin_tells_is_not_made_up(bins):
    model = LiquidityBins(assets=PAIR, bin_step=10, bins=bins, zero_id=0)
    with pytest.raises(hc.SpecError, match="does not know the pool's own price"):
        model.spot()


def test_rows_of_one_bin_add_up_in_any_order():
    split = [[5, 1.0, 0], [3, 0, 2.0], [5, 2.0, 0], [3, 0.5, 1.0]]
    whole = [[3, 0.5, 3.0], [5, 3.0, 0]]
    many, few = (
        LiquidityBins(assets=PAIR, bin_step=50, bins=rows, zero_id=0) for rows in (split, whole)
    )
    prices = np.geomspace(0.9, 1.2, 301)
    for one, two in zip(many.greeks(prices), few.greeks(prices), strict=True):
        assert np.allclose(one, two, rtol=1e-15, atol=0)


def test_empty_bins_are_no_steps():
    model = LiquidityBins(
        assets=PAIR, bin_step=50, bins=[[0, 0, 0], [1, 1, 0], [2, 0, 0]], zero_id=0
    )
    assert model.atoms() == ((np.nextafter(1.005, 2), -1.0),)
    assert model.breakpoints() == (np.nextafter(1.005, 2),)


@pytest.mark.parametrize("count", [1, 7, 500])
def test_all_laws_hold(count):
    check_pool_model(LiquidityBins(**drawn(np.random.default_rng(count), count, bin_step=10)))
