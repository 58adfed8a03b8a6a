"""Vaults of ranges: their words, as the published sources write them, around a pool's positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from eth_abi import encode
from eth_utils import keccak

from chain import recorded
from chain.contracts import OWNER
from chain.recorded import MANAGER, V3_POOL, Answers, ints, said
from chain.stubs import call_data

VAULT = "0x" + "7a" * 20
SUPPLY, IDLE, WITHHELD, CUT = 10**20, (12_345_678_901, 987_654_321), (7, 11), 1000
FILES = ("uniswap_v3", "slipstream", "algebra_v1", "algebra_integral")


class Held(NamedTuple):
    """What a vault has in a pool, and beside: amounts of both tokens, raw."""

    pool: str
    key: int
    ranges: Sequence[tuple[int, int]]
    inside: Sequence[int]
    owed: Sequence[int]
    fees: Sequence[int]
    idle: Sequence[int] = IDLE

    def total(self, *parts: Sequence[int]) -> bytes:
        return said("uint256,uint256", *map(sum, zip(self.inside, self.idle, *parts, strict=True)))

    @property
    def pays(self) -> dict[str, list[int]]:
        """Kind of vault → what all its owners are paid beside its ranges."""
        rows = list(zip(self.idle, self.fees, strict=True))
        return {
            "Gamma": [idle + fee - fee // 10 for idle, fee in rows],
            "G-UNI": [idle + fee - fee * (CUT + 250) // 10_000 for idle, fee in rows],
            "Arrakis v1": [idle + fee - fee * (CUT + 250) // 10_000 for idle, fee in rows],
            "Arrakis v2": [idle + fee - fee * CUT // 10_000 for idle, fee in rows],
        }


def gamma(its: Held) -> Answers:
    """A Hypervisor: a base and a limit range; what it says to hold has no fees but those owed."""
    names = ("baseLower", "baseUpper", "limitLower", "limitUpper")
    ends = [end for pair in [*its.ranges, (0, 0)][:2] for end in pair]
    return {
        call_data("pool()"): said("address", its.pool),
        call_data("fee()"): said("uint8", 10),
        call_data("getTotalAmounts()"): its.total(its.owed),
        **{call_data(f"{n}()"): said("int24", end) for n, end in zip(names, ends, strict=True)},
    }


def arrakis_v1(its: Held, by: str = "arrakis") -> Answers:
    """A vault of one range, which says to hold its fees too, without its managers'."""
    (lower, upper), *_ = its.ranges
    net = [fee - fee * (CUT + 250) // 10_000 for fee in its.fees]
    return {
        call_data("pool()"): said("address", its.pool),
        call_data("lowerTick()"): said("int24", lower),
        call_data("upperTick()"): said("int24", upper),
        call_data("managerFeeBPS()"): said("uint16", CUT),
        call_data(f"{by}FeeBPS()"): said("uint16", 250),
        call_data("getUnderlyingBalances()"): its.total(net),
        **{call_data(f"managerBalance{i}()"): said("uint256", WITHHELD[i] - 3) for i in (0, 1)},
        **{call_data(f"{by}Balance{i}()"): said("uint256", 3) for i in (0, 1)},
    }


def listed(ranges: Sequence[tuple[int, int, int]]) -> bytes:
    """Ranges with the keys of their pools, as a vault lists them."""
    return encode(["(int24,int24,uint24)[]"], [ranges])


def arrakis_v2(its: Held) -> Answers:
    """A vault of any ranges, which states no total."""
    ranges = [(*each, its.key) for each in its.ranges]
    return {
        call_data("getPools()"): said("address[]", [its.pool]),
        call_data("getRanges()"): listed(ranges),
        call_data("managerFeeBPS()"): said("uint16", CUT),
        **{call_data(f"managerBalance{i}()"): said("uint256", WITHHELD[i]) for i in (0, 1)},
    }


KINDS = {
    "Gamma": gamma,
    "Arrakis v1": arrakis_v1,
    "G-UNI": lambda its: arrakis_v1(its, "gelato"),
    "Arrakis v2": arrakis_v2,
}


def standing(kind: str, its: Held, tokens: Sequence[str], owner: str) -> dict[str, Answers]:
    """The vault with its shares, a seventh of them an owner's; and its idle tokens."""
    shares = recorded.token("VAULT", 18, SUPPLY, **{owner: SUPPLY // 7})
    kept = (0, 0) if kind == "Gamma" else WITHHELD
    balance = call_data("balanceOf(address)", VAULT)
    rows = zip(tokens, its.idle, kept, strict=True)
    return {VAULT: shares | KINDS[kind](its)} | {
        each.lower(): {balance: said("uint256", idle + more)} for each, idle, more in rows
    }


def key_of(lower: int, upper: int, *, hashed: bool, vault: str = VAULT) -> bytes:
    """Key of the vault's range in a pool."""
    packed = bytes.fromhex(vault[2:])
    packed += b"".join(end.to_bytes(3, "big", signed=True) for end in (lower, upper))
    return keccak(packed) if hashed else packed.rjust(32, b"\0")


def recorded_pool(file: str) -> tuple[dict[str, Answers], Held, list[str], list[int]]:
    """A pool that was recorded, whose position of an NFT is the vault's; its tokens, decimals."""
    if file == "uniswap_v3":
        case = recorded.cases(file)[5]
        found = recorded.uniswap_v3(case)
        contracts, manager, token_id, pool = found.contracts, MANAGER, 7, V3_POOL
        tokens, paid, fees = found.tokens, found.paid, ints(case["uncollected_fees"])
        decimals, key = found.decimals, int(case["pool"]["fee_ppm"])
    else:
        fork = recorded.fork(file)
        case = next(each for each in fork.cases if any(map(int, each["uncollected_fees"].values())))
        contracts, manager = fork.contracts, fork.names["position_manager"]
        token_id, pool = int(case["token_id"]), case["pool"]
        facts = fork.pool_of(case)
        tokens = [facts["token0"], facts["token1"]]
        paid, fees = (
            [int(case[each][side]) for side in ("token0", "token1")]
            for each in ("withdrawable", "uncollected_fees")
        )
        decimals = [
            int.from_bytes(contracts[each.lower()][call_data("decimals()")]) for each in tokens
        ]
        key = 0
    answer = contracts[manager.lower()][call_data("positions(uint256)", token_id)]
    *_, lower, upper, liquidity, last0, last1, owed0, owed1 = _words(answer)
    ends = tuple((each ^ 2**255) - 2**255 for each in (lower, upper))
    words = [liquidity, *([0] if file == "algebra_v1" else []), last0, last1, owed0, owed1]
    data = call_data("positions(bytes32)", key_of(*ends, hashed=not file.startswith("algebra")))
    contracts[pool.lower()][data] = encode(["uint256"] * len(words), words)
    return contracts, Held(pool, key, [ends], paid, (owed0, owed1), fees), tokens, decimals


def copies(count: int) -> tuple[dict[str, Answers], list[str]]:
    """As many vaults of an owner's that have the same in one pool, and their addresses."""
    pool, held, pair, _ = recorded_pool("uniswap_v3")
    there = merged(pool, standing("Gamma", held, pair, OWNER))
    own, idle = there.pop(VAULT), call_data("balanceOf(address)", VAULT)
    names = [f"0x7a{number:02x}{VAULT[6:]}" for number in range(count)]
    ranges = there[held.pool]
    words = ranges[call_data("positions(bytes32)", key_of(*held.ranges[0], hashed=True))]
    for each in names:
        key = key_of(*held.ranges[0], hashed=True, vault=each)
        ranges[call_data("positions(bytes32)", key)] = words
        for coin in pair:
            there[coin][call_data("balanceOf(address)", each)] = there[coin][idle]
    return there | dict.fromkeys(names, own), names


def _words(answer: bytes) -> list[int]:
    return [int.from_bytes(answer[at : at + 32]) for at in range(0, len(answer), 32)]


def merged(*parts: dict[str, Answers]) -> dict[str, Answers]:
    """Contracts of all parts, with all answers of each."""
    found: dict[str, Answers] = {}
    for part in parts:
        for at, answers in part.items():
            found[at.lower()] = {**found.get(at.lower(), {}), **answers}
    return found
