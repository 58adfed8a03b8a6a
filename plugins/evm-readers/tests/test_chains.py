"""Chains and deployments as rows of data: what the rows say, and nodes under their ids."""

from __future__ import annotations

import pytest
from chain import infinity, recorded
from chain.contracts import OWNER
from chain.fake import FakeNode
from chain.recorded import said
from chain.stubs import call_data
from eth_utils import is_checksum_address, to_checksum_address
from hedgecore_evm_readers import UniswapV3, read
from hedgecore_evm_readers.deployments import FAMILIES, chains, deployments

from hedgecore import ReaderError, Secret, readers

needs_cases = pytest.mark.skipif(recorded.CASES is None, reason="the repository's tests/cases")
UNISWAP = "uniswap_v3"
NODES = [
    (1, "uniswap-v3", UNISWAP),
    (56, "pancakeswap-v3", UNISWAP),
    (42161, "sushiswap-v3", UNISWAP),
    (8453, "aerodrome", "slipstream"),
    (10, "velodrome", "slipstream"),
    (137, "quickswap-v3", "algebra_v1"),
]
"""A chain, a manager on it, and whose recorded answers stand at its address."""


def row(chain, name):
    """The row of a deployment."""
    (found,) = (each for each in deployments() if (each.chain, each.name) == (chain, name))
    return found


def family(file):
    """Contracts of a family, its manager and factory, the owner, and a position that he has."""
    if file == UNISWAP:
        its = recorded.uniswap_v3(recorded.cases(UNISWAP)[0])
        return its.contracts, recorded.MANAGER, recorded.FACTORY, OWNER
    its = recorded.fork(file)
    names = its.names
    return its.contracts, names["position_manager"], names["factory"], names["other_owner"]


def standing(file, at):
    """Contracts of a family, moved to the addresses of a deployment, and the owner."""
    contracts, manager, factory, owner = family(file)
    if file == UNISWAP:
        contracts[manager.lower()] |= {
            call_data("balanceOf(address)", owner): said("uint256", 1),
            call_data("tokenOfOwnerByIndex(address,uint256)", owner, 0): said("uint256", 7),
            call_data("ownerOf(uint256)", 7): said("address", owner),
        }
    moves = {manager: at.manager, factory: at.factory or factory}
    return moved(contracts, moves), owner


def moved(contracts, moves):
    """Contracts at other addresses: where they stand, and wherever one names another."""

    def here(raw):
        for old, new in moves.items():
            raw = raw.replace(bytes.fromhex(old[2:]), bytes.fromhex(new[2:]))
        return raw

    return {
        "0x" + here(bytes.fromhex(address[2:])).hex(): {
            here(data): here(answer) for data, answer in answers.items()
        }
        for address, answers in contracts.items()
    }


def sources(contracts, chain, owner):
    """What the positions of a book are read by, of an owner on a chain, found by the table."""
    with FakeNode(contracts, chain_id=chain).running() as node:
        ask = readers.ReadRequest(owner=owner, without=["evm-wallet", "evm-uniswap-v4"])
        draft = readers.read_book(Secret(node.url), ask, block=node.number)
    assert len(draft.tables["position"]) >= 1
    return list(draft.tables["source"]["read"].values())


def test_many_chains_are_known_and_each_row_says_where_it_is_from():
    assert len(chains()) >= 36
    for each in chains().values():
        assert each.name
        assert each.native
        assert each.source
        assert each.max_age > 0
        assert all(map(is_checksum_address, each.contracts.values()))


def test_a_deployment_is_of_a_known_chain_and_family_and_stands_once():
    rows = deployments()
    for each in rows:
        assert each.chain in chains()
        assert each.family in FAMILIES
        assert each.source
        assert is_checksum_address(each.manager)
        assert each.factory is None or is_checksum_address(each.factory)
    assert len({(each.chain, each.manager) for each in rows}) == len(rows)
    assert len({(each.chain, each.name) for each in rows}) == len(rows)


@needs_cases
@pytest.mark.parametrize(("chain", "name", "file"), NODES, ids=str)
def test_an_owners_positions_are_found_under_the_id_of_a_chain(chain, name, file):
    contracts, owner = standing(file, row(chain, name))
    found = sources(contracts, chain, owner)
    assert {each["contract"] for each in found} == {row(chain, name).manager}


def infinity_at(manager, pools):
    """Contracts of an owner's CL position of Infinity at some addresses, and its event."""
    its = infinity.infinity_cl(recorded.cases("uniswap_v4")[1], places=(manager, pools))
    its.contracts[manager.lower()] |= {
        call_data("balanceOf(address)", OWNER): said("uint256", 1),
        call_data("ownerOf(uint256)", 7): said("address", OWNER),
    }
    return its.contracts, infinity.given_nfts(7, manager=manager)


