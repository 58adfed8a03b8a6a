"""A pool of each family whose share is a token, by its recorded answers, and what reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hedgecore_evm_readers import (
    BalancerV3,
    CurveCryptoswap,
    CurveStableswap,
    Solidly,
    UniswapV2,
)

from chain import encoded, recorded
from chain.contracts import OWNER
from chain.recorded import FACTORY, POOL, Recorded, said
from chain.stubs import call_data


class Family(NamedTuple):
    """A reader of pools, and one that a case is of."""

    reader: type
    contracts: Callable[[dict], Recorded]
    file: str
    case: int = 0
    own: bool = False
    """Whether the case is this plugin's own, of an independent package."""

    def pool(self) -> Recorded:
        return self.contracts((encoded if self.own else recorded).cases(self.file)[self.case])

    @property
    def mine(self):
        """The owner's share of it."""
        return self.reader(pool=POOL, owner=OWNER)


def uniswap_v2(case: dict) -> Recorded:
    """A pair of Uniswap v2, without a part for the protocol."""
    state, pool = case["state"], case["pool"]
    tokens, contracts = recorded._tokens(case)
    reserves = recorded.ints(state["reserves"])
    assert not pool.get("protocol_fee_on")
    pair = recorded.token(
        "UNI-V2", 18, int(state["total_supply"]), **{OWNER: recorded._shares(case)}
    )
    pair |= {
        call_data("token0()"): said("address", tokens[0]),
        call_data("token1()"): said("address", tokens[1]),
        call_data("getReserves()"): said("uint112,uint112,uint32", *reserves, 0),
        call_data("factory()"): said("address", FACTORY),
        call_data("kLast()"): said("uint256", 0),
    }
    for each, held in zip(tokens, reserves, strict=True):
        contracts[each][call_data("balanceOf(address)", POOL)] = said("uint256", held)
    nobody = said("address", recorded.NOBODY)
    factory = {call_data("feeTo()"): nobody}
    return Recorded(case, {**contracts, POOL: pair, FACTORY: factory}, tokens)


FAMILIES = {
    "uniswap-v2": Family(UniswapV2, uniswap_v2, "uniswap_v2"),
    "solidly-stable": Family(Solidly, recorded.solidly, "solidly"),
    "solidly-volatile": Family(Solidly, recorded.solidly, "solidly", 4),
    "stableswap-base": Family(CurveStableswap, recorded.curve, "curve_stableswap", 3),
    "stableswap-ng": Family(CurveStableswap, recorded.curve, "curve_stableswap", -1),
    "twocrypto-ng": Family(CurveCryptoswap, recorded.curve_crypto, "curve_cryptoswap", 1),
    "tricrypto-ng": Family(CurveCryptoswap, recorded.curve_crypto, "curve_cryptoswap", 6),
    "cryptoswap-2021": Family(CurveCryptoswap, recorded.curve_crypto, "curve_cryptoswap", 8),
    "balancer-v3-weighted": Family(BalancerV3, recorded.balancer_v3, "balancer_weighted"),
    "balancer-v3-stable": Family(BalancerV3, recorded.balancer_v3, "balancer_stable"),
    "balancer-v3-reclamm": Family(BalancerV3, recorded.balancer_v3, "reclamm", 3, own=True),
    "balancer-v3-eclp": Family(BalancerV3, recorded.balancer_v3, "gyro_eclp", 2),
}
READERS = {each.reader.kind: each.reader for each in FAMILIES.values()}
