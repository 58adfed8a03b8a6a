"""Contracts as they were recorded: each answers, to the byte, what its case says it holds."""

from __future__ import annotations

import json
from typing import NamedTuple

from eth_abi import encode

from chain.contracts import OWNER
from chain.stubs import call_data
from hedgecore.testing.recorded import folder_above

CASES = folder_above(__file__)
POOL, LP_TOKEN, VAULT = (f"0x{n:040x}" for n in (0xA00A, 0xB00B, 0xC00C))
NOBODY = "0x" + "00" * 20
YES, NO = (True,), (False,)
Answers = dict[bytes, bytes]


class Recorded(NamedTuple):
    """A case, and the contracts that answer as it says: by address, by the data of a call."""

    case: dict
    contracts: dict[str, Answers]
    tokens: list[str]

    @property
    def decimals(self) -> list[int]:
        return [token["decimals"] for token in self.case["tokens"]]

    @property
    def paid(self) -> list[int]:
        return ints(self.case["withdrawable"])

    @property
    def shares(self) -> int:
        return int(self.case["position"]["lp_tokens"])

    @property
    def supply(self) -> int:
        state = self.case["state"]
        return int(state.get("actual_supply", state["total_supply"]))


def cases(file: str) -> list[dict]:
    """Return the cases of a file; none where this plugin stands outside of its repository."""
    return json.loads((CASES / f"chain/{file}.json").read_text("utf-8"))["cases"] if CASES else []


def ints(texts) -> list[int]:
    return [int(each) for each in texts]


def said(kind: str, *values) -> bytes:
    """Return an answer: ``said("uint256,bool", 1, True)``."""
    return encode(kind.split(","), values)


def listed(name: str, kind: str, values, of: str = "uint256") -> Answers:
    """Return a getter by index, which reverts beyond the end."""
    return {call_data(f"{name}({of})", i): said(kind, each) for i, each in enumerate(values)}


def token(symbol: str, decimals: int, supply: int = 0, **balances: int) -> Answers:
    """Return an ERC-20; `balances` are by address."""
    return {
        call_data("symbol()"): said("string", symbol),
        call_data("decimals()"): said("uint8", decimals),
        call_data("totalSupply()"): said("uint256", supply),
    } | {
        call_data("balanceOf(address)", owner): said("uint256", amount)
        for owner, amount in balances.items()
    }


def curve(case: dict) -> Recorded:
    """Return a Curve pool in the ABI of its version: 3pool's, the base pools', or NG's."""
    state, version = case["state"], case["pool"]["version"]
    tokens, contracts = _tokens(case)
    shares = token("LP", 18, int(state["total_supply"]), **{OWNER: _shares(case)})
    pool = {
        call_data("A()"): said("uint256", int(state["A"])),
        call_data("fee()"): said("uint256", int(state["fee_e10"])),
        call_data("get_virtual_price()"): said("uint256", int(state["virtual_price"])),
        **listed("coins", "address", tokens),
        **listed("balances", "uint256", ints(state["balances"])),
        **listed("admin_balances", "uint256", ints(state["admin_balances"])),
    }
    if "A_precise" in state:
        pool[call_data("A_precise()")] = said("uint256", int(state["A_precise"]))
    if "NG" in version:
        pool[call_data("stored_rates()")] = said("uint256[]", ints(state["rates"]))
        pool |= shares
    else:
        contracts[LP_TOKEN] = shares
    if version.startswith("base"):
        pool[call_data("lp_token()")] = said("address", LP_TOKEN)
        contracts[LP_TOKEN][call_data("minter()")] = said("address", POOL)
    return Recorded(case, {**contracts, POOL: pool}, tokens)


