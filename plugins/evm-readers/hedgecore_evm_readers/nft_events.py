"""NFTs of an owner whose contract lists none: by its events of transfers, checked by its count."""

from __future__ import annotations

from hedgecore import ReaderError
from hedgecore_evm_readers.abi import Call, Conversation
from hedgecore_evm_readers.events import Logs
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.searching import concluded

COUNT, OWNER_OF = "balanceOf(address)(uint256)", "ownerOf(uint256)(address)"
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
TOPICS = 4
"""Of a transfer of an NFT; of an amount, whose contract is another, they are 3."""
CALLS = {
    COUNT: "how many positions an owner has",
    "event Transfer(address,address,uint256)": "their numbers: the contract keeps no list of them",
    OWNER_OF: "which of them are still the owner's, and whose the position is",
}


def transferred_ids(venue: Evm, manager: str, owner: str, kind: str) -> Conversation[list[int]]:
    """Numbers of the NFTs of an owner; none where a manager that is known is not there yet.

    Args:
        venue: the chain.
        manager: the NFTs' contract.
        owner: whose.
        kind: of the reader that looks for them, for what to do where they cannot be listed.

    Raises:
        ReaderError: its events do not name as many as it counts; those that they do are its
            `found`.

    """
    [count] = yield [Call(manager, COUNT, (owner,), optional=manager in venue.known)]
    if not count:
        return []
    to = "0x" + owner[2:].lower().rjust(64, "0")
    try:
        [events] = yield [Logs(manager, (TRANSFER, None, to), venue.block.number)]
    except ReaderError as error:
        raise _unlisted(count, owner, manager, kind, str(error)) from None
    ids = sorted({each[3] for each in events if len(each) == TOPICS})
    owners = yield [Call(manager, OWNER_OF, (each,), optional=True) for each in ids]
    mine = [each for each, by in zip(ids, owners, strict=True) if by == owner]
    if len(mine) != count:
        why = f"its events name {len(mine)}"
        return concluded(mine, _unlisted(count, owner, manager, kind, why))
    return mine


def _unlisted(count: int, owner: str, manager: str, kind: str, why: str) -> ReaderError:
    return ReaderError(
        f"{owner} has {count} positions of {manager}, and they could not be listed ({why}): name"
        f" each by --position {kind}:NUMBER, and leave the search out by --skip {kind}"
    )
