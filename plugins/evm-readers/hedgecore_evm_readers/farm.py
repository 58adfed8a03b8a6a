"""Farms of positions by their NFT: whose they are, and what they owe, as rows of data."""

from __future__ import annotations

from typing import NamedTuple

from attrs import evolve

from hedgecore import ReaderError
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, guess_call
from hedgecore_evm_readers.base import BYTECODE
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.staking import Rewards, rewards_of

OWNER_OF = "ownerOf(uint256)(address)"


class Farm(NamedTuple):
    """A kind of contract that holds positions for their owners, and lists them as a manager does.

    Attributes:
        name: as ``--contract`` names it.
        title: what people call it.
        proof: how it is proven, as `EvmReader.proof`.
        family: of the positions.
        manager: asked of it: whose positions it takes.
        reward: asked of it: the token that it pays.
        owed: asked of it: what it owes on a position.

    """

    name: str
    title: str
    proof: str
    family: str
    manager: str
    reward: str
    owed: str


FARMS = (
    Farm(
        "masterchef-v3",
        "a farm of positions (PancakeSwap's MasterChef v3)",
        BYTECODE,
        "uniswap-v3",
        "nonfungiblePositionManager()(address)",
        "CAKE()(address)",
        "pendingCake(uint256)(uint256)",
    ),
)
EARNED, PAYS = "earned(address,uint256)(uint256)", "rewardToken()(address)"
SAVED = "rewards(uint256)(uint256)"
STAKED = "stakedValues(address)(uint256[])"


def calls_of(family: str) -> dict[str, str]:
    """Signature → what it is asked for, of the farms of a family."""
    found = dict[str, str]()
    for each in FARMS:
        if each.family == family:
            found |= {
                OWNER_OF: "of the manager: whose the position is, and whether the farm holds it",
                each.manager: "of the farm: whose positions it takes",
                each.reward: "of the farm: what it pays in",
                each.owed: "of the farm: what it owes on a position",
            }
    return found


def _known_farms(venue: Evm, family: str) -> list[tuple[Farm, str]]:
    """Farms of a family that are known on a chain, and where each stands."""
    there = (each for each in FARMS if each.family == family and each.name in venue.contracts)
    return [(each, venue.contract(each.name)) for each in there]


def farms_of(venue: Evm, family: str) -> Conversation[list[tuple[str, str]]]:
    """Farms of a family on a chain, and whose positions each takes."""
    there = _known_farms(venue, family)
    if not there:
        return []
    said = yield [guess_call(at, each.manager) for each, at in there]
    rows = zip(there, said, strict=True)
    return [(at, its) for (_, at), its in rows if its not in (None, NATIVE)]


def farm_rewards(
    venue: Evm, family: str, manager: str, token_id: int, holder: str | None
) -> Conversation[Rewards]:
    """Rewards that a farm owes on a position; none where it is in no farm.

    Raises:
        ReaderError: there is a farm, and the manager does not say who has the position.

    """
    owed, notes = dict[str, int](), list[str]()
    for each, farm in _known_farms(venue, family):
        if holder is None:
            raise ReaderError(
                f"{manager} does not say who has {token_id}, which may be in the farm {farm}"
            )
        if holder == farm:
            token, raw = yield [Call(farm, each.reward), Call(farm, each.owed, (token_id,))]
            owed[token] = owed.get(token, 0) + raw
            notes.append(
                f"the farm {farm} counts what {token_id} earns up to the pool's last swap, and owes"
                " more from then on"
            )
    rewards = yield from rewards_of(venue, owed)
    return evolve(rewards, notes=(*notes, *rewards.notes))


def gauge_rewards(venue: Evm, gauge: str, owner: str, token_id: int) -> Conversation[Rewards]:
    """Rewards that a gauge owes to an owner on a position that is staked in it."""
    token, raw, saved = yield [
        Call(gauge, PAYS),
        Call(gauge, EARNED, (owner, token_id)),
        guess_call(gauge, SAVED, token_id),
    ]
    return (yield from rewards_of(venue, {token: raw + (saved or 0)}))


def staked_ids(gauge: str, owner: str) -> Conversation[list[int]]:
    """Numbers of the positions that an owner has staked in a gauge."""
    [found] = yield [guess_call(gauge, STAKED, owner)]
    return list(found or ())
