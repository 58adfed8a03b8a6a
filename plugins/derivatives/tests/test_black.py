"""Black's formula: against QuantLib, against fifty digits, and in its limits."""

import numpy as np
import pytest
from hedgecore_derivatives import black
from mpmath import MPContext

MP = MPContext()
MP.dps = 60
COUNT = 400
GREEKS = ("value", "delta", "cash", "gamma", "vega", "theta", "rho", "phi")


def draws(count=COUNT, seed=19):
    """Random options: units from 1e-6 to 1e6, an hour to five years, 2 % to 300 %."""
    rng = np.random.default_rng(seed)
    spot = 10 ** rng.uniform(-6, 6, count)
    years = 10 ** rng.uniform(-4, 0.7, count)
    vol = 10 ** rng.uniform(-1.7, 0.5, count)
    away = rng.normal(size=count) * 2.5 * vol * np.sqrt(years)
    rate, dividend = rng.uniform(-0.05, 0.2, (2, count))
    sign = rng.choice([-1.0, 1.0], count)
    columns = (spot, spot * np.exp(away), years, vol, rate, dividend, sign)
    return [tuple(map(float, row)) for row in zip(*columns, strict=True)]


def priced(*row):
    spot, strike, years, vol, rate, dividend, sign = row
    return black(spot, strike, years, vol, rate=rate, dividend=dividend, sign=sign)


def exact(*row):
    """The value in 60 digits, all inputs exact."""
    x, k, t, s, r, y, sign = map(MP.mpf, row)
    total = s * MP.sqrt(t)
    d1 = (MP.log(x / k) + (r - y) * t) / total + total / 2
    asset, money = MP.ncdf(sign * d1), MP.ncdf(sign * (d1 - total))
    return sign * (x * MP.exp(-y * t) * asset - k * MP.exp(-r * t) * money)


def test_quantlib_is_of_one_mind():
    """Value and all Greeks, to 1e-11 of the scale of each; its normal distribution is its own."""
    ql = pytest.importorskip("QuantLib", reason="the judge is in the root's dev group")
    worst = 0.0
    for x, k, t, s, r, y, sign in draws():
        mine = priced(x, k, t, s, r, y, sign)
        payoff = ql.PlainVanillaPayoff(ql.Option.Call if sign > 0 else ql.Option.Put, k)
        forward = x * np.exp((r - y) * t)
        judge = ql.BlackCalculator(payoff, forward, s * np.sqrt(t), np.exp(-r * t))
        pairs = [
            (mine.value, judge.value(), x + k),
            (mine.delta, judge.delta(x), 1.0),
            (mine.gamma, judge.gamma(x), 1.0 / (x * s * np.sqrt(t))),
            (mine.vega, judge.vega(t), x * np.sqrt(t)),
            (mine.theta, judge.theta(x, t), x * s / np.sqrt(t) + (x + k) * 0.4),
            (mine.rho, judge.rho(t), (x + k) * t),
            (mine.phi, judge.dividendRho(t), x * t),
        ]
        worst = max(worst, *(abs(got - due) / scale for got, due, scale in pairs))
    assert worst < 1e-11


def test_values_and_greeks_in_fifty_digits():
    """Greeks are derivatives of the value: taken in 60 digits, they are right to 1e-11."""
    for row in draws(60, seed=5):
        mine, (x, _, t, _, _, _, _) = priced(*row), row
        due = {
            "value": exact(*row),
            "delta": _slope(row, 0),
            "gamma": _slope(row, 0, 2),
            "theta": -_slope(row, 2),
            "vega": _slope(row, 3),
            "rho": _slope(row, 4),
            "phi": _slope(row, 5),
        }
        due["cash"] = due["value"] - x * due["delta"]
        scales = {"value": x, "cash": x, "delta": 1.0, "gamma": 1 / x, "vega": x, "theta": x / t}
        for name in GREEKS:
            scale = abs(due[name]) + 1e-4 * scales.get(name, x * t)
            off = abs(MP.mpf(float(getattr(mine, name))) - due[name])
            assert off <= 1e-11 * scale, (name, row)


def _slope(row, axis, order=1):
    step = MP.mpf(10) ** -15 * abs(MP.mpf(row[axis]))

    def at(shift):
        return exact(*row[:axis], MP.mpf(row[axis]) + shift * step, *row[axis + 1 :])

    if order == 1:
        return (at(1) - at(-1)) / (2 * step)
    return (at(1) - 2 * at(0) + at(-1)) / step**2


