"""Options in a market: entry, age, coins, margin and fees."""

import numpy as np
import pytest
from attrs import evolve
from hedgecore_derivatives import InverseOption, Option, black

from hedgecore import (
    AssetError,
    Balance,
    Market,
    Portfolio,
    SpecError,
    build,
    enter,
    spec_of,
)
from hedgecore.testing import check_instrument

CALL = Option(name="C", underlying="WBTC", strike=65_000.0, expiry_years=0.25, contract_size=0.1)
PUT = evolve(CALL, name="P", option_type="put")
COINS = InverseOption(name="I", underlying="WBTC", strike=65_000.0, expiry_years=0.25)
BOTH = pytest.mark.parametrize("option", [CALL, PUT, COINS], ids=["call", "put", "inverse"])
SPOTS = np.geomspace(6000.0, 6e5, 41)


def market(wbtc=60_000.0, usdt=0.96, vol=0.5, **rest):
    vols, rates = {"WBTC": vol}, {"USD": 0.04, "USDT": 0.06, "WBTC": 0.01}
    return Market(prices={"WBTC": wbtc, "USDT": usdt}, vols=vols, rates=rates, **rest)


def owned(option):
    return evolve(option, entry_price=0.0)


def held(exposure, asset):
    return exposure.delta[..., exposure.assets.index(asset)]


@BOTH
@pytest.mark.parametrize("quote", [None, "USDT"])
@pytest.mark.parametrize("entry_price", [None, 0.0, 0.03])
@pytest.mark.sample(6)
def test_it_keeps_the_laws_of_instruments(option, quote, entry_price):
    check_instrument(evolve(option, quote=quote, entry_price=entry_price))
    check_instrument(evolve(option, quote=quote, entry_price=entry_price), market())


@BOTH
def test_tables_round_trip(option):
    assert build(spec_of(option)) == option


def test_owned_it_is_worth_blacks_value():
    for option, sign in ((CALL, 1.0), (PUT, -1.0)):
        due = black(SPOTS, 65_000.0, 0.25, 0.5, rate=0.04, dividend=0.01, sign=sign)
        exposure = owned(option).exposure(market(SPOTS))
        assert exposure.assets == ("WBTC",)
        assert exposure.value == pytest.approx(0.1 * due.value, rel=1e-14)
        assert exposure.delta[:, 0] == pytest.approx(0.1 * due.delta, rel=1e-14)
        assert exposure.gamma[:, 0, 0] == pytest.approx(0.1 * due.gamma, rel=1e-14)
        greeks = {"vega:WBTC": due.vega, "theta": due.theta, "rho:USD": due.rho}
        for name, number in (greeks | {"rho:WBTC": due.phi}).items():
            assert exposure.other[name] == pytest.approx(0.1 * number, rel=1e-14)


@BOTH
@pytest.mark.parametrize("quote", [None, "USDT"])
def test_other_greeks_are_derivatives_of_worth(option, quote):
    """Vega per unit of volatility, theta per year on the clock, rho per unit of each rate."""
    option = evolve(owned(option), quote=quote, expiry_years=None, expiry=2026.5)
    found = option.exposure(market(time=2026.2)).other
    coin = quote or "USD"
    step = 1e-4

    def worth(rate=0.0, other=0.0, vol=0.0, time=0.0):
        there = market(vol=0.5 + vol, time=2026.2 + time)
        rates = {coin: there.rates[coin] + rate, "WBTC": 0.01 + other}
        return float(option.worth(evolve(there, rates=rates)))

    names = {"vega:WBTC": "vol", "theta": "time", f"rho:{coin}": "rate", "rho:WBTC": "other"}
    for name, by in names.items():
        slope = (worth(**{by: step}) - worth(**{by: -step})) / (2 * step)
        assert float(found[name]) == pytest.approx(slope, rel=2e-6)


def test_put_call_parity_of_contracts():
    """Call less put is the forward: delta e^(−yT), no gamma, no vega."""
    pair = Portfolio([("c", owned(CALL), 1.0), ("p", owned(PUT), -1.0)]).exposure(market(SPOTS))
    forward = 0.1 * (SPOTS * np.exp(-0.0025) - 65_000 * np.exp(-0.01))
    assert np.all(np.abs(pair.value - forward) <= 1e-15 * 0.1 * (SPOTS + 65_000))
    assert pair.delta[:, 0] == pytest.approx(np.full(41, 0.1 * np.exp(-0.0025)), rel=1e-13)
    assert not pair.gamma.any()
    assert not pair.other["vega:WBTC"].any()


