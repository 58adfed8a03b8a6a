"""Coin-margined perpetuals: hedging.md, table 1, and the account identities of section 4."""

import numpy as np
import pytest
from hedgecore_derivatives import InversePerp, Perp, Spot

from hedgecore import AssetError, Market, Portfolio, SpecError, enter, hedge
from hedgecore.testing import check_instrument

NAN, INF = float("nan"), float("inf")
P0, SIZE, COINS = 60_000.0, 10.0, 2.5
PERP = InversePerp(name="P", underlying="WBTC", contract_size=SIZE, entry_price=P0)
QUOTED = InversePerp(
    name="P", underlying="WBTC", quote="USDC", contract_size=SIZE, entry_price=P0, lot=1
)
NEW = InversePerp(name="P", underlying="WBTC", contract_size=SIZE)
NEW_QUOTED = InversePerp(name="P", underlying="WBTC", quote="USDC", contract_size=SIZE)
ALL = pytest.mark.parametrize(
    "contract", [PERP, QUOTED, NEW, NEW_QUOTED], ids=["plain", "quoted", "new", "new-quoted"]
)
SPOTS = np.geomspace(600.0, 6e6, 41)


def market(wbtc=66_000.0, usdc=0.96):
    return Market(prices={"WBTC": wbtc, "USDC": usdc, "WETH": 3000.0}, numeraire="USD")


def account(contracts, perp=PERP):
    """B coins of collateral, and so many contracts."""
    return Portfolio(
        [("coins", Spot(name="coins", asset="WBTC"), COINS), ("perp", perp, contracts)]
    )


def test_profit_and_delta():
    """V = c (S/P₀ - 1), paid as c (1/P₀ - 1/S) coins; delta c/P₀ at every price."""
    exposure = PERP.exposure(market(SPOTS))
    assert exposure.assets == PERP.hedges == ("WBTC",)
    assert exposure.value == pytest.approx(SIZE * (SPOTS / P0 - 1), rel=1e-13, abs=1e-13)
    assert exposure.value == pytest.approx(SPOTS * SIZE * (1 / P0 - 1 / SPOTS), rel=1e-12)
    assert exposure.delta[:, 0] == pytest.approx(np.full(41, SIZE / P0), rel=1e-15)
    assert not exposure.gamma.any()


def test_coin_view():
    """In coins the delta is c/S², the gamma -2c/S³: by the quotient rule from the USD view."""
    exposure = PERP.exposure(market(SPOTS))
    per_coin = (exposure.delta[:, 0] - exposure.value / SPOTS) / SPOTS
    assert per_coin == pytest.approx(SIZE / SPOTS**2, rel=1e-12)
    bend = (exposure.gamma[:, 0, 0] - 2 * per_coin) / SPOTS
    assert bend == pytest.approx(-2 * SIZE / SPOTS**3, rel=1e-12)


def test_account_delta_is_equity_plus_delta_total():
    """B + N c/P₀ coins = what the venue shows: equity in coins, plus N c/S, at every price."""
    for contracts in (-15_000.0, -400.0, 0.0, 7_000.0):
        exposure = account(contracts).exposure(market(SPOTS))
        equity = COINS + contracts * SIZE * (1 / P0 - 1 / SPOTS)
        delta_total = contracts * SIZE / SPOTS
        due = COINS + contracts * SIZE / P0
        assert exposure.delta[:, 0] == pytest.approx(np.full(41, due), rel=1e-14, abs=1e-15)
        gross = np.abs(equity) + np.abs(delta_total)
        assert np.all(np.abs(equity + delta_total - exposure.delta[:, 0]) <= 1e-14 * gross)
        assert exposure.value == pytest.approx(equity * SPOTS, rel=1e-12)


def test_a_fully_hedged_account_is_worth_the_same_at_every_price():
    """Hedging.md section 4: N = -B P₀/c contracts against B coins hold USD B P₀ at every S."""
    hedged = account(-COINS * P0 / SIZE)
    exposure = hedged.exposure(market(SPOTS))
    gross = 2 * COINS * SPOTS + COINS * P0
    assert np.all(np.abs(exposure.value - COINS * P0) <= 1e-15 * gross)
    assert np.all(hedged.worth(market(SPOTS)) == exposure.value)
    assert np.abs(exposure.delta).max() <= 1e-15 * COINS


def test_the_hedge_of_the_coins_is_that_many_contracts():
    """Entered where it is hedged, then moved: nothing changes, as the contract pays in coins."""
    here = market(P0)
    answer = hedge(Spot(name="coins", asset="WBTC"), with_=[NEW], market=here)
    contracts = float(answer.quantities["P"])
    assert contracts == pytest.approx(-P0 / SIZE, rel=1e-14)
    held = account(contracts * COINS, enter(NEW, here))
    assert held.worth(market(SPOTS)) == pytest.approx(np.full(41, COINS * P0), rel=1e-13)


@ALL
def test_it_is_a_linear_contract_on_the_coins_that_it_pays(contract):
    held = enter(contract, market())
    linear = Perp(
        name="P",
        underlying="WBTC",
        settlement=contract.quote,
        contract_size=SIZE / held.entry_price,
        entry_price=held.entry_price,
    )
    mine, other = (each.exposure(market(SPOTS)) for each in (held, linear))
    assert mine.assets == other.assets
    assert mine.value == pytest.approx(other.value, rel=1e-15)
    assert mine.delta == pytest.approx(other.delta, rel=1e-15)