def test_out_of_the_money_values_keep_their_digits():
    """The time value does not cancel: relatively right ten standard deviations away."""
    for away in (-10.0, -6.0, -3.0, 3.0, 6.0, 10.0):
        for vol in (0.05, 0.5, 2.0):
            strike, sign = 100.0 * np.exp(away * vol), 1.0 if away > 0 else -1.0
            row = (100.0, float(strike), 1.0, vol, 0.0, 0.0, sign)
            assert abs(MP.mpf(float(priced(*row).value)) / exact(*row) - 1) < 1e-11


def test_put_call_parity():
    """C − P = S e^(−yT) − K e^(−rT), to the last digits, for the Greeks too."""
    for x, k, t, s, r, y, _ in draws():
        call, put = (priced(x, k, t, s, r, y, sign) for sign in (1.0, -1.0))
        asset, money = x * np.exp(-y * t), k * np.exp(-r * t)
        assert abs(call.value - put.value - (asset - money)) <= 4e-16 * (asset + money)
        assert call.delta - put.delta == pytest.approx(np.exp(-y * t), rel=1e-14)
        assert call.cash - put.cash == pytest.approx(-money, rel=1e-14)
        assert (call.gamma, call.vega) == (put.gamma, put.vega)
        gap = y * asset - r * money
        assert abs(call.theta - put.theta - gap) <= 1e-13 * (abs(call.theta) + asset + money)


def test_value_is_units_and_cash():
    """Euler: v = x ∂v/∂x + K ∂v/∂K, and K ∂v/∂K is the cash."""
    for row in draws():
        mine = priced(*row)
        assert abs(row[0] * mine.delta + mine.cash - mine.value) <= 1e-14 * (row[0] + row[1])


def test_heat_equation():
    """Theta is what gamma and interest leave: θ + ½σ²x²Γ + (r − y) x Δ = r v."""
    for row in draws():
        x, _, _, s, r, y, _ = row
        mine = priced(*row)
        parts = (mine.theta, 0.5 * s**2 * x**2 * mine.gamma, (r - y) * x * mine.delta)
        size = sum(map(abs, parts)) + abs(r * mine.cash)
        assert abs(sum(parts) - r * mine.value) <= 1e-13 * size


SPOTS = np.array([1e-12, 50.0, 99.999, 100.0, 100.001, 200.0, 1e12])


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(
    ("years", "vol"), [(0.0, 0.5), (1.0, 0.0), (0.0, 0.0), (1e-300, 0.5), (1.0, 1e-200)]
)
def test_without_time_or_volatility_it_is_the_intrinsic_value(years, vol, sign):
    mine = black(SPOTS, 100.0, years, vol, sign=sign)
    assert all(np.isfinite(getattr(mine, name)).all() for name in GREEKS)
    assert mine.value == pytest.approx(np.maximum(sign * (SPOTS - 100.0), 0.0), abs=1e-90)
    inside = SPOTS >= 100.0 if sign > 0 else SPOTS < 100.0
    if years * vol == 0:
        assert mine.delta.tolist() == (sign * inside).tolist()
        assert not mine.gamma.any()


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("vol", [1e-8, 1e-3, 1.0, 30.0, 1e4])
@pytest.mark.parametrize("years", [1e-9, 1e-3, 1.0, 50.0])
def test_extremes_are_finite_and_within_bounds(years, vol, sign):
    mine = black(np.geomspace(1e-12, 1e12, 97), 1.0, years, vol, rate=0.05, sign=sign)
    assert all(np.isfinite(getattr(mine, name)).all() for name in GREEKS)
    spots, strike = np.geomspace(1e-12, 1e12, 97), np.exp(-0.05 * years)
    most, least = (spots, spots - strike) if sign > 0 else (strike, strike - spots)
    assert np.all(mine.value <= most * (1 + 1e-15))
    assert np.all(mine.value >= np.maximum(least, 0.0) * (1 - 1e-15))
    assert np.all((mine.gamma >= 0) & (mine.vega >= 0) & (np.abs(mine.delta) <= 1))


def test_arrays_broadcast():
    mine = black(np.full((3, 1), 100.0), 100.0, 1.0, np.array([0.1, 0.2]), rate=np.float64(0.01))
    assert mine.value.shape == mine.theta.shape == (3, 2)
