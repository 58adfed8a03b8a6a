"""The recorded 60-digit cases, and the judge over all of the domain."""

import os

import numpy as np
import pytest
from hedgecore_curve_cryptoswap import CurveCryptoswap

from hedgecore import ConvergenceError, Market, PriceError
from hedgecore.testing import check_pool_model

VALUE, HELD, GAMMA = 1e-13, 1e-12, 1e-12
DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "8"))
COINS = ("A", "B", "C")


def pool(amplification, gamma, balances, price_scale, **terms):
    return CurveCryptoswap(
        coins=COINS[: len(balances)],
        amplification=amplification,
        gamma=gamma,
        balances=balances,
        price_scale=price_scale,
        **terms,
    )


def by_asset(by_coin):
    """Return numbers in the order of the assets: coin 0 last."""
    return [*by_coin[1:], by_coin[0]]


def recorded(case):
    """Return the model, and the prices of its assets in one unit."""
    params = case["params"]
    scale = params["price_scale"]
    scales = [float(x) for x in (scale if isinstance(scale, list) else [scale])]
    balances = [float(x) for x in params["balances"]]
    prices = [float(x) for x in case.get("prices", ["1", case.get("price")])]
    return pool(params["A"], params["gamma"] / 1e18, balances, scales), by_asset(prices)


def expected(case, oracle):
    """Return value, holdings and gamma of the record, in the order of the assets."""
    want = case["expected"]
    if "prices" in case:
        gamma = [by_asset(row) for row in by_asset(want["gamma"])]
        return want["value"], by_asset(want["delta"]), gamma
    own, price = oracle.exact(want["gamma"]), oracle.exact(case["price"])
    gamma = [[own, -own * price], [-own * price, own * price**2]]
    return want["value"], [want["delta"], want["quote_amount"]], gamma


def assert_within_goals(errors):
    assert errors.value <= VALUE
    assert errors.held <= HELD
    assert errors.gamma <= GAMMA


def assert_right(oracle, truth, model, prices):
    """The answer in the market, and in the quote, at a single price and at several."""
    named = dict(zip(model.assets, prices, strict=True))
    exposure = model.exposure(Market(prices=named, numeraire="USD"))
    assert_within_goals(oracle.errors(truth, exposure.value, exposure.delta, exposure.gamma))
    if prices[-1] != 1.0:
        return
    m = len(prices) - 1
    trimmed = truth._replace(gamma=[row[:m] for row in truth.gamma[:m]])
    price = prices[0] if m == 1 else list(prices[:-1])
    for given in (price, [price]):
        value, _, gamma, held = model.greeks(given)
        parts = np.ravel(value)[0], np.ravel(held), np.reshape(gamma, (m, m))
        assert_within_goals(oracle.errors(trimmed, *parts))


def test_recorded_curves(curve_case, oracle):
    model, prices = recorded(curve_case)
    truth = oracle.truth(*expected(curve_case, oracle))
    assert_right(oracle, truth, model, prices)
    assert oracle.error(model.invariant, curve_case["expected"]["D"]) <= 1e-15


@pytest.mark.sample(30)
def test_the_judge_agrees_with_the_record(curve_case, oracle):
    model, prices = recorded(curve_case)
    value, held, gamma = expected(curve_case, oracle)
    gamma_of = oracle.exact(curve_case["params"]["gamma"]) / 10**18
    truth = oracle.state(oracle.setup(model, gamma_of), prices, held)
    for mine, theirs in [(truth.value, value), *zip(truth.held, held, strict=True)]:
        assert abs(mine / oracle.exact(theirs) - 1) <= 1e-28
    for i, row in enumerate(truth.gamma):
        assert abs(row[i] / oracle.exact(gamma[i][i]) - 1) <= 1e-27


def near_the_scale(rng, scales):
    """Prices from the very price scale, by last digits and small depegs, to a tenth off it."""
    return scales * np.exp(rng.normal(size=len(scales)) * rng.choice([0, 3e-16, 1e-8, 1e-4, 0.1]))


def crash(rng, scales):
    return scales * 10 ** rng.uniform(-4.5, 4.5, len(scales))


