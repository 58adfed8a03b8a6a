"""The hedge: exact, smallest, in order of importance, and over anything that has an exposure."""

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc

SEEDS = st.integers(0, 10**6)


def tool(stake, name, **delta):
    return stake(name=name, delta=delta, hedges=tuple(delta))


@given(seed=SEEDS, n=st.integers(1, 5))
def test_delta_is_neutral_in_every_row(stake, seed, n):
    rng = np.random.default_rng(seed)
    names = [f"A{i}" for i in range(n)]
    market = hc.Market(prices={a: 10 ** rng.uniform(-6, 6) for a in names})
    target = stake(delta={a: rng.normal() * 10 ** rng.uniform(-6, 6) for a in names})
    perps = [tool(stake, f"{a}-PERP", **{a: 10 ** rng.uniform(-3, 3)}) for a in names]
    answer = hc.hedge(target, with_=perps, market=market)
    before, after = answer.before.delta, answer.after.delta
    assert (np.abs(after) <= 1e-15 * np.abs(before)).all()
    assert answer.unhedged == {}
    for a, perp in zip(names, perps, strict=True):
        exact = -target.delta[a] / perp.delta[a]
        assert np.isclose(answer.quantities[perp.name], exact, rtol=1e-14)
        assert np.isclose(answer.ratios[perp.name], 1.0, rtol=1e-14)


@given(seed=SEEDS)
def test_instruments_that_move_with_several_assets_are_solved_together(stake, seed):
    rng = np.random.default_rng(seed)
    names = ("A", "B", "C")
    market = hc.Market(prices={"A": 60000.0, "B": 3000.0, "C": 1.0})
    mixing = np.eye(3) + 0.3 * rng.uniform(-1, 1, (3, 3))
    size = 1 / market.vector(names)
    tools = [
        stake(name=str(i), delta=dict(zip(names, mixing[i] * size, strict=True)), hedges=names)
        for i in range(3)
    ]
    target = stake(delta=dict(zip(names, rng.normal(size=3) * size, strict=True)))
    answer = hc.hedge(target, with_=tools, market=market)
    assert np.abs(answer.after.delta_cash).max() <= 1e-14 * np.abs(answer.before.delta_cash).sum()


@given(
    power=st.lists(st.floats(-6, 12), min_size=4, max_size=4),
    prices=st.lists(st.floats(-12, 6), min_size=4, max_size=4),
)
def test_mixed_magnitudes_solve_to_the_gross_exposure_and_each_row_to_itself(stake, power, prices):
    names = ("WBTC", "WETH", "USDC", "SHIB")
    market = hc.Market(prices={a: 10**p for a, p in zip(names, prices, strict=True)})
    target = stake(delta={a: (-1) ** i * 10 ** power[i] for i, a in enumerate(names)})
    tools = [tool(stake, a, **{a: 7.0 * 10**-i}) for i, a in enumerate(names)]
    answer = hc.hedge(target, with_=tools, market=market)
    gross = np.abs(answer.before.delta_cash).sum()
    assert np.abs(answer.after.delta_cash).sum() <= 1e-12 * gross
    assert (np.abs(answer.after.delta) <= 1e-12 * np.abs(answer.before.delta)).all()


def test_a_millionth_of_a_bitcoin_and_a_trillion_shib(stake):
    market = hc.Market(prices={"WBTC": 60000.0, "SHIB": 1e-5})
    target = stake(delta={"WBTC": 1e-6, "SHIB": 1e12})
    tools = [tool(stake, "BTC", WBTC=0.001), tool(stake, "1000SHIB", SHIB=1000.0)]
    answer = hc.hedge(target, with_=tools, market=market)
    assert np.isclose(answer.quantities["BTC"], -1e-3, rtol=1e-14)
    assert np.isclose(answer.quantities["1000SHIB"], -1e9, rtol=1e-14)
    assert (np.abs(answer.after.delta) <= 1e-12 * answer.before.delta).all()


