"""Many ranges as one position: recorded truth, 60-digit arithmetic, and the chain's integers."""

from decimal import Decimal

import numpy as np
import pytest
from hedgecore_uniswap_v3 import ConcentratedPositions, ConcentratedRanges, UniswapV3Position

import hedgecore as hc
from hedgecore.testing import check_pool_model

GOAL = 1e-13
NAMES = ("value", "delta", "gamma", "quote_amount")
PAIR = ("T0", "T1")


def greeks(model, price):
    found = model.greeks(price)
    return dict(zip(NAMES, (found.value, found.delta, found.gamma, found.holdings[1]), strict=True))


def worst(oracle, model, price, expected):
    got = greeks(model, price)
    errors = {name: oracle.error(got[name], expected[name]) for name in NAMES}
    assert max(errors.values()) <= GOAL, errors


def of_ticks(case):
    params = case["params"]
    fields = {name: params[name] for name in ("tokens", "quote", "decimals", "tick_base")}
    return ConcentratedPositions(positions=params["ticks"], **fields)


def test_positions_by_ticks_of_any_base(ticks_case, oracle):
    model, price = of_ticks(ticks_case), float(ticks_case["price"])
    assert oracle.exact(price) == oracle.exact(ticks_case["price"])
    worst(oracle, model, price, ticks_case["expected"])


def test_an_array_says_of_each_price_what_it_says_alone(ticks_case):
    model, price = of_ticks(ticks_case), float(ticks_case["price"])
    near = price * (1 + 2.0**-52 * np.arange(-3.0, 4.0))
    many = np.concatenate(
        [np.repeat(near, 300), np.geomspace(1e-300, 1e300, 301), model.breakpoints()]
    )
    whole = model.greeks(many)
    for at in [*range(0, 2100, 300), *range(2100, len(many), 97)]:
        for part, one in zip(whole, model.greeks(many[at]), strict=True):
            assert np.array_equal(part[at], one)


def test_gamma_to_the_left_of_an_edge(ticks_case, oracle):
    expected, price = ticks_case["expected"], float(ticks_case["price"])
    if "gamma_left" in expected:
        left = of_ticks(ticks_case).gamma(np.nextafter(price, 0))
        assert oracle.error(left, expected["gamma_left"]) <= 2e-15 + GOAL


def test_quoted_the_other_way(ticks_case, oracle):
    """The price becomes 1/P, rounded; truth is taken at that double."""
    params = ticks_case["params"]
    (other,) = set(params["tokens"]) - {params["quote"]}
    model = of_ticks({"params": {**params, "quote": other}})
    price = 1 / float(ticks_case["price"])
    base = Decimal(params["tick_base"])
    zero, one = params["decimals"]
    edges = [
        [oracle.exact(str(base)) ** tick * oracle.exact(10) ** (zero - one) for tick in row[1:]]
        for row in params["ticks"]
    ]
    if other == params["tokens"][0]:
        edges = [[1 / upper, 1 / lower] for lower, upper in edges]
    root = oracle.exact(10 ** (zero + one)) ** oracle.exact(0.5)
    ranges = [
        oracle.between(oracle.exact(int(row[0])) / root, *pair)
        for row, pair in zip(params["ticks"], edges, strict=True)
    ]
    if float(ticks_case["nearest_edge_rel"]) < 1e-14:
        return
    truth = oracle.total(ranges, price)
    due = (truth.value, truth.base, truth.gamma, truth.quote)
    worst(oracle, model, price, dict(zip(NAMES, due, strict=True)))


def test_a_book_of_positions(book_case, oracle):
    rows = [list(each.values()) for each in book_case["params"]["positions"]]
    model = ConcentratedPositions(tokens=PAIR, positions=rows)
    worst(oracle, model, float(book_case["price"]), book_case["expected"])


def drawn(rng, count):
    """Return ranges of widths and depths over many decades, some ending where others begin."""
    lower = 3000 * np.exp(rng.normal(0, 0.5, count))
    lower[::7] = lower[0]
    upper = lower * np.exp(10 ** rng.uniform(-12, 1, count))
    upper = np.maximum(upper, np.nextafter(lower, np.inf))
    return np.column_stack([10 ** rng.uniform(-12, 18, count), lower, upper]).tolist()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.sample(2)
