"""The recorded 60-digit cases, and the judge over all of the domain, edges and stretches too."""

import os
from types import SimpleNamespace

import numpy as np
import pytest
from hedgecore_gyro import Gyro2Clp, GyroEClp

from hedgecore import Market, PriceError
from hedgecore.testing import check_pool_model

GOAL = 1e-13
DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "20"))
PAIR = ("A", "B")


def two_clp(params):
    given = {name: float(params[name]) for name in ("sqrt_alpha", "sqrt_beta")}
    return Gyro2Clp(assets=PAIR, balances=[float(x) for x in params["balances"]], **given)


def e_clp(params):
    given = {name: float(params[name]) for name in ("alpha", "beta", "c", "s")}
    balances = [float(x) for x in params["balances"]]
    return GyroEClp(assets=PAIR, balances=balances, stretch=float(params["lambda"]), **given)


def assert_recorded(case, model, oracle):
    price, want = float(case["price"]), case["expected"]
    due = [want[name] for name in ("value", "delta", "quote_amount", "gamma")]
    assert oracle.worst(due, model, price) <= GOAL
    assert oracle.error(model.invariant, want["invariant"]) <= 1e-14
    assert oracle.error(model.spot(), want["spot"]) <= 1e-14


def test_recorded_ranges(range_case, oracle):
    assert_recorded(range_case, two_clp(range_case["params"]), oracle)


def test_recorded_ellipses(ellipse_case, oracle):
    assert_recorded(ellipse_case, e_clp(ellipse_case["params"]), oracle)


def assert_judged(case, due, oracle):
    want = case["expected"]
    names = ("value", "delta", "quote_amount", "gamma")
    for mine, name in zip(due, names, strict=True):
        theirs = oracle.exact(want[name])
        assert mine == theirs or abs(mine / theirs - 1) <= 1e-25


def test_the_judge_agrees_with_the_recorded_ranges(range_case, oracle):
    due = oracle.range(two_clp(range_case["params"]), range_case["price"])
    assert_judged(range_case, due, oracle)


def test_the_judge_agrees_with_the_recorded_ellipses(ellipse_case, oracle):
    due = oracle.ellipse(e_clp(ellipse_case["params"]), ellipse_case["price"])
    assert_judged(ellipse_case, due, oracle)


def balances(rng):
    """Draw two balances, of which one may be far the smaller, or none."""
    drawn = [float(x) for x in 10 ** rng.uniform(1, 7) * 10 ** rng.uniform(-6, 0, 2)]
    if rng.random() < 0.1:
        drawn[rng.integers(2)] = 0.0
    return drawn


def rates(rng):
    return tuple(float(x) for x in np.exp(rng.normal(size=2) * rng.choice([0.0, 0.3])))


def prices(rng, lower, upper):
    """Yield a price in range, out of it, and the doubles beside its edges."""
    yield float(lower * (upper / lower) ** rng.random())
    yield float(lower * (upper / lower) ** rng.uniform(-1, 2))
    for edge in (lower, upper):
        yield edge
        yield float(edge + rng.integers(-3, 4) * np.spacing(edge))


def range_of(rng):
    lower = float(np.exp(rng.normal() * 0.3))
    upper = lower * (1 + float(10 ** rng.uniform(-6, 0.5)))
    shared = {"share": float(10 ** rng.uniform(-6, 0)), "rates": rates(rng)}
    return Gyro2Clp(
        assets=PAIR, sqrt_alpha=lower, sqrt_beta=upper, balances=balances(rng), **shared
    )


def ellipse_of(rng):
    turn = float(rng.uniform(0.3, 1.2)) if rng.random() < 0.5 else np.pi / 4
    peak = np.tan(turn)
    stretch = float(rng.choice([1.0, 10 ** rng.uniform(0, 8), 10 ** rng.uniform(0, 8)]))
    shared = {"share": float(10 ** rng.uniform(-6, 0)), "rates": rates(rng)}
    return GyroEClp(
        assets=PAIR,
        alpha=float(peak * np.exp(-(10 ** rng.uniform(-4, 0)))),
        beta=float(peak * np.exp(10 ** rng.uniform(-4, 0))),
        c=float(np.cos(turn)),
        s=float(np.sin(turn)),
        stretch=stretch,
        balances=balances(rng),
        **shared,
    )


@pytest.mark.parametrize("kind", ["range", "ellipse"])
def test_random_pools_agree_with_the_judge(kind, oracle):
    rng = np.random.default_rng(51)
    draw, judge = {
        "range": (range_of, oracle.range),
        "ellipse": (ellipse_of, oracle.ellipse),
    }[kind]
    for _ in range(DRAWS):
        model = draw(rng)
        for price in prices(rng, *model.breakpoints()):
            assert oracle.worst(judge(model, price), model, price) <= GOAL, (model, price)


def test_prices_around_the_peak_of_a_long_ellipse(oracle):
    """Where a thousandth of a millionth of the price turns the whole position round."""
    model = GyroEClp(**{**GyroEClp.example, "stretch": 1e8, "rates": [1.0, 1.0]})
    for away in (0.0, 2.0**-52, -(2.0**-50), 1e-12, -1e-10, 1e-9, 3e-8, -1e-6):
        price = 1.0 + away
        assert oracle.worst(oracle.ellipse(model, price), model, price) <= GOAL


