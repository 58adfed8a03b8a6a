"""Tokens that are claims on others: a vault, wstETH and an aToken, by their published ABIs."""

from __future__ import annotations

from chain.contracts import OWNER
from chain.recorded import Answers, said, token
from chain.stubs import call_data

VAULT, DAI, WSTETH, STETH, ATOKEN, USDC = (f"0x{n:040x}" for n in range(0xBB00, 0xBB06))
RATE = 1_127_345_678_901_234_567


def contracts() -> dict[str, Answers]:
    """A vault of DAI, wstETH, an aToken of USDC, and what they are exchanged for."""
    held = {OWNER: 2 * 10**18}
    convert = call_data("convertToAssets(uint256)", 10**18)
    per = call_data("stEthPerToken()")
    return {
        DAI: token("DAI", 18),
        USDC: token("USDC", 6, **{OWNER: 0}) | {call_data("basisPointsRate()"): said("uint256", 0)},
        STETH: token("stETH", 18)
        | {call_data("getPooledEthByShares(uint256)", 10**18): said("uint256", RATE)},
        VAULT: token("sDAI", 18, **held)
        | {call_data("asset()"): said("address", DAI), convert: said("uint256", RATE)},
        WSTETH: token("wstETH", 18, **held)
        | {call_data("stETH()"): said("address", STETH), per: said("uint256", RATE)},
        ATOKEN: token("aUSDC", 6, **{OWNER: 5 * 10**6})
        | {
            call_data("UNDERLYING_ASSET_ADDRESS()"): said("address", USDC),
            call_data("RESERVE_TREASURY_ADDRESS()"): said("address", DAI),
            call_data("scaledTotalSupply()"): said("uint256", 1),
        },
    }
