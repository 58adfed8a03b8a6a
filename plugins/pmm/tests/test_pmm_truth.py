"""The recorded 60-digit cases of DODO and EulerSwap, and all of the domain."""

import os
from fractions import Fraction

import numpy as np
import pytest
from attrs import evolve
from hedgecore_pmm import Pmm

from hedgecore import Market
from hedgecore.testing import check_pool_model

GOAL = 1e-13
BESIDE = 1e-9
"""What a double is of K = 1e-6, about."""
DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "120"))
AB = ("A", "B")


def pool(oracle_price, k, targets, **more):
    return Pmm(assets=AB, oracle_price=oracle_price, k=k, targets=targets, **more)


def numbers(params, *names):
    return [float(params[name]) for name in names]


def dodo(params, oracle):
    """Return the pool with its targets in force, as `PMMPricing.adjustedTarget` finds them."""
    i, k, base, quote, b0, q0 = (
        oracle.exact(params[name]) for name in ("i", "K", "B", "Q", "B0", "Q0")
    )
    if params["R"] == "BELOW_ONE":
        q0 = adjusted(oracle.mp, quote, i * (base - b0), k)
    if params["R"] == "ABOVE_ONE":
        b0 = adjusted(oracle.mp, base, (quote - q0) / i, k)
    return pool(float(i), (float(k),) * 2, (float(b0), float(q0)))


def adjusted(mp, left, excess, k):
    """V0 = V1 (1 + 2 (D/V1) / (1 + √(1 + 4KD/V1))), with D the other asset's excess."""
    root = mp.sqrt(1 + 4 * k * excess / left)
    return left * (1 + 2 * (excess / left) / (1 + root))


def check_recorded(case, model, oracle):
    want, greeks = case["expected"], model.greeks(float(case["price"]))
    got = {"value": greeks.value, "delta": greeks.delta, "gamma": greeks.gamma}
    assert [at for at, _ in model.atoms()] == [float(at) for at, _ in want.get("atoms", [])]
    pairs = zip(model.atoms(), want.get("atoms", []), strict=True)
    assert all(oracle.error(mine[1], theirs[1]) <= GOAL for mine, theirs in pairs)
    if "base_now" not in want:
        got["quote_amount"] = greeks.holdings[1]
    errors = {name: oracle.error(number, want[name]) for name, number in got.items()}
    assert max(errors.values()) <= GOAL, errors
    if "gamma_left" in want:  # at the oracle price: a double below it is the other limit
        left = model.gamma(np.nextafter(model.oracle_price, 0))
        assert oracle.error(left, want["gamma_left"]) <= BESIDE


def test_recorded_dodo(dodo_case, oracle):
    model = dodo(dodo_case["params"], oracle)
    want = [dodo_case["expected"][name] for name in ("B0", "Q0") if name in dodo_case["expected"]]
    assert all(oracle.error(*pair) <= GOAL for pair in zip(model.targets, want, strict=False))
    check_recorded(dodo_case, model, oracle)


def test_recorded_eulerswap(euler_case, oracle):
    params = euler_case["params"]
    model = pool(
        *numbers(params, "oracle_price"),
        numbers(params, "k_below", "k_above"),
        numbers(params, "base_target", "quote_target"),
    )
    check_recorded(euler_case, model, oracle)


def drawn(rng):
    """Draw a pool over many decades, and prices beside its oracle price, near and far."""
    i = float(10 ** rng.uniform(-12, 12))
    k = tuple(float(x) for x in np.minimum(10 ** rng.uniform(-12, 0.3, 2), 1.0))
    targets = tuple(float(x) for x in 10 ** rng.uniform(-9, 15, 2))
    steps = rng.choice([-1, 1], 4) * 10 ** rng.uniform([-16, -9, -3, 0], [-9, -3, 0.3, 15])
    return pool(i, k, targets), [float(x) for x in i * np.exp(np.clip(steps, -34, 34))]


