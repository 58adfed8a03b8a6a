"""Bins of PancakeSwap Infinity: an owner's shares of a pool's bins, as one ladder.

Each bin of a pool is a token of the position manager. Fees are in the bins, and an exit pays the
owner's part of each, rounded down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from hedgecore import ReaderError, Reading, SearchError, SearchRequest, SpecError, Token
from hedgecore_evm_readers.abi import Call, Conversation, answers, together
from hedgecore_evm_readers.base import (
    ENCODING,
    EvmReader,
    address_field,
    hash_field,
    numbers_field,
    whole_units,
)
from hedgecore_evm_readers.bin_pool import CALLS as POOL
from hedgecore_evm_readers.bin_pool import FAMILY, POSITION, BinPool, active_bin, prove_pool
from hedgecore_evm_readers.events import Logs
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.layouts import call, words
from hedgecore_evm_readers.pool_invariants import UnlikeError
from hedgecore_evm_readers.pool_key import bin_token, hooks_notes, pool_id
from hedgecore_evm_readers.searching import gathered
from hedgecore_evm_readers.tokens import CALLS, by_id, tokens

BALANCE = "balanceOf(address,uint256)(uint256)"
TRANSFER = "0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb"
LISTS = ("uint256[]", "uint256[]")
MOST_ID = 2**24 - 1


@frozen(kw_only=True)
class InfinityBins(EvmReader):
    """Bins of one pool of PancakeSwap Infinity that an owner has shares of."""

    kind = "evm-pancake-infinity-bins"
    title = "PancakeSwap Infinity, bins"
    found_by = "owner"
    through = FAMILY
    proof = ENCODING
    parts = ("bins",)
    example = {
        "pool": "0x" + "5a" * 32,
        "contract": "0x3D311D6283Dd8aB90bb0031835C8e606349e2850",
        "owner": "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045",
        "bins": [8_388_607, 8_388_608],
    }
    calls = {
        "event TransferBatch(address,address,address,uint256[],uint256[])": "which bins an owner"
        " was ever given shares of: the manager keeps no list of them",
        BALANCE: "of the manager: the owner's shares of a bin",
        **POOL,
        **CALLS,
    }

    pool: str = hash_field("the pool's id")
    contract: str = address_field("the BinPositionManager")
    owner: str | None = address_field(
        "whose bins; nobody's, for the pool's price alone, if none", optional=True
    )
    bins: tuple[int, ...] = numbers_field("the bins of the owner's", "id", MOST_ID)

    def __attrs_post_init__(self) -> None:
        """Refuse bins that are nobody's, and an owner of none."""
        if bool(self.bins) != (self.owner is not None):
            why = "says nothing without the owner" if self.bins else "must name the owner's bins"
            raise SpecError(f"{why}: name both, or neither", kind=self.kind, field="bins")

    @classmethod
    def deployments(cls, source: Evm) -> tuple[str, Sequence[str]]:
        """Name of the manager for ``--contract``, and where it stands."""
        return source.deployed(FAMILY)

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[InfinityBins]]:
        """Ladders of the owner, one of each pool, and the pools' own prices beside."""
        if wanted.owner is None:
            return []
        managers = venue.managers(FAMILY)
        talks = (cls._ladders(venue, each, wanted.owner) for each in managers)
        return (yield from gathered(talks))

    @classmethod
    def _ladders(cls, venue: Evm, manager: str, owner: str) -> Conversation[list[InfinityBins]]:
        ids = yield from _given_ids(venue, manager, owner)
        said = yield [
            *(Call(manager, BALANCE, (owner, each)) for each in ids),
            *(call(manager, POSITION, token_id=each) for each in ids),
        ]
        pools = dict[str, list[int]]()
        for its, shares, answer in zip(ids, said[: len(ids)], said[len(ids) :], strict=True):
            if not shares:
                continue
            if answer is None:
                raise ReaderError(
                    f"{manager} has {shares} shares of {owner}'s in its token {its}, and does not"
                    f" say in the words of {cls.title} of which bin: check that address"
                )
            key = words(POSITION, answer)
            pools.setdefault("0x" + pool_id(key).hex(), []).append(key["bin"])
        ladders = [
            cls(pool=pool, contract=manager, owner=owner, bins=tuple(sorted(bins)))
            for pool, bins in pools.items()
        ]
        return [*ladders, *(cls(pool=pool, contract=manager) for pool in pools)]

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Owner's part of each bin; the active bin alone, where it is nobody's.

        Raises:
            ReaderError: the manager, the pool or a bin is not as those of the family are.

        """
        its = bytes.fromhex(self.pool[2:])
        tokens_of = [bin_token(its, each) for each in self.bins]
        talks: list[Conversation[Any]] = [
            prove_pool(self.contract, its, venue.chain, self.bins),
            answers(*(Call(self.contract, BALANCE, (self.owner, each)) for each in tokens_of)),
        ]
        try:
            (pool, found), shares = yield from together(talks)
            rows = self._rows(found, shares)
        except UnlikeError as error:
            raise ReaderError(
                f"the bins of the pool {self.pool} of {self.contract} at {venue.block} are not"
                f" read, since they are not as those of {self.title} are: {error}; check the"
                f" address and the chain, or leave them out by --skip {self.kind}:{self.pool}"
            ) from None
        return (yield from self._reading(venue, pool, rows))

    def _rows(
        self, found: Sequence[Mapping[str, Any]], shares: Sequence[int]
    ) -> list[tuple[int, int, int]]:
        """Number of each bin, and what of it is the owner's, raw, as an exit pays it."""
        rows = list(zip(self.bins, found, shares, strict=True))
        for index, its, mine in rows:
            if mine > its["supply"]:
                raise UnlikeError(
                    f"the owner has {mine} shares of the bin {index}, of {its['supply']}"
                )
        return [
            (index, *(its[side] * mine // its["supply"] for side in ("x", "y")))
            for index, its, mine in rows
            if mine
        ]

    def _reading(
        self, venue: Evm, pool: BinPool, rows: Sequence[tuple[int, int, int]]
    ) -> Conversation[Reading]:
        talks: list[Conversation[Any]] = [
            tokens(venue, pool.key["token0"], pool.key["token1"]),
            active_bin(pool),
        ]
        pair, active = yield from together(talks)
        held = self.owner is not None and bool(rows)
        shown = rows if self.owner else [(pool.active, active["x"], active["y"])]
        name = f"{pair[0].symbol}/{pair[1].symbol} bins"
        return Reading(
            name=name if held else f"{name} pool",
            held=held,
            position=_table(pair, pool, shown) if any(x or y for _, x, y in shown) else None,
            tokens=by_id(pair),
            depth={
                token.id: whole_units(active[side], token.decimals)
                for token, side in zip(pair, ("x", "y"), strict=True)
            },
            notes=hooks_notes(pool.key, f"{self.kind}:{self.pool}") if held else (),
        )


def _table(
    pair: Sequence[Token], pool: BinPool, rows: Sequence[tuple[int, int, int]]
) -> dict[str, Any]:
    digits = [each.decimals for each in pair]
    return {
        "kind": "liquidity-bins",
        "assets": [each.id for each in pair],
        "bin_step": pool.step,
        "bins": [[i, whole_units(x, digits[0]), whole_units(y, digits[1])] for i, x, y in rows],
        "decimals": digits,
        "fee": pool.fee,
    }


def _given_ids(venue: Evm, manager: str, owner: str) -> Conversation[list[int]]:
    """Tokens of a manager that an owner was ever given."""
    to = "0x" + owner[2:].lower().rjust(64, "0")
    try:
        [events] = yield [Logs(manager, (TRANSFER, None, None, to), venue.block.number, LISTS)]
    except ReaderError as error:
        raise SearchError(
            f"bins of {owner}'s were not looked for, since the node does not say the events of"
            f" {manager} ({error}): if there are some, name them by --position"
            f" {InfinityBins.kind}:0xPOOL,contract={manager},owner={owner},bins=FIRST..LAST,"
            f" and leave the search out by --skip {InfinityBins.kind}"
        ) from None
    return list(dict.fromkeys(each for ids, _ in events for each in ids))