def test_a_row_that_is_small_beside_a_coupled_large_one_is_met_to_itself(stake):
    market = hc.Market(prices={"WBTC": 60000.0, "SHIB": 1e-5})
    target = stake(delta={"WBTC": 1e-6, "SHIB": 1e12})
    both = stake(name="both", delta={"WBTC": 1.0, "SHIB": 5e9}, hedges=("WBTC", "SHIB"))
    tools = [both, tool(stake, "SHIB", SHIB=1.0)]
    answer = hc.hedge(target, with_=tools, market=market)
    assert (np.abs(answer.after.delta) <= 1e-12 * answer.before.delta).all()


@given(sizes=st.lists(st.floats(1e-3, 1e3), min_size=3, max_size=3), delta=st.floats(1, 100))
def test_what_several_could_do_is_shared_whatever_their_contract_sizes(stake, sizes, delta):
    market = hc.Market(prices={"A": 5.0})
    tools = [tool(stake, str(i), A=size) for i, size in enumerate(sizes)]
    answer = hc.hedge(stake(delta={"A": delta}), with_=tools, market=market)
    in_units = [answer.quantities[t.name] * t.delta["A"] for t in tools]
    assert np.allclose(in_units, -delta / 3, rtol=1e-13)
    assert abs(answer.after.delta[0]) <= 1e-15 * delta


@given(seed=SEEDS)
def test_no_other_exact_hedge_is_smaller_in_cash(stake, seed):
    rng = np.random.default_rng(seed)
    market = hc.Market(prices={"A": 5.0, "B": 0.1})
    deltas = rng.normal(size=(4, 2))
    tools = [
        stake(name=str(i), delta={"A": d[0], "B": d[1]}, hedges=("A", "B"))
        for i, d in enumerate(deltas)
    ]
    answer = hc.hedge(stake(delta={"A": 3.0, "B": -70.0}), with_=tools, market=market)
    cash = deltas * [5.0, 0.1]
    size = np.linalg.norm(cash, axis=1)
    scaled = np.array([answer.quantities[str(i)] for i in range(4)]) * size
    matrix = (cash / size[:, None]).T
    assert np.allclose(scaled, -np.linalg.pinv(matrix) @ [15.0, -7.0], rtol=1e-9, atol=1e-11)


def test_gamma_takes_the_freedom_that_delta_leaves(stake):
    market = hc.Market(prices={"A": 100.0})
    pool = stake(delta={"A": 10.0}, gamma={("A", "A"): -0.4})
    option = stake(name="option", delta={"A": 0.5}, gamma={("A", "A"): 0.02}, hedges=("A",))
    perp = tool(stake, "perp", A=1.0)
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    answer = hc.hedge(pool, with_=[option, perp], market=market, request=request)
    assert np.isclose(answer.quantities["option"], 20.0, rtol=1e-13)
    assert np.isclose(answer.quantities["perp"], -20.0, rtol=1e-13)
    assert abs(answer.after.delta[0]) <= 1e-13
    assert abs(answer.after.gamma[0, 0]) <= 1e-15


def test_hulls_delta_and_gamma_neutral_portfolio(stake):
    """Hull, *Options, Futures, and Other Derivatives*, chapter on Greek letters.

    A portfolio is delta neutral with gamma −3000; a traded option has delta 0.62 and gamma 1.50.
    2000 options make it gamma neutral, and then 1240 of the asset are sold.
    """
    market = hc.Market(prices={"S": 50.0})
    portfolio = stake(delta={"S": 0.0}, gamma={("S", "S"): -3000.0})
    option = stake(name="option", delta={"S": 0.62}, gamma={("S", "S"): 1.5}, hedges=("S",))
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    answer = hc.hedge(
        portfolio, with_=[option, tool(stake, "S", S=1.0)], market=market, request=request
    )
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


