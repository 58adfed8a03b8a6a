"""Perpetuals whose profit is paid in another coin: hedging.md, table 1."""

import numpy as np
import pytest
from attrs import evolve
from hedgecore_derivatives import Perp, QuantoPerp

from hedgecore import Market, SpecError, enter
from hedgecore.testing import check_instrument

C, P0 = 2.0, 2900.0
QUANTO = QuantoPerp(name="Q", underlying="WETH", settlement="WBTC", contract_size=C, entry_price=P0)
HYPER = evolve(QUANTO, quote="USDT", settlement="USDC")
SPOTS = np.geomspace(30.0, 3e5, 21)


def market(weth=3000.0, **rest):
    prices = {"WETH": weth, "WBTC": 60_000.0, "USDT": 0.96, "USDC": 1.02}
    return Market(**{"prices": prices, **rest})


def table(exposure, *pair):
    i, j = map(exposure.assets.index, pair)
    return exposure.gamma[..., i, j]


def test_quanto_row_of_the_table():
    """V = f m (S − P₀); ∂S: f m; ∂f: m (S − P₀); ∂S∂f: m."""
    exposure = QUANTO.exposure(market(SPOTS))
    assert exposure.assets == ("WETH", "WBTC")
    assert exposure.value == pytest.approx(60_000.0 * C * (SPOTS - P0), rel=1e-15)
    assert exposure.delta[:, 0].tolist() == [60_000.0 * C] * 21
    assert exposure.delta[:, 1] == pytest.approx(C * (SPOTS - P0), rel=1e-15)
    assert (table(exposure, "WETH", "WBTC") == C).all()
    assert not table(exposure, "WETH", "WETH").any()
    assert not table(exposure, "WBTC", "WBTC").any()


def test_another_stablecoins_row_of_the_table():
    """Hyperliquid, V = s c (S/u − P₀), s USDC and u USDT: first order, and all cross terms."""
    s, u, x = 1.02, 0.96, SPOTS
    exposure = HYPER.exposure(market(SPOTS))
    names = exposure.assets
    delta = dict(zip(names, exposure.delta.T, strict=True))
    due = {"WETH": C * s / u + 0 * x, "USDC": C * (x / u - P0), "USDT": -C * s * x / u**2}
    assert exposure.value == pytest.approx(s * C * (x / u - P0), rel=1e-15)
    for name, number in due.items():
        assert delta[name] == pytest.approx(number, rel=1e-14)
    bends = {
        ("WETH", "USDC"): C / u + 0 * x,
        ("WETH", "USDT"): -C * s / u**2 + 0 * x,
        ("USDC", "USDT"): -C * x / u**2,
        ("USDT", "USDT"): 2 * C * s * x / u**3,
        ("WETH", "WETH"): 0 * x,
        ("USDC", "USDC"): 0 * x,
    }
    for pair, number in bends.items():
        assert table(exposure, *pair) == pytest.approx(number, rel=1e-14)


def test_terms_in_the_numeraire_are_absent():
    """In USDC the profit is in cash; in USDT the price is: V is the same up to the unit."""
    prices = {"WETH": 3000.0 / 1.02, "USDT": 0.96 / 1.02}
    in_usdc = HYPER.exposure(Market(prices=prices, numeraire="USDC"))
    assert in_usdc.assets == ("WETH", "USDT")
    prices = {"WETH": 3000.0 / 0.96, "USDC": 1.02 / 0.96}
    in_usdt = HYPER.exposure(Market(prices=prices, numeraire="USDT"))
    assert in_usdt.assets == ("WETH", "USDC")
    due = float(HYPER.worth(market()))
    assert float(in_usdc.value) * 1.02 == pytest.approx(due, rel=1e-13)
    assert float(in_usdt.value) * 0.96 == pytest.approx(due, rel=1e-13)


def test_settled_in_its_quote_it_is_the_perp():
    there = Market(prices={"WETH": SPOTS}, numeraire="USDC")
    quanto = evolve(QUANTO, settlement="USDC")
    perp = Perp(name="P", underlying="WETH", contract_size=C, entry_price=P0)
    mine, other = quanto.exposure(there), perp.exposure(there)
    assert mine.assets == other.assets == ("WETH",)
    assert mine.value == pytest.approx(other.value, rel=1e-15)
    assert np.array_equal(mine.delta, other.delta)


@pytest.mark.parametrize("perp", [QUANTO, HYPER], ids=["quanto", "hyperliquid"])
@pytest.mark.parametrize("entry_price", [None, P0])
def test_it_keeps_the_laws_of_instruments(perp, entry_price):
    check_instrument(evolve(perp, entry_price=entry_price))
    check_instrument(evolve(perp, entry_price=entry_price), market())


def test_a_new_one_is_worth_nothing_and_is_entered_once():
    new = evolve(HYPER, entry_price=None)
    assert not new.worth(market(SPOTS)).any()
    held = enter(new, market())
    assert held.entry_price == 3000.0 / 0.96
    assert enter(held, market(1.0)) is held


def test_funding_is_on_the_notional_in_the_settlement_coin():
    perp = evolve(HYPER, funding_rate=1e-4, funding_hours=1)
    assert perp.notional(market()) == pytest.approx(C * 1.02 * 3000.0 / 0.96)
    assert perp.carry(market()) == pytest.approx(-24e-4 * float(perp.notional(market())))


def test_coins_that_cannot_be():
    for coins in ({"settlement": "WETH"}, {"settlement": "USDT"}, {"settlement": ""}):
        with pytest.raises(SpecError, match=r"quanto-perp\.settlement"):
            evolve(HYPER, **coins)
    with pytest.raises(SpecError, match=r"quanto-perp\.quote"):
        evolve(HYPER, quote="WETH")
    with pytest.raises(SpecError, match=r"quanto-perp\.quote: must be given"):
        QUANTO.worth(Market(prices={"WBTC": 20.0}, numeraire="WETH"))