def drawn(rng, spread):
    """Draw two or three coins, Ann from 0.1 to 1e6, gamma from 1e-8 to 1, and prices."""
    n = int(rng.integers(2, 4))
    scales = 10 ** rng.uniform(-4, 5, n - 1)
    worths = 10 ** rng.uniform(3, 9) * np.exp(rng.normal(size=n) * rng.choice([0.0, 1e-6, 0.2, 1]))
    model = pool(
        round(10 ** rng.uniform(3, 10)),
        float(rng.choice([1e-8, 10 ** rng.uniform(-8, 0)])),
        tuple(worths / np.array([1.0, *scales])),
        tuple(scales),
        share=float(10 ** rng.uniform(-6, 0)),
    )
    unit = 1.0 if rng.random() < 0.5 else 10 ** rng.uniform(-6, 6)
    return model, [*(unit * spread(rng, np.array(model.price_scale))), unit]


@pytest.mark.parametrize("spread", [near_the_scale, crash])
def test_random_pools_agree_with_the_judge(spread, oracle):
    rng = np.random.default_rng(31)
    for _ in range(DRAWS):
        model, prices = drawn(rng, spread)
        prices = [float(price) for price in prices]
        market = Market(prices=dict(zip(model.assets, prices, strict=True)), numeraire="USD")
        whole = model.exposure(market).delta / model.share
        truth = oracle.shared(oracle.state(oracle.setup(model), prices, whole), model.share)
        assert_right(oracle, truth, model, prices)


def test_spot_and_gamma_at_the_state_are_those_of_the_balances(oracle):
    """A spot rounded to a double would move gamma by Ann ulps; the balances are exact."""
    rng = np.random.default_rng(32)
    for _ in range(DRAWS):
        model, _ = drawn(rng, near_the_scale)
        its = oracle.setup(model)
        spot = oracle.spot(its)
        assert max(map(oracle.error, np.atleast_1d(model.spot()), spot[:-1])) <= 4e-15
        truth = oracle.shared(oracle.state(its, spot, model.balances), model.share)
        here = dict(zip(model.assets, map(float, spot), strict=True))
        state = model.at_state().exposure(Market(prices=here, numeraire="USD"))
        assert max(map(oracle.error, state.delta, truth.held)) <= 1e-15
        assert oracle.errors(truth, state.value, state.delta, state.gamma).gamma <= 1e-12


def test_gamma_at_the_price_scale_is_that_of_stableswap():
    """Γᵢᵢ = −D (n − 1)(Ann + n)/n³ in scaled coins, whatever the contract's gamma."""
    for n in (2, 3):
        for gamma in (1e-8, 1e-4, 0.2):
            model = pool(400_000, gamma, (1e6,) * n, (1.0,) * (n - 1))
            found = np.reshape(model.gamma(model.spot()), (n - 1, n - 1))
            due = -n * 1e6 * (n - 1) * (40 + n) / n**3
            assert np.diag(found) == pytest.approx([due] * (n - 1), rel=1e-14)


def test_what_a_repeg_is_worth(oracle):
    """∂V/∂ln(scale) at fixed balances, by a central difference in 80 digits."""
    rng = np.random.default_rng(33)
    for _ in range(DRAWS):
        model, prices = drawn(rng, near_the_scale)
        price = np.array(prices[:-1]) / prices[-1]
        found = model.repeg_value(price if len(price) > 1 else price[0])
        greeks = model.greeks(price if len(price) > 1 else price[0])
        for i, mine in enumerate(found):
            due = slope(oracle, model, [*price, 1.0], greeks.holdings / model.share, i)
            room = 1e-13 * float(greeks.value)
            assert abs(float(due) * model.share - mine) <= room


def slope(oracle, model, prices, guess, at):
    """Return ∂V/∂ln(scale) of asset `at`, of the whole pool."""
    step, its = oracle.mp.mpf(10) ** -18, oracle.setup(model)
    values = []
    for way in (1, -1):
        grown = oracle.mp.exp(way * step)
        scales = [s * (grown if i == at else 1) for i, s in enumerate(its.scales)]
        xp = [x * (grown if i == at else 1) for i, x in enumerate(its.xp)]
        values.append(oracle.state(its._replace(scales=scales, xp=xp), prices, guess).value)
    return (values[0] - values[1]) / (2 * step)


