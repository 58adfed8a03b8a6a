"""`hedgecore hedge --explain`: sentences whose numbers are the library's."""

import re

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("hedgecore_derivatives")

from rich.cells import cell_len

import hedgecore as hc
from books import BOOK, RANGE, written
from hedgecore.analysis import losses
from hedgecore.tables.render import amount, cash


def test_the_sentences_have_the_numbers_of_the_exposures(said, ranged):
    answer, text = hc.Book.load(ranged).hedge(), said(ranged)
    i = answer.before.assets.index("WETH")
    units, money = answer.before.delta[i], answer.before.delta_cash[i]
    sold = -answer.quantities["ETH-PERP"]
    assert (
        f"Your positions are long {amount(units)} WETH ({cash(money)} USD: {amount(units)} in "
        f"range); selling {amount(sold)} ETH-PERP makes that zero."
    ) in text
    gamma = abs(answer.after.gamma_cash[i, i])
    assert f"loses about {cash(gamma / 200)} USD at 1 % and {cash(gamma / 8)} USD at 5 %" in text
    assert f"It costs {cash(answer.cost)} USD in fees now" in text
    funding = sold * 3 * 0.0001 * 2000.0
    assert f"the orders receive {cash(funding)} USD a day" in text
    assert f"The orders take {cash(sold * 2000.0 / 10)} USD of initial margin" in text
    assert "No limit binds." in text
    assert "What your pools earn in fees is unknown" in text


def test_a_short_book_is_bought_back(said, ranged):
    text = ranged.read_text(encoding="utf-8") + '[[position]]\nname = "s"\nkind = "loan"\n'
    book = written(ranged.parent, text + 'asset = "WETH"\namount = 99\nborrow_rate = 0.0365\n')
    words = said(book)
    assert "Your positions are short" in words
    assert re.search(r"buying [\d.]+ ETH-PERP makes that zero", words)
    assert "Your own positions pay 19.80 USD a day: s -19.80." in words


def test_the_losses_are_those_of_the_book_at_their_prices(document, ranged):
    given = document("hedge", ranged, "--explain")["losses"]
    book = hc.Book.load(ranged)
    worth = float(book.portfolio.worth(book.market))
    assert given["worst"] == "WETH"

    answer = book.hedge()

    def profit(moves, side):
        there = book.market.shifted(prices={"WETH": 2000.0 * (1 + np.asarray(moves))})
        return getattr(hc.scenario(book, there, hedge=answer), side).full

    tried = np.linspace(-0.3, 0.3, 2001)
    for side in ("before", "after"):
        due = profit(given["moves"], side)
        np.testing.assert_allclose(given[side], due, rtol=1e-6, atol=1e-6)
        least = profit(tried, side).min()
        assert given["assets"]["WETH"][side]["profit"] == pytest.approx(least, rel=1e-6)
        for each in given["reached"]:
            loss = each["loss"] * worth
            for way, sign in (("down", -1), ("up", 1)):
                move = each[side][way]
                if move is None:
                    assert profit(tried[tried * sign > 0], side).min() > -loss
                else:
                    assert move * sign > 0
                    assert profit(move, side) == pytest.approx(-loss, rel=1e-4)
                    assert profit(np.linspace(0, move, 50)[:-1], side).min() > -loss


def test_a_loss_that_no_price_reaches_is_said_so(said, ranged):
    rich = ranged.read_text(encoding="utf-8").replace("amount = 7.0", "amount = 1e9")
    assert "after the hedge nowhere within ±30 %; before it nowhere" in said(
        written(ranged.parent, rich)
    )
    poor = rich.replace("amount = 1e9", "amount = -1e9")
    assert "The book's worth is not positive" in said(written(ranged.parent, poor))


def test_a_price_that_nothing_can_be_valued_at_is_told_and_the_rest_is_too(
    monkeypatch, said, document, ranged
):
    real = losses._price_loss

    def failing(book, hedge, asset):
        if asset == "USDC":
            raise hc.ConvergenceError("too steep")
        return real(book, hedge, asset)

    monkeypatch.setattr(losses, "_price_loss", failing)
    assert "USDC cannot be moved so far: too steep." in said(ranged)
    given = document("hedge", ranged, "--explain")["losses"]
    assert given["failed"] == {"USDC": "too steep"}
    assert "WETH" in given["assets"]


def test_a_fee_that_is_unknown_is_not_zero(said, document, tmp_path):
    plain = written(tmp_path, RANGE.replace("USDT", "WETH") + _traded_pool())
    text = said(plain)
    assert "The fee of LP is unknown, and so is what this costs now: give fee in the book" in text
    assert document("hedge", plain)["cost"] is None


def _traded_pool():
    return """
[[instrument]]
name = "LP"
kind = "uniswap-v2"
assets = ["WETH", "USDC"]
reserves = [10.0, 20000.0]
"""


def test_lots_and_least_orders_are_told(said, ranged):
    text = ranged.read_text(encoding="utf-8") + "lot = 0.5\nmin_size = 500\n"
    words = said(written(ranged.parent, text))
    assert "Orders come in lots: ETH-PERP in steps of 0.5" in words
    assert "ETH-PERP takes no order under 500 contracts." in words
    assert "Not traded: ETH-PERP." in words
    assert "nothing is traded against it" in words
    assert "Nothing is traded, so nothing is paid now." in words
    assert "left by lots and minimum sizes" in words


def test_every_explanation_fits_80_columns(output, monkeypatch, limited):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    for book in (BOOK, limited):
        text = output("hedge", book, "--explain")
        assert "…" not in text
        assert max(map(cell_len, text.splitlines())) <= 80


def test_what_is_explained_stands_in_the_json_too(document, said):
    given = document("hedge", BOOK, "--explain")
    text = said(BOOK)
    for head, lines in given["explanation"].items():
        assert head in text
        assert lines
        for line in lines:
            assert " ".join(line.split()) in text.replace("• ", "")
