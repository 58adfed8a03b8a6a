"""The recorded 60-digit cases: positions, books, and every way to quote their Greeks."""

import numpy as np
from hedgecore_uniswap_v3 import UniswapV3, UniswapV3Position

from hedgecore import Balance, Market, Portfolio, impermanent_loss

GOAL = 1e-13
RECORDED_DIGITS = 1e-28
AT_B = {"assets": ("A", "B")}


def number(text):
    return int(text) if "." not in text and len(text) > 15 else float(text)


def position_of(params, quote="B"):
    if "tick_lower" not in params:
        lower, upper = float(params["price_lower"]), float(params["price_upper"])
        return UniswapV3(**AT_B, liquidity=float(params["liquidity"]), lower=lower, upper=upper)
    ticks = {side: params[side] for side in ("tick_lower", "tick_upper")}
    liquidity = number(params["liquidity"])
    return UniswapV3Position(tokens=("A", "B"), liquidity=liquidity, quote=quote, **ticks)


def truth_of(oracle, params, quote="B"):
    if "tick_lower" not in params:
        return oracle.between(params["liquidity"], params["price_lower"], params["price_upper"])
    return oracle.position({**params, "tokens": ("A", "B"), "quote": quote})


def in_b(price):
    return Market(prices={"A": float(price), "B": 1.0}, numeraire="B")


def assert_close(oracle, got, want, goal=GOAL):
    errors = {name: oracle.error(got[name], number) for name, number in want.items()}
    assert max(errors.values()) <= goal, errors


def greeks_in_b(thing, price):
    exposure = thing.exposure(in_b(price)).over(("A", "B"))
    value, delta, gamma = exposure.value, exposure.delta, exposure.gamma
    return {"value": value, "delta": delta[0], "quote_amount": delta[1], "gamma": gamma[0, 0]}


def recorded(case, *names):
    return {name: case["expected"][name] for name in names}


def test_position_with_uncollected_fees(position_case, oracle):
    params = position_case["params"]
    parts = [("lp", position_of(params), 1.0)]
    parts += [("fees0", Balance("A"), float(params["tokens_owed0"]))]
    parts += [("fees1", Balance("B"), float(params["tokens_owed1"]))]
    got = greeks_in_b(Portfolio(parts), position_case["price"])
    assert_close(oracle, got, recorded(position_case, "value", "delta", "quote_amount", "gamma"))


def test_position_alone(position_case, oracle):
    model, price = position_of(position_case["params"]), float(position_case["price"])
    errors = oracle.errors(model, truth_of(oracle, position_case["params"]), np.array([price]))
    assert max(errors) <= GOAL


def test_gamma_jumps_as_recorded(jump_case, oracle):
    expected, model = jump_case["expected"], position_of(jump_case["params"])
    price = float(jump_case["price"])
    assert price in model.breakpoints()
    assert_close(oracle, {"right": model.gamma(price)}, {"right": expected["gamma_right"]})
    left = model.gamma(np.nextafter(price, 0))
    assert oracle.error(left, expected["gamma_left"]) <= 1e-15 + GOAL


def test_position_quoted_the_other_way(tick_case, oracle):
    model = position_of(tick_case["params"], quote="A")
    truth = truth_of(oracle, tick_case["params"], quote="A")
    assert model.assets == ("B", "A")
    price = 1 / float(tick_case["price"])
    near = np.array([np.nextafter(price, 0), price, np.nextafter(price, np.inf)])
    assert max(oracle.errors(model, truth, near)) <= GOAL


def test_book_of_positions(book_case, oracle):
    rows = enumerate(book_case["params"]["positions"])
    book = Portfolio([(str(row), position_of(params), 1.0) for row, params in rows])
    got = greeks_in_b(book, book_case["price"])
    assert_close(oracle, got, recorded(book_case, "value", "delta", "quote_amount", "gamma"))


def model_and_truth(case, oracle):
    params = case["params"]
    return position_of(params), truth_of(oracle, params), float(case["price"])


def test_the_judge_agrees_with_the_record(greeks_case, oracle):
    _, truth, price = model_and_truth(greeks_case, oracle)
    at, p = truth.at(price), oracle.exact(price)
    usd, want = float(greeks_case["params"]["usd_price_of_quote"]), greeks_case["expected"]
    pairs = {"value": at.value, "delta": at.base, "gamma": at.gamma, "inv_value": at.value / p}
    pairs |= {"inv_delta": at.quote, "inv_gamma": p**3 * at.gamma, "usd_value": usd * at.value}
    for name, mine in pairs.items():
        gap = abs(mine - oracle.exact(want[name]))
        assert gap <= RECORDED_DIGITS * abs(mine), name


