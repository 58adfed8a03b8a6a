"""What a hedge cannot or shall not offset: a residual with its reason, or a HedgeError."""

import numpy as np
import pytest

import hedgecore as hc


def test_what_cannot_be_met_is_a_result_with_its_residual_and_reason(stake):
    market = hc.Market(prices={"A": 2.0, "B": 1.0})
    both = stake(name="both", delta={"A": 1.0, "B": 2.0}, hedges=("A", "B"))
    answer = hc.hedge(stake(delta={"A": 5.0, "B": 0.0}), with_=[both], market=market)
    assert np.isclose(answer.quantities["both"], -2.5, rtol=1e-14)
    assert np.allclose(answer.after.delta_cash, [5.0, -5.0], rtol=1e-14)
    assert set(answer.unhedged) == {"A", "B"}
    assert "cannot offset" in answer.unhedged["A"]
    assert "Unhedged" in str(answer)


def test_an_asset_without_an_instrument_stays_with_the_reason(stake, tool, market):
    target = stake(delta={"WETH": 1.0, "WBTC": 2.0})
    answer = hc.hedge(target, with_=[tool("a", WETH=1.0)], market=market)
    assert answer.after.delta.tolist() == [0.0, 2.0]
    assert list(answer.unhedged) == ["WBTC"]
    assert answer.quantities["a"] == -1.0


def test_request_assets_chooses_the_rows(stake, tool, market):
    target = stake(delta={"WETH": 1.0, "WBTC": 2.0})
    tools = [tool("a", WETH=1.0), tool("b", WBTC=1.0)]
    request = hc.HedgeRequest(assets=("WBTC",))
    answer = hc.hedge(target, with_=tools, market=market, request=request)
    assert answer.after.delta.tolist() == [1.0, 0.0]
    assert answer.quantities["a"] == 0.0


def test_an_instruments_side_effects_are_reported_and_never_hedged(stake, market):
    settled = stake(name="p", delta={"WETH": 1.0, "USDC": -3000.0}, hedges=("WETH",))
    answer = hc.hedge(stake(delta={"WETH": 2.0}), with_=[settled], market=market)
    assert answer.quantities["p"] == -2.0
    assert dict(zip(answer.after.assets, answer.after.delta, strict=True)) == {
        "WETH": 0.0,
        "USDC": 6000.0,
    }
    assert "USDC" in answer.unhedged


def test_impossible_input_raises_a_hedge_error(stake, tool, market):
    perp, target = tool("p", WETH=1.0), stake(delta={"WETH": 2.0})
    with pytest.raises(hc.HedgeError, match="no instruments"):
        hc.hedge(target, with_=[], market=market)
    with pytest.raises(hc.HedgeError, match="'p'"):
        hc.hedge(target, with_=[perp, perp], market=market)
    with pytest.raises(hc.HedgeError, match="'DOGE'"):
        hc.hedge(target, with_=[perp], market=market, request=hc.HedgeRequest(assets=("DOGE",)))
    with pytest.raises(hc.HedgeError, match="numeraire"):
        hc.hedge(target, with_=[perp], market=market, request=hc.HedgeRequest(assets=("USD",)))
    with pytest.raises(hc.HedgeError, match="delta of the target is not finite"):
        hc.hedge(stake(delta={"WETH": np.nan}), with_=[perp], market=market)
    with pytest.raises(hc.AssetError, match="'DOGE'"):
        hc.hedge(stake(delta={"DOGE": 1.0}), with_=[perp], market=market)
