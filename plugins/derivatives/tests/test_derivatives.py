"""Contracts and their exact Greeks: hedging.md, table 1."""

import numpy as np
import pytest
from hedgecore_derivatives import Perp, Spot

from hedgecore import AssetError, Exposure, Market, SpecError, enter
from hedgecore import hedge as hedged

ETH = Spot(name="ETH-SPOT", asset="WETH")
PLAIN = Perp(name="P", underlying="WETH", contract_size=0.1, entry_price=2500.0)
IN_COIN = Perp(
    name="P", underlying="WETH", settlement="USDT", contract_size=0.1, entry_price=2500.0
)
NEW = Perp(name="P", underlying="WETH", settlement="USDT", contract_size=10.0)
CONTRACTS = [ETH, PLAIN, IN_COIN, NEW]
ALL = pytest.mark.parametrize("contract", CONTRACTS, ids=["spot", "perp", "in-coin", "new"])


def market(weth=3000.0, usdt=0.75):
    return Market(prices={"WETH": weth, "USDT": usdt, "WBTC": 60_000.0}, numeraire="USD")


def test_spot_is_the_asset_itself():
    exposure = ETH.exposure(market())
    assert (exposure.assets, exposure.numeraire) == (("WETH",), "USD")
    assert exposure.value == 3000.0
    assert exposure.delta.tolist() == [1.0]
    assert exposure.gamma.tolist() == [[0.0]]
    assert (ETH.hedges, ETH.contract_size) == (("WETH",), 1.0)


def test_perp_in_the_numeraire():
    exposure = PLAIN.exposure(market())
    assert exposure.value == pytest.approx(0.1 * (3000 - 2500), rel=1e-15)
    assert (exposure.assets, exposure.delta.tolist()) == (("WETH",), [0.1])
    assert not exposure.gamma.any()
    assert PLAIN.hedges == ("WETH",)


def test_perp_settled_in_a_coin():
    """V = c (S - P₀u): the coin that profit is paid in has its own delta, -cP₀."""
    exposure = IN_COIN.exposure(market())
    assert exposure.assets == ("WETH", "USDT")
    assert exposure.value == pytest.approx(0.1 * (3000 - 2500 * 0.75), rel=1e-15)
    assert exposure.delta.tolist() == [0.1, -250.0]
    assert not exposure.gamma.any()
    assert IN_COIN.hedges == ("WETH",)


def test_a_new_perp_is_worth_nothing():
    exposure = NEW.exposure(market())
    assert exposure.value == NEW.worth(market()) == 0.0
    assert exposure.delta.tolist() == [10.0, -10.0 * 4000.0]
    assert Perp(name="P", underlying="WETH").worth(market()) == 0.0


def test_a_perp_is_entered_once():
    held = NEW.enter(market())
    assert held.entry_price == 4000.0
    assert enter(held, market(weth=1.0)) is held
    assert held.worth(market(weth=3003.0)) == pytest.approx(30.0, rel=1e-12)
    assert enter(ETH, market()) is ETH
    with pytest.raises(SpecError, match=r"perp\.entry_price"):
        NEW.enter(market(weth=[3000.0, 3001.0]))


@pytest.mark.parametrize("contract", [ETH, IN_COIN, NEW], ids=["spot", "in-coin", "new"])
def test_euler_with_the_settlement_coin(contract):
    exposure = contract.exposure(market())
    assert exposure.delta_cash.sum() == pytest.approx(float(exposure.value), abs=1e-11)


@ALL
def test_worth_is_the_exposures_value(contract):
    for shape in ((), (3,), (2, 3)):
        there = market(weth=np.linspace(1500, 6000, int(np.prod(shape))).reshape(shape))
        worth, exposure = contract.worth(there), contract.exposure(there)
        assert np.shape(worth) == shape == exposure.value.shape
        assert exposure.delta.shape == (*shape, len(exposure.assets))
        assert exposure.gamma.shape == (*shape, *2 * exposure.delta.shape[-1:])
        assert (worth == exposure.value).all()


