"""The options: from TOML and back, and what is wrong with one said by its name."""

import pytest
from hedgecore_convex_solver import Convex

import hedgecore as hc

BOOK = """
numeraire = "USD"
[prices]
WETH = 3000.0
[[holding]]
asset = "WETH"
amount = 10.0
[[instrument]]
kind = "perp"
name = "P"
underlying = "WETH"
fee = 0.0001
funding_rate = 0
[[instrument]]
kind = "perp"
name = "Q"
underlying = "WETH"
fee = 0.0005
funding_rate = 0
[hedge]
neutral = ["delta"]
solver = "convex"
minimise = { cost = 1.0 }
position_limits = { P = 4.0, Q = [-8.0, 0.0] }
max_nodes = 50
"""


def test_a_book_asks_for_all_of_it(tmp_path):
    path = tmp_path / "book.toml"
    path.write_text(BOOK)
    answer = hc.Book.load(path).hedge()
    assert answer.quantities == pytest.approx({"P": -4.0, "Q": -6.0}, rel=1e-9)
    assert "Certified exact" in str(answer)
    assert "Binds: position of P, at -4; one more is worth 1.2 USD." in str(answer)


def test_a_solver_is_a_table_and_back():
    solver = Convex(
        minimise={"cost": 1, "cvar": 2}, soft={"gamma": 0.1}, bands={"delta:WETH": 5},
        moves={"WETH": [-0.1, 0.1]}, max_gross=1e6, max_orders=3,
        aggregate=["delta"], enforce_lots=False,
    )  # fmt: skip
    assert hc.build(hc.spec_of(solver)) == solver
    assert hc.build({"kind": "convex", **Convex.example}).max_orders == 3


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"minimise": {"costs": 1}}, "minimise: there is no 'costs'; did you mean 'cost'?"),
        ({"minimise": {"squares": 1}}, "minimise: 'squares' is called 'ridge' now"),
        ({"minimise": {"cost": -1}}, "minimise.cost: must be 0 or more"),
        ({"minimise": {"cost": 1e300}}, "minimise.cost: must be from 1e-100 to 1e+100 in size"),
        ({"margin_budget": 1e300}, "margin_budget: must be positive, from 1e-100 to 1e100"),
        ({"max_gross": 1e-300}, "max_gross: must be positive, from 1e-100 to 1e100"),
        ({"impact": {"A": 1e-300}}, "impact.A: must be from 1e-100 to 1e+100 in size"),
        ({"vols": {"A": 60_000.0}}, "vols.A: must be 0 or more, and at most 1000"),
        ({"soft": {"delta": "a"}}, "soft.delta: must be a number"),
        ({"soft": [1]}, "soft: must be a table"),
        ({"bands": {"delta:WETH": [2, 1]}}, "low ≤ high"),
        ({"bands": {"delta:WETH": [1, 2, 3]}}, "low ≤ high"),
        ({"moves": {"WETH": [-1.0]}}, "more than -1"),
        ({"moves": {"WETH": []}}, "one number at least"),
        ({"moves": {"WETH": "x"}}, "must be a list"),
        ({"aggregate": ["theta"]}, "there is no 'theta'"),
        ({"hard": ["delta"], "soft": {"delta": 1}}, "hard: delta has a price in `soft`"),
        ({"hard": ["theta"]}, "there is no 'theta'"),
        ({"max_orders": -1}, "whole number"),
        ({"max_nodes": 1.5}, "whole number"),
        ({"enforce_lots": 1}, "true or false"),
        ({"max_nodes": 0}, "a whole number, 1 or more"),
        ({"leverage": {"P": 0}}, "positive"),
        ({"spread": {"P": float("nan")}}, "not a finite number"),
        ({"max_gros": 1}, "did you mean 'max_gross'?"),
        ({"covariance": {"WETH:WETH": -1}}, "covariance: has a negative variance of WETH"),
        ({"covariance": {"WETH": 1}}, "by pairs"),
        ({"covariance": [1]}, "must be a table"),
        ({"covariance": {"A:B": "x"}}, "covariance.A:B: must be a number"),
        ({"covariance": {"A:B": 0.1, "B:A": 0.2}}, "they are one number"),
        ({"covariance": {"A:A": 1, "B:B": 1, "A:B": 1.5}}, "the correlation of A:B 1.5"),
        ({"covariance": {"A:A": 0, "B:B": 1, "A:B": 0.5}}, "one of the two has no variance"),
        ({"covariance": {"assets": ["A"], "matrix": [[1, 2]]}}, "1 rows of 1 numbers"),
        ({"covariance": {"assets": ["A", "A"], "matrix": [[1, 2], [2, 1]]}}, "different names"),
        ({"covariance": {"assets": ["A", "B"], "matrix": [[1, 0.1], [0.2, 1]]}}, "covariance.B:A"),
        ({"correlations": {"A:B": 1.5}}, "correlations.A:B: is from -1 to 1"),
        ({"correlations": {"A:A": 0.5}}, "correlations.A:A: is 1"),
        ({"correlations": {"A:B": 0.9, "B:C": 0.9, "A:C": -0.9}}, "cannot stand with the others"),
        ({"correlations": {"A:B": 0.5}, "covariance": {"A:A": 1}}, "stands beside `covariance`"),
        ({"vols": {"A": 1}, "covariance": {"A:A": 1}}, "vols: stands beside `covariance`"),
        ({"vols": {"A": -1}}, "vols.A: must be 0 or more"),
        ({"max_leverage": 0}, "max_leverage: must be positive"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(table, says):
    with pytest.raises(hc.SpecError) as error:
        hc.build({"kind": "convex", **table})
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"position_limits": {"X": 1}}, "`position_limits` names 'X'"),
        ({"targets": {"delta:WBTC": 1}}, "`targets` names 'delta:WBTC'"),
        ({"bands": {"gamma:WETH": 1}}, "`bands` names"),
        ({"carry": {"X": 1}}, "`carry` names"),
        ({"minimise": {"variance": 1}}, "no entry for WETH:WETH"),
        ({"correlations": {"WETH:WBTC": 0.8}}, "`vols` has no entry for WETH"),
    ],
)
def test_what_is_not_here_is_an_error_of_the_hedge(fake, market, table, says):
    perp = fake(name="P", delta={"WETH": 1.0})
    with pytest.raises(hc.HedgeError, match=says):
        hc.hedge(fake(delta={"WETH": 1.0}), with_=[perp], market=market, solver=Convex(**table))