def test_random_pools_agree_with_the_judge(oracle):
    rng = np.random.default_rng(5)
    for _ in range(DRAWS // 4):
        model, prices = drawn(rng)
        greeks = model.greeks(prices)
        for at, price in enumerate(prices):
            due = oracle.at(model.oracle_price, model.k, model.targets, price)
            assert oracle.worst(model.greeks(price), due) <= 2e-15
            assert oracle.error(greeks.gamma[at], due.gamma) <= 2e-15


def test_random_minima_agree_with_the_judge(oracle):
    """Past the price at which the least is left, nothing moves any more."""
    rng = np.random.default_rng(6)
    past = 0
    for _ in range(DRAWS // 4):
        model, prices = drawn(rng)
        least = tuple(target * float(rng.uniform(0.01, 1)) for target in model.targets)
        model = evolve(model, minimum=least)
        for price in prices:
            due = oracle.at(model.oracle_price, model.k, model.targets, price, least)
            assert oracle.worst(model.greeks(price), due) <= 4e-15
            past += due.gamma == 0
    assert past > DRAWS // 4


def test_gamma_ends_at_the_first_double_past_the_exact_end():
    """An end rounded to a double leaves gamma on, or off, for one price too many."""
    rng = np.random.default_rng(15)
    for _ in range(200):
        price, k = 10 ** rng.uniform(-9, 9), 10 ** rng.uniform(-12, 0, 2)
        targets = 10 ** rng.uniform(-3, 9, 2)
        least = targets * rng.choice([1e-9, 0.5, 1 - 1e-6], 2)
        model = pool(price, k.tolist(), targets.tolist(), minimum=least.tolist())
        below, above = (
            1 + Fraction(each) * ((Fraction(target) / Fraction(minimum)) ** 2 - 1)
            for each, target, minimum in zip(k, targets[::-1], least[::-1], strict=True)
        )
        low, high = Fraction(price) / below, Fraction(price) * above
        ends = float(low), float(high)
        near = [np.nextafter(ends, 0), ends, np.nextafter(ends, np.inf)]
        for at in map(float, np.ravel(near)):
            assert (model.gamma(at) != 0) == (low <= at < high)
        assert model.breakpoints()[0] >= low
        assert model.breakpoints()[-1] >= high


def test_swapped_assets_are_the_same_pool(oracle):
    """The other way round k, targets, minima and 1/i swap: a power of two has no rounding."""
    model = pool(4.0, (0.3, 0.01), (7.0, 50.0), minimum=(1.0, 2.0))
    swapped = pool(0.25, (0.01, 0.3), (50.0, 7.0), minimum=(2.0, 1.0))
    for price in np.array([0.25, 1.0, 2.0, 8.0, 64.0]):
        one, other = model.greeks(price), swapped.greeks(1 / price)
        assert one.holdings.tolist() == pytest.approx(other.holdings[::-1].tolist(), rel=1e-15)
        assert oracle.error(other.gamma, one.gamma * price**3) <= 2e-15


def test_without_curvature_all_is_sold_at_the_oracle_price():
    """A limit order of both targets: delta jumps at i, and its right limit is what is said."""
    model = pool(10.0, (0.0, 0.0), (3.0, 70.0))
    below, peg, above = model.greeks(np.array([np.nextafter(10, 0), 10.0, 11.0])).holdings
    assert below.tolist() == [10.0, 0.0]
    assert peg.tolist() == above.tolist() == [0.0, 100.0]
    assert not model.gamma(np.array([9.0, 10.0, 11.0])).any()
    assert model.breakpoints() == (10.0,)
    assert model.atoms() == ((10.0, -10.0),)
    kept = evolve(model, minimum=(1.0, 20.0)).greeks(np.array([9.0, 10.0])).holdings
    assert kept.tolist() == [[8.0, 20.0], [1.0, 90.0]]


def test_one_side_without_curvature():
    """Only the base is sold at once; below the peg the pool is curved."""
    model = pool(10.0, (0.5, 0.0), (3.0, 70.0))
    assert model.delta(np.array([9.9, 10.0])).tolist() == [pytest.approx(3.0, abs=0.1), 0.0]
    assert model.gamma(9.9) < 0
    assert model.gamma(10.0) == 0.0


def test_half_of_each_side_is_a_constant_product(oracle):
    """K = 1 is x·y = k on each side, around i = y/x."""
    model = pool(8.0, (1.0, 1.0), (3.0, 24.0))
    for price in (0.5, 8.0, 50.0):
        assert (
            oracle.error(model.value(price), 2 * oracle.mp.sqrt(72 * oracle.exact(price))) < 1e-15
        )


def test_the_oracle_delta_is_the_derivative_to_the_oracle_price(oracle):
    """∂V/∂i by differences of the judge."""
    model, step = pool(3.0, (0.1, 0.4), (5.0, 20.0), share=0.5), oracle.mp.mpf(10) ** -20
    for price in (1.0, 2.9, 3.1, 9.0):
        up, down = (
            oracle.at(model.oracle_price + way, model.k, model.targets, price).value
            for way in (step, -step)
        )
        due = (up - down) / (2 * step) / 2
        assert oracle.error(model.oracle_delta(price), due) <= 1e-14
    assert model.oracle_delta(np.ones((2, 3))).shape == (2, 3)


def test_a_markets_own_quotient_of_prices_counts(oracle):
    """Beside the peg half an ulp of the price is all that has been sold."""
    model = pool(0.1, (1e-3, 1e-3), (3.0, 0.3))
    for base, quote in ((0.3, 2.9999999999999996), (0.7, 7.0), (1e-3, 1e-2)):
        exposure = model.exposure(Market(prices={"A": base, "B": quote}))
        exact = oracle.exact(base) / oracle.exact(quote)
        due = oracle.at(model.oracle_price, model.k, model.targets, exact)
        assert oracle.error(exposure.delta[0], due.base) <= 1e-15
        assert oracle.error(exposure.value, due.value * oracle.exact(quote)) <= 1e-15


@pytest.mark.parametrize(
    "more",
    [{}, {"minimum": (100.0, 1e4)}, {"k": (0.0, 0.0)}, {"k": (0, 1)}, {"price": 3100.0}],
    ids=repr,
)
def test_all_laws(more):
    check_pool_model(Pmm(**{**Pmm.example, **more}))
