"""Gamma in a hedge: after delta, with the freedom that is left, and cross where asked."""

import numpy as np
import pytest

import hedgecore as hc


def test_gamma_takes_the_freedom_that_delta_leaves(stake, tool):
    market = hc.Market(prices={"A": 100.0})
    pool = stake(delta={"A": 10.0}, gamma={("A", "A"): -0.4})
    option = stake(name="option", delta={"A": 0.5}, gamma={("A", "A"): 0.02}, hedges=("A",))
    perp = tool("perp", A=1.0)
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    answer = hc.hedge(pool, with_=[option, perp], market=market, request=request)
    assert np.isclose(answer.quantities["option"], 20.0, rtol=1e-13)
    assert np.isclose(answer.quantities["perp"], -20.0, rtol=1e-13)
    assert abs(answer.after.delta[0]) <= 1e-13
    assert abs(answer.after.gamma[0, 0]) <= 1e-15


def test_hulls_delta_and_gamma_neutral_portfolio(stake, tool):
    """Hull, *Options, Futures, and Other Derivatives*, chapter on Greek letters.

    A portfolio is delta neutral with gamma −3000; a traded option has delta 0.62 and gamma 1.50.
    2000 options make it gamma neutral, and then 1240 of the asset are sold.
    """
    market = hc.Market(prices={"S": 50.0})
    portfolio = stake(delta={"S": 0.0}, gamma={("S", "S"): -3000.0})
    option = stake(name="option", delta={"S": 0.62}, gamma={("S", "S"): 1.5}, hedges=("S",))
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    answer = hc.hedge(portfolio, with_=[option, tool("S", S=1.0)], market=market, request=request)
    assert np.isclose(answer.quantities["option"], 2000.0, rtol=1e-13)
    assert np.isclose(answer.quantities["S"], -1240.0, rtol=1e-13)


def test_delta_comes_first_where_both_cannot_be_had(stake):
    market = hc.Market(prices={"A": 100.0})
    pool = stake(delta={"A": 10.0}, gamma={("A", "A"): -0.4})
    option = stake(name="option", delta={"A": 0.5}, gamma={("A", "A"): 0.02}, hedges=("A",))
    for neutral, exact in ((("delta", "gamma"), -20.0), (("gamma", "delta"), 20.0)):
        request = hc.HedgeRequest(neutral=neutral)
        answer = hc.hedge(pool, with_=[option], market=market, request=request)
        assert np.isclose(answer.quantities["option"], exact, rtol=1e-13)


def test_perps_alone_leave_gamma_as_it_is_and_delta_exact(product, tool, market):
    pool = product(assets=("WETH", "USDC"), depth=100.0)
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    perp = tool("perp", WETH=1.0)
    answer = hc.hedge(pool, with_=[perp], market=market, request=request)
    assert abs(answer.after.over(["WETH", "USDC"]).delta[0]) <= 1e-15 * answer.before.delta[0]
    assert answer.after.gamma[0, 0] == answer.before.gamma[0, 0]


def test_cross_gammas_count_where_asked(stake, tool):
    market = hc.Market(prices={"A": 2.0, "B": 4.0})
    gamma = {("A", "A"): -1.0, ("B", "B"): -1.0, ("A", "B"): 0.7}
    pool = stake(delta={"A": 1.0, "B": 1.0}, gamma=gamma)
    tools = [tool("a", A=1.0), tool("b", B=1.0)]
    tools += [
        stake(name=f"{i}{j}", delta={i: 0.1, j: 0.1}, gamma={(i, j): 1.0}, hedges=(i, j))
        for i, j in (("A", "A"), ("B", "B"), ("A", "B"))
    ]
    request = hc.HedgeRequest(neutral=("delta", "gamma"), cross_gamma=True)
    answer = hc.hedge(pool, with_=tools, market=market, request=request)
    assert np.abs(answer.after.gamma).max() <= 1e-13
    assert np.abs(answer.after.delta).max() <= 1e-13
    plain = hc.HedgeRequest(neutral=("delta", "gamma"))
    answer = hc.hedge(pool, with_=tools[:4], market=market, request=plain)
    assert np.abs(np.diag(answer.after.gamma)).max() <= 1e-13
    assert answer.after.gamma[0, 1] == pytest.approx(0.7)


def test_an_infinite_gamma_spares_a_delta_hedge_and_refuses_a_gamma_hedge(stake, tool, market):
    steep = stake(delta={"WETH": 2.0}, gamma={("WETH", "WETH"): -np.inf})
    perp = tool("p", WETH=1.0)
    answer = hc.hedge(steep, with_=[perp], market=market)
    assert answer.quantities["p"] == -2.0
    assert str(answer)
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    with pytest.raises(hc.HedgeError, match="gamma of the target"):
        hc.hedge(steep, with_=[perp], market=market, request=request)
    sharp = stake(name="s", delta={"WETH": 1.0}, gamma={("WETH", "WETH"): np.inf}, hedges=("WETH",))
    with pytest.raises(hc.HedgeError, match="gamma of 's'"):
        hc.hedge(stake(delta={"WETH": 2.0}), with_=[sharp], market=market, request=request)
