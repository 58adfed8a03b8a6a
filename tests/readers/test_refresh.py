import json
import tomllib
from datetime import UTC, datetime

import pytest

import hedgecore as hc
from hedgecore.readers import Change, ReadRequest, read_book, refresh_book, refresh_file, save
from hedgecore.readers.editing import plain
from venues import FAKE, OWNER, PAIR, STATE, WETH, registry, secret

LATER = {**STATE, "block": 9, ("pair", PAIR): (WETH, "0xusdc", 1100.0, 1_900_000.0)}


def book():
    return read_book(secret(), ReadRequest(owner=OWNER, pools=[PAIR]), registry=registry()).tables


def again(tables, state=LATER, **options):
    return refresh_book(tables, secret(state), registry=registry(), **options)


def test_a_refreshed_book_is_the_book_that_would_be_read_now():
    later = again(book())
    fresh = read_book(
        secret(LATER), ReadRequest(owner=OWNER, pools=[PAIR]), registry=registry()
    ).tables
    assert later.tables == fresh


def test_what_changed_is_told():
    assert again(book()).changes == [
        Change("prices", "WETH", 2000.0, pytest.approx(1_900_000 / 1100)),
        Change("WETH/USDC", "reserves", [1000.0, 2_000_000.0], [1100.0, 1_900_000.0]),
        Change("source", "block", 7, 9),
    ]
    assert again(book(), STATE).changes == []


def test_all_that_was_not_read_stays():
    tables = book()
    tables["position"][0] |= {"name": "mine", "amount": -2.0, "at": "market", "fee": 0.003}
    tables["position"].append({"name": "own", "kind": "spot", "asset": "WETH"})
    tables["holding"].append({"asset": "USDC", "amount": 5.0})
    tables["hedge"] = {"neutral": ["delta"]}
    tables["prices"]["ARB"] = 1.5
    later = again(tables).tables
    assert later["position"][0]["reserves"] == [1100.0, 1_900_000.0]
    kept = ("name", "amount", "at", "fee")
    assert [later["position"][0][key] for key in kept] == ["mine", -2.0, "market", 0.003]
    assert later["position"][1] == tables["position"][1]
    assert later["holding"][-1] == tables["holding"][-1]
    assert (later["hedge"], later["prices"]["ARB"]) == (tables["hedge"], 1.5)


def test_what_is_gone_leaves_the_book_and_what_is_new_enters_it():
    moved = {**LATER, ("share", PAIR, OWNER): 0.0, ("balance", "0xusdc", OWNER): 4.0}
    later = again(book(), moved)
    assert later.tables["position"] == []
    assert {row["asset"]: row["amount"] for row in later.tables["holding"]} == {
        "ETH": 0.5,
        "WETH": 2.0,
        "USDC": 4.0,
    }
    assert "WETH/USDC: nothing is left of it, so it is out of the book" in later.notes


def test_a_position_that_came_after_the_book_is_told_of():
    """A pool that was read for its price alone; the owner has since joined it."""
    empty = {**STATE, ("share", PAIR, OWNER): 0.0}
    tables = read_book(
        secret(empty), ReadRequest(owner=OWNER, pools=[PAIR]), registry=registry()
    ).tables
    assert "position" not in tables
    assert [each for each in again(tables).notes if "ledger-pair-0xpair: there is" in each]
    assert not [each for each in again(book()).notes if "there is a position" in each]


def test_names_stay_where_another_token_takes_the_symbol():
    tables = book()
    tables["source"]["read"]["ledger-purse-0xowner"]["tokens"].append(FAKE)
    tables["prices"]["USDC 0xfake"] = 0.5
    later = again(tables).tables
    assert later["source"]["assets"]["USDC"] == "0xusdc"
    assert {
        "name": "USDC 0xfake wallet",
        "asset": "USDC 0xfake",
        "amount": 7.0,
        "source": "ledger-purse-0xowner",
    } in later["holding"]


def test_it_reads_the_same_chain_no_earlier_than_before():
    with pytest.raises(hc.ReaderError, match="behind"):
        again(book(), {**STATE, "block": 6})
    assert again(book(), {**STATE, "block": 6}, block=6).tables["source"]["block"] == 6