def test_a_repeg_is_worth_nothing_at_the_pools_own_price():
    model = CurveCryptoswap(**CurveCryptoswap.example)
    assert np.abs(model.repeg_value(model.spot())).max() <= 1e-13 * model.value(model.spot())
    assert model.repeg_value(np.tile(model.spot() * 1.01, (4, 5, 1))).shape == (4, 5, 2)
    pair = pool(400_000, 1e-4, (1e6, 500.0), (2000.0,))
    assert pair.repeg_value(2100.0).shape == (1,)
    assert pair.repeg_value([2100.0, 1900.0]).shape == (2, 1)


def test_two_coins_are_a_pair():
    """Scalars come back as scalars, arrays in their shape, and no axis for the assets."""
    model = pool(400_000, 1.45e-4, (2e6, 1e3), (2000.0,))
    assert model.assets == ("B", "A")
    for answer in (model.value(1900.0), model.delta(1900.0), model.gamma(1900.0)):
        assert isinstance(answer, np.float64)
    greeks = model.greeks(np.geomspace(1500, 2500, 6).reshape(2, 3))
    assert greeks.value.shape == greeks.delta.shape == greeks.gamma.shape == (2, 3)
    for bad in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(PriceError):
            model.value(bad)


def test_a_single_price_is_one_of_many():
    model = CurveCryptoswap(**CurveCryptoswap.example)
    prices = model.spot() * np.exp(np.random.default_rng(34).normal(0, 0.2, (7, 2)))
    many = model.greeks(prices)
    for at, price in enumerate(prices):
        one = model.greeks(price)
        assert one.value == pytest.approx(many.value[at], rel=1e-14)
        assert one.gamma == pytest.approx(many.gamma[at], rel=1e-11)


@pytest.mark.parametrize("coins", [2, 3])
@pytest.mark.parametrize("gamma", [1e-8, 1.45e-4, 0.2])
def test_many_prices_are_answered_as_a_few_are(coins, gamma):
    """Many start from a table of the curve, a few from the peg; the answer is the same state."""
    model = pool(400_000, gamma, (2e6, 70.0, 900.0)[:coins], (29_000.0, 1_900.0)[: coins - 1])
    rng, m = np.random.default_rng(35), coins - 1
    away = rng.normal(size=(30_000, m)) * 10 ** rng.uniform(-15, 1, (30_000, 1))
    prices = np.atleast_1d(model.spot()) * np.exp(away)
    many = model.greeks(prices if m > 1 else prices[:, 0])
    few = model.greeks(prices[::3000] if m > 1 else prices[::3000, 0])
    assert many.holdings[::3000] == pytest.approx(few.holdings, rel=1e-14)
    assert many.gamma[::3000] == pytest.approx(few.gamma, rel=1e-11)


@pytest.mark.parametrize("coins", [2, 3])
@pytest.mark.parametrize(("amplification", "gamma"), [(4000, 1e-8), (400_000, 1.45e-4), (2e7, 0.2)])
@pytest.mark.sample(2)
def test_it_keeps_the_laws_of_pools(coins, amplification, gamma):
    balances, scales = (2e6, 70.0, 900.0)[:coins], (29_000.0, 1_900.0)[: coins - 1]
    check_pool_model(pool(amplification, gamma, balances, scales, share=0.01))


def test_what_is_refused_is_never_an_overflow_or_a_nan():
    """Prices 1e-30 to 1e30 and more apart: an answer, or a ConvergenceError."""
    for gamma in (1e-8, 1e-4, 0.2):
        model = pool(400_000, gamma, (1e6, 1e6, 1e6), (1.0, 1.0))
        for low in np.geomspace(1e-150, 1e150, 31):
            try:
                greeks = model.greeks([low, 1.0])
            except ConvergenceError:
                assert not 1e-29 < low < 1e29
            else:
                assert all(np.isfinite(part).all() for part in greeks)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (pool(1e17, 1e-4, (1.0, 1.0), (1.0,)), "solved are Ann and gamma from 1e-10 to 1e"),
        (pool(1e5, 1e-11, (1.0, 1.0), (1.0,)), "solved are Ann and gamma from 1e-10 to 1e"),
        (pool(1e5, 1e-4, (1e-300, 1e300), (1.0,)), "balances too uneven for an invariant"),
    ],
)
def test_pools_out_of_range_are_refused_in_words(model, says):
    with pytest.raises(ConvergenceError, match=says):
        model.value(1.0)