@needs_cases
@pytest.mark.parametrize("chain", [56, 8453, 11155111])
@pytest.mark.parametrize("pools", ["its own", "the bins'", "unknown"])
def test_positions_of_infinity_are_found_under_the_id_of_a_chain(chain, pools):
    """By the table's manager, and refused where it names other pools than the table."""
    at, bins = (row(chain, f"pancake-infinity-{each}") for each in ("cl", "bins"))
    factory = {"its own": at.factory, "the bins'": bins.factory}.get(pools, "0x" + "5f" * 20)
    contracts, logs = infinity_at(at.manager, factory)
    ask = readers.ReadRequest(owner=OWNER, without=["evm-wallet", "evm-uniswap-v4"])
    with FakeNode(contracts, chain_id=chain, logs=logs).running() as node:
        if pools == "its own":
            draft = readers.read_book(Secret(node.url), ask, block=node.number)
            (found,) = draft.tables["source"]["read"].values()
            assert (found["contract"], found["token_id"]) == (at.manager, 7)
            return
        with pytest.raises(ReaderError, match=f"that of pancake-infinity-cl is {at.factory}"):
            readers.read_book(Secret(node.url), ask, block=node.number)


@needs_cases
def test_several_managers_of_a_family_are_read_together():
    one, other = row(8453, "uniswap-v3"), row(8453, "pancakeswap-v3")
    contracts, owner = standing(UNISWAP, one)
    contracts |= standing(UNISWAP, other)[0]
    pool = contracts[recorded.V3_POOL]
    again = {"0x" + "ab" * 20: pool | {call_data("factory()"): said("address", other.factory)}}
    pool[call_data("factory()")] = said("address", one.factory)
    of_other = contracts[other.factory.lower()]
    of_other |= dict.fromkeys(of_other, said("address", next(iter(again))))
    found = sources(contracts | again, 8453, owner)
    assert {each["contract"] for each in found} == {one.manager, other.manager}
    assert {each["kind"] for each in found} == {"evm-uniswap-v3"}


@needs_cases
@pytest.mark.parametrize("between", [",", None])
def test_several_managers_that_are_not_known_may_be_given_for_a_family(between):
    """Beside each other under its name, or one of them under the name of a deployment."""
    one, owner = standing(UNISWAP, row(8453, "uniswap-v3"))
    coins = recorded.uniswap_v3(recorded.cases(UNISWAP)[0]).tokens
    other = moved(one, {at: "0xfb" + at[4:] for at in one if at not in coins})
    mine = [row(8453, "uniswap-v3").manager, "0xfb" + row(8453, "uniswap-v3").manager.lower()[4:]]
    given = dict(zip(("uniswap-v3", "sushiswap-v3"), mine, strict=True))
    given = {"uniswap-v3": between.join(mine)} if between else given
    ask = readers.ReadRequest(owner=owner, without=["evm-wallet", "evm-uniswap-v4"])
    with FakeNode(one | other, chain_id=31337).running() as node:
        draft = readers.read_book(Secret(node.url), ask, block=node.number, contracts=given)
    found = draft.tables["source"]["read"].values()
    assert {each["contract"].lower() for each in found} == {each.lower() for each in mine}
    assert draft.tables["source"]["contracts"] == given


@needs_cases
def test_a_contract_may_be_named_for_one_of_two_chains():
    """Both managers are known to nobody; the other chain has nothing at that address."""
    ours, theirs = row(1, "uniswap-v3"), row(8453, "aerodrome")
    places = [row_._replace(manager=f"0x{n:040x}") for n, row_ in ((0xE1, ours), (0xE2, theirs))]
    (one, owner), (other, _) = (
        standing(file, at) for file, at in zip((UNISWAP, "slipstream"), places, strict=True)
    )
    ask = readers.ReadRequest(
        owner=[owner, family("slipstream")[3]], without=["evm-wallet", "evm-uniswap-v4"]
    )
    given = {"31337:uniswap-v3": places[0].manager, "31338:slipstream": places[1].manager}
    with (
        FakeNode(one, chain_id=31337).running() as first,
        FakeNode(other, chain_id=31338).running() as second,
    ):
        rpcs = [Secret(first.url), Secret(second.url)]
        symbols = dict.fromkeys(("USDC", "USDC 31338", "WETH", "WETH 31338"), 1.0)
        writing = readers.BookOptions(prices=symbols)
        draft = readers.read_book(rpcs, ask, writing, contracts=given)
        again = readers.refresh_book(draft.tables, rpcs[::-1])
    chains = draft.tables["source"]["chains"]
    assert {name: each["contracts"] for name, each in chains.items()} == {
        "31337": {"uniswap-v3": places[0].manager},
        "31338": {"slipstream": places[1].manager},
    }
    assert all(each["read"] for each in chains.values())
    assert again.tables == draft.tables


