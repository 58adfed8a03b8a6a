"""The base of all readers of a range by its NFT: one family each, whatever its layouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from attrs import frozen

from hedgecore import ReaderError, Reading, SearchRequest
from hedgecore_evm_readers.abi import Call, Conversation, guess_call
from hedgecore_evm_readers.base import EvmReader, address_field, token_id_field, whole_units
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.farm import (
    EARNED,
    OWNER_OF,
    PAYS,
    SAVED,
    STAKED,
    farm_rewards,
    farms_of,
    gauge_rewards,
)
from hedgecore_evm_readers.farm import calls_of as farm_calls
from hedgecore_evm_readers.fee_growth import FEES, fees_earned, growth_inside
from hedgecore_evm_readers.layout_proof import (
    ProvenPosition,
    prove,
    refusal,
    resembling_layout,
)
from hedgecore_evm_readers.layouts import Layout, call, questions, words
from hedgecore_evm_readers.ownership import BY_INDEX, COUNT, list_ids, position_owner
from hedgecore_evm_readers.pool_invariants import UnlikeError, check_fees
from hedgecore_evm_readers.searching import attempted, concluded, gathered
from hedgecore_evm_readers.staking import Rewards
from hedgecore_evm_readers.tokens import CALLS, by_id, tokens
from hedgecore_evm_readers.v3_pool import PPM, charged_fee, depth, position_table


def calls_of(layouts: tuple[Layout, ...]) -> dict[str, str]:
    """Signature → what for, of all that a reader of some layouts asks."""
    listed = {
        COUNT: "how many positions an owner has",
        BY_INDEX: "their numbers",
        OWNER_OF: "whose the position is",
    }
    gauge = {
        OWNER_OF: "whose the position is, and whether the gauge holds it",
        STAKED: "of the gauge: which positions are the owner's",
        EARNED: "of the gauge: what it owes to the owner",
        SAVED: "of the gauge: what it owed at the last change of the position, besides",
        PAYS: "of the gauge: in what",
    }
    staked = gauge if any(each.gauge for each in layouts) else farm_calls(layouts[0].family)
    return {**listed, **staked, **questions(layouts), **CALLS}


@frozen(kw_only=True)
class RangePosition(EvmReader):
    """A position of a family of ranges by its NFT, with the fees that it has not collected."""

    layouts: ClassVar[tuple[Layout, ...]] = ()

    token_id: int = token_id_field()
    contract: str = address_field("the NonfungiblePositionManager")
    owner: str | None = address_field(
        "whose it is, in hand or staked: once it is another's it is in no book; if none, that is"
        " not checked, and what a gauge owes is not counted",
        optional=True,
    )

    @classmethod
    def deployments(cls, source: Evm) -> tuple[str, Sequence[str]]:
        """Name of the manager for ``--contract``, and where managers of the family stand."""
        return source.deployed(cls.layouts[0].family)

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[Self]]:
        """Positions of the owner that hold something, of all managers of the family."""
        if wanted.owner is None:
            return []
        family = cls.layouts[0].family
        places = [(each, each) for each in venue.managers(family)]
        places += yield from farms_of(venue, family)
        talks = (cls._alive(venue, place, manager, wanted.owner) for place, manager in places)
        return (yield from gathered(talks))

    @classmethod
    def _alive(cls, venue: Evm, place: str, manager: str, owner: str) -> Conversation[list[Self]]:
        """Readers of a place's positions of an owner that hold something, or are not understood."""
        ids, failed = yield from attempted(cls.ids_of(venue, place, owner))
        text, has = cls.layouts[0].position, owner if place == manager else place
        answers = yield [
            *(call(manager, text, token_id=each) for each in ids),
            *(guess_call(manager, OWNER_OF, each) for each in ids),
        ]
        holders = dict(zip(ids, answers[len(ids) :], strict=True))
        odd = {its: holder for its, holder in holders.items() if holder not in (None, has)}
        rows = zip(ids, answers, strict=False)
        said = {its: None if answer is None else words(text, answer) for its, answer in rows}
        held = (
            its
            for its, word in said.items()
            if word is None or word["liquidity"] or word.get("owed0") or word.get("owed1")
        )
        mine = [cls(token_id=n, contract=manager, owner=owner) for n in held if n not in odd]
        return concluded(mine, _contradiction(place, manager, owner, odd) if odd else failed)

    @classmethod
    def ids_of(cls, venue: Evm, place: str, owner: str) -> Conversation[list[int]]:
        """Numbers of an owner's NFTs, as the manager or a farm lists them."""
        return (yield from list_ids(venue, place, owner, cls.kind))

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Position on the chain's own integers, and its uncollected fees.

        Raises:
            ReaderError: the manager or the pool is not as those of the family are.

        """
        odd = list[str]()
        for layout in self.layouts:
            try:
                its = yield from prove(layout, self.contract, self.token_id, venue.chain)
                fees = yield from paid_fees(its)
            except UnlikeError as error:
                odd.append(str(error))
                continue
            return (yield from self._reading(venue, its, fees))
        found = yield from resembling_layout(self.contract, self.token_id)
        what = f"position {self.token_id} of {self.contract} at {venue.block}"
        leave = f"; or leave it out, by --skip {self.kind}:{self.token_id}"
        refused = refusal(what, self.layouts, found, "; ".join(dict.fromkeys(odd)))
        raise ReaderError(f"{refused}{leave}")

    def _reading(
        self, venue: Evm, its: ProvenPosition, fees: Sequence[int]
    ) -> Conversation[Reading]:
        pair = yield from tokens(venue, its.position["token0"], its.position["token1"])
        owner = yield from position_owner(
            venue, self.contract, self.token_id, self.owner,
            holder=its.holder, family=its.layout.family, gauge=its.gauge,
        )  # fmt: skip
        mine = self.owner in (None, owner)
        owed = (yield from self._rewards(venue, its)) if mine else Rewards()
        root, liquidity = its.state["root"], its.position["liquidity"]
        fee = charged_fee(its.state["fee"], its.state.get("protocol_fee", 0))
        rows = zip(pair, fees if mine else (0, 0), strict=True)
        return Reading(
            name=f"{pair[0].symbol}/{pair[1].symbol} {fee * 100:g} % #{self.token_id}",
            position=position_table(pair, liquidity, its.ticks, root, fee),
            size=liquidity,
            held=mine,
            owner=owner,
            **owed.beside({each.id: whole_units(raw, each.decimals) for each, raw in rows}, "fees"),
            tokens=by_id([*pair, *owed.tokens]),
            depth=depth(pair, its.state["active"], root),
            notes=(*self._notes(its), *owed.notes) if mine else (),
        )

    def _rewards(self, venue: Evm, its: ProvenPosition) -> Conversation[Rewards]:
        """Rewards of the gauge or the farm in which the position is."""
        if its.staked and self.owner is not None:
            return (yield from gauge_rewards(venue, its.state["gauge"], self.owner, self.token_id))
        mine = (its.layout.family, self.contract, self.token_id, its.holder)
        return (yield from farm_rewards(venue, *mine))

    def _notes(self, its: ProvenPosition) -> tuple[str, ...]:
        """Sentences on what the gauge of a pool takes."""
        name = f"{self.kind} {self.token_id}"
        if its.staked:
            staked = f"{name} is staked in the gauge {its.state['gauge']}"
            rewards = "" if self.owner else "; what rewards it earns is not counted"
            return (f"{staked}: it is paid no swap fees{rewards}",)
        part = its.state.get("part", 0) / PPM
        if not part:
            return ()
        return (f"{name} is not staked: the gauge is paid {part:g} of the swap fees it earns",)


def _contradiction(place: str, manager: str, owner: str, odd: Mapping[int, str]) -> ReaderError:
    """Error on positions that are listed for an owner, and are another's by the manager."""
    told = ", ".join(f"{number} is {holder}'s" for number, holder in odd.items())
    return ReaderError(
        f"{place} lists positions of {owner}'s of which {manager} says that {told}: they are not"
        " read; check those addresses"
    )


