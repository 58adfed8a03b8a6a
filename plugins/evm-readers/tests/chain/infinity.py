"""PancakeSwap Infinity by recorded states: CL positions that v4's contracts paid, and ladders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from eth_abi import encode
from eth_utils import keccak, to_checksum_address
from hedgecore_evm_readers import EvmReader

from chain import recorded
from chain.contracts import OWNER
from chain.direct import opened
from chain.fake import FakeNode
from chain.recorded import NOBODY, Answers, Recorded, ints, said
from chain.stubs import call_data
from hedgecore import Reading, Secret, readers

CL_MANAGER, CL_POOLS, BIN_MANAGER, BIN_POOLS = (
    to_checksum_address(f"0x{n:040x}") for n in range(0x1F01, 0x1F05)
)
TRANSFER = "0x" + keccak(text="Transfer(address,address,uint256)").hex()
KEY = "address,address,address,address,uint24,bytes32"
DEFAULT_FEE, STEP, ACTIVE = 3000, 25, 2**23 + 7
LADDER = ((ACTIVE - 2, 0, 9 * 10**9), (ACTIVE - 1, 0, 7 * 10**9), (ACTIVE, 10**18, 10**9),
          (ACTIVE + 1, 3 * 10**18 + 1, 0), (ACTIVE + 5, 10**17, 0))  # fmt: skip
"""Bins of a pool, and what each holds, raw."""
SUPPLIES = (10**30 + 7, 3 * 10**29, 7 * 10**27, 11, 10**40)
SHARES = (10**29, 10**29, 10**27 + 1, 3, 0)


class Pool(NamedTuple):
    """A pool's key: tokens, hooks, the contract that it is in, fee, and packed parameters."""

    tokens: tuple[str, str]
    at: str
    fee: int
    spacing: int
    hooks: str = NOBODY
    bits: int = 0

    @property
    def words(self) -> tuple:
        parameters = (self.spacing << 16 | self.bits).to_bytes(32)
        return (*self.tokens, self.hooks, self.at, self.fee, parameters)

    @property
    def id(self) -> bytes:
        return keccak(encode(KEY.split(","), self.words))

    @property
    def identity(self) -> Answers:
        return {call_data("poolIdToPoolKey(bytes32)", self.id): said(KEY, *self.words)}


def infinity_cl(
    case: dict, token_id: int = 7, places: tuple[str, str] = (CL_MANAGER, CL_POOLS), **terms
) -> Recorded:
    """A CL position whose pool is in the state of a case of v4's; where both managers stand."""
    tokens, contracts = recorded._tokens(case)
    fee, spacing = int(case["pool"]["lp_fee_ppm"]), case["pool"]["tick_spacing"]
    pool = Pool((tokens[0], tokens[1]), places[1], fee, spacing, **terms)
    manager, pools = cl_answers(pool, case, token_id)
    return Recorded(
        case, {**contracts, places[0].lower(): manager, places[1].lower(): pools}, tokens
    )


def cl_answers(pool: Pool, case: dict, token_id: int) -> tuple[Answers, Answers]:
    """What the manager, and what all pools are in, say of a position in the state of a case."""
    state, position = case["state"], case["position"]
    ticks = position["tick_lower"], position["tick_upper"]
    names = "liquidity fee_growth_inside0_last_x128 fee_growth_inside1_last_x128"
    words = *pool.words, *ticks, *ints(position[each] for each in names.split()), NOBODY
    manager = {
        call_data("clPoolManager()"): said("address", pool.at),
        call_data("positions(uint256)", token_id): said(
            f"{KEY},int24,int24,uint128,uint256,uint256,address", *words
        ),
    }
    slot0 = int(state["sqrt_price_x96"]), state["tick"], state["protocol_fee"], pool.fee
    growth = ints(state[f"fee_growth_global{i}_x128"] for i in (0, 1))
    pools = {
        **pool.identity,
        call_data("getSlot0(bytes32)", pool.id): said("uint160,int24,uint24,uint24", *slot0),
        call_data("getLiquidity(bytes32)", pool.id): said("uint128", int(state["liquidity"])),
        call_data("getFeeGrowthGlobals(bytes32)", pool.id): said("uint256,uint256", *growth),
    }
    for at, end in zip(ticks, ("lower_tick", "upper_tick"), strict=True):
        data = call_data("getPoolTickInfo(bytes32,int24)", pool.id, at)
        pools[data] = said("uint128,int128,uint256,uint256", *ints(position[end].values()))
    return manager, pools


def token_of(pool: Pool, index: int) -> int:
    """Token of a bin at the manager."""
    return int.from_bytes(keccak(encode(["bytes32", "uint256"], [pool.id, index])))


