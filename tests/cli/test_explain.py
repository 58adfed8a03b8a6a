"""`hedgecore hedge --explain` and `--plot`: sentences whose numbers are the library's."""

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

PRICES = RANGE.replace("USDC = 1.0", "USDC = 1.0\nUSDT = 1.0")
PERP = """
[[instrument]]
name = "ETH-PERP"
kind = "perp"
underlying = "WETH"
fee = 0.0005
funding_rate = 0.0001
leverage = 10
"""
CONVEX = """
[[position]]
name = "debt"
kind = "loan"
asset = "WETH"
borrow_rate = 0.0365
amount = 3
[[instrument]]
name = "DEAR"
kind = "perp"
underlying = "WETH"
fee = 0.002
funding_rate = 0
[[instrument]]
name = "CALL"
kind = "option"
underlying = "WETH"
strike = 2000.0
expiry_years = 0.1
vol = 0.7
fee = 0.0003
lot = 0.1
min_size = 0.1
[hedge]
neutral = ["delta", "gamma"]
solver = "convex"
minimise = { cost = 1.0, carry = 2.0 }
soft = { gamma = 0.002 }
position_limits = { "ETH-PERP" = 4.0 }
margin_budget = 1e6
max_orders = 2
"""


@pytest.fixture
def ranged(tmp_path):
    return written(tmp_path, PRICES + PERP)


@pytest.fixture
def limited(tmp_path):
    pytest.importorskip("hedgecore_convex_solver")
    return written(tmp_path, PRICES + PERP + CONVEX, "convex.toml")


@pytest.fixture
def said(output):
    """Return what is explained, in one line."""
    return lambda *words: " ".join(output("hedge", *words, "--explain").split())


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


@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_a_hedge_is_drawn_beside_its_tables(call, ranged, suffix, start):
    pytest.importorskip("matplotlib")
    path = ranged.parent / f"hedge.{suffix}"
    done = call("hedge", ranged, "--plot", path)
    assert done.exit_code == 0
    assert "Orders" in done.stdout
    assert path.read_bytes().startswith(start)


def test_the_picture_has_value_profit_and_delta_of_each_asset_that_is_hedged():
    pytest.importorskip("matplotlib")
    from hedgecore.analysis.sweep import sweeps  # noqa: PLC0415
    from hedgecore.report.charts.hedge import draw  # noqa: PLC0415

    book = hc.Book.load(BOOK)
    answer = book.hedge()
    drawn = sweeps(book, answer)
    assert [each.asset for each in drawn] == ["WETH", "WBTC"]
    panels = draw(drawn).axes
    names = [each.texts[0].get_text() for each in panels]
    assert names == ["Value of the book, USD"] * 2 + ["Profit, USD"] * 2 + [
        "Delta, WETH",
        "Delta, WBTC",
    ]
    before, after = panels[2].lines[:2]
    price = float(book.market.price("WETH"))
    for line in (before, after):
        at = line.get_xdata() == price
        assert abs(line.get_ydata()[at]).max() < 1.0  # 850,000 USD, and a pool beside its market
    there = book.market.shifted(prices={"WETH": before.get_xdata()})
    found = hc.scenario(book, there, hedge=answer)
    np.testing.assert_allclose(after.get_ydata(), found.after.full, atol=1e-6)
    only = sweeps(book, answer, ["DAI"])
    assert [each.asset for each in only] == ["DAI"]


BAD = {
    "no picture": ("--plot", "x.doc"),
    "no folder": ("--plot", "/no/such/folder/x.png"),
    "the numeraire": ("--plot", "x.png", "--asset", "USD"),
    "an unknown asset": ("--plot", "x.png", "--asset", "WTH"),
    "an asset and no plot": ("--asset", "WETH"),
}


@pytest.mark.parametrize("words", BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(call, ranged, words):
    done = call("hedge", ranged, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


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