def test_the_quote_coin_has_a_delta_of_its_own():
    """V = c (S/P₀ - u): the size is in the quote, so ∂V/∂u = -c, at every price."""
    exposure = QUOTED.exposure(market(SPOTS))
    assert exposure.assets == ("WBTC", "USDC")
    assert QUOTED.hedges == ("WBTC",)
    assert exposure.value == pytest.approx(SIZE * (SPOTS / P0 - 0.96), rel=1e-12)
    assert exposure.delta[:, 1] == pytest.approx(np.full(41, -SIZE), rel=1e-15)


@pytest.mark.parametrize("contract", [QUOTED, NEW_QUOTED], ids=["entered", "new"])
def test_euler_with_the_quote_coin(contract):
    exposure = contract.exposure(market(SPOTS))
    off = np.abs(exposure.delta_cash.sum(axis=-1) - exposure.value)
    assert np.all(off <= 1e-15 * np.abs(exposure.delta_cash).sum(axis=-1))


def test_in_the_coin_itself():
    """Numeraire WBTC: the same contract, c (1/P₀ - u) coins, u the price of a dollar."""
    exposure = QUOTED.exposure(Market(prices={"USDC": 1 / SPOTS}, numeraire="WBTC"))
    assert exposure.value == pytest.approx(SIZE * (1 / P0 - 1 / SPOTS), rel=1e-12)
    for ask in (PERP.worth, PERP.exposure, NEW.enter):
        with pytest.raises(SpecError, match=r"inverse-perp\.quote: must be given"):
            ask(Market(prices={"USDC": 1 / P0}, numeraire="WBTC"))


def test_a_new_one_is_worth_nothing_and_is_entered_once():
    for contract, entry in ((NEW, 66_000.0), (NEW_QUOTED, 66_000.0 / 0.96)):
        assert np.all(contract.worth(market(SPOTS)) == 0.0)
        held = contract.enter(market())
        assert held.entry_price == entry
        assert held.enter(market(1.0)) is held
        assert abs(held.worth(market())) <= 1e-15 * SIZE
        assert held.exposure(market()).delta.tolist() == contract.exposure(market()).delta.tolist()
    with pytest.raises(SpecError, match=r"inverse-perp\.entry_price"):
        NEW.enter(market(SPOTS))


@ALL
def test_worth_is_the_exposures_value_in_every_shape(contract):
    for shape in ((), (3,), (2, 3)):
        there = market(np.linspace(1500, 6000, int(np.prod(shape))).reshape(shape))
        worth, exposure = contract.worth(there), contract.exposure(there)
        assert np.shape(worth) == shape == exposure.value.shape
        assert exposure.delta.shape == (*shape, len(exposure.assets))
        assert exposure.gamma.shape == (*shape, *2 * exposure.delta.shape[-1:])
        assert (worth == exposure.value).all()


@ALL
def test_delta_is_the_derivative_of_worth(contract):
    """Linear in every price once entered, so that differences of any size are exact."""
    prices, held = {"WBTC": 66_000.0, "USDC": 0.96}, enter(contract, market())
    exposure = held.exposure(market())
    delta = dict(zip(exposure.assets, exposure.delta, strict=True))
    for asset, price in prices.items():
        step = 0.5 * price
        ends = [Market(prices={**prices, asset: price + s}) for s in (step, -step)]
        slope = (held.worth(ends[0]) - held.worth(ends[1])) / (2 * step)
        assert slope == pytest.approx(float(delta.get(asset, 0.0)), rel=1e-13, abs=1e-13)


@ALL
def test_it_keeps_the_laws_of_instruments(contract):
    check_instrument(contract)


def test_funding_is_stored_and_moves_no_greek():
    funded = InversePerp(name="P", underlying="WBTC", funding_rate=1e-4, funding_hours=1)
    assert (funded.funding_rate, funded.funding_hours) == (1e-4, 1.0)
    plain = InversePerp(name="P", underlying="WBTC")
    assert funded.exposure(market()).delta == plain.exposure(market()).delta


def test_a_missing_price_is_an_asset_error():
    with pytest.raises(AssetError, match="'WBTC'"):
        PERP.exposure(Market(prices={"WETH": 1.0}, numeraire="USD"))
    with pytest.raises(AssetError, match="'USDC'"):
        QUOTED.exposure(Market(prices={"WBTC": 1.0}, numeraire="USD"))


WRONG = [
    *[("underlying", ""), ("underlying", None), ("quote", ""), ("quote", "WBTC")],
    *[("contract_size", 0), ("contract_size", -10.0), ("contract_size", INF)],
    *[("entry_price", 0.0), ("entry_price", NAN), ("entry_price", "60000")],
    *[("funding_rate", NAN), ("funding_hours", 0), ("lot", -1), ("fee", 1.0), ("name", "")],
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        InversePerp(**{**InversePerp.example, field: value})
    assert (caught.value.kind, caught.value.field) == ("inverse-perp", field)