def test_ranges_by_prices_are_the_sum_of_each(oracle, seed):
    rng = np.random.default_rng(seed)
    rows = drawn(rng, 60)
    model = ConcentratedRanges(assets=("A", "B"), ranges=rows, share=0.25)
    each = [oracle.between(oracle.exact(row[0]) / 4, *row[1:]) for row in rows]
    edges = np.array([edge for row in rows for edge in row[1:]])
    near = [edges, np.nextafter(edges, 0), np.nextafter(edges, np.inf)]
    for price in rng.permutation(np.concatenate([*near, 10 ** rng.uniform(-9, 15, 40)]))[:120]:
        truth = oracle.total(each, float(price))
        due = (truth.value, truth.base, truth.gamma, truth.quote)
        worst(oracle, model, float(price), dict(zip(NAMES, due, strict=True)))


def test_one_raw_unit_is_not_drowned_by_all_that_has_ended():
    rows = [[2**127, -100, 100], ["1", 50, 200], [2**127 + 1, -300, 60]]
    model = ConcentratedPositions(tokens=PAIR, positions=rows)
    alone = ConcentratedPositions(tokens=PAIR, positions=[rows[1]])
    price = 1.0001**150
    assert model.delta(price) == alone.delta(price) > 0
    assert model.gamma(price) == alone.gamma(price) < 0
    assert model.gamma(1.0001**300) == model.delta(1.0001**300) == 0.0


def test_shares_and_decimals_scale_what_is_held(oracle):
    given = {"tokens": PAIR, "positions": [[10**12, -100, 100]], "decimals": [6, 5]}
    whole, part = (ConcentratedPositions(**given, share=share) for share in (1.0, 0.125))
    price = 10.0 * 1.00001
    assert part.delta(price) == whole.delta(price) / 8
    table = {**given, "liquidity": 10**12, "tick_lower": -100, "tick_upper": 100}
    truth = oracle.position(table).at(price)
    assert oracle.error(whole.delta(price), truth.base) <= GOAL


@pytest.mark.parametrize("quote", PAIR)
def test_the_state_is_what_the_contract_pays_for_each(chain_case, quote):
    """As `uniswap-v3-position` says of each alone, which is judged against the contracts."""
    own, root = chain_case["position"], int(chain_case["state"]["sqrt_price_x96"])
    ticks = {side: own[side] for side in ("tick_lower", "tick_upper")}
    decimals = [token["decimals"] for token in chain_case["tokens"]]
    pool = {"tokens": PAIR, "decimals": decimals, "sqrt_price_x96": root, "quote": quote}
    depths = int(own["liquidity"]), 10**9
    each = [UniswapV3Position(**pool, **ticks, liquidity=depth) for depth in depths]
    rows = [[depth, *ticks.values()] for depth in depths]
    model = ConcentratedPositions(**pool, positions=rows)
    market = hc.Market(prices={"T0": 3.0, "T1": 7.0})
    held, *alone = (one.at_state().exposure(market).delta for one in (model, *each))
    assert np.allclose(held, sum(alone), rtol=1e-15, atol=0)
    assert model.spot() == each[0].spot()


def test_an_ideal_root_where_the_base_is_another():
    """Ekubo has its own rounding: the state is the curve's own, to the double that spot is."""
    rows = [["123456789012345678", -2_000_000, 3_000_000], [10**15, -88_722_835, 88_722_835]]
    given = {"tokens": PAIR, "tick_base": "1.000001", "positions": rows}
    model = ConcentratedPositions(**given, sqrt_price_x96=2**96 * 5 // 4)
    market = hc.Market(prices={"T0": 1.0, "T1": 1.0})
    held = model.at_state().exposure(market).delta
    assert model.spot() == 1.5625
    assert np.allclose(held, model.greeks(1.5625).holdings, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    "model",
    [
        ConcentratedRanges(**ConcentratedRanges.example),
        ConcentratedPositions(**ConcentratedPositions.example),
        ConcentratedRanges(assets=PAIR, ranges=drawn(np.random.default_rng(9), 400)),
    ],
    ids=["ranges", "positions", "many"],
)
def test_all_laws_hold(model):
    check_pool_model(model)