def curve_crypto(case: dict) -> Recorded:
    """A CryptoSwap pool in the ABI of its version; that of 2021 has an LP token of its own."""
    state, tri = case["state"], len(case["tokens"]) > 2
    tokens, contracts = _tokens(case)
    shares = token("LP", 18, int(state["total_supply"]), **{OWNER: _shares(case)})
    scale = ints(state["price_scale"])
    pool = {
        call_data("A()"): said("uint256", int(state["A"])),
        call_data("gamma()"): said("uint256", int(state["gamma"])),
        call_data("D()"): said("uint256", int(state["D"])),
        call_data("fee()"): said("uint256", int(state["fee_e10"])),
        call_data("future_A_gamma_time()"): said("uint256", 0),
        **listed("coins", "address", tokens),
        **listed("balances", "uint256", ints(state["balances"])),
        **(
            listed("price_scale", "uint256", scale)
            if tri
            else {call_data("price_scale()"): said("uint256", scale[0])}
        ),
    }
    if "2021" in case["pool"]["version"]:
        contracts[LP_TOKEN] = shares
        pool[call_data("token()")] = said("address", LP_TOKEN)
        contracts[LP_TOKEN][call_data("minter()")] = said("address", POOL)
    else:
        pool |= shares
    return Recorded(case, {**contracts, POOL: pool}, tokens)


def solidly(case: dict) -> Recorded:
    """A pool of Solidly in Aerodrome's ABI; nothing is owed in fees."""
    state, stable = case["state"], case["pool"]["stable"]
    tokens, contracts = _tokens(case)
    reserves, units = ints(state["reserves"]), [10 ** t["decimals"] for t in case["tokens"]]
    kind = "uint256,uint256,uint256,uint256,bool,address,address"
    pool = token("LP", 18, int(state["total_supply"]), **{OWNER: _shares(case)}) | {
        call_data("metadata()"): said(kind, *units, *reserves, stable, *tokens),
        call_data("stable()"): said("bool", stable),
        call_data("factory()"): said("address", FACTORY),
    }
    for i in (0, 1):
        pool[call_data(f"index{i}()")] = said("uint256", 0)
        for name in (f"claimable{i}", f"supplyIndex{i}"):
            pool[call_data(f"{name}(address)", OWNER)] = said("uint256", 0)
        balance = call_data("balanceOf(address)", POOL)
        contracts[tokens[i]][balance] = said("uint256", reserves[i])
    fee = said("uint256", int(case["pool"]["fee_e4"]))
    factory = {call_data("getFee(address,bool)", POOL, stable): fee}
    return Recorded(case, {**contracts, POOL: pool, FACTORY: factory}, tokens)


