"""`hedgecore live`: on paper, from the first look through a restart to giving all up."""

import json

import pytest

from books import written
from live_desk import PAPER as BOOK

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")


@pytest.fixture
def book(tmp_path):
    return written(tmp_path, BOOK)


def live(call, book, *options, code=0):
    done = call("live", book, "--once", "--json", *options)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_a_look_on_paper_trades_once_and_a_restart_goes_on_from_there(call, book):
    first = live(call, book)
    assert first["status"] == "watching"
    assert first["decision"]["trade"] == {"ETH-PERP": -6.77}
    account = first["accounts"]["paper"]
    assert account["positions"] == {"ETH-PERP": -6.77}
    assert account["balances"] == {"USDC": 50_000.0 - 6.77 * 3000.0 * 0.0005}
    again = live(call, book)
    assert again["decision"]["trade"] == {"ETH-PERP": 0.0}
    assert again["accounts"] == first["accounts"]
    assert again["decision"]["reason"] == "policy"
    assert call("journal", book, "--replay").exit_code == 0


def test_watching_decides_and_orders_nothing(call, book):
    seen = live(call, book, "--watch")
    assert seen["decision"]["trade"] == {"ETH-PERP": -6.77}
    assert seen["accounts"]["paper"]["positions"] == {}
    assert live(call, book, "--watch")["decision"]["trade"] == {"ETH-PERP": -6.77}


def test_flattening_gives_up_all_that_is_held_and_ends(call, book):
    live(call, book)
    done = call("live", book, "--flatten", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["accounts"]["paper"]["positions"] == {}


def test_a_halt_is_heeded_until_a_person_resumes(call, book):
    assert call("halt", book, "--reason", "lunch").exit_code == 0
    halted = live(call, book, code=2)
    assert (halted["status"], halted["reasons"]) == ("halted", ["halted: lunch"])
    assert halted["accounts"]["paper"]["positions"] == {}
    assert call("resume", book).exit_code == 0
    assert live(call, book)["accounts"]["paper"]["positions"] == {"ETH-PERP": -6.77}


def test_a_book_whose_pool_is_off_the_market_waits_and_says_why(call, tmp_path):
    text = BOOK.replace("upper = 3500.0", "upper = 3500.0\nprice = 2900.0")
    waiting = live(call, written(tmp_path, text), code=1)
    assert waiting["status"] == "waiting"
    assert "its pool is far from the market" in waiting["reasons"][0]


def test_it_is_told_to_people_too(call, book):
    said = call("live", book, "--once").stdout
    assert "The loop is watching." in said
    assert "-6.77" in said


@pytest.mark.parametrize(
    ("option", "why"),
    [("--once", "one look was asked for, --once"), ("--flatten", "to give up all was asked for")],
)
def test_a_loop_that_ended_as_it_should_is_said_to_have_ended_when_and_why(call, book, option, why):
    assert call("live", book, option, "--json").exit_code == 0
    done = call("status", book, "--json")
    said = json.loads(done.stdout)
    last = json.loads(call("journal", book, "--jsonl", "--last", "1").stdout)
    when = last["time"][:19].replace("T", " ")
    assert (done.exit_code, said["state"]) == (3, "ended")
    assert said["reasons"][0].startswith(f"it ended at {when}+00:00: {why}")
    assert "The loop has ended" in call("status", book).stdout


def test_a_loop_that_ended_and_is_halted_is_halted(call, book):
    live(call, book)
    call("halt", book, "--reason", "lunch")
    said = json.loads(call("status", book, "--json").stdout)
    assert (said["state"], said["reasons"][0]) == ("halted", "lunch")
    assert "it ended at" in said["reasons"][1]


def test_watching_and_flattening_at_once_is_refused(call, book):
    done = call("live", book, "--watch", "--flatten")
    assert done.exit_code == 2
    assert "choose one of --watch and --flatten" in done.output


TWO = """
[[position]]
name = "btc range"
kind = "uniswap-v3"
assets = ["WBTC", "USDC"]
liquidity = 900.0
lower = 50000.0
upper = 70000.0
[[instrument]]
name = "BTC-PERP"
kind = "perp"
underlying = "WBTC"
settlement = "USDC"
lot = 0.001
fee = 0.0004
venue = "other"
symbol = "BTC"
[venues.other]
kind = "paper"
balances = { WBTC = 1.0, USDC = 100000.0 }
"""


def with_two(tables):
    """The book with a second pool, which is hedged at a second venue."""
    priced = BOOK.replace("USDC = 1.0\n", "USDC = 1.0\nWBTC = 60000.0\n", 1)
    larger = priced.replace("= 50000.0\nmax_h", "= 5e5\nmax_h").replace("= 100000.0\n", "= 5e5\n")
    return larger.replace("[live]\n", f"{tables}[live]\n", 1)


def test_two_venues_hedge_one_book_and_their_collateral_counts(call, tmp_path):
    found = live(call, written(tmp_path, with_two(TWO)))
    traded = found["decision"]["trade"]
    assert traded["ETH-PERP"] == -6.77
    assert found["accounts"]["other"]["positions"] == {"BTC": traded["BTC-PERP"]}
    (tmp_path / "bare").mkdir()
    bare = live(call, written(tmp_path / "bare", with_two(TWO.replace("WBTC = 1.0, ", ""))))
    assert bare["decision"]["trade"]["BTC-PERP"] == pytest.approx(traded["BTC-PERP"] + 1.0)
