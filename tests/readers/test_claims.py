"""What a token is exchanged for by contract: rows of [assets], as they are read and read again."""

import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.readers import BookOptions, Change, ReadRequest, read_book, refresh_book
from venues import GAS, OWNER, PAIR, STATE, TOKENS, registry, secret


def read(writing=None, state=None):
    request = ReadRequest(owner=OWNER, pools=[PAIR])
    return read_book(secret(state), request, writing, registry=registry())


def again(tables):
    return refresh_book(tables, secret(), registry=registry())


def test_what_is_exchanged_by_contract_stands_among_the_assets_and_has_no_price_of_its_own():
    tables = read().tables
    assert tables["assets"] == {"ETH": {"same_as": "WETH"}}
    assert {"ETH", "WETH"} <= {*tables["source"]["assets"]}
    assert "ETH" not in {*tables["prices"], *tables["source"]["prices"]}
    book = hc.Book.from_tables(tables)
    assert book.market.price("ETH") == book.market.price("WETH")


def test_a_rate_is_that_of_the_moment(monkeypatch):
    staked = evolve(TOKENS[GAS], symbol="wstETH", rate=1.25)
    monkeypatch.setitem(TOKENS, GAS, staked)
    tables = read().tables
    assert tables["assets"] == {"wstETH": {"of": "WETH", "rate": 1.25}}
    held = 0.25 * 1000 + 2.0 + 0.5 * 1.25
    assert hc.Book.from_tables(tables).hedge().quantities["WETH-PERP"] == pytest.approx(-held)


@pytest.mark.parametrize("said", [{"ETH": {"of": "WETH", "rate": 0.5}}, {"WETH": {"same_as": "X"}}])
def test_what_the_user_says_of_an_asset_goes_before_what_was_read(said):
    more = BookOptions(tables={"assets": said}, prices={"X": 1.0, "ETH": 2.0, "USDC": 1.0})
    assert read(writing=more).tables["assets"] == said


def test_a_claim_that_leads_to_no_price_is_not_written(monkeypatch):
    lone = evolve(TOKENS[GAS], claim=hc.Token("0xlone", "LONE"))
    monkeypatch.setitem(TOKENS, GAS, lone)
    tables = read().tables
    assert "assets" not in tables
    lost = tables["source"]["unread"]["ETH wallet"]
    assert (lost["token"], lost["amount"]) == (GAS, 0.5)
    assert "to a price of LONE" in lost["reason"]


def test_rates_of_assets_are_read_again_and_what_the_user_says_stays(monkeypatch):
    monkeypatch.setitem(TOKENS, GAS, evolve(TOKENS[GAS], symbol="wstETH", rate=1.25))
    tables = read().tables
    tables["assets"]["cUSDC"] = {"of": "USDC", "rate": 0.02}
    monkeypatch.setitem(TOKENS, GAS, evolve(TOKENS[GAS], rate=1.5))
    later = again(tables)
    assert later.tables["assets"]["wstETH"] == {"of": "WETH", "rate": 1.5}
    assert Change("assets", "wstETH", 1.25, 1.5) in later.changes
    assert later.tables["assets"]["cUSDC"] == {"of": "USDC", "rate": 0.02}
    tables["assets"]["wstETH"] = {"same_as": "WETH"}
    assert again(tables).tables["assets"]["wstETH"] == tables["assets"]["wstETH"]


def test_ether_that_came_after_the_book_enters_it_as_the_wrapped_one():
    none = {key: 0.0 if key == ("balance", GAS, OWNER) else its for key, its in STATE.items()}
    tables = read(state=none).tables
    assert "assets" not in tables
    later = again(tables).tables
    assert later["assets"] == {"ETH": {"same_as": "WETH"}}
    assert "ETH wallet" in [each.name for each in hc.Book.from_tables(later).positions]
