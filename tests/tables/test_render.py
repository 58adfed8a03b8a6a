"""Tables for people: the same numbers as text and as HTML, short and safe."""

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.tables import render


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1234567.891, "-1,234,568"),
        (1234.56789, "1,234.568"),
        (0.000123456789, "0.0001234568"),
        (1e-9, "1e-09"),
        (1e18, "1e+18"),
        (None, "unknown"),
    ],
)
def test_amounts_have_seven_digits(number, shown):
    assert render.amount(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (1234.567, "1,234.57"),
        (-0.5, "-0.50"),
        (1e-12, "0.00"),
        (0.0012, "0.0012"),
        (None, "unknown"),
    ],
)
def test_cash_has_two_decimals_or_what_is_left_of_it(number, shown):
    assert render.cash(number) == shown


def test_arrays_are_shown_by_their_range():
    assert render.amount(np.array([3.0, 1.0, 2.0])) == "1 … 3"
    assert render.cash(np.ones((0,))) == "–"


def test_percents():
    assert render.percent(0.5) == "50.00 %"
    assert render.percent(None) == "–"


def test_text_lines_up():
    table = render.Table("Title", ("name", "n"), [("a", "1"), ("bbbb", "1,000")])
    lines = render.text(table).splitlines()
    assert lines[0] == "Title"
    assert lines[2] == "name      n"
    assert lines[4:] == ["a         1", "bbbb  1,000"]


def test_html_is_escaped():
    table = render.Table("<b>", ("<script>", "n"), [("a & b", "<1>")])
    shown = render.html(table)
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "a &amp; b" in shown
    assert "&lt;1&gt;" in shown


@pytest.fixture
def answer(product, stake, market):
    target = hc.Portfolio(
        [("lp", product(assets=("WETH", "USDC"), depth=100.0), 1.0), ("b", hc.Balance("WBTC"), 0.5)]
    )
    perp = stake(name="<ETH>-PERP", delta={"WETH": 1.0}, hedges=("WETH",), lot=0.01, fee=0.0005)
    return hc.hedge(target, with_=[perp], market=market).with_notes(["a note & more"])


def test_a_hedge_as_text_says_all_that_a_trader_asks(answer):
    shown = str(answer)
    for part in ("Orders", "<ETH>-PERP", "sell", "1.82", "Delta", "WETH", "Gamma", "Worth", "fees"):
        assert part in shown
    assert "Unhedged" in shown
    assert "no instrument" in shown
    assert "30,000.00 USD of WBTC" in shown
    assert "a note & more" in shown


def test_a_hedge_as_html_says_the_same_escaped(answer):
    shown = answer._repr_html_()
    assert '<table style="text-align:right"><caption style="text-align:left;' in shown
    assert "&lt;ETH&gt;-PERP" in shown
    assert "a note &amp; more" in shown
    assert "<ETH>" not in shown


def test_lines_of_text_fit_a_terminal(answer):
    tables = str(answer).split("\n\n")[:-1]
    assert max(len(line) for table in tables for line in table.splitlines()) <= 80


def test_there_is_no_gamma_table_without_gamma(stake, market):
    perp = stake(name="p", delta={"WETH": 1.0}, hedges=("WETH",))
    shown = str(hc.hedge(stake(delta={"WETH": 1.0}), with_=[perp], market=market))
    assert "Gamma" not in shown
    assert "Unhedged" not in shown


def test_rounding_is_not_shown_as_exposure(stake, market):
    perp = stake(name="p", delta={"WETH": 0.3}, hedges=("WETH",))
    answer = hc.hedge(stake(delta={"WETH": 0.7}), with_=[perp], market=market)
    row = next(line for line in str(answer).splitlines() if line.startswith("WETH"))
    assert row.split()[1:3] == ["0.7", "0"]


def test_arrays_of_hedges_are_shown_by_their_ranges(product, stake):
    market = hc.Market(prices={"A": np.linspace(1, 4, 5), "B": 1.0})
    perp = stake(name="p", delta={"A": 1.0}, hedges=("A",), fee=None)
    shown = str(hc.hedge(product(assets=("A", "B"), depth=10.0), with_=[perp], market=market))
    for part in ("sell", "5 … 10", "fees unknown"):
        assert part in shown


def test_a_hedge_that_orders_nothing_can_be_shown(stake, market):
    perp = stake(name="p", delta={"WETH": 1.0}, hedges=("WETH",))
    shown = str(hc.hedge(stake(delta={"WETH": 0.0}), with_=[perp], market=market))
    assert "–" in shown
