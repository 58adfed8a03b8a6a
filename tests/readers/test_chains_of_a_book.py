"""Two chains in one book: a block and an age each, and assets that are apart until it is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.live.book_source import BookSource
from hedgecore.readers import BookOptions, ReadRequest, read_book, refresh_book
from hedgecore.readers.parts import SourcePart, side_by_side
from hedgecore.readers.refresh import open_book_source
from venues import OWNER, PAIR, STATE, registry, secret

HERE = {**STATE, "time": 1_770_000_000.0}
THERE = {
    **HERE,
    "chain": 8453,
    "block": 70,
    "time": 1_770_000_600.0,
    ("pair", PAIR): ("0xweth", "0xusdc", 10.0, 21_000.0),
}
SAME = {"WETH 8453": {"same_as": "WETH"}, "USDC 8453": {"same_as": "USDC"}}
BOTH = ReadRequest(owner=OWNER, pools=[PAIR, f"8453:{PAIR}"])


def rpcs(here=HERE, there=THERE):
    return [secret(here, "ledger:1"), secret(there, "ledger:8453")]


def read(ask=BOTH, said=SAME, **states):
    writing = BookOptions(tables={"assets": said} if said else {})
    return read_book(rpcs(**states), ask, writing, registry=registry())


def test_each_chain_has_its_own_block_and_age_and_the_book_is_as_old_as_the_oldest():
    tables = read().tables
    chains = tables["source"]["chains"]
    assert {name: each["block"] for name, each in chains.items()} == {"1": 7, "8453": 70}
    ages = {name: each["as_of"] for name, each in chains.items()}
    assert ages == {"1": "2026-02-02T02:40:00+00:00", "8453": "2026-02-02T02:50:00+00:00"}
    assert tables["as_of"] == ages["1"]


NOW = datetime.fromtimestamp(THERE["time"], UTC)


def days_before(count):
    """Moment of a chain so many days before `NOW`, seconds since 1970."""
    return (NOW - timedelta(days=count)).timestamp()


@pytest.mark.parametrize(
    ("stale", "fresh", "between"),
    [("8453", "1", "2 days, 23:50:00"), ("1", "8453", "3 days, 0:00:00")],
)
def test_a_chain_whose_block_is_old_is_named_and_the_other_is_not(stale, fresh, between):
    states = {"here": HERE, "there": THERE}
    old = "there" if stale == "8453" else "here"
    tables = read(**states | {old: states[old] | {"time": days_before(3)}}).tables
    (said, *rest) = hc.Book.from_tables(tables, now=NOW).warnings
    assert said.startswith(f"The prices of chain {stale} are 3 days old (as_of ")
    assert f"of chain {fresh}" not in said
    assert rest[0].startswith(f"Chain {stale} was read {between} before chain {fresh}")


def test_an_age_of_a_chain_counts_whatever_the_book_says_on_top():
    """A price that was stated since then is new, and what was read is as old as it was."""
    tables = read(here=HERE | {"time": days_before(2)}).tables | {"as_of": NOW.isoformat()}
    assert "of chain 1 are 2 days old" in hc.Book.from_tables(tables).age_warning(NOW)
    del tables["as_of"]
    assert "of chain 1 are 2 days old" in hc.Book.from_tables(tables).age_warning(NOW)
    tables["source"]["chains"]["1"]["as_of"] = "yesterday"
    with pytest.raises(hc.SpecError, match=r"source.chains.1.*date-time.*yesterday"):
        hc.Book.from_tables(tables)


def test_chains_that_were_read_together_are_not_warned_of():
    book = hc.Book.from_tables(read().tables, now=NOW)
    assert not [each for each in book.warnings if "chain" in each.lower()]
    assert book.age_warning(NOW) is None


def test_a_token_here_and_a_token_there_are_two_assets_wherever_they_stand():
    """Their addresses are the same on both chains."""
    tables = read(said=None, ask=ReadRequest(owner=OWNER, pools=[PAIR, f"8453:{PAIR}"])).tables
    chains = tables["source"]["chains"]
    assert chains["1"]["assets"]["USDC"] == chains["8453"]["assets"]["USDC 8453"] == "0xusdc"
    assert [row["assets"] for row in tables["position"]] == [["WETH", "USDC"]]
    lost = chains["8453"]["unread"]
    assert "to a price of" in lost["ledger-pair-0xpair 2"]["reason"]
    assert {row.get("token") for row in lost.values()} == {None, "0xgas", "0xweth"}
    book = hc.Book.from_tables(tables)
    assert sum("is unknown" in each for each in book.warnings) == 3


def test_what_is_the_same_asset_is_counted_together_once_it_is_said():
    tables = read().tables
    assert len(tables["position"]) == 2
    book = hc.Book.from_tables(tables)
    assert book.market.price("WETH 8453") == book.market.price("WETH") == 2000.0
    alone = read_book(rpcs()[0], ReadRequest(owner=OWNER, pools=[PAIR]), registry=registry())
    hedged = hc.Book.from_tables(alone.tables).hedge().quantities["WETH-PERP"]
    assert book.hedge().quantities["WETH-PERP"] < hedged < 0


def test_a_book_of_two_chains_is_read_again_from_both_in_any_order():
    tables = read().tables
    later = {**THERE, "block": 80, "time": 1_770_000_900.0, ("balance", "0xweth", OWNER): 3.0}
    again = refresh_book(tables, rpcs(there=later)[::-1], registry=registry())
    chains = again.tables["source"]["chains"]
    assert {name: each["block"] for name, each in chains.items()} == {"1": 7, "8453": 80}
    changed = {(each.table, each.key): (each.before, each.after) for each in again.changes}
    assert changed == {
        ("source 8453", "block"): (70, 80),
        ("holding (ledger-purse-0xowner 2)", "WETH 8453"): (2.0, 3.0),
    }
    assert again.tables["as_of"] == tables["as_of"]
    hc.Book.from_tables(again.tables)


def test_a_token_that_is_new_on_one_chain_is_not_taken_for_the_others():
    tables = read(said=SAME | {"ETH 8453": {"same_as": "WETH"}}).tables
    del tables["source"]["chains"]["8453"]["assets"]["USDC 8453"]
    again = refresh_book(tables, rpcs(), registry=registry()).tables
    there = again["source"]["chains"]["8453"]["assets"]
    assert "USDC" not in there
    assert sum(its == "0xusdc" for its in there.values()) == 1


def test_a_chain_without_an_rpc_is_named():
    with pytest.raises(hc.ReaderError, match="chain 8453 too, and no RPC"):
        refresh_book(read().tables, rpcs()[:1], registry=registry())


def test_two_rpcs_of_one_chain_are_refused():
    with pytest.raises(hc.ReaderError, match="two of the RPCs are of chain 1"):
        read(there=HERE)


@pytest.mark.parametrize(
    ("asked", "contracts"),
    [
        ({"pools": [f"10:{PAIR}"]}, {}),
        ({"positions": ["10:ledger-pair:1"]}, {}),
        ({"tokens": ["10:0xusdc"]}, {}),
        ({"feeds": {"ETH": "10:0xfeed"}}, {}),
        ({"without": ["10:ledger-purse:0xowner"]}, {}),
        ({}, {"10:registry": "0xregistry"}),
    ],
    ids=["pool", "position", "token", "feed", "skip", "contract"],
)
@pytest.mark.parametrize("count", [1, 2])
def test_what_is_on_a_chain_that_no_rpc_is_of_is_refused(asked, contracts, count):
    """And not left out in silence."""
    ask = ReadRequest(owner=OWNER, **asked)
    with pytest.raises(hc.ReaderError, match="on chain 10, and the RPCs are of 1") as raised:
        read_book(rpcs()[:count], ask, registry=registry(), contracts=contracts)
    assert "name an RPC of that chain" in str(raised.value)


def test_a_contract_may_be_named_for_one_chain_and_stands_in_its_part_alone():
    given = {"a": "0x1", "8453:a": "0x2", "1:b": "0x3"}
    tables = read_book(rpcs(), BOTH, registry=registry(), contracts=given).tables
    chains = tables["source"]["chains"]
    assert chains["1"]["contracts"] == {"a": "0x1", "b": "0x3"}
    assert chains["8453"]["contracts"] == {"a": "0x2"}


def test_a_price_that_is_stated_on_one_chain_is_of_its_own_tokens():
    """Its asset and its unit have the chain in their ids, as what is held has."""
    quoted = hc.Reading(
        name="stated",
        tokens={i: hc.Token(i, i) for i in ("0xweth", "0xusdc")},
        quotations=(hc.PriceQuote("0xweth", 2000.0, "0xusdc"), hc.PriceQuote("ETH", 1.0, "USD")),
    )
    part = SourcePart(
        read=[(None, quoted)], unread=[], notes=[], stamp={"chain": 8453}, time=None, names={}
    )
    first, second = side_by_side([evolve(part, stamp={"chain": 1}), part])
    for its, chain in ((first, "1"), (second, "8453")):
        [(_, reading)] = its.read
        one, other = reading.quotations
        assert (one.asset, one.unit) == (f"{chain}:0xweth", f"{chain}:0xusdc")
        assert (other.asset, other.unit) == ("ETH", "USD")


def test_a_loop_says_that_it_keeps_one_chain_before_it_begins():
    with pytest.raises(hc.ReaderError, match="of several chains") as raised:
        BookSource.of(read().tables, rpcs()[0], confirmations=0)
    assert "a book of each chain" in str(raised.value)
    with pytest.raises(hc.ReaderError, match="of several chains"):
        open_book_source(read().tables, rpcs()[0], registry=registry())


def test_a_note_says_of_which_chain_it_is():
    ask = evolve(BOTH, without=["8453:ledger-pair:0xnone"])
    draft = read_book(rpcs(), ask, BookOptions(tables={"assets": SAME}), registry=registry())
    notes = [each for each in draft.notes if "none to leave out" in each]
    assert notes == ["chain 8453: ledger-pair:0xnone: there is none to leave out"]


def test_a_name_may_be_given_for_one_chain():
    writing = BookOptions(names={"8453:0xusdc": "USDbC"}, prices={"USDbC": 1.0, "WETH": 2000.0})
    tables = read_book(rpcs(), BOTH, writing, registry=registry()).tables
    assert tables["source"]["chains"]["8453"]["assets"]["USDbC"] == "0xusdc"
    assert tables["source"]["chains"]["1"]["assets"]["USDC"] == "0xusdc"
