"""Readers beside those of pool shares: spoiled answers, other families' contracts, bad nodes."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from chain import infinity, proxy, recorded, vaults
from chain.contracts import OWNER
from chain.direct import opened
from chain.fake import FakeNode
from chain.families import FAMILIES, READERS
from chain.proxy import SECRETS, Proxy
from chain.recorded import POOL, said
from chain.stubs import call_data
from eth_utils import to_checksum_address
from hedgecore_evm_readers import (
    BalancerBuffer,
    InfinityBins,
    InfinityCl,
    RangeVault,
    UniswapV3Pool,
    UniswapV4,
)
from test_balancer_buffer import MINE as BUFFER
from test_balancer_buffer import contracts as buffer_contracts
from test_families import SPOILED
from test_faults import ADVICE, HANGING, READING, failing, given_up

import hedgecore as hc
from hedgecore import ReaderError, SpecError
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)


class Scene(NamedTuple):
    """A reader, and the contracts of its family."""

    contracts: dict[str, dict[bytes, bytes]]
    reader: Any

    def read(self, *, by=None):
        with opened(FakeNode(self.contracts)) as chain:
            (found,) = chain.read([by or self.reader])
        return found


def infinity_cl():
    its = infinity.infinity_cl(recorded.cases("uniswap_v4")[2])
    return Scene(its.contracts, InfinityCl(token_id=7, contract=infinity.CL_MANAGER))


def infinity_bins():
    pool, contracts = infinity.infinity_bins()
    bins = [index for index, _, _ in infinity.LADDER]
    mine = {"contract": infinity.BIN_MANAGER, "owner": OWNER, "bins": bins}
    return Scene(contracts, InfinityBins(pool="0x" + pool.id.hex(), **mine))


def vault(kind):
    pool, held, pair, _ = vaults.recorded_pool("uniswap_v3")
    contracts = vaults.merged(pool, vaults.standing(kind, held, pair, OWNER))
    return Scene(contracts, RangeVault(pool=vaults.VAULT, owner=OWNER))


SCENES = {
    "infinity-cl": infinity_cl,
    "infinity-bins": infinity_bins,
    "gamma": lambda: vault("Gamma"),
    "arrakis-v1": lambda: vault("Arrakis v1"),
    "arrakis-v2": lambda: vault("Arrakis v2"),
    "buffer": lambda: Scene(buffer_contracts(), BUFFER),
}


@pytest.fixture(params=SCENES)
def scene(request):
    """A reader and its contracts."""
    return SCENES[request.param]()


def sound(reading):
    """Require a reading that builds, with amounts that are none below nothing."""
    if reading.position is not None:
        hc.build(reading.position)
    assert all(amount >= 0 for amount in reading.holdings.values())


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
@pytest.mark.sample(3)
def test_a_spoiled_answer_is_an_error_or_a_reading_that_is_sound(scene, spoil):
    """Every answer of every contract in turn; where it is missing, too."""
    for to, data in [(to, data) for to, answers in scene.contracts.items() for data in answers]:
        right = scene.contracts[to][data]
        scene.contracts[to][data] = spoil(right)
        try:
            sound(scene.read())
        except (ReaderError, SpecError) as error:
            assert "0x" in str(error) or isinstance(error, SpecError)  # noqa: PT017 - either will do
        scene.contracts[to][data] = right


@pytest.mark.sample(3)
def test_an_answer_that_is_missing_is_an_error_or_changes_no_amount(scene):
    whole = scene.read()
    for to, data in [(to, data) for to, answers in scene.contracts.items() for data in answers]:
        right = scene.contracts[to].pop(data)
        try:
            found = scene.read()
        except ReaderError as error:
            assert "0x" in str(error)  # noqa: PT017 - or it was not needed
        else:
            assert [*found.holdings.values()] == [*whole.holdings.values()]
            assert (found.position or {}).get("share") == (whole.position or {}).get("share")
        scene.contracts[to][data] = right


@pytest.mark.parametrize("given", [True, False])
def test_a_position_of_infinity_that_was_given_away_is_its_owners_no_more(given):
    scene = infinity_cl()
    other = to_checksum_address("0x" + "8e" * 20)
    answers = scene.contracts[infinity.CL_MANAGER.lower()]
    answers[call_data("ownerOf(uint256)", 7)] = said("address", other if given else OWNER)
    reading = scene.read(by=InfinityCl(token_id=7, contract=infinity.CL_MANAGER, owner=OWNER))
    assert (reading.held, reading.owner) == (not given, other if given else OWNER)
    assert any(reading.holdings.values()) != given


PLACES = {
    "infinity-cl": infinity.CL_MANAGER,
    "infinity-bins": infinity.BIN_MANAGER,
    "gamma": vaults.VAULT,
    "buffer": recorded.VAULT,
    "uniswap-v3": recorded.MANAGER,
}
TAKEN = {
    "infinity-cl": lambda at: InfinityCl(token_id=7, contract=at),
    "infinity-bins": lambda at: InfinityBins(
        pool="0x" + "5a" * 32, contract=at, owner=OWNER, bins=[1]
    ),
    "gamma": lambda at: RangeVault(pool=at, owner=OWNER),
    "buffer": lambda at: BalancerBuffer(wrapped=BUFFER.wrapped, contract=at, owner=OWNER),
    "uniswap-v4": lambda at: UniswapV4(token_id=7, contract=at),
}


@pytest.mark.parametrize(
    ("shown", "taken_for"),
    [(s, t) for s in PLACES for t in TAKEN if s != t],
)
@pytest.mark.sample(4)
def test_no_contract_is_read_as_one_of_another_family(shown, taken_for):
    """The layout of each shown to every other: refused, with the address."""
    if shown == "uniswap-v3":
        contracts = recorded.uniswap_v3(recorded.cases("uniswap_v3")[0]).contracts
    else:
        contracts = SCENES[shown]().contracts
    at, contracts = PLACES[shown], vaults.merged(contracts, buffer_tokens())
    with pytest.raises(ReaderError) as raised:
        Scene(contracts, TAKEN[taken_for](at)).read()
    assert at.lower() in str(raised.value).lower()


def buffer_tokens():
    """A wrapped token and what it wraps, without the vault."""
    return {at: each for at, each in buffer_contracts().items() if at != recorded.VAULT}


def told(contracts, reader, address, **given):
    """Whether a reader takes what stands at an address for one of its pools."""
    with opened(FakeNode(contracts), **given) as chain:
        (found,) = chain.converse([("asked", reader.recognise(chain, address))])
    return found


POOLS = {**READERS, "evm-range-vault": RangeVault, "evm-uniswap-v3-pool": UniswapV3Pool,
         "evm-balancer-buffer": BalancerBuffer}  # fmt: skip


@pytest.mark.parametrize("kind", vaults.KINDS)
def test_a_vault_is_known_to_its_own_reader_alone(kind):
    contracts = vault(kind).contracts
    given = {"balancer-v3": recorded.VAULT}
    assert [k for k, r in POOLS.items() if told(contracts, r, vaults.VAULT, **given)] == [
        "evm-range-vault"
    ]


def test_a_wrapped_token_is_known_by_its_buffer_alone():
    given = {"balancer-v3": recorded.VAULT}
    contracts = buffer_contracts()
    known = [kind for kind, r in POOLS.items() if told(contracts, r, BUFFER.wrapped, **given)]
    assert known == ["evm-balancer-buffer"]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_pool_is_taken_for_a_vault_or_a_buffer(family):
    contracts = FAMILIES[family].pool().contracts
    given = {"balancer-v3": recorded.VAULT}
    assert not any(told(contracts, r, POOL, **given) for r in (RangeVault, BalancerBuffer))


@pytest.mark.parametrize("spoil", proxy.SPOILS, ids=lambda each: each.__name__)
@pytest.mark.sample(3)
def test_a_bad_node_is_an_error_that_gives_nothing_away(scene, spoil):
    """From the middle of a read on; each reader of these families."""
    with (
        FakeNode(scene.contracts).running() as node,
        Proxy(node.url, spoil, READING).running() as between,
    ):
        said = (given_up if spoil in HANGING else lambda b, r: failing(b.url, r))(
            between, scene.reader
        )
    assert ADVICE.search(said), said
    assert str(scene.reader) in said
    assert not any(secret in said for secret in SECRETS)
