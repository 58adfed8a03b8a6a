"""Everlasting options: Deri's published marks, and what the closed form obeys."""

import numpy as np
import pytest
from attrs import evolve
from hedgecore_derivatives import EverlastingOption
from mpmath import MPContext

from hedgecore import Market, SpecError
from hedgecore.testing import check_instrument

MP = MPContext()
MP.dps = 40
K = 50_000.0
CALL = EverlastingOption(
    name="C", underlying="WBTC", strike=K, funding_hours=168, vol=1.0, entry_price=0.0
)
PUT = evolve(CALL, name="P", option_type="put")
SPOTS = K * np.concatenate([np.geomspace(0.2, 5.0, 40), [1.0]])


def market(wbtc=K, usdt=0.96, **rest):
    return Market(prices={"WBTC": wbtc, "USDT": usdt}, **rest)


def test_deris_published_marks():
    """BTC 50 000 call, σ 100 %, T 7/365: v 20.4485; 223.3667 at 40 000, 2445.1621 at 50 000."""
    there = CALL.worth(market([40_000.0, 50_000.0]))
    assert there.round(4).tolist() == [223.3667, 2445.1621]
    assert float(K / there[1]) == pytest.approx(20.4485, abs=5e-5)


def test_marks_in_forty_digits():
    v = MP.sqrt(1 + 8 / (MP.mpf(7) / 365))
    for spot in SPOTS:
        x, side = MP.mpf(float(spot)) / MP.mpf(K), 1 if spot >= K else -1
        time = K / v * x ** ((1 - side * v) / 2)
        for option, sign in ((CALL, 1), (PUT, -1)):
            exposure = option.exposure(market(spot))
            inside = sign * side > 0
            value = time + (abs(MP.mpf(float(spot)) - K) if inside else 0)
            delta = time * (1 - side * v) / (2 * MP.mpf(float(spot))) + (sign if inside else 0)
            gamma = 2 * time / (MP.mpf(7) / 365) / MP.mpf(float(spot)) ** 2
            for got, due in ((exposure.value, value), (exposure.gamma[0, 0], gamma)):
                assert abs(MP.mpf(float(np.squeeze(got))) / due - 1) < 1e-13
            assert abs(MP.mpf(float(exposure.delta[0])) - delta) < 1e-13


def test_call_and_put_have_one_time_value():
    """Parity: call less put is S − K, as for what never expires and bears no interest."""
    call, put = (option.exposure(market(SPOTS)) for option in (CALL, PUT))
    assert call.value - put.value == pytest.approx(SPOTS - K, abs=1e-10)
    assert call.delta - put.delta == pytest.approx(np.ones((41, 1)), rel=1e-13)
    assert (call.gamma == put.gamma).all()


def test_delta_is_continuous_at_the_strike():
    beside = [np.nextafter(K, 0.0), K]
    for option in (CALL, PUT):
        deltas = option.exposure(market(beside)).delta[:, 0]
        assert deltas[0] == pytest.approx(deltas[1], abs=1e-12)


def test_funding_pays_for_gamma():
    """What longs pay a year, τ/T, is what gamma earns, ½σ²S²Γ: the equation that it solves."""
    there = market(SPOTS)
    earned = 0.5 * SPOTS**2 * CALL.exposure(there).gamma[:, 0, 0]
    assert -365 * CALL.carry(there) == pytest.approx(earned, rel=1e-13)
    assert CALL.carry(there) == pytest.approx(PUT.carry(there), rel=1e-15)


@pytest.mark.parametrize("vol", [0.05, 0.4, 1.0, 3.0])
def test_vega_is_the_derivative(vol):
    option, step = evolve(CALL, vol=None, quote="USDT"), 1e-5
    ends = [option.worth(market(SPOTS, vols={"WBTC": vol * (1 + s)})) for s in (step, -step)]
    found = option.exposure(market(SPOTS, vols={"WBTC": vol})).other["vega:WBTC"]
    slope = (ends[0] - ends[1]) / (2 * step * vol)
    assert np.all(np.abs(found - slope) <= 1e-6 * np.abs(slope) + 1e-4)


@pytest.mark.parametrize("vol", [0.0, 1e-120, 1e-9, 50.0])
@pytest.mark.parametrize("option", [CALL, PUT], ids=["call", "put"])
def test_extremes_are_finite(option, vol):
    exposure = evolve(option, vol=vol).exposure(market(np.append(SPOTS, [1e-9, 1e15])))
    numbers = (exposure.value, exposure.delta, exposure.gamma, *exposure.other.values())
    assert all(np.isfinite(number).all() for number in numbers)
    if vol < 1e-6:
        sign = 1 if option is CALL else -1
        spots = exposure.prices[:, 0]
        assert exposure.value == pytest.approx(np.maximum(sign * (spots - K), 0.0), abs=1e-3)


@pytest.mark.parametrize("option", [CALL, PUT], ids=["call", "put"])
@pytest.mark.parametrize("quote", [None, "USDT"])
@pytest.mark.parametrize("entry_price", [None, 0.0, 800.0])
@pytest.mark.sample(4)
def test_it_keeps_the_laws_of_instruments(option, quote, entry_price):
    option = evolve(option, quote=quote, entry_price=entry_price)
    check_instrument(option)
    check_instrument(option, market(51_000.0))


WRONG = [("option_type", "both"), ("strike", 0.0), ("funding_hours", -8), ("vol", -1.0)]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        evolve(CALL, **{field: value})
    assert (caught.value.kind, caught.value.field) == ("everlasting-option", field)