def test_inverse_quote_from_the_same_model(greeks_case, oracle):
    model, _, price = model_and_truth(greeks_case, oracle)
    greeks = model.greeks(price)
    got = {"inv_value": greeks.value / price, "inv_delta": greeks.holdings[1]}
    got |= {"inv_gamma": price**3 * greeks.gamma}
    assert_close(oracle, got, recorded(greeks_case, *got))


def test_inverse_quote_from_the_inverse_range(greeks_case, oracle):
    """The edges 1/lower and 1/upper round, so truth is taken at the doubles that they become."""
    params = greeks_case["params"]
    edges = [1 / float(params[side]) for side in ("price_upper", "price_lower")]
    liquidity = float(params["liquidity"])
    model = UniswapV3(assets=("B", "A"), liquidity=liquidity, lower=edges[0], upper=edges[1])
    truth = oracle.between(liquidity, *edges)
    prices = np.array([1 / float(greeks_case["price"])])
    assert max(oracle.errors(model, truth, prices)) <= GOAL


def test_base_as_the_numeraire(greeks_case, oracle):
    """The market gets 1/P rounded: truth is taken at the reciprocal of that double."""
    model, truth, price = model_and_truth(greeks_case, oracle)
    price_b = 1 / price
    at = truth.at(1 / oracle.exact(price_b))
    exposure = model.exposure(Market(prices={"A": 1.0, "B": price_b}, numeraire="A"))
    got = {"value": exposure.value, "base": exposure.delta[0], "quote": exposure.delta[1]}
    got |= {"gamma": exposure.gamma[1, 1]}
    p = 1 / oracle.exact(price_b)
    want = {"value": at.value / p, "base": at.base, "quote": at.quote, "gamma": at.gamma * p**3}
    assert_close(oracle, got, want)


def dollars(case, oracle):
    """Return the exposure in USD, the truth there, and the exact ratio of the doubles given."""
    model, truth, price = model_and_truth(case, oracle)
    usd = float(case["params"]["usd_price_of_quote"])
    exposure = model.exposure(Market(prices={"A": price * usd, "B": usd}, numeraire="USD"))
    ratio = oracle.exact(price * usd) / oracle.exact(usd)
    return exposure, truth.at(ratio), ratio, oracle.exact(usd)


def test_dollars(greeks_case, oracle):
    exposure, at, p, usd = dollars(greeks_case, oracle)
    g = at.gamma / usd
    hessian = [[g, -g * p], [-g * p, g * p * p]]
    assert oracle.error(exposure.value, usd * at.value) <= GOAL
    for i, delta in enumerate((at.base, at.quote)):
        assert oracle.error(exposure.delta[i], delta) <= GOAL
        for j in range(2):
            assert oracle.error(exposure.gamma[i, j], hessian[i][j]) <= GOAL


def test_dollars_as_recorded(greeks_case, oracle):
    """P times the quote's price rounds once: cond_delta says what half an ulp of P may do."""
    exposure, *_ = dollars(greeks_case, oracle)
    expected, room = greeks_case["expected"], 2**-52 * max(1, float(greeks_case["cond_delta"]))
    assert oracle.error(exposure.value, expected["usd_value"]) <= GOAL
    for i in range(2):
        assert oracle.error(exposure.delta[i], expected["usd_delta"][i]) <= GOAL + room
        for j in range(2):
            assert oracle.error(exposure.gamma[i, j], expected["usd_gamma"][i][j]) <= GOAL + room


def test_cash_greeks_and_lvr(greeks_case, oracle):
    model, _, price = model_and_truth(greeks_case, oracle)
    exposure = model.exposure(in_b(price))
    variance = float(greeks_case["params"]["sigma"]) ** 2
    got = {"delta_cash": exposure.delta_cash[0], "gamma_cash_1pct": exposure.gamma_cash[0, 0]}
    got |= {"lvr_rate": exposure.lvr_rate({("A", "A"): variance})}
    assert_close(oracle, got, recorded(greeks_case, *got))


def test_impermanent_loss(greeks_case, oracle):
    model, _, price = model_and_truth(greeks_case, oracle)
    entry = float(greeks_case["params"]["entry_price"])
    loss = oracle.exact(float(impermanent_loss(model, entry, price)))
    want = oracle.exact(greeks_case["expected"]["impermanent_loss"])
    assert abs(loss - want) <= 1e-14
