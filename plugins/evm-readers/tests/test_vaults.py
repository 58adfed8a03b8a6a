"""Vaults of ranges: a share of all of it, as the pool's contracts paid, less what is withheld."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded, stubs, tokens, vaults
from chain.contracts import OWNER
from chain.direct import opened
from chain.fake import FakeNode
from chain.judge import ULP, assert_paid, held_now
from chain.recorded import said
from chain.stubs import call_data
from chain.ticks import root_at
from chain.vaults import FILES, KINDS, SUPPLY, VAULT, Held, merged, recorded_pool, standing
from eth_abi import encode
from eth_utils import keccak, to_checksum_address
from hedgecore_evm_readers import RangeVault, read

import hedgecore as hc
from hedgecore import ReaderError, Secret, readers
from hedgecore.testing.recorded import ABSENT

needs_cases = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
MINE = RangeVault(pool=VAULT, owner=OWNER)
PAIRS = [(f, k) for f in FILES for k in KINDS if f == "uniswap_v3" or k != "Arrakis v2"]
"""Families of pools and kinds of vaults; Arrakis v2's are in pools of v3 alone, by their fee."""
POSITIONS = 7
"""Slot of the mapping of positions in a pool of v3."""


def reading_of(contracts):
    with opened(FakeNode(contracts)) as chain:
        (found,) = chain.read([MINE])
    return found


def vault_in(file, kind, **changed):
    """Contracts of a vault in a recorded pool, and what it holds."""
    pool, held, pair, decimals = recorded_pool(file)
    held = held._replace(**changed)
    return merged(pool, standing(kind, held, pair, OWNER)), held, pair, decimals


