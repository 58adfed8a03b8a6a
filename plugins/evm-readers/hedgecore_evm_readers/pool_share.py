"""The base of readers of a pool's share: named by the pool, its LP token, or where it is staked."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import evolve, frozen

from hedgecore import SearchRequest
from hedgecore_evm_readers.abi import Call, Conversation, together
from hedgecore_evm_readers.base import EvmReader, address_field, addresses_field
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.staking import HeldShares, gauges_of, held_shares, staked_token


@frozen(kw_only=True)
class PoolShare(EvmReader):
    """An owner's share of a pool, in hand and staked.

    Attributes:
        emits: name of the token of the protocol that its gauges owe; None where they owe none.

    """

    emits: ClassVar[str | None] = None
    parts = ("staked",)

    pool: str = address_field("the pool")
    owner: str | None = address_field(
        "whose share; nobody's, for its price alone, if none", optional=True
    )
    staked: tuple[str, ...] = addresses_field("gauges and the like that hold shares of the owner's")

    @classmethod
    @abstractmethod
    def pool_at(cls, venue: Evm, address: str) -> Conversation[Mapping[str, Any] | None]:
        """Fields that name the pool at an address, or of an LP token; None where it is none."""

    @classmethod
    def recognise(cls, venue: Evm, address: str) -> Conversation[bool]:
        """True if the contract is a pool, its LP token, or where that is staked."""
        if (yield from cls.pool_at(venue, address)) is not None:
            return True
        token = yield from staked_token(address)
        return token is not None and (yield from cls.pool_at(venue, token)) is not None

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[Self]]:
        """Owner's share of each pool that is named, with what is staked of it."""
        found = dict[str, Self]()
        named = (cls._reader_at(venue, address, wanted.owner) for address in wanted.pools)
        for its in (yield from together(named)):
            known = found.get(its.pool, its).staked
            found[its.pool] = evolve(its, staked=tuple(dict.fromkeys((*known, *its.staked))))
        return list(found.values())

    @classmethod
    def _reader_at(cls, venue: Evm, address: str, owner: str | None) -> Conversation[Self]:
        """Reader of the pool that an address is, or leads to."""
        named = yield from cls.pool_at(venue, address)
        token = None if named else (yield from staked_token(address))
        if token is not None:
            named = yield from cls.pool_at(venue, token)
        fields = named or {"pool": address}
        gauges = (yield from gauges_of(venue, fields["pool"])) if owner else []
        place = [] if token is None else [address]
        return cls(**fields, owner=owner, staked=tuple(dict.fromkeys([*place, *gauges])))

    def shares(self, venue: Evm, token: str, free: Call | None = None) -> Conversation[HeldShares]:
        """Shares of the owner, by the LP token; `free` tells those in hand otherwise."""
        mine = (venue, token, self.owner, self.staked)
        return (yield from held_shares(*mine, free=free, emits=self.emits))
