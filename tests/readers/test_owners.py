"""Several owners, pools and positions by their number in one read, each counted once."""

from __future__ import annotations

import hedgecore as hc
from hedgecore.readers import ReadRequest, read_book, refresh_book
from venues import GAS, OWNER, PAIR, STATE, WETH, registry, secret

OTHER = "0xother"
BOTH = {
    **STATE,
    ("share", PAIR, OTHER): 0.125,
    ("balance", WETH, OTHER): 1.0,
    ("balance", GAS, OTHER): 0.0,
    ("balance", "0xusdc", OTHER): 9.0,
}


def read(ask, state=BOTH):
    return read_book(secret(state), ask, registry=registry())


def test_shares_and_balances_of_two_owners_stand_side_by_side():
    tables = read(ReadRequest(owner=[OWNER, OTHER], pools=[PAIR])).tables
    assert [row["share"] for row in tables["position"]] == [0.25, 0.125]
    wallets = [row for row in tables["holding"] if "wallet" in row["name"]]
    assert [(row["asset"], row["amount"]) for row in wallets] == [
        ("ETH", 0.5),
        ("WETH", 2.0),
        ("WETH", 1.0),
        ("USDC", 9.0),
    ]
    owners = [each["owner"] for each in tables["source"]["read"].values()]
    assert sorted(owners) == sorted([OWNER, OTHER] * 2)


def test_the_book_of_two_owners_is_the_sum_of_theirs():
    def exposure(owner):
        ask = ReadRequest(owner=owner, pools=[PAIR])
        return hc.Book.from_tables(read(ask).tables).hedge().quantities["WETH-PERP"]

    assert exposure([OWNER, OTHER]) == exposure(OWNER) + exposure(OTHER)


def test_an_owner_that_is_named_twice_is_counted_once():
    once = read(ReadRequest(owner=OWNER, pools=[PAIR])).tables
    assert read(ReadRequest(owner=["0xOWNER", OWNER], pools=[PAIR])).tables == once


def test_what_is_named_by_its_number_is_read_beside_an_owners():
    named = [f"ledger-pair:{PAIR},owner={OTHER}"]
    tables = read(ReadRequest(owner=OWNER, pools=[PAIR], positions=named)).tables
    assert sorted(row["share"] for row in tables["position"]) == [0.125, 0.25]


def test_a_book_of_two_owners_is_read_again():
    tables = read(ReadRequest(owner=[OWNER, OTHER], pools=[PAIR])).tables
    later = {**BOTH, ("share", PAIR, OTHER): 0.0625}
    again = refresh_book(tables, secret(later), registry=registry()).tables
    assert [row["share"] for row in again["position"]] == [0.25, 0.0625]