@needs_cases
@pytest.mark.parametrize(("file", "kind"), PAIRS)
def test_a_share_is_that_of_what_the_pool_paid(file, kind):
    """The ranges' principal and fees by the pool's recorded payouts; a seventh of it, exactly."""
    contracts, held, pair, decimals = vault_in(file, kind)
    names = [to_checksum_address(each) for each in pair]
    reading, share = reading_of(contracts), Fraction(SUPPLY // 7, SUPPLY)
    whole = hc.build(reading.position | {"share": 1.0})
    assert_paid(held_now(whole, names), held.inside, decimals, [1, 1])
    assert reading.position["share"] == float(share)
    pays = [share * Fraction(raw, 10**d) for raw, d in zip(held.pays[kind], decimals, strict=True)]
    assert [reading.holdings[name] for name in names] == [float(each) for each in pays]
    assert reading.holdings_name == "idle and fees"
    assert reading.receipts == (to_checksum_address(VAULT),)
    assert kind in reading.notes[-1]
    assert "held still" in reading.notes[-1]


def as_vaults(rpc, pool, manager, ranges):
    """Give the vault, in the storage of a pool of v3, what the manager has there."""
    for lower, upper in ranges:
        packed = b"".join(end.to_bytes(3, "big", signed=True) for end in (lower, upper))
        mine, theirs = (
            int.from_bytes(
                keccak(keccak(bytes.fromhex(each[2:]) + packed) + POSITIONS.to_bytes(32))
            )
            for each in (VAULT, manager)
        )
        for i in range(4):
            word = rpc.ask("eth_getStorageAt", pool, hex(theirs + i), "latest")
            rpc.ask("anvil_setStorageAt", pool, hex(mine + i), word)


@pytest.mark.parametrize("kind", ["Gamma", "Arrakis v2"])
def test_several_ranges_are_paid_what_the_pools_bytecode_pays(chain, kind):
    """Uniswap v3's own contracts: two or three ranges, swaps across their ends, fees of each."""
    pair = tokens.deploy(chain.rpc, ["T0", "T1"], [18, 6])
    pool = chain.uniswap_v3.pool(pair, 3000, root_at(-276_000))
    ranges = [(-277_200, -274_800), (-276_060, -273_000), (-280_020, -276_000)]
    ranges = ranges[: 2 if kind == "Gamma" else 3]
    pool.mint(-880_020, 880_020, 10**15)
    ids = [pool.mint(*each, 10**16 * (i + 1)) for i, each in enumerate(ranges)]
    for tick in (-275_000, -276_900, -276_030):
        pool.move(root_at(tick))
    inside, fees = (
        [sum(column) for column in zip(*map(paid, ids), strict=True)]
        for paid in (pool.payout, pool.uncollected)
    )
    held = Held(pool.contract.address, 3000, ranges, inside, (0, 0), fees)
    there = standing(kind, held, [each.address for each in pair], OWNER)
    as_vaults(chain.rpc, pool.contract.address, pool.exchange.positions.address, ranges)
    stubs.install(chain.rpc, VAULT, there.pop(VAULT))
    kept = (0, 0) if kind == "Gamma" else vaults.WITHHELD
    for each, idle, more in zip(pair, held.idle, kept, strict=True):
        each.send("mint", VAULT, idle + more)
    (reading,) = read(chain.node.url, MINE)
    names = [each.address for each in pair]
    assert len(reading.position["positions"]) == len(ranges)
    whole = hc.build(reading.position | {"share": 1.0})
    assert_paid(held_now(whole, names), inside, [18, 6], [len(ranges)] * 2)
    share = Fraction(SUPPLY // 7, SUPPLY)
    for name, digits, i in zip(names, (18, 6), (0, 1), strict=True):
        due = share * Fraction(held.pays[kind][i], 10**digits)
        short = due - Fraction(reading.holdings[name])
        assert abs(short) <= 4 * ULP * due + share * Fraction(len(ranges), 10**digits)


@needs_cases
@pytest.mark.parametrize("kind", ["Gamma", "Arrakis v1", "G-UNI"])
def test_a_vault_that_says_that_it_holds_something_else_is_refused(kind):
    contracts, held, pair, _ = vault_in("uniswap_v3", kind)
    more = held._replace(inside=[each * 101 // 100 for each in held.inside])
    contracts = merged(contracts, {VAULT: KINDS[kind](more)})
    with pytest.raises(ReaderError, match="says that it holds") as raised:
        reading_of(contracts)
    assert to_checksum_address(VAULT) in str(raised.value)
    assert any(to_checksum_address(each) in str(raised.value) for each in pair)


@needs_cases
@pytest.mark.parametrize(
    ("kind", "name", "answer", "word"),
    [
        ("Gamma", "pool()", said("address", recorded.NOBODY), "no known family"),
        ("Gamma", "pool()", said("address", recorded.MANAGER), "no known family"),
        ("Arrakis v2", "getPools()", said("address[]", [VAULT, VAULT]), "2 pools"),
        ("Arrakis v2", "managerBalance0()", said("uint256", 10**30), "managers'"),
        ("Arrakis v2", "getRanges()", vaults.listed([(1, 2, 9)]), "other pools"),
        ("Gamma", "totalSupply()", said("uint256", 0), "no shares"),
        ("Gamma", "getTotalAmounts()", b"", "not all the functions"),
    ],
)
def test_a_vault_that_is_not_proven_is_refused(kind, name, answer, word):
    contracts, *_ = vault_in("uniswap_v3", kind)
    contracts[VAULT][call_data(name)] = answer
    with pytest.raises(ReaderError, match="not read as one of ranges") as raised:
        reading_of(contracts)
    assert word in str(raised.value)
    assert f"--skip evm-range-vault:{to_checksum_address(VAULT)}" in str(raised.value)


@needs_cases
def test_liquidity_that_the_pool_has_not_is_refused():
    contracts, held, *_ = vault_in("uniswap_v3", "Arrakis v2")
    data = call_data("positions(bytes32)", vaults.key_of(*held.ranges[0], hashed=True))
    contracts[held.pool][data] = encode(["uint256"] * 5, [2**127, 0, 0, 0, 0])
    with pytest.raises(ReaderError, match="less liquidity"):
        reading_of(contracts)


@needs_cases
def test_a_vault_is_named_by_its_address_and_staked_shares_are_the_owners():
    contracts, held, *_ = vault_in("uniswap_v3", "Gamma")
    gauge = "0x" + "6a" * 20
    contracts[gauge] = {
        call_data("stakingToken()"): said("address", VAULT),
        call_data("balanceOf(address)", OWNER): said("uint256", SUPPLY // 2),
    }
    with FakeNode(contracts).running() as node:
        ask = readers.ReadRequest(owner=OWNER, pools=[gauge])
        draft = readers.read_book(Secret(node.url), ask)
    (row,) = draft.tables["position"]
    assert row["kind"] == "concentrated-positions"
    assert row["share"] == float(Fraction(SUPPLY // 2 + SUPPLY // 7, SUPPLY))
    assert not [e for e in draft.tables["holding"] if e["asset"] == "VAULT"]
    assert held.ranges[0] == tuple(row["positions"][0][1:])


@needs_cases
def test_a_vault_without_ranges_is_its_idle_tokens():
    contracts, held, pair, decimals = vault_in("uniswap_v3", "Arrakis v2", ranges=[], fees=(0, 0))
    reading = reading_of(contracts)
    assert reading.position is None
    share = Fraction(SUPPLY // 7, SUPPLY)
    rows = zip(pair, held.idle, decimals, strict=True)
    assert reading.holdings == {
        to_checksum_address(t): float(share * Fraction(raw, 10**d)) for t, raw, d in rows
    }
