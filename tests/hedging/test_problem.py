"""The problem in cash rows, what may be asked, and what the answer says of itself."""

import numpy as np
import pytest

import hedgecore as hc


def problem(stake, market, *instruments, target=None, **request):
    target = target or stake(delta={"WETH": 2.0, "USDC": 100.0})
    return hc.HedgeProblem(target, instruments, market, hc.HedgeRequest(**request))


@pytest.fixture
def perp(stake):
    return stake(name="perp", delta={"WETH": 0.1}, hedges=("WETH",), fee=0.001)


def test_a_request_is_for_delta_unless_said():
    assert hc.HedgeRequest() == hc.HedgeRequest(neutral=("delta",), assets=None, cross_gamma=False)
    assert hc.HedgeRequest(neutral="gamma", assets="WETH").assets == ("WETH",)
    assert hc.HedgeRequest(neutral=["delta", "gamma"]).neutral == ("delta", "gamma")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"neutral": ("dleta",)}, "did you mean 'delta'"),
        ({"neutral": ()}, "one at least"),
        ({"neutral": ("delta", "delta")}, "once"),
        ({"neutral": (3,)}, "cannot neutralise 3"),
        ({"assets": ("WETH", "WETH")}, "twice"),
        ({"cross_gamma": "yes"}, "cross_gamma"),
    ],
)
def test_a_request_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(hc.HedgeError, match=message):
        hc.HedgeRequest(**wrong)


def test_there_is_an_instrument_and_each_has_its_own_name(stake, market, perp):
    with pytest.raises(hc.HedgeError, match="no instruments"):
        problem(stake, market)
    with pytest.raises(hc.HedgeError, match="two instruments are called 'perp'"):
        problem(stake, market, perp, perp)


def test_rows_are_what_the_instruments_are_there_for(stake, market, perp):
    other = stake(name="o", delta={"WBTC": 1.0, "USDC": -1.0}, hedges=("WBTC", "WETH"))
    assert problem(stake, market, perp, other).hedged_assets == ("WETH", "WBTC")


def test_rows_are_what_is_asked_for_where_asked(stake, market, perp):
    assert problem(stake, market, perp, assets=("USDC",)).hedged_assets == ("USDC",)
    with pytest.raises(hc.HedgeError, match=r"nothing here depends on .*'WETHH'.*'WETH'"):
        _ = problem(stake, market, perp, assets=("WETHH",)).hedged_assets


def test_the_numeraire_is_never_a_row(stake):
    market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USDC")
    both = stake(name="both", delta={"WETH": 1.0, "USDC": 1.0}, hedges=("USDC", "WETH"))
    assert problem(stake, market, both).hedged_assets == ("WETH",)
    with pytest.raises(hc.HedgeError, match="'USDC' is the numeraire"):
        _ = problem(stake, market, both, assets=("USDC",)).hedged_assets


def test_an_instrument_for_an_asset_that_nothing_depends_on_is_refused(stake, market):
    empty = stake(name="x", delta={"WETH": 1.0}, hedges=("WBTC",))
    with pytest.raises(hc.HedgeError, match="'WBTC'"):
        _ = problem(stake, market, empty).hedged_assets


def test_rows_are_in_cash(stake, market, perp):
    other = stake(name="o", delta={"WBTC": 2.0, "WETH": -1.0}, hedges=("WBTC",))
    asked = problem(stake, market, perp, other)
    assert asked.unit_greeks("delta").tolist() == [[300.0, -3000.0], [0.0, 120000.0]]
    assert asked.target_greeks("delta").tolist() == [6000.0, 0.0]


def test_gamma_rows_are_cash_gammas_with_the_crosses_where_asked(stake, market):
    pairs = {("WETH", "WETH"): -1.0, ("WBTC", "WBTC"): -2.0, ("WETH", "WBTC"): 3.0}
    target = stake(delta={"WETH": 1.0, "WBTC": 1.0}, gamma=pairs)
    tools = [stake(name=a, delta={a: 1.0}, hedges=(a,)) for a in ("WETH", "WBTC")]
    cash = target.exposure(market).gamma_cash
    plain = problem(stake, market, *tools, target=target).target_greeks("gamma")
    assert np.allclose(plain, np.diag(cash), rtol=1e-15)
    crossed = problem(stake, market, *tools, target=target, cross_gamma=True).target_greeks("gamma")
    assert np.allclose(crossed, [cash[0, 0], cash[0, 1], cash[1, 1]], rtol=1e-15)


def test_the_answer_has_prices_for_all_assets_of_both_sides(stake, market):
    tools = [stake(name="btc", delta={"WBTC": 1.0}, hedges=("WBTC",))]
    answer = hc.hedge(stake(delta={"WETH": 1.0}), with_=tools, market=market)
    for side in (answer.before, answer.hedge, answer.after):
        assert side.assets == ("WETH", "WBTC")
        assert side.delta_cash.shape == (2,)
        assert side.gamma_cash.shape == (2, 2)


def test_cost_is_the_fee_on_the_notional(stake, market, perp):
    answer = hc.hedge(stake(delta={"WETH": 2.0}), with_=[perp], market=market)
    assert np.isclose(answer.cost, 0.001 * 2.0 * 3000, rtol=1e-15)


def test_the_cost_is_unknown_where_a_fee_is(stake, market):
    unknown = stake(name="x", delta={"WETH": 1.0}, hedges=("WETH",), fee=None)
    assert hc.hedge(stake(delta={"WETH": 2.0}), with_=[unknown], market=market).cost is None
    nothing = hc.hedge(stake(delta={"WETH": 0.0}), with_=[unknown], market=market)
    assert nothing.cost == 0.0


def test_a_ratio_is_the_part_that_is_offset(stake, market):
    whole = stake(name="a", delta={"WETH": 0.5}, hedges=("WETH",))
    answer = hc.hedge(stake(delta={"WETH": 2.0}), with_=[whole], market=market)
    assert np.isclose(answer.hedge_ratios["a"], 1.0, rtol=1e-15)
    lots = stake(name="a", delta={"WETH": 0.5}, hedges=("WETH",), lot=3.0)
    answer = hc.hedge(stake(delta={"WETH": 2.0}), with_=[lots], market=market)
    assert answer.hedge_ratios["a"] == 0.75
    nothing = hc.hedge(stake(delta={"WETH": 0.0}), with_=[whole], market=market)
    assert nothing.hedge_ratios["a"] is None


def test_what_stays_unhedged_is_said_with_the_reason(stake, market):
    target = stake(delta={"WETH": 1.03, "WBTC": 1.0, "USDC": 5.0})
    lots = stake(name="a", delta={"WETH": 1.0}, hedges=("WETH",), lot=0.1)
    answer = hc.hedge(target, with_=[lots], market=market)
    assert set(answer.unhedged) == {"WETH", "WBTC", "USDC"}
    assert "lots" in answer.unhedged["WETH"]
    assert "no instrument" in answer.unhedged["WBTC"]


def test_the_numeraire_is_never_unhedged(stake):
    market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USDC")
    tool = stake(name="a", delta={"WETH": 1.0}, hedges=("WETH",))
    target = stake(delta={"WETH": 1.0, "USDC": 100.0})
    assert hc.hedge(target, with_=[tool], market=market).unhedged == {}


def test_notes_are_added_and_kept(stake, market, perp):
    answer = hc.hedge(stake(delta={"WETH": 2.0}), with_=[perp], market=market)
    noted = answer.with_notes(["one"]).with_notes(["two"])
    assert noted.notes == (*answer.notes, "one", "two")
    assert noted.quantities == answer.quantities