def test_perps_alone_leave_gamma_as_it_is_and_delta_exact(product, stake, market):
    pool = product(assets=("WETH", "USDC"), depth=100.0)
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    perp = tool(stake, "perp", WETH=1.0)
    answer = hc.hedge(pool, with_=[perp], market=market, request=request)
    assert abs(answer.after.over(["WETH", "USDC"]).delta[0]) <= 1e-15 * answer.before.delta[0]
    assert answer.after.gamma[0, 0] == answer.before.gamma[0, 0]


def test_cross_gammas_count_where_asked(stake):
    market = hc.Market(prices={"A": 2.0, "B": 4.0})
    gamma = {("A", "A"): -1.0, ("B", "B"): -1.0, ("A", "B"): 0.7}
    pool = stake(delta={"A": 1.0, "B": 1.0}, gamma=gamma)
    tools = [tool(stake, "a", A=1.0), tool(stake, "b", B=1.0)]
    tools += [
        stake(name=f"{i}{j}", delta={i: 0.1, j: 0.1}, gamma={(i, j): 1.0}, hedges=(i, j))
        for i, j in (("A", "A"), ("B", "B"), ("A", "B"))
    ]
    request = hc.HedgeRequest(neutral=("delta", "gamma"), cross=True)
    answer = hc.hedge(pool, with_=tools, market=market, request=request)
    assert np.abs(answer.after.gamma).max() <= 1e-13
    assert np.abs(answer.after.delta).max() <= 1e-13
    plain = hc.HedgeRequest(neutral=("delta", "gamma"))
    answer = hc.hedge(pool, with_=tools[:4], market=market, request=plain)
    assert np.abs(np.diag(answer.after.gamma)).max() <= 1e-13
    assert answer.after.gamma[0, 1] == pytest.approx(0.7)


def test_an_array_of_markets_gives_arrays_equal_to_each(product, weighted, stake):
    rng = np.random.default_rng(3)
    shape = (2, 3)
    rows = {a: rng.uniform(0.5, 2.0, shape) * s for a, s in (("A", 6e4), ("B", 3e3), ("C", 1.0))}
    target = hc.Portfolio(
        [
            ("pair", product(assets=("B", "C"), depth=50.0), 2.0),
            ("basket", weighted(assets=tuple("ABC"), weights=(0.5, 0.2, 0.3), depth=5.0), -1.0),
        ]
    )
    option = stake(name="o", delta={"B": 0.5}, gamma={("B", "B"): 0.001}, hedges=("B",))
    tools = [tool(stake, "a", A=0.1), tool(stake, "b", B=1.0), option]
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    many = hc.hedge(target, with_=tools, market=hc.Market(prices=rows), request=request)
    for name, numbers in many.quantities.items():
        assert numbers.shape == shape, name
    assert many.after.value.shape == many.cost.shape == shape
    for at in np.ndindex(shape):
        market = hc.Market(prices={a: row[at] for a, row in rows.items()})
        one = hc.hedge(target, with_=tools, market=market, request=request)
        for name, number in one.quantities.items():
            assert np.isclose(many.quantities[name][at], number, rtol=1e-12)


def test_a_scalar_market_gives_floats(stake, market):
    answer = hc.hedge(stake(delta={"WETH": 2.0}), with_=[tool(stake, "a", WETH=1.0)], market=market)
    assert isinstance(answer.quantities["a"], float)
    assert isinstance(float(answer.cost), float)


def test_an_empty_array_of_markets_is_an_empty_answer(stake):
    market = hc.Market(prices={"A": np.ones(0)})
    answer = hc.hedge(stake(delta={"A": 2.0}), with_=[tool(stake, "a", A=1.0)], market=market)
    assert answer.quantities["a"].shape == (0,)
    assert str(answer)