@pytest.mark.parametrize(
    "name", ["uniswap-v9", "8453:uniswap-v9", "base:uniswap-v3", "1:8453:uniswap-v3"]
)
def test_a_contract_that_has_no_such_name_is_refused(name):
    with (
        FakeNode({}).running() as node,
        pytest.raises(ReaderError, match="no contract is called") as raised,
    ):
        read(node.url, UniswapV3(token_id=1, contract=OWNER), contracts={name: OWNER})
    assert "CHAIN:NAME" in str(raised.value)


@needs_cases
def test_a_manager_that_is_not_to_be_asked_is_left_out():
    contracts, owner = standing(UNISWAP, row(56, "pancakeswap-v3"))
    ask = readers.ReadRequest(owner=owner, without=["evm-wallet", "evm-uniswap-v4"])
    with (
        FakeNode(contracts, chain_id=56).running() as node,
        pytest.raises(ReaderError, match="holds nothing"),
    ):
        readers.read_book(
            Secret(node.url), ask, block=node.number, contracts={"pancakeswap-v3": "none"}
        )


def refused(contracts, chain, reader):
    """Words of the error that a reading of one position ends with."""
    with FakeNode(contracts, chain_id=chain).running() as node, pytest.raises(ReaderError) as said_:
        read(node.url, reader, block=node.number)
    return str(said_.value)


@needs_cases
@pytest.mark.parametrize("other", [None, "pancakeswap-v3", "aerodrome"])
def test_a_manager_that_names_another_factory_is_refused_with_whose_it_is(other):
    """The table's manager must answer the table's factory, whoever's pools it leads to."""
    at = row(8453, "uniswap-v3")
    factory = recorded.FACTORY if other is None else row(8453, other).factory
    contracts, _ = standing(UNISWAP, at._replace(factory=factory))
    words = refused(contracts, 8453, UniswapV3(token_id=7, contract=at.manager))
    assert f"its factory is {to_checksum_address(factory)}" in words
    assert f"that of uniswap-v3 is {at.factory} by {at.source}" in words
    if other is not None:
        assert f"which is that of {other} ({row(8453, other).family})" in words


@needs_cases
def test_a_manager_that_is_not_known_may_not_lead_to_the_pools_of_another_family():
    ours, theirs = row(8453, "uniswap-v3"), row(8453, "aerodrome")
    unknown = "0x" + "5a" * 20
    mine = UniswapV3(token_id=7, contract=to_checksum_address(unknown))
    moved_to = ours._replace(manager=unknown, factory=theirs.factory)
    words = refused(standing(UNISWAP, moved_to)[0], 8453, mine)
    assert "which is that of aerodrome (slipstream)" in words
    contracts, _ = standing(UNISWAP, ours._replace(manager=unknown))
    with FakeNode(contracts, chain_id=8453).running() as node:
        assert read(node.url, mine, block=node.number)


@needs_cases
def test_positions_on_two_chains_are_one_book_with_a_block_of_each():
    """Their tokens stand at the same addresses, and are two assets each until it is said."""
    nodes = [(1, "uniswap-v3"), (8453, "aerodrome")]
    (one, owner), (other, _) = (
        standing(UNISWAP if name == "uniswap-v3" else "slipstream", row(chain, name))
        for chain, name in nodes
    )
    theirs = family("slipstream")[3]
    ask = readers.ReadRequest(owner=[owner, theirs], without=["evm-wallet", "evm-uniswap-v4"])
    with (
        FakeNode(one, chain_id=1).running() as first,
        FakeNode(other, chain_id=8453, number=30_000_000).running() as second,
    ):
        rpcs = [Secret(first.url), Secret(second.url)]
        writing = readers.BookOptions(
            prices={"WETH": 2000.0, "USDC": 1.0, "WETH 8453": 2000.0, "USDC 8453": 1.0}
        )
        draft = readers.read_book(rpcs, ask, writing, max_age=1e12)
        again = readers.refresh_book(draft.tables, rpcs[::-1], max_age=1e12)
    chains = draft.tables["source"]["chains"]
    assert {name: each["block"] for name, each in chains.items()} == {
        "1": first.number,
        "8453": 30_000_000,
    }
    managers = {each["contract"] for part in chains.values() for each in part["read"].values()}
    assert managers == {row(*each).manager for each in nodes}
    assert again.tables == draft.tables
