from datetime import datetime, timedelta, timezone

import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore import fields
from hedgecore.readers import BookOptions, ReadRequest, read_book
from hedgecore.readers.request import build_reader
from venues import (
    EMPTY,
    FAKE,
    GAS,
    OWNER,
    PAIR,
    STATE,
    THIN,
    TOKENS,
    WETH,
    Feed,
    Ledger,
    Pair,
    registry,
    secret,
)


def read(ask=None, writing=None, state=None, **options):
    ask = ReadRequest(owner=OWNER, pools=[PAIR]) if ask is None else ask
    return read_book(secret(state), ask, writing, registry=registry(), **options)


def test_an_address_becomes_a_book_that_hedges():
    tables = read().tables
    book = hc.Book.from_tables(tables)
    assert [(each.name, each.amount) for each in book.positions] == [
        ("WETH/USDC", 1.0),
        ("USDC fees, WETH/USDC", 3.0),
        ("ETH wallet", 0.5),
        ("WETH wallet", 2.0),
    ]
    assert tables["prices"] == {"USDC": 1.0, "WETH": 2000.0}
    assert book.hedge().quantities == {"WETH-PERP": -252.5}


def test_the_book_says_where_each_table_is_from_and_nothing_of_the_rpc():
    tables = read().tables
    source = tables["source"]
    assert (source["chain"], source["block"]) == (1, 7)
    assert source["read"] == {
        "ledger-pair-0xpair": {"kind": "ledger-pair", "pool": PAIR, "owner": OWNER},
        "ledger-purse-0xowner": {
            "kind": "ledger-purse",
            "owner": OWNER,
            "tokens": [GAS, WETH, "0xusdc"],
        },
    }
    assert source["prices"] == {"WETH": {"read": "ledger-pair-0xpair", "in": "USDC"}}
    assert {row["source"] for row in [*tables["position"], *tables["holding"]]} <= {*source["read"]}
    assert "ledger:1" not in repr(tables)


def test_fees_and_wallet_are_rows_of_their_own_each_by_its_name():
    tables = read(state={**STATE, ("balance", "0xusdc", OWNER): 5.0}).tables
    assert [(row["name"], row["amount"]) for row in tables["holding"]] == [
        ("USDC fees, WETH/USDC", 3.0),
        ("ETH wallet", 0.5),
        ("WETH wallet", 2.0),
        ("USDC wallet", 5.0),
    ]


