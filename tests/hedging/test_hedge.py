"""The hedge: exact, smallest, and over anything that has an exposure."""

import ast
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc

SEEDS = st.integers(0, 10**6)


@given(seed=SEEDS, n=st.integers(1, 5))
def test_delta_is_neutral_in_every_row(stake, tool, seed, n):
    rng = np.random.default_rng(seed)
    names = [f"A{i}" for i in range(n)]
    market = hc.Market(prices={a: 10 ** rng.uniform(-6, 6) for a in names})
    target = stake(delta={a: rng.normal() * 10 ** rng.uniform(-6, 6) for a in names})
    perps = [tool(f"{a}-PERP", **{a: 10 ** rng.uniform(-3, 3)}) for a in names]
    answer = hc.hedge(target, with_=perps, market=market)
    before, after = answer.before.delta, answer.after.delta
    assert (np.abs(after) <= 1e-15 * np.abs(before)).all()
    assert answer.unhedged == {}
    for a, perp in zip(names, perps, strict=True):
        exact = -target.delta[a] / perp.delta[a]
        assert np.isclose(answer.quantities[perp.name], exact, rtol=1e-14)
        assert np.isclose(answer.hedge_ratios[perp.name], 1.0, rtol=1e-14)


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
def test_mixed_magnitudes_solve_to_the_gross_exposure_and_each_row_to_itself(
    stake, tool, power, prices
):
    names = ("WBTC", "WETH", "USDC", "SHIB")
    market = hc.Market(prices={a: 10**p for a, p in zip(names, prices, strict=True)})
    target = stake(delta={a: (-1) ** i * 10 ** power[i] for i, a in enumerate(names)})
    tools = [tool(a, **{a: 7.0 * 10**-i}) for i, a in enumerate(names)]
    answer = hc.hedge(target, with_=tools, market=market)
    gross = np.abs(answer.before.delta_cash).sum()
    assert np.abs(answer.after.delta_cash).sum() <= 1e-12 * gross
    assert (np.abs(answer.after.delta) <= 1e-12 * np.abs(answer.before.delta)).all()


def test_a_millionth_of_a_bitcoin_and_a_trillion_shib(stake, tool):
    market = hc.Market(prices={"WBTC": 60000.0, "SHIB": 1e-5})
    target = stake(delta={"WBTC": 1e-6, "SHIB": 1e12})
    tools = [tool("BTC", WBTC=0.001), tool("1000SHIB", SHIB=1000.0)]
    answer = hc.hedge(target, with_=tools, market=market)
    assert np.isclose(answer.quantities["BTC"], -1e-3, rtol=1e-14)
    assert np.isclose(answer.quantities["1000SHIB"], -1e9, rtol=1e-14)
    assert (np.abs(answer.after.delta) <= 1e-12 * answer.before.delta).all()


def test_a_row_that_is_small_beside_a_coupled_large_one_is_met_to_itself(stake, tool):
    market = hc.Market(prices={"WBTC": 60000.0, "SHIB": 1e-5})
    target = stake(delta={"WBTC": 1e-6, "SHIB": 1e12})
    both = stake(name="both", delta={"WBTC": 1.0, "SHIB": 5e9}, hedges=("WBTC", "SHIB"))
    tools = [both, tool("SHIB", SHIB=1.0)]
    answer = hc.hedge(target, with_=tools, market=market)
    assert (np.abs(answer.after.delta) <= 1e-12 * answer.before.delta).all()


@given(sizes=st.lists(st.floats(1e-3, 1e3), min_size=3, max_size=3), delta=st.floats(1, 100))
def test_what_several_could_do_is_shared_whatever_their_contract_sizes(stake, tool, sizes, delta):
    market = hc.Market(prices={"A": 5.0})
    tools = [tool(str(i), A=size) for i, size in enumerate(sizes)]
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


def test_an_array_of_markets_gives_arrays_equal_to_each(product, weighted, stake, tool):
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
    tools = [tool("a", A=0.1), tool("b", B=1.0), option]
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


def test_a_scalar_market_gives_floats(stake, tool, market):
    answer = hc.hedge(stake(delta={"WETH": 2.0}), with_=[tool("a", WETH=1.0)], market=market)
    assert isinstance(answer.quantities["a"], float)
    assert isinstance(float(answer.cost), float)


def test_an_empty_array_of_markets_is_an_empty_answer(stake, tool):
    market = hc.Market(prices={"A": np.ones(0)})
    answer = hc.hedge(stake(delta={"A": 2.0}), with_=[tool("a", A=1.0)], market=market)
    assert answer.quantities["a"].shape == (0,)
    assert str(answer)


def test_instruments_may_come_from_any_iterable(stake, tool, market):
    tools = (tool(name, WETH=1.0) for name in "ab")
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
    source = (Path(hc.__file__).parent / "hedging" / "hedge.py").read_text()
    names = {
        node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)
    }
    assert not {name for name in names if "pool" in name or "registry" in name}


def test_the_hedge_of_a_hedged_portfolio_is_nothing(product, tool, market):
    pool, perp = product(assets=("WETH", "USDC"), depth=100.0), tool("p", WETH=1.0)
    amount = float(hc.hedge(pool, with_=[perp], market=market).quantities["p"])
    hedged = hc.Portfolio([("pool", pool, 1.0), ("perp", perp, amount)])
    again = hc.hedge(hedged, with_=[perp], market=market).quantities["p"]
    assert abs(again) <= 1e-15 * abs(amount)


def test_what_is_left_beyond_a_lot_is_not_blamed_on_lots(stake):
    """One perp of fine lots for two assets: B stays since nothing offsets it, A is rounded."""
    market = hc.Market(prices={"A": 1.0, "B": 2.0})
    held = hc.Portfolio([("a", hc.Balance("A"), 10.0004), ("b", hc.Balance("B"), 500.0)])
    tool = stake(name="P", delta={"A": 1.0}, hedges=("A",), lot=0.001)
    answer = hc.hedge(held, with_=[tool], market=market, request=hc.HedgeRequest(assets=["A", "B"]))
    assert answer.unhedged == {
        "A": "left by lots and minimum sizes",
        "B": "the instruments cannot offset it all at once",
    }