def paid_fees(its: ProvenPosition) -> Conversation[Sequence[int]]:
    """Uncollected fees of each token, raw; none of a position in a gauge, which is paid none.

    Raises:
        UnlikeError: they are more than the pool holds.

    """
    if its.staked:
        return (0, 0)
    fees = uncollected_fees(its, (yield from pool_fee_growth(its)))
    check_fees(fees, its.held)
    return fees


def pool_fee_growth(its: ProvenPosition) -> Conversation[list[int]]:
    """Fee growth of each token once the pool has given what it holds beyond its reserves.

    Source: Algebra Integral, `ReservesManager._updateReserves`: the excess goes to the liquidity in
    range at the next touch.
    """
    active = its.state["active"]
    if its.layout.reserves is None or not active:
        return list(its.growth)
    held = yield [Call(its.position[each], COUNT, (its.pool,)) for each in ("token0", "token1")]
    reserves = (its.state["reserve0"], its.state["reserve1"])
    rows = zip(its.growth, held, reserves, strict=True)
    return [one + max(has - counted, 0) * FEES // active for one, has, counted in rows]


def uncollected_fees(its: ProvenPosition, growth: list[int]) -> list[int]:
    """Uncollected fees of each token, raw, as `collect` would pay them."""
    word, paid = its.position, list[int]()
    for i in (0, 1):
        inside = growth_inside(its.state["tick"], *its.ticks, growth[i], its.edges[i])
        grown = fees_earned(inside, word[f"last{i}"], word["liquidity"])
        paid.append((word.get(f"owed{i}", 0) + grown) % FEES)
    return paid