def test_arrays_of_prices_are_refused(fake):
    market = hc.Market(prices={"WETH": [1.0, 2.0]})
    perp = fake(name="P", delta={"WETH": 1.0})
    with pytest.raises(hc.HedgeError, match="one price"):
        hc.hedge(fake(delta={"WETH": 1.0}), with_=[perp], market=market, solver=Convex())


def test_an_unknown_fee_is_refused_where_it_is_weighed_and_named_where_not(fake, market):
    perp, held = fake(name="P", delta={"WETH": 1.0}, fee=None), fake(delta={"WETH": 1.0})
    with pytest.raises(hc.HedgeError, match=r"fee of 'P' is unknown.*`fee` in the book, or --fee"):
        hc.hedge(held, with_=[perp], market=market, solver=Convex())
    answer = hc.hedge(
        held, with_=[perp], market=market, solver=Convex(minimise={}, soft={"delta": 1.0})
    )
    assert (answer.quantities["P"], answer.cost) == (pytest.approx(-1.0), None)
    assert "The fee of P is unknown: give fee in the book, or --fee." in answer.remarks()


def test_an_unknown_funding_is_refused_where_it_is_weighed_and_given_by_carry(market):
    perp = hc.build({"kind": "perp", "name": "P", "underlying": "WETH", "fee": 5e-4})
    held, weighed = hc.Balance("WETH"), {"minimise": {"cost": 1.0, "carry": 7.0}}
    with pytest.raises(hc.HedgeError, match=r"funding of 'P' is unknown.*--funding"):
        hc.hedge(held, with_=[perp], market=market, solver=Convex(**weighed))
    given = Convex(**weighed, carry={"P": -2.0}, hard=("delta",))
    assert hc.hedge(held, with_=[perp], market=market, solver=given).certificate.breakdown[
        "carry per day"
    ] == pytest.approx(2.0)
    answer = hc.hedge(held, with_=[perp], market=market, solver=Convex())
    assert answer.carry is None
    assert "carry per day" not in answer.certificate.breakdown
    assert any(line.startswith("The funding of P is unknown") for line in answer.remarks())


def test_nothing_to_do_is_done(fake, market):
    perp = fake(name="P", delta={"WETH": 1.0}, fee=1e-4, lot=0.1)
    answer = hc.hedge(fake(delta={"WETH": 0.0}), with_=[perp], market=market, solver=Convex())
    assert (answer.quantities["P"], answer.certificate.status) == (0.0, "exact")