def _putting(place, **more):
    return lambda tables: tables["source"][place].update(more)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (lambda t: t.pop("source"), hc.ReaderError, "does not say where it was read from"),
        (lambda t: t["source"].pop("read"), hc.ReaderError, "does not say where"),
        (
            lambda t: t["source"]["read"].update(x=3),
            hc.SpecError,
            r"source.read.x: must be a table",
        ),
        (
            lambda t: t["source"]["read"].update(x={"kind": "y"}),
            hc.UnknownKindError,
            "source.read.x",
        ),
        (
            lambda t: t["source"]["read"]["ledger-pair-0xpair"].update(pol="a"),
            hc.SpecError,
            "did you mean 'pool'",
        ),
        (
            _putting("prices", ARB={"read": "x", "in": "USDC"}),
            hc.ReaderError,
            "x no longer says what ARB is worth in USDC",
        ),
        (
            _putting("prices", ARB={"read": "x", "in": "NO"}),
            hc.ReaderError,
            "the prices of ARB lead to no known one",
        ),
    ],
)
def test_a_source_that_cannot_be_read_is_said(change, error, said):
    tables = book()
    change(tables)
    with pytest.raises(error, match=said):
        again(tables)


MINE = """\
# my book
numeraire = "USDC" # counted in dollars

[prices]
USDC = 1.0
WETH = 2000.0  # from the pool

# the best pair
[[position]]
name = "WETH/USDC"
kind = "uniswap-v2"
assets = [
    "WETH",  # base
    "USDC",
]
reserves = [1000.0, 2000000.0] # both
share = 0.25
source = "ledger-pair-0xpair"

[[holding]]
asset = "USDC" # fees
amount = 3.0
source = "ledger-pair-0xpair"

[[instrument]]
name = "P"
kind = "perp"
underlying = "WETH"
fee = 0
funding_rate = 0

[source]
chain = 1
block = 7
hash = "0x"
[source.assets]
WETH = "0xweth"
USDC = "0xusdc"
[source.prices.WETH]
read = "ledger-pair-0xpair"
in = "USDC"
[source.read.ledger-pair-0xpair]
kind = "ledger-pair"
pool = "0xpair"
owner = "0xowner"
"""


PERP = 'kind = "perp"\nunderlying = "WETH"\n'


def test_comments_and_layout_of_a_file_stay(tmp_path):
    path = tmp_path / "book.toml"
    path.write_text(MINE)
    refresh_file(path, secret(LATER), registry=registry())
    price = 1_900_000 / 1100
    changed = MINE.replace("2000.0  #", f"{price!r}  #").replace(
        "1000.0, 2000000.0", "1100.0, 1900000.0"
    )
    assert path.read_text().startswith(changed[: changed.index("[source]")])
    assert tomllib.loads(path.read_text())["source"]["block"] == 9


def test_comments_within_and_behind_the_sources_stay(tmp_path):
    """The source is written by us, at the end; people write on behind it."""
    path = tmp_path / "book.toml"
    mine = MINE.replace("[source.read.", "# of the best pair\n[source.read.")
    path.write_text(mine + '\n# my own\n[[instrument]]\nname = "P"  # cheap\n' + PERP + "# end\n")
    done = refresh_file(path, secret(LATER), registry=registry())
    text = path.read_text()
    assert not [each for each in done.notes if "comments" in each]
    assert "# of the best pair\n[source.read." in text
    assert '# my own\n[[instrument]]\nname = "P"  # cheap\n' in text
    assert "# end\n" in text
    assert plain(tomllib.loads(text)) == plain(done.tables)


@pytest.mark.parametrize("old", ["", "as_of = 2026-11-27T14:30:00Z  # by hand\n"])
def test_a_file_says_of_which_moment_it_is_now(tmp_path, old):
    path = tmp_path / "book.toml"
    path.write_text(MINE.replace("\n[prices]", f"{old}\n[prices]", 1))
    when = datetime(2026, 11, 30, tzinfo=UTC)
    done = refresh_file(path, secret({**LATER, "time": when.timestamp()}), registry=registry())
    text = path.read_text()
    assert not [each for each in done.notes if "comments" in each]
    assert tomllib.loads(text)["as_of"] == "2026-11-30T00:00:00+00:00"
    assert text.startswith('# my book\nnumeraire = "USDC" # counted in dollars\n')
    assert ("# by hand" in text) == bool(old)
    assert hc.Book.load(path, registry=registry()).as_of == when


def test_a_json_book_stays_one(tmp_path):
    path = tmp_path / "book.json"
    save(book(), path)
    done = refresh_file(path, secret(LATER), registry=registry())
    assert json.loads(path.read_text()) == json.loads(json.dumps(done.tables))


def test_a_failed_refresh_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "book.toml"
    path.write_text(MINE)
    gone = {key: each for key, each in LATER.items() if key != ("pair", PAIR)}
    with pytest.raises(hc.ReaderError):
        refresh_file(path, secret(gone), registry=registry())
    assert path.read_text() == MINE
    assert [each.name for each in tmp_path.iterdir()] == ["book.toml"]
