"""Positions of Uniswap v4, by the number of their NFT, from the storage of the PoolManager.

The manager keeps every pool in one mapping, at slot 6, and shows any slot through ``extsload``.
What stands where is that of `StateLibrary` and `Pool.State` in v4-core; the manager cannot change.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import asdict, frozen

from hedgecore import ReaderError, Reading, SearchRequest
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, guess_call
from hedgecore_evm_readers.base import (
    BYTECODE,
    EvmReader,
    address_field,
    token_id_field,
    whole_units,
)
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.farm import OWNER_OF
from hedgecore_evm_readers.fee_growth import Outside, fees_earned, growth_inside
from hedgecore_evm_readers.nft_events import CALLS as LISTED
from hedgecore_evm_readers.nft_events import transferred_ids
from hedgecore_evm_readers.ownership import position_owner
from hedgecore_evm_readers.pool_invariants import (
    UnlikeError,
    check_active,
    check_price,
    check_range,
)
from hedgecore_evm_readers.searching import attempted, concluded
from hedgecore_evm_readers.tokens import CALLS, by_id, tokens
from hedgecore_evm_readers.v3_pool import charged_fee, depth, position_table
from hedgecore_evm_readers.v4_storage import Slots

KEY = "(address,address,uint24,int24,address)"
PLACE = f"getPoolAndPositionInfo(uint256)({KEY},uint256)"
MANAGER = "poolManager()(address)"
LOAD = "extsload(bytes32[])(bytes32[])"
REPLACES_CURVE = 1 << 3
"""BEFORE_SWAP_RETURNS_DELTA in a hook's address: it may trade in the pool's stead."""
TAKES_OF_EXITS = 1 << 0
"""AFTER_REMOVE_LIQUIDITY_RETURNS_DELTA: it may take a part of what an exit pays."""


@frozen(kw_only=True)
class UniswapV4(EvmReader):
    """A position of Uniswap v4, by its NFT, with the fees that it has not collected."""

    kind = "evm-uniswap-v4"
    title = "Uniswap v4"
    proof = BYTECODE
    found_by = "owner"
    through = "uniswap-v4"
    needs = ("uniswap-v4",)
    example = {"token_id": 1234, "contract": "0xbD216513d74C8cf14cf4747E6AaA6420FF64ee9e"}
    calls = {
        **LISTED,
        "getPositionLiquidity(uint256)(uint128)": "which of them hold something",
        PLACE: "the pool's key (currencies, fee, tick spacing, hooks), and the ticks",
        MANAGER: "the PoolManager",
        LOAD: "its slots: √price, tick and fees; liquidity; fee growth everywhere, outside both"
        " ends of the range, and at the position's last touch",
        **CALLS,
    }

    token_id: int = token_id_field()
    contract: str = address_field("the PositionManager")
    owner: str | None = address_field(
        "whose it is: once it is another's it is in no book; that is not checked if none",
        optional=True,
    )

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[UniswapV4]]:
        """Positions of the owner that hold something, of all that `balanceOf` counts."""
        if wanted.owner is None:
            return []
        manager, owner = venue.contract("uniswap-v4"), wanted.owner
        search = transferred_ids(venue, manager, owner, cls.kind)
        mine, failed = yield from attempted(search)
        held = yield [Call(manager, "getPositionLiquidity(uint256)(uint128)", (n,)) for n in mine]
        alive = [its for its, liquidity in zip(mine, held, strict=True) if liquidity]
        found = [cls(token_id=each, contract=manager, owner=owner) for each in alive]
        return concluded(found, failed)

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Position on the chain's own integers, and its uncollected fees."""
        (key, packed), manager, holder = yield [
            Call(self.contract, PLACE, (self.token_id,)),
            Call(self.contract, MANAGER),
            guess_call(self.contract, OWNER_OF, self.token_id),
        ]
        if not packed:
            raise ReaderError(
                f"{self.contract} has no position {self.token_id} at {venue.block}: check its"
                " number, and the chain; if it was burnt, read the book anew"
            )
        ticks = (_signed_number(packed >> 8), _signed_number(packed >> 32))
        slots = Slots(key, *ticks, self.contract, self.token_id)
        pair = yield from tokens(venue, *key[:2])
        [words] = yield [Call(manager, LOAD, (slots.numbers,))]
        state = _State.of([int.from_bytes(each, "big") for each in words])
        self._check(venue, ticks, state)
        owner = yield from position_owner(
            venue, self.contract, self.token_id, self.owner, holder=holder
        )
        mine = self.owner in (None, owner)
        fees = state.fees(ticks) if mine else [0, 0]
        return Reading(
            name=f"{pair[0].symbol}/{pair[1].symbol} v4 #{self.token_id}",
            position=position_table(pair, state.liquidity, ticks, state.root, state.fee),
            size=state.liquidity,
            held=mine,
            owner=owner,
            holdings={
                t.id: whole_units(raw, t.decimals) for t, raw in zip(pair, fees, strict=True)
            },
            holdings_name="fees",
            tokens=by_id(pair),
            depth=depth(pair, state.active, state.root),
            notes=self._notes(key[4]),
        )

    def _check(self, venue: Evm, ticks: tuple[int, int], state: _State) -> None:
        """Refuse a position whose words contradict each other."""
        pool = asdict(state, recurse=False)
        try:
            check_range(*ticks)
            check_price(pool)
            check_active(pool, ticks, state.liquidity)
        except UnlikeError as error:
            raise ReaderError(
                f"position {self.token_id} of {self.contract} at {venue.block} is not read:"
                f" {error}; check the address and the chain, or leave it out by --skip"
                f" {self.kind}:{self.token_id}"
            ) from None

    def _notes(self, hooks: str) -> tuple[str, ...]:
        """Word on the pool's hooks; those that replace the curve are refused."""
        if hooks == NATIVE:
            return ()
        if int(hooks, 16) & REPLACES_CURVE:
            raise ReaderError(
                f"position {self.token_id} is in a pool whose hooks {hooks} may trade in its stead:"
                " what it holds is not what v4's curve says. Leave it out by --skip"
                f" evm-uniswap-v4:{self.token_id}"
            )
        takes = int(hooks, 16) & TAKES_OF_EXITS
        more = ", and a part of an exit, which then pays less than is written" if takes else ""
        said = f"v4 position {self.token_id}: the pool has hooks, {hooks}; they may take fees{more}"
        return (said,)


