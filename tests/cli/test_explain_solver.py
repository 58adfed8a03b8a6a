"""`hedgecore hedge --explain` of a solver with limits: its certificate, its limits, its reasons."""

import re

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("hedgecore_derivatives")


import hedgecore as hc
from books import BOOK, written
from hedgecore.tables.render import amount


def test_the_certificate_stands_in_sentences_and_in_json(said, document, limited):
    answer, given, text = hc.Book.load(limited).hedge(), document("hedge", limited), said(limited)
    its = answer.certificate
    assert given["solver"] == "convex"
    assert given["certificate"]["status"] == its.status
    assert given["certificate"]["objective"] == its.objective
    assert given["certificate"]["breakdown"] == its.breakdown
    assert {
        k: tuple(v) for k, v in given["certificate"]["shadow_prices"].items()
    } == its.shadow_prices
    assert its.shadow_prices
    for limit, (value, worth) in its.shadow_prices.items():
        assert f"The limit on the {limit} binds, at {amount(value)}" in text
        assert f"would save {amount(worth)} USD" in text
    assert f"Certified {its.status}" in text
    assert "Asked of it: minimise = { cost = 1.0, carry = 2.0 }; soft = { gamma = 0.002 }" in text
    assert given["margin"] == pytest.approx(sum(given["margins"].values()))
    orders = given["carry"]["orders"]
    assert sum(orders.values()) == pytest.approx(its.breakdown["carry per day"])
    positions = given["carry"]["positions"]
    assert positions["range"] is None
    assert positions["USDC balance"] == 0.0
    assert positions["debt"] == pytest.approx(-3 * 2000.0 * 0.0365 / 365)


def test_no_trade_names_the_conflict(said, document, limited):
    text = limited.read_text(encoding="utf-8").replace("margin_budget = 1e6", "margin_budget = 1.0")
    book = written(
        limited.parent, text.replace("soft = { gamma = 0.002 }", 'hard = ["delta", "gamma"]')
    )
    given = document("hedge", book)
    assert given["certificate"]["status"] == "no trade"
    assert given["certificate"]["objective"] is None
    assert set(given["quantities"].values()) == {0.0}
    assert any("cannot be met together" in note for note in given["notes"])
    text = said(book)
    assert "cannot be met together" in text
    assert "None: nothing is traded." in text


def test_the_command_line_may_ask_for_another_solver_and_other_greeks(call, document, limited):
    plain = document("hedge", limited, "--solver", "least-squares", "--neutral", "delta")
    assert (plain["solver"], plain["certificate"]) == ("least-squares", None)
    assert plain["after"]["WETH"]["delta"] == pytest.approx(0.0, abs=0.1)
    other = document("hedge", BOOK, "--solver", "convex")
    assert other["certificate"]["status"] != "no trade"
    for words in (("--solver", "perp"), ("--solver", "convx"), ("--neutral", "delt")):
        done = call("hedge", limited, *words)
        assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)


def test_a_curve_after_the_hedge_is_after_the_books_own_hedge(document, limited):
    given, due = document("curve", limited, "--asset", "WETH"), document("hedge", limited)
    assert given["quantities"] == due["quantities"]
    least = document("hedge", limited, "--solver", "least-squares")
    assert given["quantities"] != least["quantities"]


def test_a_solver_that_needs_more_than_its_kind_says_so(call, limited):
    pytest.importorskip("hedgecore_static_strip")
    done = call("hedge", limited, "--solver", "strip")
    assert done.exit_code == 2
    assert "needs low, high" in done.stderr
    assert "say more under [hedge] in the book" in done.stderr


def test_no_trade_is_not_said_to_be_left_by_lots(said, limited):
    text = limited.read_text(encoding="utf-8")
    impossible = 'hard = ["delta"]\nbands = { "delta:WETH" = [1e9, 2e9] }\nmax_gross = 1.0\n'
    words = said(written(limited.parent, text + impossible))
    assert "nothing is traded: the notes say why." in words
    assert "left by lots" not in words


def test_lots_that_an_answer_does_not_keep_are_told(said, limited):
    text = limited.read_text(encoding="utf-8")
    assert "Amounts are whole lots." in said(limited)
    free = text.replace("max_orders = 2", "enforce_lots = false").replace(
        "gamma = 0.002", "gamma = 1.0"
    )
    assert "These amounts do not keep to them." in said(written(limited.parent, free))


def test_what_is_received_and_paid_per_day_has_its_sign(said, limited):
    words = said(limited)
    assert "Your own positions pay" in words
    assert "debt -" in words
    assert re.search(r"Held, the orders (receive|pay) .* a day: .*[+-]\d", words)
