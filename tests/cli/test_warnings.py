"""What a command warns of stands on top of its tables, in JSON, and in Python."""

from datetime import UTC, datetime

import pytest

pytest.importorskip("typer")
pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the book is hedged with its perpetual")

import hedgecore as hc
from books import written
from hedgecore.cli.terminal import clock
from hedgecore.simulation import simulate
from hedgecore.simulation.saved import load

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
BOOK = """
as_of = 2026-11-27T11:00:00Z
numeraire = "USD"
[prices]
WETH = 2000.0
USDC = 1.0
WBCT = 60000.0
WBTC = 60000.0
[vols]
WETH = 7.0
[[position]]
name = "range"
kind = "uniswap-v3"
assets = ["WETH", "USDC"]
liquidity = 5000.0
lower = 1500.0
upper = 2500.0
price = 2200.0
[[holding]]
asset = "WBTC"
amount = 0.0
[[instrument]]
name = "P"
kind = "perp"
underlying = "WETH"
fee = 0.001
funding_rate = 0.0
[simulation]
paths = 4
steps = 3
days = 1
"""
SAID = (
    "The prices are 3 days old",
    "range: the market is outside",
    "vols.WETH is 7",
    "prices.WBCT",
)
"""How each warning of the book begins, in order: age, distance, unlikely, unused."""
HISTORY = "".join(
    ["time,price\n", *(f"2026-11-0{day}T00:00:00Z,{2000 + day}\n" for day in (1, 2, 3))]
)
COMMANDS = {
    "hedge": ["hedge"],
    "explain": ["hedge", "--explain"],
    "greeks": ["greeks"],
    "curve": ["curve", "--asset", "WETH"],
    "scenario": ["scenario", "--move", "WETH=-10%..10%"],
    "simulate": ["simulate"],
    "backtest": ["backtest", "--prices", "prices.csv"],
    "compare": ["compare", "--policy", "never"],
}


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.chdir(tmp_path)
    written(tmp_path, HISTORY, "prices.csv")
    return written(tmp_path, BOOK)


def begins(lines):
    return [next((word for word in SAID if each.startswith(word)), each) for each in lines]


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_every_command_warns_on_top_and_in_json(call, document, book, words):
    command, *options = words
    done = call(command, book, *options)
    assert done.exit_code == 0, done.output
    above = " ".join(done.stdout.split()).split("Warning: ")
    assert (above[0], begins(above[1:])) == ("", list(SAID))
    assert begins(document(command, book, *options)["warnings"]) == list(SAID)


def test_csv_has_no_place_for_warnings_and_stderr_has(call, book):
    done = call("scenario", book, "--move", "WETH=-10%", "--csv")
    assert "Warning" not in done.stdout
    assert begins(" ".join(done.stderr.split()).split("Warning: ")[1:]) == list(SAID)


def test_python_has_them_as_attributes(book):
    stated = hc.Book.load(book, now=NOW)
    assert begins(stated.warnings) == list(SAID)
    assert stated.hedge().warnings == stated.warnings
    plain = simulate(load(book))
    assert begins(plain.warnings) == list(SAID[1:])  # without a clock nothing is old


def test_a_history_that_brings_every_price_makes_the_age_of_the_book_no_matter(document, book):
    bare = BOOK.replace("USDC = 1.0\n", "").replace('"USDC"', '"USD"')
    for name in ("WBCT = 60000.0\n", "WBTC = 60000.0\n"):
        bare = bare.replace(name, "")
    bare = bare.replace('asset = "WBTC"', 'asset = "WETH"')
    book.write_text(bare, encoding="utf-8")
    assert begins(document("backtest", book, *COMMANDS["backtest"][1:])["warnings"]) == [*SAID[1:3]]
    assert begins(document("simulate", book)["warnings"]) == [*SAID[:3]]


OTHER = """
[[position]]
name = "other"
kind = "uniswap-v2"
assets = ["WBTC", "USDC"]
reserves = [1.0, 90000.0]
fee = 0.2
[[instrument]]
name = "B"
kind = "perp"
underlying = "WBTC"
fee = 0.3
funding_rate = 0.0
"""


def test_one_position_is_shown_with_the_warnings_that_concern_it(document, call, book):
    both = BOOK.replace("WETH = 7.0", "WETH = 7.0\nWBTC = 8.0") + OTHER
    book.write_text(both, encoding="utf-8")

    def said(*options):
        lines = document("curve", book, "--asset", "WETH", *options)["warnings"]
        return [line.split(" is ")[0].split(" are ")[0].split(":")[0] for line in lines]

    old, range_, fee = "The prices", "range", "B"
    whole = [old, range_, "other", "other", fee, "vols.WETH", "vols.WBTC", "prices.WBCT"]
    assert said() == whole
    assert said("--position", "range", "--unhedged") == [old, range_, "vols.WETH"]
    hedged = [old, range_, fee, "vols.WETH", "vols.WBTC"]
    assert said("--position", "range") == hedged
    assert said("--position", "other", "--unhedged") == [old, "other", "other", "vols.WBTC"]
    done = call("curve", book, "--asset", "WETH", "--position", "range", "--unhedged")
    assert "other" not in done.output
