"""Rules of contracts: funding, interest, margin; each in cash of the numeraire."""

import tomllib

import numpy as np
import pytest
from attrs import evolve
from hedgecore_derivatives import (
    Future,
    InverseFuture,
    InversePerp,
    Loan,
    Perp,
    Spot,
    premium_rate,
)

from hedgecore import Balance, Market, Portfolio, SpecError, build, hedge, spec_of
from hedgecore.tables.toml import toml
from hedgecore.testing import check_instrument

PERP = Perp(name="P", underlying="WBTC", funding_rate=1e-4)
DATED = {"underlying": "WBTC", "expiry_years": 0.25, "basis": 0.08}
SPOTS = np.geomspace(600.0, 6e6, 21)


def market(wbtc=60_000.0, **rest):
    prices = {"WBTC": wbtc, "MARK": 61_000.0, "USDT": 0.96}
    return Market(**{"prices": prices, **rest})


def test_a_short_is_paid_126_in_a_week():
    """Short 1 BTC at 60 000, +0.01 % per 8 h, 7 days: +126.00 (hedging.md, section 4)."""
    week = -1.0 * PERP.carry(market()) * 7
    assert float(week) == pytest.approx(126.0, rel=1e-15)
    assert PERP.carry(market(SPOTS)).shape == SPOTS.shape


def test_the_notional_may_be_at_another_price():
    """Mark, oracle or index: by the name that has this price in the market."""
    marked = evolve(PERP, funding_basis="MARK", contract_size=2.0)
    assert marked.carry(market()) == pytest.approx(-2 * 61_000 * 3e-4)
    inverse = InversePerp(
        name="I", underlying="WBTC", contract_size=10, funding_rate=1e-4, funding_basis="MARK"
    )
    coins = 10 / 61_000 * 3e-4
    assert inverse.carry(market()) == pytest.approx(-coins * 60_000.0)
    plain = evolve(inverse, funding_basis=None, quote="USDT")
    assert plain.carry(market(SPOTS)) == pytest.approx(np.full(21, -10 * 0.96 * 3e-4))


def test_what_a_venue_sets_its_funding_to():
    """F = P + clamp(I − P, ±0.05 %): the interest within the clamp, the premium beyond it."""
    premiums = np.array([-0.01, -0.0004, 0.0, 0.0004, 0.0006, 0.01])
    due = [-0.0095, 1e-4, 1e-4, 1e-4, 1e-4, 0.0095]
    assert premium_rate(premiums) == pytest.approx(due, rel=1e-12)
    assert premium_rate(0.5, cap=0.32) == 0.32
    assert premium_rate(-0.5, cap=0.32) == -0.32


def test_a_loan_is_a_short():
    """−i S, and its interest: it offsets a balance as a short does."""
    loan = Loan(name="L", asset="WBTC", index=1.25, borrow_rate=0.04)
    exposure = loan.exposure(market(SPOTS))
    assert exposure.value == pytest.approx(-1.25 * SPOTS, rel=1e-15)
    assert exposure.delta.tolist() == [[-1.25]] * 21
    assert not exposure.gamma.any()
    assert loan.carry(market()) == pytest.approx(-1.25 * 60_000 * 0.04 / 365)
    answer = hedge(Balance("WBTC"), with_=[loan], market=market())
    assert answer.quantities["L"] == pytest.approx(0.8, rel=1e-14)
    check_instrument(loan)


@pytest.mark.parametrize("cls", [Future, InverseFuture])
def test_theta_of_a_future_is_its_basis_running_off(cls):
    future = cls(name="F", **DATED, contract_size=10, entry_price=60_500.0)
    held = evolve(future, expiry_years=None, expiry=2026.25)
    step = 1e-5
    ends = [held.worth(market(time=2026.0 + s)) for s in (step, -step)]
    theta = future.exposure(market()).other["theta"]
    slope = float(ends[0] - ends[1]) / (2 * step)
    assert float(theta) == pytest.approx(slope, rel=1e-4)
    assert future.carry(market()) == theta / 365 < 0
    assert held.exposure(market(time=2027.0)).other["theta"] == 0.0


@pytest.mark.parametrize("cls", [Future, InverseFuture])
def test_a_future_ages_once_entered(cls):
    """Traded at the forward; at expiry it is worth what spot is over it."""
    new = cls(name="F", **DATED)
    held = new.enter(market(time=2026.0))
    assert (held.expiry, held.expiry_years) == (2026.25, None)
    assert held.entry_price == pytest.approx(60_000 * np.exp(0.02))
    end = held.exposure(market(66_000.0, time=2026.5))
    n = 1.0 if cls is Future else 1 / held.entry_price
    due = n * 66_000 - (held.entry_price if cls is Future else 1.0)
    assert end.value == pytest.approx(due, rel=1e-12)
    with pytest.raises(SpecError, match=r"expiry: needs the market's time"):
        held.worth(market())
    check_instrument(held, market(time=2026.1))
    far = evolve(held, basis=90.0, expiry=2100.0)
    with pytest.raises(SpecError, match=r"basis: is too steep"):
        far.worth(market(time=2026.0))


