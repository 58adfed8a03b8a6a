"""The recorded 60-digit cases, and prices from next to nothing to next to all."""

import os

import numpy as np
import pytest
from hedgecore_lmsr import Lmsr, LmsrBinary

from hedgecore import Market, PriceError
from hedgecore.testing import check_pool_model

GOAL = 1e-13
CLOSE = 3e-15
EPSILON = 2.0**-52
EPSILON = 2.0**-52
DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "40"))
NAMES = tuple(f"O{i}" for i in range(32))


def outcomes(n, b, **more):
    return Lmsr(assets=NAMES[:n], b=b, **more)


def binary(b, **more):
    return LmsrBinary(assets=("YES", "CASH"), b=b, **more)


def market_of(prices):
    return Market(prices=dict(zip(NAMES, map(float, prices), strict=False)))


def worst_basket(oracle, exposure, want):
    value, held, gamma = want
    pairs = [(exposure.value, value), *zip(exposure.delta, held, strict=True)]
    for mine, theirs in zip(exposure.gamma, gamma, strict=True):
        pairs += zip(mine, theirs, strict=True)
    return max(oracle.error(*pair) for pair in pairs)


def test_recorded_outcomes(outcomes_case, oracle):
    params, want = outcomes_case["params"], outcomes_case["expected"]
    model = outcomes(params["n"], float(params["b"]))
    exposure = model.exposure(market_of(outcomes_case["prices"]))
    assert (
        worst_basket(oracle, exposure, [want[name] for name in ("value", "delta", "gamma")]) <= GOAL
    )


def test_recorded_binary(binary_case, oracle):
    want, price = binary_case["expected"], float(binary_case["price"])
    greeks = binary(float(binary_case["params"]["b"])).greeks(price)
    got = {"value": greeks.value, "delta": greeks.delta, "gamma": greeks.gamma}
    got |= {"quote_amount": greeks.holdings[1], "no_inventory": greeks.holdings[1]}
    errors = {name: oracle.error(number, want[name]) for name, number in got.items()}
    assert max(errors.values()) <= GOAL, errors
    yes = float(want["yes_inventory"])  # the sum of a short and a long, where YES is likely
    assert abs(sum(greeks.holdings) - yes) <= 1e-15 * (abs(greeks.delta) + yes)


def test_random_outcomes_agree_with_the_judge(oracle):
    """Prices over 600 decades, and nearly all of the sum in one of them."""
    rng = np.random.default_rng(2)
    for _ in range(DRAWS):
        n, spread = int(rng.integers(2, 13)), rng.choice([0.01, 1.0, 12.0, 290.0])
        prices = 10.0 ** rng.uniform(-spread, 0, n)
        share = float(10 ** rng.uniform(-6, 0))
        model = outcomes(n, float(10 ** rng.uniform(-6, 9)), share=share)
        want = oracle.outcomes(oracle.exact(model.b) * oracle.exact(share), prices)
        assert worst_basket(oracle, model.exposure(market_of(prices)), want) <= CLOSE


def test_random_binaries_agree_with_the_judge(oracle):
    """From 1e-300 to a double below 1, and either side of a half."""
    rng = np.random.default_rng(3)
    logs = [rng.uniform(-300, -1, 40), rng.uniform(-17, -1, 40)]
    prices = np.concatenate([10 ** logs[0], 0.5 + 10 ** logs[1], 0.5 - 10 ** logs[1]])
    prices = np.concatenate([prices, 1 - 10 ** rng.uniform(-15.9, -1, 40), [1 - 2**-53, 0.5]])
    model = binary(3.0, share=0.25)
    many = model.greeks(prices)
    for at, price in enumerate(prices):
        p, b = oracle.exact(float(price)), oracle.exact(0.75)
        log, rest = oracle.mp.log(p), oracle.mp.log(1 - p)
        due = (-b * (p * log + (1 - p) * rest), b * (rest - log), -b / (p * (1 - p)), -b * rest)
        one = model.greeks(float(price))
        for greeks in (one, type(one)(*(part[at] for part in many))):
            got = (greeks.value, greeks.delta, greeks.gamma, greeks.holdings[1])
            *errors, quote = map(oracle.error, got, due)
            assert max(errors) <= CLOSE
            assert quote <= CLOSE - EPSILON * float(log)  # V − P x loses as much as ln P


def test_two_outcomes_are_the_binary_with_complete_sets_for_cash():
    """y YES and z NO are y − z YES and z sets, whose price is the sum of both."""
    pair, cash = outcomes(2, 5.0), binary(5.0)
    for price in (0.01, 0.3, 0.5, 0.9):
        yes, no = pair.greeks(price / (1 - price)).holdings
        held = cash.greeks(price).holdings
        assert held.tolist() == pytest.approx([yes - no, no], rel=1e-13, abs=1e-14)


@pytest.mark.parametrize("price", [1.0, 1.5, [0.5, 1.0]])
def test_a_price_of_one_is_refused(price):
    with pytest.raises(PriceError, match=r"of YES must be less than 1 CASH, the most that it pays"):
        binary(1.0).value(price)


def test_what_it_can_lose_is_what_it_is_worth_at_even_odds():
    assert binary(100.0).value(0.5) == pytest.approx(100 * np.log(2), rel=1e-15)
    even = outcomes(4, 100.0).exposure(market_of([0.25] * 4))
    assert even.value == pytest.approx(100 * np.log(4), rel=1e-15)


@pytest.mark.parametrize(
    "model",
    [outcomes(2, 3.0), outcomes(3, 1e6, share=0.1), outcomes(8, 1.0), binary(7.0)],
    ids=repr,
)
def test_all_laws(model):
    check_pool_model(model)
