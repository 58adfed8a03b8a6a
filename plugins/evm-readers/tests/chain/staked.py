"""Shares in a gauge or a booster, which answer by their published ABIs."""

from __future__ import annotations

from fractions import Fraction

from chain import recorded
from chain.contracts import OWNER
from chain.recorded import LP_TOKEN, POOL, said, token
from chain.stubs import call_data

GAUGE, BOOSTER, VOTER, REGISTRY, PAID, OTHER = (f"0x{n:040x}" for n in range(0xAA00, 0xAA06))
REWARD = token("CRV", 18, **{OWNER: 0})


def aerodrome(lp):
    """A gauge of Aerodrome's, with what it owes."""
    return {
        GAUGE: {
            call_data("stakingToken()"): said("address", lp),
            call_data("rewardToken()"): said("address", PAID),
            call_data("earned(address)", OWNER): said("uint256", 25 * 10**17),
        }
    }


def curve(lp):
    """A gauge of Curve's, with a further reward, and what it owes of the protocol's token."""
    return {
        GAUGE: {
            call_data("lp_token()"): said("address", lp),
            call_data("claimable_tokens(address)", OWNER): said("uint256", 3 * 10**18),
            call_data("reward_tokens(uint256)", 0): said("address", PAID),
            call_data("reward_tokens(uint256)", 1): said("address", recorded.NOBODY),
            call_data("claimable_reward(address,address)", OWNER, PAID): said(
                "uint256", 25 * 10**17
            ),
        }
    }


def convex(lp):
    """A reward pool of Convex's or Aura's; what it says to be staked is a token of its own."""
    info = said("address,address,address,address,address,bool", lp, *[OTHER] * 4, *recorded.NO)
    return {
        GAUGE: {
            call_data("operator()"): said("address", BOOSTER),
            call_data("pid()"): said("uint256", 7),
            call_data("stakingToken()"): said("address", OTHER),
            call_data("rewardToken()"): said("address", PAID),
            call_data("earned(address)", OWNER): said("uint256", 25 * 10**17),
        },
        BOOSTER: {call_data("poolInfo(uint256)", 7): info},
    }


KINDS = {"aerodrome": aerodrome, "curve": curve, "convex": convex}
POOLS = ("solidly-stable", "stableswap-base", "stableswap-ng", "twocrypto-ng", "cryptoswap-2021",
         "balancer-v3-stable")  # fmt: skip


def lp_of(its):
    """The LP token of a pool, and where the owner's balance of it stands."""
    lp = LP_TOKEN if LP_TOKEN in its.contracts else POOL
    if recorded.VAULT in its.contracts:
        return lp, recorded.VAULT, call_data("balanceOf(address,address)", POOL, OWNER)
    return lp, lp, call_data("balanceOf(address)", OWNER)


def staked(its, kind, part=Fraction(3, 4)):
    """Stake a part of the owner's shares; what he has left, and what is staked."""
    lp, at, balance = lp_of(its)
    in_gauge = int(its.shares * part)
    its.contracts[at][balance] = said("uint256", its.shares - in_gauge)
    its.contracts.update(KINDS[kind](lp) | {PAID: dict(REWARD)})
    its.contracts[GAUGE][call_data("balanceOf(address)", OWNER)] = said("uint256", in_gauge)