def test_the_book_is_as_of_the_moment_that_was_read():
    when = datetime(2026, 11, 27, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    tables = read(state={**STATE, "time": when.timestamp()}).tables
    assert list(tables)[:3] == ["numeraire", "as_of", "prices"]
    assert tables["as_of"] == "2026-11-27T12:30:00+00:00"
    assert hc.Book.from_tables(tables).as_of == when
    assert "as_of" not in read().tables
    assert "as_of" not in read(state={**STATE, "time": 1e30}).tables


def test_two_tokens_of_one_symbol_have_their_address_in_their_names():
    tables = read(ReadRequest(owner=OWNER, pools=[PAIR, EMPTY])).tables
    names = {name for row in tables["position"] for name in row["assets"]}
    assert names == {"WETH", "USDC 0xusdc", "USDC 0xfake"}
    given = read(
        ReadRequest(owner=OWNER, pools=[PAIR, EMPTY]), BookOptions(names={FAKE: "FAKE"})
    ).tables
    assert {name for row in given["position"] for name in row["assets"]} == {"WETH", "USDC", "FAKE"}


def test_the_deepest_pool_makes_the_price():
    tables = read(ReadRequest(owner=OWNER, pools=[THIN, PAIR])).tables
    assert tables["prices"]["WETH"] == 2000.0
    assert [row["name"] for row in tables["position"]] == ["WETH/USDC"]  # no share of the other
    assert read(ReadRequest(owner=OWNER, pools=[THIN])).tables["prices"]["WETH"] == 1000.0


def test_a_feed_goes_before_pools_and_names_the_unit():
    tables = read(ReadRequest(owner=OWNER, pools=[PAIR], feeds={"WETH": "0xfeed"})).tables
    assert (tables["numeraire"], tables["prices"]["WETH"]) == ("USD", 2100.0)
    assert tables["prices"]["USDC"] == pytest.approx(2100 / 2000, rel=1e-15)
    assert tables["source"]["prices"]["WETH"] == {"read": "ledger-feed-0xfeed", "in": "USD"}


def test_a_given_price_goes_before_all_and_has_no_source():
    tables = read(writing=BookOptions(prices={"WETH": 1999.0, "USDC": 1.0})).tables
    assert (tables["numeraire"], tables["prices"]) == ("USD", {"WETH": 1999.0, "USDC": 1.0})
    assert "prices" not in tables["source"]


def test_an_asset_without_a_price_is_named_with_what_to_do():
    with pytest.raises(hc.ReaderError, match=r"to a price of WETH, USDC: name a pool \(--pool\)"):
        read(writing=BookOptions(numeraire="EUR"))


def test_a_pool_that_is_dry_makes_no_price():
    with pytest.raises(hc.ReaderError, match="leads from USDC to a price of WETH"):
        read(state={**STATE, "deep": 0.0})


def test_perps_are_written_for_what_needs_one():
    assert [row["name"] for row in read().tables["instrument"]] == ["WETH-PERP"]
    assert [
        row["name"] for row in read(writing=BookOptions(perps=["USDC"])).tables["instrument"]
    ] == ["USDC-PERP"]
    own = {"instrument": [{"name": "X", "kind": "perp", "underlying": "WETH"}]}
    assert read(writing=BookOptions(tables=own)).tables["instrument"] == own["instrument"]
    near = {**STATE, ("pair", PAIR): (WETH, "0xusdc", 1000.0, 1001.0)}
    draft = read(state=near)
    assert "instrument" not in draft.tables
    assert "WETH: no perp is written for what trades within 2% of USDC" in draft.notes


def test_a_position_is_taken_as_it_is_wanted():
    assert read(writing=BookOptions(at="market")).tables["position"][0]["at"] == "market"


def test_a_position_may_be_named_by_its_reader_with_fields():
    named = ReadRequest(positions=[f"ledger-pair:{PAIR},owner={OWNER}"])
    tables = read(named).tables
    assert tables["position"][0]["share"] == 0.25
    assert [row["asset"] for row in tables["holding"]] == ["USDC"]  # its fees: no wallet is wanted


@frozen(kw_only=True)
class Numbered(hc.AbstractReader):
    """A reader of what a contract knows by its number, as of NFTs."""

    kind = "ledger-numbered"
    source = Ledger
    needs = ("vault",)
    number: int = fields.integer("which", "id", 0, 9)
    contract: str = fields.name("which contract knows it")

    def read(self, source):  # noqa: ARG002 - nothing is asked
        yield []
        return hc.Reading(name="numbered", holdings={WETH: 1.0}, tokens={WETH: TOKENS[WETH]})


def named(text, **contracts):
    request = ReadRequest(positions=[text])
    every = registry().plus(readers=[Numbered])
    draft = read_book(
        secret(), request, BookOptions(numeraire="WETH"), registry=every, contracts=contracts
    )
    (found,) = draft.tables["source"]["read"].values()
    return found["contract"]


def test_a_position_is_asked_of_the_contract_that_is_known_or_of_the_one_that_is_named():
    assert named("ledger-numbered:1", vault="0xvault") == "0xvault"
    assert named("ledger-numbered:1,contract=0xother", vault="0xvault") == "0xother"
    assert named("ledger-numbered:1, contract=0xother") == "0xother"


def test_a_contract_that_is_missing_is_said_with_how_to_give_it():
    with pytest.raises(hc.ReaderError, match=r"ledger-numbered:1: where vault stands") as told:
        named("ledger-numbered:1")
    assert "--contract vault=0x…" in str(told.value)
    assert "ledger-numbered:1,contract=0x…" in str(told.value)


def test_a_field_that_is_missing_is_named():
    with pytest.raises(hc.SpecError, match=r"^ledger-numbered.contract: needs contract$"):
        build_reader(Numbered, {"number": 1})


def test_addresses_are_written_as_the_venue_writes_them():
    tables = read(ReadRequest(owner="0xOWNER", pools=["0xPAIR", PAIR])).tables
    assert len(tables["position"]) == 1
    assert tables["source"]["read"]["ledger-pair-0xpair"]["owner"] == OWNER


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (ReadRequest(), hc.ReaderError, "name an owner, a pool or a position"),
        (
            ReadRequest(owner=OWNER, pools=["0xno"]),
            hc.ReaderError,
            "0xno is no pool that an installed",
        ),
        (ReadRequest(positions=["5"]), hc.ReaderError, "named as READER:ID"),
        (
            ReadRequest(positions=["ledger-pear:5"]),
            hc.UnknownKindError,
            "did you mean 'ledger-pair'",
        ),
        (ReadRequest(owner=OWNER, without=["ledger-pear"]), hc.UnknownKindError, "ledger-pear"),
        (
            ReadRequest(positions=[f"ledger-pair:{PAIR},onwer=a"]),
            hc.SpecError,
            "did you mean 'owner'",
        ),
        (
            ReadRequest(owner="0xnobody", pools=[PAIR]),
            hc.ReaderError,
            "ledger-pair 0xpair: .*nobody",
        ),
        (ReadRequest(pools=[PAIR]), hc.ReaderError, "holds nothing: check the owner"),
        (ReadRequest(pools=[PAIR], feeds={"WETH": "0xgone"}), hc.ReaderError, "ledger-feed 0xgone"),
    ],
)
def test_what_cannot_be_read_is_said(ask, error, said):
    with pytest.raises(error, match=said):
        read(ask)