@ALL
def test_shapes_follow_the_whole_market(contract):
    """Another asset's scenarios shape every answer, so that portfolios add up."""
    there = Market(prices={"WETH": 3000.0, "USDT": 0.75, "WBTC": [1.0, 2.0]}, numeraire="USD")
    assert contract.worth(there).shape == contract.exposure(there).value.shape == (2,)


@ALL
def test_batches_are_pointwise(contract):
    prices = np.array([1000.0, 3000.0, 9000.0])
    batch = contract.exposure(market(weth=prices, usdt=[0.5, 0.75, 1.0]))
    for at, (weth, usdt) in enumerate(zip(prices, (0.5, 0.75, 1.0), strict=True)):
        one = contract.exposure(market(weth, usdt))
        assert one.value == batch.value[at]
        assert (one.delta == batch.delta[at]).all()


@ALL
@pytest.mark.parametrize("asset", ["WETH", "USDT"])
def test_delta_is_the_derivative_of_worth(contract, asset):
    """Linear in every price once entered, so that differences of any size are exact."""
    prices = {"WETH": 3000.0, "USDT": 0.75}
    held = enter(contract, market())
    for relative in (1e-3, 0.1, 0.9):
        step = relative * prices[asset]
        ends = [Market(prices={**prices, asset: prices[asset] + s}) for s in (step, -step)]
        slope = (held.worth(ends[0]) - held.worth(ends[1])) / (2 * step)
        exposure = contract.exposure(market())
        delta = dict(zip(exposure.assets, exposure.delta, strict=True)).get(asset, 0.0)
        assert slope == pytest.approx(float(delta), rel=1e-11, abs=1e-11)


def test_another_numeraire_moves_no_delta():
    """In USDT the coin is the numeraire: its term goes, the underlying's stays."""
    exposure = IN_COIN.exposure(Market(prices={"WETH": 4000.0}, numeraire="USDT"))
    assert (exposure.assets, exposure.delta.tolist()) == (("WETH",), [0.1])
    assert exposure.value == pytest.approx(0.1 * (4000 - 2500), rel=1e-15)
    in_usd = IN_COIN.exposure(market())
    assert float(in_usd.value) == pytest.approx(0.75 * float(exposure.value), rel=1e-15)


def test_the_underlying_is_no_settlement_coin():
    with pytest.raises(SpecError, match=r"perp\.settlement: 'WETH' is the underlying"):
        Perp(name="P", underlying="WETH", settlement="WETH")
    unnamed = Perp(name="P", underlying="WETH")
    for ask in (unnamed.worth, unnamed.exposure, unnamed.enter):
        with pytest.raises(SpecError, match=r"perp\.settlement: must be given"):
            ask(Market(prices={"USDC": 1 / 3000}, numeraire="WETH"))


@ALL
def test_a_missing_price_is_an_asset_error(contract):
    with pytest.raises(AssetError, match=r"'(WETH|USDT)'"):
        contract.exposure(Market(prices={"WBTC": 60_000.0}, numeraire="USD"))


def test_funding_is_stored_and_moves_no_greek():
    funded = Perp(name="P", underlying="WETH", funding_rate=-0.0001, funding_hours=1)
    assert (funded.funding_rate, funded.funding_hours) == (-0.0001, 1.0)
    plain = Perp(name="P", underlying="WETH")
    assert funded.worth(market()) == plain.worth(market())
    assert (funded.exposure(market()).delta == plain.exposure(market()).delta).all()


@ALL
def test_contracts_add_up(contract):
    twice = contract.exposure(market()) + contract.exposure(market())
    assert isinstance(twice, Exposure)
    assert (twice.delta == 2 * contract.exposure(market()).delta).all()


def test_a_perp_hedges_a_balance():
    answer = hedged(ETH, with_=[PLAIN], market=market())
    assert answer.quantities["P"] == pytest.approx(-10.0, rel=1e-14)