@pytest.mark.parametrize("entry_price", [None, 0.0, 4000.0])
def test_euler_in_a_quote_coin(entry_price):
    """With the strike in a coin of its own, V = S ∂V/∂S + u ∂V/∂u, and ΓP = 0."""
    option = evolve(CALL, quote="USDT", entry_price=entry_price)
    exposure = option.exposure(market(SPOTS))
    cash = exposure.delta_cash
    off = np.abs(cash.sum(axis=-1) - exposure.value)
    assert np.all(off <= 1e-14 * np.abs(cash).sum(axis=-1))
    bent = np.einsum("sij,sj->si", exposure.gamma, exposure.prices)
    assert np.all(np.abs(bent) <= 1e-14 * np.abs(exposure.gamma * exposure.prices[:, None]).sum(-1))


@BOTH
def test_a_new_one_is_worth_nothing_and_then_its_profit(option):
    assert np.all(option.worth(market(SPOTS)) == 0.0)
    assert np.all(option.exposure(market(SPOTS)).value == 0.0)
    bought = enter(option, market())
    assert bought.entry_price == float(option.price(market()))
    later = market(70_000.0)
    coin = 70_000.0 if option is COINS else 1.0
    paid = bought.entry_price * bought.contract_size * coin
    assert bought.worth(later) == pytest.approx(float(option.mark(later).value) - paid)
    assert enter(bought, later) is bought
    with pytest.raises(SpecError, match=r"entry_price"):
        option.enter(market(SPOTS))


@BOTH
def test_it_ages_once_entered(option):
    """`expiry_years` is the time left until it is traded; then `expiry` is a moment."""
    assert option.enter(market()).expiry_years == 0.25
    bought = option.enter(market(time=2026.0))
    assert (bought.expiry_years, bought.expiry) == (None, 2026.25)
    half = evolve(option, expiry_years=0.125).mark(market())
    assert bought.mark(market(time=2026.125)).value == pytest.approx(float(half.value), rel=1e-12)
    for late in (2026.25, 2027.0):
        left = bought.mark(market(70_000.0, time=late))
        intrinsic = 0.0 if option is PUT else 5000.0 * option.contract_size
        assert left.value == pytest.approx(intrinsic, rel=1e-12)
        assert not any(np.any(number) for number in left.other.values())
    with pytest.raises(SpecError, match=r"expiry: needs the market's time"):
        bought.worth(market())


def test_deribits_two_deltas():
    """Net Δ − C/S and per-option Δ: the account's delta is B + Δ = (B + C/S) + (Δ − C/S)."""
    there = market(SPOTS)
    mark = owned(COINS).exposure(there)
    premium = mark.value / SPOTS
    assert COINS.price(there) == pytest.approx(premium, rel=1e-15)
    assert COINS.option_delta(there) == pytest.approx(mark.delta[:, 0], rel=1e-15)
    assert COINS.net_delta(there) == pytest.approx(mark.delta[:, 0] - premium, abs=1e-15)
    account = Portfolio([("coins", Balance("WBTC"), 2.5), ("option", owned(COINS), 3.0)])
    equity = 2.5 + 3.0 * premium
    due = equity + 3.0 * COINS.net_delta(there)
    assert account.exposure(there).delta[:, 0] == pytest.approx(due, rel=1e-14)


def test_buying_for_coins_adds_the_net_delta():
    """A new one takes its premium out of the coins: what the trade adds is Δ − C/S."""
    there = market(SPOTS)
    assert COINS.exposure(there).delta[:, 0] == pytest.approx(COINS.net_delta(there), abs=1e-15)
    bought = enter(COINS, market())
    before = Portfolio([("coins", Balance("WBTC"), 2.5), ("option", bought, 1.0)])
    coins = 2.5 - bought.entry_price
    after = Portfolio([("coins", Balance("WBTC"), coins), ("option", owned(COINS), 1.0)])
    one, two = before.exposure(there), after.exposure(there)
    assert one.value == pytest.approx(two.value, rel=1e-14)
    assert one.delta == pytest.approx(two.delta, rel=1e-14)


def test_coin_view_of_an_inverse_option():
    """In coins: delta (Δ − C/S)/S, gamma Γ/S − 2Δ/S² + 2C/S³."""
    there, step = market(SPOTS), 1e-4
    mark = owned(COINS).exposure(there)
    c, delta, gamma = mark.value, mark.delta[:, 0], mark.gamma[:, 0, 0]
    up, down = (COINS.price(market(SPOTS * (1 + way))) for way in (step, -step))
    slope = (up - down) / (2 * step * SPOTS)
    assert (delta - c / SPOTS) / SPOTS == pytest.approx(slope, rel=1e-5, abs=1e-13)
    bend = (up - 2 * COINS.price(there) + down) / (step * SPOTS) ** 2
    due = gamma / SPOTS - 2 * delta / SPOTS**2 + 2 * c / SPOTS**3
    assert due == pytest.approx(bend, rel=1e-4, abs=1e-16)


