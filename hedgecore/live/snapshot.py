"""A snapshot: all that one cycle has read, with where it is from and when it held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from hedgecore.interfaces.account import Account, ContractTerms, Identity, TopOfBook


@frozen(kw_only=True, eq=False)
class BookReading:
    """The book as it stands: read again from its source, or as its file states it.

    Attributes:
        tables: of the book, plain.
        stamp: of the moment of its source: chain, block, hash; nothing where a file states it.
        time: of that moment, seconds since 1970; None where nothing is read.
        reorganised: whether the moment before is no longer part of its source.
        notes: on what has gone, or come.
        sizes: position, by its name in the source → raw units, which its owner alone changes; None
            for one of the owner's that the book does not have.
        holders: position → account that has it now, where that is not its owner.

    """

    tables: Mapping[str, Any]
    stamp: Mapping[str, Any] = field(factory=dict)
    time: float | None = None
    reorganised: bool = False
    notes: tuple[str, ...] = ()
    sizes: Mapping[str, int | None] = field(factory=dict)
    holders: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True, eq=False)
class VenueReading:
    """One venue as it stands.

    Attributes:
        identity: whose account.
        terms: of its contracts, by symbol.
        account: read after the chain.
        tops: best prices of the contracts that the book trades there, by symbol.

    """

    identity: Identity
    terms: Mapping[str, ContractTerms]
    account: Account
    tops: Mapping[str, TopOfBook]


@frozen(kw_only=True, eq=False)
class Snapshot:
    """All that one cycle has read.

    Attributes:
        began: before the first reading, seconds since 1970 by the loop's clock.
        time: after the last one, likewise.
        book: positions and prices.
        venues: by name.

    """

    began: float
    time: float
    book: BookReading
    venues: Mapping[str, VenueReading]

    def readings(self) -> Iterator[tuple[str, float]]:
        """Readings, each with the moment it held, seconds since 1970 by its own clock."""
        if self.book.time is not None:
            yield "the chain", self.book.time
        for name, venue in self.venues.items():
            yield f"{name}'s account", venue.account.time
            for symbol, top in venue.tops.items():
                yield f"{name}'s book of {symbol}", top.time