def test_a_kind_may_be_left_out():
    tables = read(ReadRequest(owner=OWNER, pools=[PAIR], without=["ledger-purse"])).tables
    assert [row["asset"] for row in tables["holding"]] == ["USDC"]


def test_one_thing_that_is_found_may_be_left_out():
    ask = ReadRequest(
        owner=OWNER, pools=[PAIR, EMPTY], without=["ledger-pair:0xEMPTY", "ledger-pair:0xno"]
    )
    draft = read(ask)
    assert {*draft.tables["source"]["read"]} == {"ledger-pair-0xpair", "ledger-purse-0xowner"}
    assert [each for each in draft.notes if "leave out" in each] == [
        "ledger-pair:0xno: there is none to leave out"
    ]


def test_what_is_not_looked_for_is_said(monkeypatch):
    monkeypatch.setattr(Feed, "needs", ("feeds",))
    [note] = [note for note in read().notes if "not looked for" in note]
    assert "--contract feeds=0x…" in note
    assert not [note for note in read(contracts={"feeds": "0x1"}).notes if "not looked for" in note]


def test_contracts_that_are_given_stand_in_the_source():
    assert read(contracts={"feeds": "0x1"}).tables["source"]["contracts"] == {"feeds": "0x1"}


def test_two_kinds_that_know_a_pool_are_both_named(monkeypatch):
    monkeypatch.setattr(Feed, "recognise", Pair.recognise)
    with pytest.raises(hc.ReaderError, match="may be ledger-feed or ledger-pair: say which"):
        read()
    assert read(ReadRequest(owner=OWNER, pools=[f"ledger-pair:{PAIR}"])).tables["position"]


def test_without_readers_the_error_says_what_to_install():
    with pytest.raises(hc.ReaderError, match="pip install hedgecore-evm-readers"):
        read_book(secret(), ReadRequest(owner=OWNER), registry=hc.load_plugins([]))


def test_an_rpc_that_nobody_takes_is_refused_unshown():
    with pytest.raises(hc.ReaderError, match="no installed reader takes such an RPC") as caught:
        read_book(hc.Secret("ftp://key"), ReadRequest(owner=OWNER), registry=registry())
    assert "key" not in str(caught.value)


def test_the_venue_is_closed_after_an_error(monkeypatch):
    closed = []

    def close(self):
        closed.append(self)

    monkeypatch.setattr(Ledger, "close", close)
    with pytest.raises(hc.ReaderError):
        read(ReadRequest(owner=OWNER, pools=["0xno"]))
    assert len(closed) == 1