def test_volatility_is_known_or_asked_for():
    bare = Market(prices={"WBTC": 60_000.0})
    with pytest.raises(AssetError, match=r"no volatility of 'WBTC' for 'C'.*`vol`"):
        CALL.worth(bare)
    assert evolve(CALL, vol=0.5, entry_price=0.0).worth(bare) > 0
    for vol in (-0.1, float("nan"), float("inf"), "high", None):
        with pytest.raises(SpecError, match=r"market\.vols\.WBTC"):
            CALL.worth(market(vol=vol))
    with pytest.raises(SpecError, match=r"market\.rates\.USD"):
        CALL.worth(evolve(market(), rates={"USD": "low"}))


def test_volatility_may_be_an_array():
    vols = np.array([0.0, 0.4, 0.8])
    exposure = owned(CALL).exposure(market(vol=vols))
    assert exposure.value.shape == (3,)
    assert np.all(np.diff(exposure.value) > 0)
    assert exposure.other["vega:WBTC"].shape == (3,)


def test_carry_is_theta_a_day():
    assert CALL.carry(market()) == CALL.exposure(market()).other["theta"] / 365
    assert CALL.carry(market()) < 0


def test_margin_of_options():
    """Bought, the premium; sold, the mark and the venue's fraction of c S."""
    venue = evolve(CALL, margin_tiers=[[None, 0.15]])
    premium = float(CALL.mark(market()).value)
    assert venue.margin(market(), 3.0) == pytest.approx(3 * premium)
    assert venue.margin(market(), -3.0) == pytest.approx(3 * (premium + 0.15 * 6000.0))
    assert CALL.margin(market(SPOTS), -1.0).shape == SPOTS.shape


@pytest.mark.parametrize("word", ["call", "put"])
def test_deribits_margin_of_an_option_sold(word):
    """Mark and (15 % less out of the money, 10 % at least) of the underlying; bought, the mark."""
    rules = {"margin_tiers": [[None, 0.15]], "margin_floor": 0.1, "contract_size": 1.0}
    for strike, part in ((60_000.0, 0.15), (62_000.0, 0.15 - 2 / 60), (90_000.0, 0.1)):
        at = strike if word == "call" else 120_000.0 - strike
        option = evolve(CALL, option_type=word, strike=at, **rules)
        mark = float(option.mark(market()).value)
        assert option.margin(market(), -2.0) == pytest.approx(2 * (mark + part * 60_000))
        inside = evolve(option, strike=120_000.0 - at)
        needs = inside.margin(market(), -1.0) - inside.mark(market()).value
        assert needs == pytest.approx(0.15 * 60_000)  # in the money there is no discount
        assert option.margin(market(), 2.0) == pytest.approx(2 * mark)
    sizes = np.linspace(-5, 5, 101)
    assert np.all(np.diff(evolve(CALL, **rules).margin(market(), sizes), 2) > -1e-6)


def test_deribits_fee_is_capped_by_the_options_price():
    """0.03 % of the underlying, 12.5 % of the mark at most."""
    venue = evolve(CALL, fee=3e-4, fee_cap=0.125, contract_size=1.0)
    assert venue.charge(market()) == pytest.approx(18.0)
    cheap = evolve(venue, strike=200_000.0)
    assert cheap.charge(market()) == 0.125 * cheap.mark(market()).value < 18.0
    assert evolve(venue, fee=None).charge(market()) is None
    assert evolve(venue, fee_cap=None, strike=200_000.0).charge(market()) == pytest.approx(18.0)


def test_a_volatility_of_its_own_moves_with_the_markets_once_entered():
    """By as much, and not below 0; what was seen at no market stays as it is."""
    smile = evolve(CALL, vol=0.7)
    held = smile.enter(market(vol=0.5))
    assert held.vol_at == 0.5
    for vol, moved in ((0.5, 0.7), (0.6, 0.8), (0.1, 0.3)):
        there = market(vol=vol)
        own = evolve(smile, vol=moved).mark(market()).value
        assert held.mark(there).value == pytest.approx(own, rel=1e-12)
        assert smile.mark(there).value == smile.mark(market()).value
    low = evolve(smile, vol=0.2).enter(market(vol=0.5))
    assert low.mark(market(vol=0.1)).value == evolve(smile, vol=0.0).mark(market()).value
    assert smile.enter(Market(prices={"WBTC": 60_000.0}, time=1.0)).vol_at is None
    with pytest.raises(SpecError, match=r"option\.vol_at: stands without `vol`"):
        evolve(CALL, vol_at=0.5)


WRONG = [
    *[("option_type", "CALL"), ("option_type", None), ("option_type", 1), ("strike", 0)],
    *[("strike", None), ("expiry_years", -1), ("expiry_years", None), ("expiry", 0.5)],
    *[("vol", -0.1), ("vol", "high"), ("quote", "WBTC"), ("entry_price", -1.0)],
    *[("contract_size", 0), ("underlying", ""), ("expiry", "tomorrow")],
]


@pytest.mark.parametrize("cls", [Option, InverseOption])
@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(cls, field, value):
    with pytest.raises(SpecError) as caught:
        cls(**{**cls.example, "underlying": "WBTC", field: value})
    assert (caught.value.kind, caught.value.field) == (cls.kind, field)