def test_what_cannot_be_met_is_a_result_with_its_residual_and_reason(stake):
    market = hc.Market(prices={"A": 2.0, "B": 1.0})
    both = stake(name="both", delta={"A": 1.0, "B": 2.0}, hedges=("A", "B"))
    answer = hc.hedge(stake(delta={"A": 5.0, "B": 0.0}), with_=[both], market=market)
    assert np.isclose(answer.quantities["both"], -2.5, rtol=1e-14)
    assert np.allclose(answer.after.delta_cash, [5.0, -5.0], rtol=1e-14)
    assert set(answer.unhedged) == {"A", "B"}
    assert "cannot offset" in answer.unhedged["A"]
    assert "Unhedged" in str(answer)


def test_an_asset_without_an_instrument_stays_with_the_reason(stake, market):
    target = stake(delta={"WETH": 1.0, "WBTC": 2.0})
    answer = hc.hedge(target, with_=[tool(stake, "a", WETH=1.0)], market=market)
    assert answer.after.delta.tolist() == [0.0, 2.0]
    assert list(answer.unhedged) == ["WBTC"]
    assert answer.quantities["a"] == -1.0


def test_request_assets_chooses_the_rows(stake, market):
    target = stake(delta={"WETH": 1.0, "WBTC": 2.0})
    tools = [tool(stake, "a", WETH=1.0), tool(stake, "b", WBTC=1.0)]
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


def test_an_infinite_gamma_spares_a_delta_hedge_and_refuses_a_gamma_hedge(stake, market):
    steep = stake(delta={"WETH": 2.0}, gamma={("WETH", "WETH"): -np.inf})
    perp = tool(stake, "p", WETH=1.0)
    answer = hc.hedge(steep, with_=[perp], market=market)
    assert answer.quantities["p"] == -2.0
    assert str(answer)
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    with pytest.raises(hc.HedgeError, match="gamma of the target"):
        hc.hedge(steep, with_=[perp], market=market, request=request)
    sharp = stake(name="s", delta={"WETH": 1.0}, gamma={("WETH", "WETH"): np.inf}, hedges=("WETH",))
    with pytest.raises(hc.HedgeError, match="gamma of 's'"):
        hc.hedge(stake(delta={"WETH": 2.0}), with_=[sharp], market=market, request=request)


def test_impossible_input_raises_a_hedge_error(stake, market):
    perp, target = tool(stake, "p", WETH=1.0), stake(delta={"WETH": 2.0})
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


def test_instruments_may_come_from_any_iterable(stake, market):
    tools = (tool(stake, name, WETH=1.0) for name in "ab")
    answer = hc.hedge(stake(delta={"WETH": 2.0}), with_=tools, market=market)
    assert np.allclose(list(answer.quantities.values()), -1.0)


def test_nothing_but_exposures_is_asked_for(market):
    class Target:
        def exposure(self, _market):
            return hc.Exposure(("WETH",), "USD", 0.0, [2.0], [[0.0]])

    class Tool:
        name, hedges, contract_size, lot, min_size, fee = "t", ("WETH",), 1.0, 0.0, 0.0, 0.0

        def exposure(self, _market):
            return hc.Exposure(("WETH",), "USD", 0.0, [4.0], [[0.0]])

    answer = hc.hedge(Target(), with_=[Tool()], market=market)
    assert answer.quantities["t"] == -0.5
    assert str(answer)


def test_the_hedge_knows_nothing_of_pools():
    source = Path(hc.__file__).with_name("hedge.py").read_text()
    names = {
        node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)
    }
    assert not {name for name in names if "pool" in name or "registry" in name}


def test_the_hedge_of_a_hedged_portfolio_is_nothing(product, stake, market):
    pool, perp = product(assets=("WETH", "USDC"), depth=100.0), tool(stake, "p", WETH=1.0)
    amount = float(hc.hedge(pool, with_=[perp], market=market).quantities["p"])
    hedged = hc.Portfolio([("pool", pool, 1.0), ("perp", perp, amount)])
    again = hc.hedge(hedged, with_=[perp], market=market).quantities["p"]
    assert abs(again) <= 1e-15 * abs(amount)