@frozen
class _State:
    """State of a pool and a position, by the words of their slots, in order."""

    root: int
    tick: int
    fee: float
    active: int
    liquidity: int
    everywhere: Sequence[int]
    last: Sequence[int]
    lower: Sequence[int]
    upper: Sequence[int]

    @classmethod
    def of(cls, words: Sequence[int]) -> _State:
        slot0, active = words[0], words[3] % 2**128
        fee = charged_fee(slot0 >> 208 & 0xFFFFFF, slot0 >> 184 & 0xFFFFFF)
        rest = (words[1:3], words[5:7], words[7:9], words[9:11])
        return cls(
            slot0 % 2**160, _signed_number(slot0 >> 160), fee, active, words[4] % 2**128, *rest
        )

    def fees(self, ticks: tuple[int, int]) -> list[int]:
        """Uncollected fees of each token, raw."""
        grown = (
            growth_inside(
                self.tick, *ticks, self.everywhere[i], Outside(self.lower[i], self.upper[i])
            )
            for i in (0, 1)
        )
        rows = zip(grown, self.last, strict=True)
        return [fees_earned(growth, last, self.liquidity) for growth, last in rows]


def _signed_number(word: int) -> int:
    return (word & 0xFFFFFF ^ 0x800000) - 0x800000