def balancer_v3(case: dict) -> Recorded:
    """Return what a Balancer v2 pool holds as a pool of v3 would say it, through its vault."""
    state, pool = case["state"], case["pool"]
    tokens, contracts = _tokens(case)
    raw, digits = ints(state["balances"]), [each["decimals"] for each in case["tokens"]]
    rates = ints(pool.get("rates_e18", [10**18] * len(tokens)))
    scales = [10 ** (18 - d) for d in digits]
    live = [a * b * c // 10**18 for a, b, c in zip(raw, scales, rates, strict=True)]
    supply = int(state.get("actual_supply", state["total_supply"]))
    vault = {
        "isPoolRegistered": said("bool", *YES),
        "getPoolTokens": said("address[]", tokens),
        "getCurrentLiveBalances": said("uint256[]", live),
        "getPoolTokenRates": said("uint256[],uint256[]", scales, rates),
        "getStaticSwapFeePercentage": said("uint256", int(pool["swap_fee_e18"])),
        "totalSupply": said("uint256", supply),
        "isPoolPaused": said("bool", *NO),
        "isPoolInRecoveryMode": said("bool", *NO),
    }
    answers = {call_data(f"{name}(address)", POOL): each for name, each in vault.items()}
    answers[call_data("balanceOf(address,address)", POOL, OWNER)] = said("uint256", _shares(case))
    its = {call_data("getVault()"): said("address", VAULT)}
    if "lambda_e18" in pool:
        words = ints(pool[f"{name}_e18"] for name in ("alpha", "beta", "c", "s", "lambda"))
        its[call_data("getECLPParams()")] = said("int256,int256,int256,int256,int256", *words) * 2
    elif "virtual" in state:
        its |= _reclamm(state)
    elif "weights_e18" in pool:
        weights = said("uint256[]", ints(pool["weights_e18"]))
        its[call_data("getNormalizedWeights()")] = weights
    else:
        amp = int(pool["amp_times_precision"]), False, int(pool["amp_precision"])
        its[call_data("getAmplificationParameter()")] = said("uint256,bool,uint256", *amp)
    return Recorded(case, {**contracts, VAULT: answers, POOL: its}, tokens)


def _reclamm(state: dict) -> Answers:
    """Answers of a reCLAMM of its own, at the block's time."""
    amounts, moves = ints(state["virtual"]), (state["changed"],)
    within = call_data("isPoolWithinTargetRangeUsingCurrentVirtualBalances()")
    return {
        call_data("computeCurrentVirtualBalances()"): said(
            "uint256,uint256,bool", *amounts, *moves
        ),
        within: said("bool,bool", not state["changed"], *moves),
    }


MANAGER, FACTORY, V3_POOL = (f"0x{n:040x}" for n in (0xE00E, 0xF00F, 0xF10F))
SLOT0 = "uint160,int24,uint16,uint16,uint16,uint32,bool"
TICK = "uint128,int128,uint256,uint256,int56,uint160,uint32,bool"
POSITION = (
    "uint96,address,address,address,uint24,int24,int24,uint128,uint256,uint256,uint128,uint128"
)


def uniswap_v3(case: dict, token_id: int = 7) -> Recorded:
    """Return a position of v3: its manager, the factory, the pool and the two tokens."""
    state, position, fee = case["state"], case["position"], int(case["pool"]["fee_ppm"])
    tokens, contracts = _tokens(case)
    ticks = position["tick_lower"], position["tick_upper"]
    numbers = "liquidity fee_growth_inside0_last_x128 fee_growth_inside1_last_x128"
    owed = ints(position[each] for each in [*numbers.split(), "tokens_owed0", "tokens_owed1"])
    manager = {
        call_data("factory()"): said("address", FACTORY),
        call_data("positions(uint256)", token_id): said(
            POSITION, 0, NOBODY, *tokens, fee, *ticks, *owed
        ),
    }
    get_pool = call_data("getPool(address,address,uint24)", *tokens, fee)
    pool = {
        call_data("factory()"): said("address", FACTORY),
        call_data("token0()"): said("address", tokens[0]),
        call_data("token1()"): said("address", tokens[1]),
        call_data("fee()"): said("uint24", fee),
        call_data("slot0()"): said(
            SLOT0, int(state["sqrt_price_x96"]), state["tick"], 0, 1, 1, 0, *YES
        ),
        call_data("liquidity()"): said("uint128", int(state["liquidity"])),
    }
    for i in (0, 1):
        growth = int(state[f"fee_growth_global{i}_x128"])
        pool[call_data(f"feeGrowthGlobal{i}X128()")] = said("uint256", growth)
    for at, end in zip(ticks, ("lower_tick", "upper_tick"), strict=True):
        words = ints(position[end].values())
        pool[call_data("ticks(int24)", at)] = said(TICK, *words, 0, 0, 0, *YES)
    made = {MANAGER: manager, FACTORY: {get_pool: said("address", V3_POOL)}, V3_POOL: pool}
    return Recorded(case, contracts | made, tokens)


class Fork(NamedTuple):
    """Contracts of a fork of v3, with every answer that was recorded, and their names."""

    contracts: dict[str, Answers]
    names: dict[str, str]
    pools: list[str]
    cases: list[dict]
    chain_id: int
    facts: dict[str, dict]

    def pool_of(self, case: dict) -> dict:
        return self.facts[case["pool"]]


def fork(file: str) -> Fork:
    """Return the contracts of a fork; what was refused is refused again."""
    found = json.loads((CASES / f"chain/{file}.json").read_text("utf-8"))
    contracts: dict[str, Answers] = {}
    for call in found["calls"]:
        answers = contracts.setdefault(call["to"].lower(), {})
        if call.get("answer") is not None:
            answers[bytes.fromhex(call["data"][2:])] = bytes.fromhex(call["answer"][2:])
    facts = {each["address"]: each for each in found["pools"]}
    names, chain_id = found["contracts"], found["chain"]["chain_id"]
    return Fork(contracts, names, [*facts], found["cases"], chain_id, facts)


def _tokens(case: dict) -> tuple[list[str], dict[str, Answers]]:
    found = [f"0x{0xD000 + i:040x}" for i in range(len(case["tokens"]))]
    rows = zip(found, case["tokens"], strict=True)
    return found, {each: token(its["symbol"], its["decimals"]) for each, its in rows}


def _shares(case: dict) -> int:
    return int(case["position"]["lp_tokens"])