def test_a_price_that_no_double_holds_is_that_of_the_market(oracle):
    """A half ulp of the ratio is 1e-8 of the base at λ = 1e8; the market has the exact one."""
    model = GyroEClp(**{**GyroEClp.example, "stretch": 1e8, "rates": [1.0, 1.0]})
    for base in (2345.6, 2345.600001, 2345.59999):
        quote = 2345.6000003
        exposure = model.exposure(Market(prices={"wstETH": base, "WETH": quote}))
        due = oracle.ellipse(model, oracle.exact(base) / oracle.exact(quote))
        assert oracle.error(exposure.value, due.value * oracle.exact(quote)) <= GOAL
        assert oracle.error(exposure.delta[0], due.base) <= GOAL
        assert oracle.error(exposure.delta[1], due.quote) <= GOAL


@pytest.mark.parametrize("kind", ["range", "ellipse"])
def test_rates_stretch_the_axes_and_nothing_else(kind):
    """A coin of rate r is r coins of rate 1: V(p₀, p₁) = V₁(p₀/r₀, p₁/r₁)."""
    rng = np.random.default_rng(52)
    draw = range_of if kind == "range" else ellipse_of
    for _ in range(DRAWS):
        model = draw(rng)
        one, two = model.rates
        table = {name: getattr(model, name) for name in type(model).example}
        scaled = [a * b for a, b in zip(model.balances, model.rates, strict=True)]
        plain = type(model)(**{**table, "balances": scaled, "rates": (1.0, 1.0)})
        price = model.spot() * 1.0001
        market = Market(prices={"A": price, "B": 1.0})
        flat = Market(prices={"A": price / one, "B": 1.0 / two})
        mine, theirs = model.exposure(market), plain.exposure(flat)
        assert float(mine.value) == pytest.approx(float(theirs.value), rel=1e-13)


@pytest.mark.parametrize("kind", ["range", "ellipse"])
def test_what_a_change_of_the_rates_is_worth(kind, oracle):
    """∂V/∂ln(rate) at fixed balances, by a central difference in 80 digits."""
    rng = np.random.default_rng(54)
    draw, judge = (range_of, oracle.range) if kind == "range" else (ellipse_of, oracle.ellipse)
    step = oracle.mp.mpf(10) ** -25
    for _ in range(DRAWS):
        model = draw(rng)
        low, high = model.breakpoints()
        price = float(low * (high / low) ** rng.random())
        found = model.rate_value(price)
        for i in range(2):
            values = [judge(grown(oracle, model, i, way * step), price).value for way in (1, -1)]
            due = (values[0] - values[1]) / (2 * step)
            assert abs(float(due) - found[i]) <= 3e-13 * float(model.value(price))


def grown(oracle, model, at, step):
    """Return the fields of a model with one of its rates grown by e^step."""
    fields = {name: getattr(model, name) for name in (*type(model).example, "share")}
    rates = [oracle.exact(rate) for rate in model.rates]
    rates[at] *= oracle.mp.exp(step)
    return SimpleNamespace(**{**fields, "rates": rates})


def test_a_change_of_the_rates_is_worth_nothing_at_the_pools_own_price():
    for model in (Gyro2Clp(**Gyro2Clp.example), GyroEClp(**GyroEClp.example)):
        assert np.abs(model.rate_value(model.spot())).max() <= 1e-12 * model.value(model.spot())
        assert model.rate_value([[1.0], [1.1]]).shape == (2, 1, 2)


@pytest.mark.parametrize("kind", [Gyro2Clp, GyroEClp])
def test_out_of_range_a_position_is_one_asset(kind):
    model = kind(**kind.example)
    low, high = model.breakpoints()
    below, above = model.greeks(low / 2), model.greeks(high * 2)
    assert (below.gamma, above.gamma, below.holdings[1], above.delta) == (0.0, 0.0, 0.0, 0.0)
    assert below.delta > 0 < above.holdings[1]
    assert model.gamma(low) < 0 == model.gamma(high)


def test_an_ellipse_that_is_not_stretched_is_a_circle():
    """λ = 1: Γ = −r/(1 + P²)^(3/2), whatever the turn."""
    circle = {**GyroEClp.example, "stretch": 1.0, "rates": [1.0, 1.0], "share": 1.0}
    for turn in (0.6, np.pi / 4, 1.0):
        model = GyroEClp(**{**circle, "c": np.cos(turn), "s": np.sin(turn)})
        due = -model.invariant / (1 + 0.999**2) ** 1.5
        assert model.gamma(0.999) == pytest.approx(due, rel=1e-14)


@pytest.mark.parametrize("kind", [Gyro2Clp, GyroEClp])
def test_scalars_are_scalars_and_prices_are_checked(kind):
    model = kind(**kind.example)
    for answer in (model.value(1.0), model.delta(1.0), model.gamma(1.0)):
        assert isinstance(answer, np.float64)
    greeks = model.greeks(np.geomspace(0.9, 1.3, 6).reshape(2, 3))
    assert greeks.value.shape == greeks.delta.shape == greeks.gamma.shape == (2, 3)
    for bad in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(PriceError):
            model.value(bad)


@pytest.mark.parametrize("draw", [range_of, ellipse_of])
def test_they_keep_the_laws_of_pools(draw):
    rng = np.random.default_rng(53)
    for _ in range(4):
        check_pool_model(draw(rng))