def infinity_bins(
    protocol: int = 0, decimals=(18, 6), fee: int = DEFAULT_FEE, **terms
) -> tuple[Pool, dict[str, Answers]]:
    """A pool of bins of which the owner has shares, and the contracts."""
    pool, contracts = bin_pool(decimals, fee, **terms)
    rows = zip(LADDER, SUPPLIES, SHARES, strict=True)
    ladder = [(*its, supply, mine) for its, supply, mine in rows]
    return pool, contracts | bin_answers(pool, ACTIVE, ladder, protocol)


def bin_pool(decimals=(18, 6), fee: int = DEFAULT_FEE, **terms) -> tuple[Pool, dict[str, Answers]]:
    """A pool of bins, and its tokens."""
    case = {"tokens": [{"symbol": s, "decimals": d} for s, d in zip("XY", decimals, strict=True)]}
    tokens, contracts = recorded._tokens(case)
    return Pool((tokens[0], tokens[1]), BIN_POOLS, fee, STEP, **terms), contracts


def bin_answers(
    pool: Pool, active: int, ladder: Iterable[tuple[int, int, int, int, int]], protocol: int = 0
) -> dict[str, Answers]:
    """What both contracts say of bins: the id, both reserves, all shares and the owner's."""
    slot0 = said("uint24,uint24,uint24", active, protocol, pool.fee)
    pools = {**pool.identity, call_data("getSlot0(bytes32)", pool.id): slot0}
    manager = {call_data("binPoolManager()"): said("address", BIN_POOLS)}
    for index, x, y, supply, mine in ladder:
        its = token_of(pool, index)
        data = call_data("getBin(bytes32,uint24)", pool.id, index)
        pools[data] = said("uint128,uint128,uint256,uint256", x, y, 5, supply)
        manager[call_data("positions(uint256)", its)] = said(f"{KEY},uint24", *pool.words, index)
        manager[call_data("balanceOf(address,uint256)", OWNER, its)] = said("uint256", mine)
    return {BIN_MANAGER.lower(): manager, BIN_POOLS.lower(): pools}


def given_nfts(*ids: int, manager: str = CL_MANAGER) -> list[dict]:
    """Events by which the owner was given CL positions."""
    mine = "0x" + OWNER[2:].lower().rjust(64, "0")
    return [
        {
            "address": manager,
            "topics": [TRANSFER, "0x" + bytes(32).hex(), mine, f"0x{each:064x}"],
            "data": "0x",
        }
        for each in ids
    ]


def cl_account(count: int) -> tuple[dict[str, Answers], list[dict]]:
    """As many CL positions of the owner's, and the events by which they are found."""
    there, ids = infinity_cl(recorded.cases("uniswap_v4")[1]).contracts, range(9000, 9000 + count)
    manager = there[CL_MANAGER.lower()]
    position = manager[call_data("positions(uint256)", 7)]
    manager[call_data("balanceOf(address)", OWNER)] = said("uint256", count)
    for each in ids:
        manager[call_data("positions(uint256)", each)] = position
        manager[call_data("ownerOf(uint256)", each)] = said("address", OWNER)
    return there, given_nfts(*ids)


def given_bins(pool: Pool) -> list[dict]:
    """Events by which the owner was given all bins, in two batches."""
    events = []
    for part in (LADDER[:3], LADDER[2:]):
        ids = [token_of(pool, index) for index, _, _ in part]
        topics = [keccak(text="TransferBatch(address,address,address,uint256[],uint256[])"),
                  *(bytes(12) + bytes.fromhex(a[2:]) for a in (OWNER, NOBODY, OWNER))]  # fmt: skip
        events.append(
            {
                "address": BIN_MANAGER,
                "topics": ["0x" + each.hex() for each in topics],
                "data": "0x" + said("uint256[],uint256[]", ids, [1] * len(ids)).hex(),
            }
        )
    return events


def question(contracts: dict[str, Answers], abis: dict[str, str]) -> list[dict]:
    """All answers of some contracts, for the package that has their ABIs by these names."""
    return [
        {"abi": abi, "data": "0x" + data.hex(), "answer": "0x" + answer.hex()}
        for at, abi in abis.items()
        for data, answer in contracts[at.lower()].items()
    ]


def readings_of(contracts: dict[str, Answers], *mine: EvmReader) -> list[Reading]:
    """Readings of some readers, on a chain where these contracts stand."""
    with opened(FakeNode(contracts)) as chain:
        return chain.read([*mine])


def drafted(
    contracts: dict[str, Answers], logs: list[dict] | None, **given: str
) -> readers.BookDraft:
    """The book of the owner, by events; of a node that tells none, where they are None."""
    ask = readers.ReadRequest(owner=OWNER, without=["evm-wallet"])
    with FakeNode(contracts, logs=logs).running() as node:
        return readers.read_book(Secret(node.url), ask, contracts=given)
