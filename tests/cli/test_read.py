"""`hedgecore read` and `hedgecore refresh`: from an address to a book that is there or is not."""

import json
import sys
import tomllib

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

import hedgecore as hc
from books import written
from hedgecore.cli.options.source import block_of
from hedgecore.cli.terminal.progress import bar
from hedgecore.readers import request
from hedgecore.tables.secret import RPC
from venues import OWNER, PAIR, STATE, WETH, registry, secret

KEY = "ledger:key-0123456789"
LATER = {**STATE, "block": 9, ("pair", PAIR): (WETH, "0xusdc", 1100.0, 1_900_000.0)}
ASK = ("--owner", OWNER, "--pool", PAIR)


@pytest.fixture(autouse=True)
def ledger(monkeypatch):
    """Readers of a table, and its name in the environment."""
    monkeypatch.setattr(request, "default_registry", registry)
    monkeypatch.setenv(RPC, secret(name=KEY).reveal())


def test_a_book_is_written_that_hedges(output, document, tmp_path):
    path = tmp_path / "book.toml"
    said = output("read", *ASK, "--book", path)
    assert "Wrote book.toml, as of block 7." in said
    assert "WETH/USDC" in said
    assert "ledger-pair-0xpair, in USDC" in said
    assert path.read_text().startswith("# Read by `hedgecore read`")
    assert document("hedge", path)["quantities"] == {"WETH-PERP": -252.5}


def test_the_rpc_stands_nowhere(call, tmp_path):
    path = tmp_path / "book.toml"
    said = [call("read", *ASK, "--book", path).output, path.read_text()]
    said += [call("read", "--owner", OWNER, "--pool", "0xno", "--rpc", KEY).output]
    said += [call("refresh", path).output, call("read", *ASK, "--json").output]
    assert not [each for each in said if "0123456789" in each]


def test_without_out_the_book_is_shown_and_nothing_else_on_stdout(call, output):
    shown = output("read", *ASK)
    assert hc.Book.from_tables(tomllib.loads(shown)).positions
    quiet = {**STATE, ("fees", PAIR): 0.0}
    done = call("read", *ASK, "--rpc", secret(quiet).reveal())
    assert "earned nothing" in done.stderr
    assert "earned nothing" not in done.stdout


def test_json_holds_the_book_and_the_notes(document, tmp_path):
    path = tmp_path / "book.json"
    given = document("read", *ASK, "--book", path)
    assert json.loads(path.read_text()) == given["book"]
    assert given["notes"] == []


def test_prices_come_from_files_and_options(document, tmp_path):
    prices = written(tmp_path, 'numeraire = "EUR"\n[prices]\nWETH = 1800\nUSDC = 0.9\n', "p.toml")
    book = document("read", *ASK, "--prices-from", prices, "--price", "WETH=1801.5")["book"]
    assert (book["numeraire"], book["prices"]) == ("EUR", {"WETH": 1801.5, "USDC": 0.9})
    book = document("read", *ASK, "--feed", "WETH=0xfeed", "--numeraire", "USD")["book"]
    assert book["prices"]["WETH"] == 2100.0


def test_instruments_of_a_file_are_kept(document, tmp_path):
    more = written(
        tmp_path,
        '[[instrument]]\nname = "S"\nkind = "spot"\nasset = "WETH"\n[hedge]\nneutral = ["delta"]\n',
        "more.toml",
    )
    book = document("read", *ASK, "--merge", more, "--pool-state", "market")["book"]
    assert [each["name"] for each in book["instrument"]] == ["S"]
    assert book["hedge"] == {"neutral": ["delta"]}
    assert book["position"][0]["at"] == "market"


def test_refresh_shows_what_changed_and_keeps_the_rest(output, document, tmp_path):
    path = tmp_path / "book.toml"
    output("read", *ASK, "--book", path)
    path.write_text(path.read_text().replace("share = 0.25", "share = 0.25 # a quarter"))
    later = secret(LATER, "ledger:2").reveal()
    said = output("refresh", path, "--rpc", later)
    assert "Changed, at block 9 of chain 1" in said
    assert "share = 0.25 # a quarter" in path.read_text()
    assert "Nothing has changed" in output("refresh", path, "--rpc", later)
    assert document("refresh", path, "--rpc", later) == {"changes": [], "notes": []}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("read",), "name an owner, a pool or a position"),
        (("read", *ASK, "--book", "book.yaml"), "ends in .toml or .json"),
        (("read", *ASK, "--price", "WETH=cheap"), "which is no number"),
        (("read", *ASK, "--price", "WETH=nan"), "must be positive and finite"),
        (("read", *ASK, "--price", "WETH"), "--price is NAME=VALUE"),
        (("read", *ASK, "--price", "A=1", "--price", "A=2"), "names 'A' twice"),
        (("read", *ASK, "--pool-state", "once"), "--pool-state is state or market"),
        (("read", *ASK, "--prices-from", "gone.toml"), "gone.toml cannot be read"),
        (("read", *ASK, "--rpc", "ledger:unheard"), "KeyError"),
        (("refresh", "gone.toml"), "gone.toml cannot be read"),
    ],
)
def test_bad_input_is_one_sentence(call, words, said):
    done = call(*words)
    assert done.exit_code
    assert said in f"{done.output} {done.exception!r}"


def test_a_block_of_endless_digits_is_left_for_the_venue_to_refuse():
    assert block_of("12") == 12
    assert block_of("9" * 5000) == "9" * 5000


@pytest.mark.parametrize("more", [(), ("--debug",)])
def test_a_url_in_the_wrong_place_is_not_repeated(call, more):
    done = call("read", "https://node.example/v2/k3y-2b8d", *more)
    assert done.exit_code == 2
    assert "unexpected" in done.output
    assert "k3y-2b8d" not in done.output


def test_a_file_that_is_there_is_not_replaced_unless_told(call, tmp_path):
    path = written(tmp_path, "# mine\n")
    done = call("read", *ASK, "--book", path)
    assert done.exit_code
    assert "hedgecore refresh book.toml" in " ".join(done.output.split())
    assert path.read_text() == "# mine\n"
    assert call("read", *ASK, "--book", path, "--force").exit_code == 0
    assert hc.Book.load(path).positions


def test_without_an_rpc_it_says_how_to_give_one(call, monkeypatch):
    monkeypatch.delenv(RPC)
    done = call("read", *ASK)
    assert f"set {RPC}" in f"{done.output} {done.exception!r}"


def test_what_is_short_shows_its_progress_to_a_person_alone(monkeypatch, capsys):
    with bar("Reading") as told:
        told(1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with bar("Reading") as told:
        told(1, 2)
        assert told is not None


def test_without_readers_it_says_what_to_install(call, monkeypatch):
    monkeypatch.setattr(request, "default_registry", lambda: hc.load_plugins([]))
    done = call("read", *ASK)
    assert "pip install hedgecore-evm-readers" in f"{done.output} {done.exception!r}"
