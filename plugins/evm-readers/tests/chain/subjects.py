"""One thing of each family that a reader reads, by recorded or encoded answers: what faults hit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from eth_utils import to_checksum_address
from hedgecore_evm_readers import (
    AlgebraIntegral,
    AlgebraV1,
    CurveCryptoswap,
    EvmReader,
    Slipstream,
    UniswapV3,
    UniswapV3Pool,
    Wallet,
)

from chain import claims, families, fxswap, loans, recorded, staked
from chain.contracts import OWNER
from chain.recorded import POOL, V3_POOL, Answers, said, token
from chain.stubs import call_data

FARM = to_checksum_address("0x" + "fa" * 20)


class Subject(NamedTuple):
    """Contracts, what reads one thing of them, and what the chain is told of them."""

    contracts: dict[str, Answers]
    reader: EvmReader
    told: dict[str, str] = {}


def pool(name: str) -> Subject:
    """An owner's share of a pool."""
    family = families.FAMILIES[name]
    return Subject(family.pool().contracts, family.mine)


def in_gauge(name: str, kind: str) -> Subject:
    """The same, a part of it staked."""
    family = families.FAMILIES[name]
    its = family.pool()
    staked.staked(its, kind)
    mine = family.reader(pool=POOL, owner=OWNER, staked=[staked.GAUGE])
    return Subject(its.contracts, mine)


def fork(file: str, kind: type[EvmReader]) -> Subject:
    """A position of a fork, as its contracts were recorded."""
    its = recorded.fork(file)
    token_id = int(its.cases[0]["token_id"])
    return Subject(its.contracts, kind(token_id=token_id, contract=its.names["position_manager"]))


def staked_range() -> Subject:
    """A position in Slipstream's gauge, with what it owes."""
    its = recorded.fork("slipstream")
    gauge, owner = its.names["gauge"], its.names["owner"]
    pays = to_checksum_address(its.contracts[gauge.lower()][call_data("rewardToken()")][-20:])
    its.contracts.setdefault(pays.lower(), {}).update(token("AERO", 18))
    mine = Slipstream(token_id=15, contract=its.names["position_manager"], owner=owner)
    return Subject(its.contracts, mine)


def v3() -> Subject:
    """A position of Uniswap v3."""
    its = recorded.uniswap_v3(recorded.cases("uniswap_v3")[0])
    return Subject(its.contracts, UniswapV3(token_id=7, contract=recorded.MANAGER))


def v3_pool() -> Subject:
    """A pool of Uniswap v3, for its price."""
    return v3()._replace(reader=UniswapV3Pool(pool=to_checksum_address(V3_POOL)))


def farmed() -> Subject:
    """A position in PancakeSwap's farm, with what it owes."""
    its = v3()
    its.contracts[recorded.MANAGER] |= {call_data("ownerOf(uint256)", 7): said("address", FARM)}
    its.contracts[FARM.lower()] = {
        call_data("CAKE()"): said("address", staked.PAID),
        call_data("pendingCake(uint256)", 7): said("uint256", 25 * 10**17),
    }
    its.contracts[staked.PAID] = dict(staked.REWARD)
    return its._replace(told={"masterchef-v3": FARM, "uniswap-v3": recorded.MANAGER})


def fx_swap() -> Subject:
    """An owner's share of an FXSwap pool."""
    its = fxswap.fx_swap(recorded.cases("curve_cryptoswap")[0])
    return Subject(its.contracts, CurveCryptoswap(pool=POOL, owner=OWNER))


def loan() -> Subject:
    """A loan of LLAMMA."""
    return Subject(loans.contracts(loans.cases()[0]), loans.MINE)


def claim(of: str) -> Subject:
    """A token that is a claim on another, in a wallet."""
    return Subject(claims.contracts(), Wallet(owner=OWNER, tokens=[of]))


SUBJECTS: dict[str, Callable[[], Subject]] = {
    **{name: lambda name=name: pool(name) for name in families.FAMILIES},
    "fxswap": fx_swap,
    "uniswap-v3": v3,
    "uniswap-v3-pool": v3_pool,
    "slipstream": lambda: fork("slipstream", Slipstream),
    "algebra-v1": lambda: fork("algebra_v1", AlgebraV1),
    "algebra-integral": lambda: fork("algebra_integral", AlgebraIntegral),
    "llamma": loan,
    "gauge of curve": lambda: in_gauge("stableswap-ng", "curve"),
    "gauge of aerodrome": lambda: in_gauge("solidly-volatile", "aerodrome"),
    "booster of convex": lambda: in_gauge("stableswap-base", "convex"),
    "gauge of balancer": lambda: in_gauge("balancer-v3-stable", "curve"),
    "gauge of slipstream": staked_range,
    "farm of pancake": farmed,
    "wsteth": lambda: claim(claims.WSTETH),
    "erc-4626": lambda: claim(claims.VAULT),
    "atoken": lambda: claim(claims.ATOKEN),
}
