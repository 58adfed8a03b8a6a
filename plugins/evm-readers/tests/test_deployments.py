"""The data file against what the protocols' packages say, as `encoded/deployments.mjs` recorded."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from chain.contracts import OWNER
from chain.direct import opened
from chain.fake import FakeNode
from chain.recorded import token
from eth_utils import to_checksum_address
from hedgecore_evm_readers import Wallet
from hedgecore_evm_readers.abi import NATIVE
from hedgecore_evm_readers.deployments import chains, deployments, pair_factories

from hedgecore import SearchRequest

RECORD = json.loads((Path(__file__).parent / "encoded/deployments.json").read_text("utf-8"))
KNOWN = [int(number) for number in RECORD["chains"] if int(number) in chains()]
ROWS = {(each.chain, each.name): each for each in deployments()}
TERMS = {
    "Uniswap v2": (0.003, Fraction(1, 6)),
    "SushiSwap v2": (0.003, Fraction(1, 6)),
    "PancakeSwap v2": (0.0025, Fraction(8, 25)),
}
"""Of a swap, and the protocol's part of √k's growth, as the pairs' sources have them."""
SOURCES = {f"{name}@{version}" for name, version in RECORD["versions"].items()}


def recorded(chain):
    return RECORD["chains"][str(chain)]


def test_nearly_all_chains_are_in_the_packages():
    assert len(KNOWN) >= 40


@pytest.mark.parametrize("chain", KNOWN)
def test_a_chain_is_as_the_packages_say(chain):
    its, theirs = chains()[chain], recorded(chain)
    assert its.native == theirs["native"][0]
    assert theirs["native"][1] == 18 or not its.native_balance
    mine = {name: each.lower() for name, each in its.contracts.items()}
    for name, address in theirs["contracts"].items():
        assert mine[name] == address
    assert {*theirs["wrapped"]} - {NATIVE} in (set(), {mine.get("wrapped")})


@pytest.mark.parametrize("chain", KNOWN)
def test_the_managers_of_a_chain_are_those_of_the_packages(chain):
    for name, (manager, factory) in recorded(chain)["managers"].items():
        row = ROWS[chain, name]
        assert row.manager.lower() == manager
        assert row.factory.lower() == factory


@pytest.mark.parametrize("chain", KNOWN)
def test_the_factories_of_pairs_on_a_chain_are_those_of_the_packages(chain):
    for name, factory in recorded(chain)["pairs"].items():
        row = pair_factories()[to_checksum_address(factory)]
        assert row.name == name
        assert chain in row.chains
        assert (row.fee, row.protocol) == TERMS[name]


def test_a_row_that_names_a_recorded_package_is_in_it():
    for (chain, name), row in ROWS.items():
        if row.source in SOURCES:
            assert recorded(chain)["managers"][name][0] == row.manager.lower()
    for row in pair_factories().values():
        assert row.source in SOURCES
        for chain in row.chains:
            assert recorded(chain)["pairs"][row.name] == row.factory.lower()


def wallet(chain, *, of=None, **balances):
    """What an owner's wallet holds on a chain, whose tokens say so much of it."""
    its = chains()[chain]
    there = [its.contracts.get("wrapped"), its.twin, *balances]
    contracts = {
        each.lower(): token("TWIN", 6, **{OWNER: balances.get(each, 5 * 10**6)})
        for each in there
        if each is not None
    }
    node = FakeNode(contracts, chain_id=chain)
    with opened(node) as venue:
        wanted = SearchRequest(owner=OWNER, tokens=tuple(balances))
        ((mine,),) = venue.converse([("wallet", Wallet.find(venue, wanted))])
        reader = mine if of is None else Wallet(owner=OWNER, tokens=of)
        (found,) = venue.read([reader])
    return found, [method for method, _ in node.asked]


TWINS = [number for number, each in chains().items() if each.twin]


@pytest.mark.parametrize("chain", TWINS)
def test_a_currency_that_is_a_token_too_is_counted_once(chain):
    """By the token, in which pools have it; of a book that was read earlier, too."""
    twin = chains()[chain].twin
    found, asked = wallet(chain, **{twin: 7 * 10**6})
    assert found.holdings[twin] == 7.0
    assert NATIVE not in found.holdings
    assert "eth_getBalance" not in asked
    again, asked = wallet(chain, of=(NATIVE, twin), **{twin: 7 * 10**6})
    assert again.holdings == {twin: 7.0}
    assert "eth_getBalance" not in asked


def test_a_chain_without_a_currency_of_its_own_has_no_balance_of_it():
    """Tempo's nodes answer `eth_getBalance` with 4 · 10⁵⁸ for everybody."""
    (tempo,) = (number for number, each in chains().items() if not each.native_balance)
    found, asked = wallet(tempo)
    assert (found.holdings, found.unknown) == ({}, {})
    assert "eth_getBalance" not in asked


def test_elsewhere_the_currency_and_what_wraps_it_are_two_balances():
    with opened(FakeNode({}, chain_id=1)) as venue:
        ((mine,),) = venue.converse([("", Wallet.find(venue, SearchRequest(owner=OWNER)))])
    assert mine.tokens == (NATIVE, chains()[1].contracts["wrapped"])
