"""Power perpetuals: their marks, their Greeks, and Deri's published hedge."""

import numpy as np
import pytest
from attrs import evolve
from hedgecore_derivatives import Perp, PowerPerp
from hedgecore_derivatives.power_perp import RATIOS
from mpmath import MPContext

from hedgecore import HedgeRequest, Market, SpecError, build, hedge
from hedgecore.testing import check_instrument

MP = MPContext()
MP.dps = 40
WEEK = {"name": "ETH2", "underlying": "WETH", "funding_hours": 168, "entry_price": 0.0}
SQUARE = PowerPerp(**WEEK, scale=1e4, contract_size=3.0, norm=0.9)
CONVENTIONS = pytest.mark.parametrize("funding", ["discrete", "continuous", "norm"])
SPOTS = np.geomspace(30.0, 3e5, 21)


def market(weth=3000.0, usdc=0.96, vol=0.9, rate=0.05):
    prices = {"WETH": weth, "USDC": usdc}
    return Market(prices=prices, vols={"WETH": vol}, rates={"USD": rate, "USDC": rate})


def test_deris_hedge_of_a_v2_position():
    """Short 1.5 ETH and long 0.0000613 ETH²: hedging.md, section 4 (Deri)."""
    pool = build({"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [1.0, 4000.0]})
    square = PowerPerp(**WEEK)
    there = Market(prices={"WETH": 4000.0, "USDC": 1.0}, numeraire="USDC", vols={"WETH": 1.0})
    request = HedgeRequest(neutral=("delta", "gamma"))
    perp = Perp(name="ETH", underlying="WETH")
    answer = hedge(pool, with_=[perp, square], market=there, request=request)
    assert answer.quantities["ETH"] == pytest.approx(-1.5, rel=1e-12)
    assert answer.quantities["ETH2"] == pytest.approx(6.25e-5 * (1 - 7 / 365), rel=1e-12)
    assert answer.quantities["ETH2"] == pytest.approx(0.0000613, abs=5e-8)


@CONVENTIONS
def test_mark_ratio_by_funding_convention(funding):
    """R = 1/(2e^(−fk) − 1), 1/(1 − fk) or e^(fk), k = (p−1)(r + pσ²/2)."""
    for power in (0.5, 1.0, 2.0, 3.0):
        perp = evolve(SQUARE, power=power, funding=funding)
        k = (power - 1) * (MP.mpf(0.05) + MP.mpf(0.9) ** 2 * power / 2)
        g = k * 168 / MP.mpf(8760)
        ratios = {"discrete": 1 / (2 * MP.exp(-g) - 1), "continuous": 1 / (1 - g)}
        ratio = float(ratios.get(funding, MP.exp(g)))
        due = 3.0 * 0.9 / 1e4 * ratio * SPOTS**power
        exposure = perp.exposure(market(SPOTS))
        assert exposure.value == pytest.approx(due, rel=1e-14)
        assert exposure.delta[:, 0] == pytest.approx(power * due / SPOTS, rel=1e-14)
        bend = power * (power - 1) * due / SPOTS**2
        assert exposure.gamma[:, 0, 0] == pytest.approx(bend, rel=1e-14)


@CONVENTIONS
def test_vega_and_rho_are_derivatives(funding):
    perp, step = evolve(SQUARE, funding=funding, quote="USDC"), 1e-5
    found = perp.exposure(market()).other
    for name, by, at in (("vega:WETH", "vol", 0.9), ("rho:USDC", "rate", 0.05)):
        up, down = (perp.worth(market(**{by: at + s})) for s in (step, -step))
        assert float(found[name]) == pytest.approx(float(up - down) / (2 * step), rel=1e-7)


def test_a_first_power_is_the_asset():
    """p = 1: no convexity, no premium, no funding."""
    one = evolve(SQUARE, power=1.0, scale=1.0, contract_size=1.0, norm=1.0)
    assert one.worth(market(SPOTS)) == pytest.approx(SPOTS, rel=1e-15)
    assert not one.exposure(market(SPOTS)).gamma.any()
    assert not one.carry(market(SPOTS)).any()


def test_carry_is_mark_less_index_a_period():
    """Longs pay (mark − index)/f, the mark before a payment being halfway to the index.

    In kind, η shrinks by k a year. For short periods all three are the same.
    """
    there = market()
    index = 3.0 * 0.9 / 1e4 * 3000.0**2
    for funding, days in (("discrete", 14), ("continuous", 7)):
        perp = evolve(SQUARE, funding=funding)
        premium = float(perp.mark(there).value) - index
        assert perp.carry(there) == pytest.approx(-premium / days, rel=1e-12)
    often = [evolve(SQUARE, funding=f, funding_hours=1e-3) for f in RATIOS]
    k = 0.05 + 0.9**2
    assert [float(each.carry(there)) for each in often] == pytest.approx(
        [-k * index / 365] * 3, rel=1e-5
    )


def test_carry_pays_for_gamma():
    """At r = 0 the funding a year is what gamma earns, ½σ²S²Γ, once it is charged often."""
    perp = evolve(SQUARE, funding_hours=1e-4)
    there = market(SPOTS, rate=0.0)
    gamma = perp.exposure(there).gamma[:, 0, 0]
    earned = 0.5 * 0.9**2 * SPOTS**2 * gamma
    assert -365 * perp.carry(there) == pytest.approx(earned, rel=1e-6)


@pytest.mark.parametrize(("funding", "most"), [("discrete", np.log(2)), ("continuous", 1.0)])
def test_a_period_that_is_too_long_is_refused(funding, most):
    """Fk < ln 2, or < 1: beyond it no finite mark is fair."""
    perp = evolve(SQUARE, funding=funding, funding_hours=8760.0)
    vol = float(np.sqrt(most - 0.05))
    assert perp.worth(market(vol=vol - 1e-6)) > 1e5
    for bad in (vol + 1e-6, [0.1, 3.0]):
        with pytest.raises(SpecError, match=r"power-perp\.funding_hours: is too long"):
            perp.worth(market(vol=bad))


@CONVENTIONS
@pytest.mark.parametrize("quote", [None, "USDC"])
@pytest.mark.parametrize("entry_price", [None, 0.0, 700.0])
@pytest.mark.sample(6)
def test_it_keeps_the_laws_of_instruments(funding, quote, entry_price):
    perp = evolve(SQUARE, funding=funding, quote=quote, entry_price=entry_price)
    check_instrument(perp)
    check_instrument(perp, market())


WRONG = [("funding", "hourly"), ("power", 0.0), ("scale", 0), ("norm", -1), ("funding_hours", 0)]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        evolve(SQUARE, **{field: value})
    assert (caught.value.kind, caught.value.field) == ("power-perp", field)
