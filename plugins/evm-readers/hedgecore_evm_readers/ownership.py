"""Owners of positions by their NFT: in hand, staked in their pool's gauge, or in a farm."""

from __future__ import annotations

from hedgecore import ReaderError
from hedgecore_evm_readers.abi import Call, Conversation
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.farm import STAKED, farms_of

COUNT, BY_INDEX = "balanceOf(address)(uint256)", "tokenOfOwnerByIndex(address,uint256)(uint256)"
MOST = 10_000
"""An owner's positions, which are asked one by one; a token that is no NFT counts its units."""


def position_owner(
    venue: Evm,
    manager: str,
    token_id: int,
    owner: str | None,
    *,
    holder: str | None,
    family: str = "",
    gauge: str | None = None,
) -> Conversation[str | None]:
    """Account whose a position is: its owner's in hand or staked; else who has it in hand.

    None where nobody says: it is staked, and no owner is known who may have done that.

    Args:
        venue: the chain.
        manager: of the NFT.
        token_id: of the NFT.
        owner: whose it should be; None where nobody says.
        holder: who has it in hand, as the manager says; None where it does not say.
        family: of the position, whose farms are asked; of none, if empty.
        gauge: of its pool; None where it has none.

    Raises:
        ReaderError: the manager, the gauge or the farm does not say whose it is.

    """
    if holder is None and owner is not None:
        raise ReaderError(f"{manager} does not say whose position {token_id} is")
    if holder in (None, owner):
        return holder
    if holder == gauge:
        ids = [] if owner is None else (yield [Call(holder, STAKED, (owner,))])[0]
    elif (holder, manager) in (yield from farms_of(venue, family)):
        ids = [] if owner is None else (yield from list_ids(venue, holder, owner, f"evm-{family}"))
    else:
        return holder
    return owner if owner is None or token_id in ids else holder


def list_ids(venue: Evm, manager: str, owner: str, kind: str) -> Conversation[list[int]]:
    """Numbers of an owner's NFTs; none where a manager that is known has not been deployed yet."""
    [count] = yield [Call(manager, COUNT, (owner,), optional=manager in venue.known)]
    if count is None:
        return []
    if count > MOST:
        raise ReaderError(
            f"{manager} says that {owner} has {count} positions, and at most {MOST} are"
            " listed: is it the NonfungiblePositionManager? Leave the search out, by --skip"
            f" {kind}, and name positions by --position {kind}:NUMBER"
        )
    return list((yield [Call(manager, BY_INDEX, (owner, each)) for each in range(count)]))