def test_deribits_margin_grows_with_size():
    """Linear BTC: IM 2 % + 0.005 % per BTC of the position, on all of it."""
    venue = evolve(PERP, margin_tiers=[[None, 0.02]], margin_slope=5e-5)
    sizes = np.array([-200.0, -1.0, 0.0, 10.0, 400.0])
    due = 60_000 * np.abs(sizes) * (0.02 + 5e-5 * np.abs(sizes))
    assert venue.margin(market(), sizes) == pytest.approx(due, rel=1e-14)


def test_brackets_of_margin_are_continuous_and_convex():
    venue = evolve(PERP, margin_tiers=[[10, 0.01], [50, 0.02], [100, 0.05]])
    found = venue.margin(market(), [10.0, 20.0, 50.0, 100.0, 100.5]) / 60_000
    assert found.tolist() == pytest.approx([0.1, 0.3, 0.9, 3.4, np.inf])
    fine = venue.margin(market(), np.linspace(-100, 100, 2001))
    assert np.all(np.diff(fine, 2) > -1e-6)
    assert fine == pytest.approx(fine[::-1])


def test_leverage_is_a_floor_and_silence_means_all_of_it():
    assert evolve(PERP, leverage=20).margin(market(), -3.0) == pytest.approx(9000.0)
    both = evolve(PERP, leverage=20, margin_tiers=[[1, 0.01], [None, 0.5]])
    assert both.margin(market(), [1.0, 3.0]).tolist() == pytest.approx([3000.0, 60_600.0])
    assert PERP.margin(market(SPOTS), 2.0) == pytest.approx(2 * SPOTS)
    assert Spot(name="S", asset="WBTC").margin(market(), 2.0) == 120_000.0


def test_the_least_order_is_by_size_and_by_notional():
    """A venue's minimum notional of 100, at 60 000: 1/600 of a contract."""
    venue = evolve(PERP, min_size=0.001, min_notional=100.0)
    assert venue.min_order(market()) == pytest.approx(100 / 60_000)
    assert evolve(venue, min_notional=30.0).min_order(market()) == 0.001
    assert venue.min_order(market(SPOTS)).shape == SPOTS.shape
    small = hedge(Portfolio([("b", Balance("WBTC"), 0.0011)]), with_=[venue], market=market())
    assert small.quantities["P"] == pytest.approx(-100 / 60_000)  # the nearer of none and that
    rounded = evolve(venue, lot=0.001, contract_size=1.0)
    small = hedge(Portfolio([("b", Balance("WBTC"), 0.0013)]), with_=[rounded], market=market())
    assert small.quantities["P"] == -0.002


BAD_TIERS = [
    *["10", 0.02, [0.02], [[1, 2, 3]], [["1", 0.1]], [[1, "x"]], [[True, 0.1]], [[1, None]]],
    *[[[5, 0.1], [5, 0.2]], [[None, 0.1], [5, 0.2]], [[0, 0.1]], [[-1, 0.1]], [[1, 1.5]]],
    *[[[1, -0.1]], [[float("nan"), 0.1]], [[1, float("nan")]], None, [[5, 0.2], [9, 0.1]]],
]


@pytest.mark.parametrize("tiers", BAD_TIERS, ids=repr)
def test_brackets_that_make_no_sense_are_refused(tiers):
    with pytest.raises(SpecError, match=r"perp\.margin_tiers"):
        evolve(PERP, margin_tiers=tiers)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("min_notional", -1), ("tick", float("nan")), ("maker_fee", 1.0), ("maker_fee", -1.0)],
        *[("leverage", 0.0), ("margin_slope", -1e-5), ("funding_basis", ""), ("lot", None)],
    ],
)
def test_wrong_rules_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        evolve(PERP, **{field: value})
    assert (caught.value.kind, caught.value.field) == ("perp", field)
    assert evolve(PERP, maker_fee=-1e-5).maker_fee == -1e-5


def test_an_account_is_hedged_by_the_inverse_future_too():
    """B coins and N = −B P₀/c contracts at no basis: USD B P₀ at every S."""
    future = InverseFuture(
        name="F", underlying="WBTC", expiry_years=0.25, contract_size=10, entry_price=60_000
    )
    account = Portfolio([("coins", Balance("WBTC"), 2.5), ("future", future, -2.5 * 6000)])
    assert account.worth(market(SPOTS)) == pytest.approx(np.full(21, 150_000.0), rel=1e-11)


def test_the_last_bracket_is_any_size_in_toml_too():
    """TOML has no null: "any" stands for it."""
    table = tomllib.loads('margin_tiers = [[10, 0.01], ["any", 0.05]]')
    assert evolve(PERP, **table).margin_tiers == ((10.0, 0.01), (None, 0.05))
    again = tomllib.loads(toml("", spec_of(evolve(PERP, **table))))
    assert build(again).margin_tiers == ((10.0, 0.01), (None, 0.05))
    with pytest.raises(SpecError, match="'any', fraction"):
        evolve(PERP, margin_tiers=[["all", 0.05]])
