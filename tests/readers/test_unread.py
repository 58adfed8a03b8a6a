"""One thing that cannot be read or priced: named with its address, unknown, and not in the way."""

import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.readers import BookOptions, ReadRequest, read_book, refresh_book
from venues import (
    FAKE,
    GAS,
    OWNER,
    PAIR,
    STATE,
    THIN,
    TOKENS,
    Ledger,
    Pair,
    Purse,
    registry,
    secret,
)

BROKEN = {key: its for key, its in STATE.items() if key != ("share", THIN, OWNER)}
"""Of a thin pair the owner's share has no answer."""
BOTH = ReadRequest(owner=OWNER, pools=[PAIR, THIN])
STRANGE = {
    **STATE,
    ("pair", THIN): (FAKE, "0xlone", 1.0, 1.0),
    ("share", THIN, OWNER): 0.5,
    ("balance", FAKE, OWNER): 0.0,
    ("balance", "0xlone", OWNER): 0.0,
}
"""The thin pair holds two tokens that nothing else prices."""


@pytest.fixture(autouse=True)
def _lone(monkeypatch):
    monkeypatch.setitem(TOKENS, "0xlone", hc.Token("0xlone", "LONE", 18))


def read(state, ask=BOTH, writing=None):
    return read_book(secret(state), ask, writing, registry=registry())


def test_what_cannot_be_read_is_named_and_the_rest_is_written():
    draft = read(BROKEN)
    assert [row["name"] for row in draft.tables["position"]] == ["WETH/USDC"]
    [(name, row)] = draft.unread.items()
    assert name == "ledger-pair-0xthin"
    assert (row["kind"], row["pool"], row["owner"]) == ("ledger-pair", THIN, OWNER)
    assert "is not known" in row["reason"]
    assert name not in draft.tables["source"]["read"]


def test_what_is_unknown_is_said_by_every_answer_of_the_book():
    book = hc.Book.from_tables(read(BROKEN).tables)
    said = "ledger-pair-0xthin is unknown, and in no figure: "
    assert book.warnings[0].startswith(said)
    assert book.hedge().warnings[0].startswith(said)


def test_what_has_no_price_is_named_by_its_address_and_the_rest_is_written():
    state = {**STRANGE, ("balance", FAKE, OWNER): 7.0}
    draft = read(state)
    assert [row["name"] for row in draft.tables["position"]] == ["WETH/USDC"]
    position, balance = draft.unread.values()
    assert (position["pool"], position["what"]) == (THIN, "USDC/LONE")
    assert (balance["token"], balance["amount"]) == (FAKE, 7.0)
    for each in (position, balance):
        assert "leads from WETH to a price of" in each["reason"]
        assert "--price" in each["reason"]
    hc.Book.from_tables(draft.tables).hedge()


def test_a_price_that_is_given_makes_it_known():
    prices = {"WETH": 2000.0, "USDC 0xusdc": 1.0, "USDC 0xfake": 2.0, "LONE": 3.0}
    draft = read(STRANGE, writing=BookOptions(prices=prices))
    assert not draft.unread
    assert len(draft.tables["position"]) == 2


def test_a_position_of_a_kind_that_is_not_installed_is_unknown(monkeypatch):
    ask = ReadRequest(owner=OWNER, pools=[PAIR, THIN])
    plain = Pair.read

    def odd(self, source):
        reading = yield from plain(self, source)
        kind = {**reading.position, "kind": "not-installed"}
        return evolve(reading, position=kind) if self.pool == THIN else reading

    monkeypatch.setattr(Pair, "read", odd)
    draft = read(STATE, ask)
    assert "not-installed" in draft.unread["ledger-pair-0xthin"]["reason"]


def test_a_search_that_fails_is_named_and_what_else_was_found_is_written(monkeypatch):
    def find(cls, source, wanted):  # noqa: ARG001
        yield [("nothing",)]

    monkeypatch.setattr(Pair, "find", classmethod(find))
    draft = read(STATE, ReadRequest(owner=OWNER), BookOptions(prices={"WETH": 2000.0}))
    assert [row["name"] for row in draft.tables["holding"]] == ["ETH wallet"]
    assert "is not known" in draft.unread[f"looking for ledger-pair of {OWNER}"]["reason"]


def test_where_nothing_can_be_read_each_reason_is_told():
    ask = ReadRequest(owner="0xnobody", pools=[PAIR, THIN], without=["ledger-purse"])
    with pytest.raises(hc.ReaderError, match=r"ledger-pair 0xpair: .*; ledger-pair 0xthin: "):
        read(STATE, ask)


def test_a_feed_that_fails_is_an_error_since_a_price_was_to_be_from_it():
    with pytest.raises(hc.ReaderError, match="ledger-feed 0xgone"):
        read(STATE, ReadRequest(owner=OWNER, pools=[PAIR], feeds={"WETH": "0xgone"}))


def test_a_source_that_fails_or_is_reorganised_writes_nothing(monkeypatch):
    with pytest.raises(hc.ReaderError, match="reorganised"):
        read({**BROKEN, "reorganised": True})

    def ask(self, questions):  # noqa: ARG001
        raise hc.ReaderError("the node is gone")

    monkeypatch.setattr(Ledger, "ask", ask)
    with pytest.raises(hc.ReaderError, match="the node is gone"):
        read(STATE)


def test_a_token_whose_balance_cannot_be_read_leaves_the_others_known(monkeypatch):
    plain = Purse.read

    def partly(self, source):
        reading = yield from plain(self, source)
        return evolve(reading, unknown={FAKE: "its balance is not told"})

    monkeypatch.setattr(Purse, "read", partly)
    draft = read(STATE, ReadRequest(owner=OWNER, pools=[PAIR]))
    assert draft.unread == {"0xfake wallet": {"token": FAKE, "reason": "its balance is not told"}}
    assert "ETH wallet" in {row["name"] for row in draft.tables["holding"]}
    later = refresh_book(draft.tables, secret(), registry=registry())
    assert "0xfake wallet: its balance is not told" in later.notes


def test_what_is_unknown_stays_so_when_the_book_is_read_again():
    tables = read(BROKEN).tables
    later = refresh_book(tables, secret(BROKEN), registry=registry()).tables
    assert later["source"]["unread"] == tables["source"]["unread"]


def test_a_balance_that_comes_without_a_price_is_unknown_in_a_book_that_is_read_again(monkeypatch):
    monkeypatch.setitem(TOKENS, GAS, evolve(TOKENS[GAS], claim=None))
    none = {**STATE, ("balance", GAS, OWNER): 0.0}
    tables = read(none).tables
    assert "unread" not in tables["source"]
    for amount in (4.0, 5.0):
        now = secret({**STATE, ("balance", GAS, OWNER): amount})
        tables = refresh_book(tables, now, registry=registry()).tables
        assert tables["source"]["unread"]["ETH wallet"]["amount"] == amount
    tables = refresh_book(tables, secret(none), registry=registry()).tables
    assert tables["source"]["unread"] == {}
    hc.Book.from_tables(tables)
