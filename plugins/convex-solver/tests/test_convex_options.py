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
[[instrument]]
kind = "perp"
name = "Q"
underlying = "WETH"
fee = 0.0005
[hedge]
neutral = ["delta"]
solver = "convex"
minimise = { cost = 1.0 }
position = { P = 4.0, Q = [-8.0, 0.0] }
time_limit = 2
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
        moves={"WETH": [-0.1, 0.1]}, gross=1e6, orders=3, aggregate=["delta"], lots=False,
    )  # fmt: skip
    assert hc.build(hc.spec_of(solver)) == solver
    assert hc.build({"kind": "convex", **Convex.example}).orders == 3


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"minimise": {"costs": 1}}, "minimise: there is no 'costs'; did you mean 'cost'?"),
        ({"minimise": {"cost": -1}}, "minimise.cost: must be 0 or more"),
        ({"soft": {"delta": "a"}}, "soft.delta: must be a number"),
        ({"soft": [1]}, "soft: must be a table"),
        ({"bands": {"delta:WETH": [2, 1]}}, "low ≤ high"),
        ({"bands": {"delta:WETH": [1, 2, 3]}}, "low ≤ high"),
        ({"moves": {"WETH": [-1.0]}}, "more than -1"),
        ({"moves": {"WETH": []}}, "one number at least"),
        ({"moves": {"WETH": "x"}}, "must be a list"),
        ({"aggregate": ["theta"]}, "there is no 'theta'"),
        ({"orders": -1}, "whole number"),
        ({"orders": 1.5}, "whole number"),
        ({"lots": 1}, "true or false"),
        ({"time_limit": 0}, "positive"),
        ({"leverage": {"P": 0}}, "positive"),
        ({"start": {"": 1}}, "by name"),
        ({"spread": {"P": float("nan")}}, "not a finite number"),
        ({"grosss": 1}, "did you mean 'gross'?"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(table, says):
    with pytest.raises(hc.SpecError) as error:
        hc.build({"kind": "convex", **table})
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"position": {"X": 1}}, "`position` names 'X'"),
        ({"start": {"PP": 1}}, "did you mean 'P'"),
        ({"targets": {"delta:WBTC": 1}}, "`targets` names 'delta:WBTC'"),
        ({"bands": {"gamma:WETH": 1}}, "`bands` names"),
        ({"carry": {"X": 1}}, "`carry` names"),
        ({"minimise": {"variance": 1}}, "no entry for WETH:WETH"),
        ({"minimise": {"variance": 1}, "covariance": {"WETH:WETH": -1}}, "eigenvalue"),
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


def test_an_unknown_fee_is_said(fake, market):
    perp = fake(name="P", delta={"WETH": 1.0}, fee=None)
    answer = hc.hedge(fake(delta={"WETH": 1.0}), with_=[perp], market=market, solver=Convex())
    assert answer.cost is None
    assert "The fee of P is unknown" in answer.notes[0]


def test_nothing_to_do_is_done(fake, market):
    perp = fake(name="P", delta={"WETH": 1.0}, fee=1e-4, lot=0.1)
    answer = hc.hedge(fake(delta={"WETH": 0.0}), with_=[perp], market=market, solver=Convex())
    assert (answer.quantities["P"], answer.certificate.tier) == (0.0, "exact")
