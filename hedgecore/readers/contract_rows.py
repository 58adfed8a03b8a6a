"""Contracts at a venue as rows of instruments: linear, inverse, dated, options."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from attrs import frozen

from hedgecore.errors import ReaderError
from hedgecore.interfaces.account import ContractPosition, ContractTerms, TopOfBook
from hedgecore.units import DAYS_PER_YEAR

MOST_APART = Decimal("0.01")
"""Between a position's notional by its terms and the mark, and the venue's own."""
HELD, ENTRY, LEAST = "held", "entry_price", "min_notional"
YEAR = DAYS_PER_YEAR * 86_400
SETTLEMENT, QUOTE = "settlement", "quote"
PAID = "perp", "future"
"""Kinds whose coin is that in which profit is paid, by name."""


@frozen(kw_only=True)
class Listing:
    """A contract as it is traded now, in a book's words.

    Attributes:
        venue: its name in the book.
        terms: the venue's.
        top: its prices.
        underlying: asset that it is on.
        funding_hours: interval of funding rates there; None where there is no one interval.

    """

    venue: str
    terms: ContractTerms
    top: TopOfBook
    underlying: str
    funding_hours: float | None

    @property
    def quote(self) -> str:
        """Coin that prices are in."""
        return self.terms.quote or self.terms.settlement

    @property
    def is_coin_margined(self) -> bool:
        """True if profit is paid in the coin that the contract is on."""
        return self.terms.settlement != self.quote

    @property
    def kind(self) -> str:
        """Kind of instrument that it is."""
        its, coin = self.terms, self.is_coin_margined
        if coin and its.settlement != (its.underlying or its.symbol):
            raise ReaderError(
                f"{its.symbol}: a contract on {its.underlying or its.symbol} in {self.quote} that"
                f" is paid in {its.settlement} is no kind of instrument"
            )
        if its.strike is not None:
            return "inverse-option" if coin else "option"
        if coin != its.inverse:
            raise ReaderError(f"{its.symbol}: its size is of one coin, and it is paid in another")
        dated = "perp" if its.expiry is None else "future"
        return f"inverse-{dated}" if its.inverse else dated


def contract_row(listing: Listing, position: ContractPosition | None, now: float) -> dict[str, Any]:
    """Row of an instrument: its terms, what is held of it, and its entry.

    Args:
        listing: the contract.
        position: what is held; None where nothing is.
        now: seconds since 1970, of the reading.

    Raises:
        ReaderError: the venue values the position otherwise than by its own terms.

    """
    its = listing.terms
    if position is not None:
        check_notional(listing.venue, position, its, listing.top)
    kind = listing.kind
    coin = SETTLEMENT if kind in PAID else QUOTE
    made = {
        "name": f"{its.symbol} at {listing.venue}",
        "kind": kind,
        "underlying": listing.underlying,
        coin: listing.quote,
        "venue": listing.venue,
        "symbol": its.symbol,
        "contract_size": float(its.contract_size),
        "lot": float(its.lot),
        "min_size": float(its.min_order),
        LEAST: float(its.min_notional) or None,
        "tick": float(its.tick) or None,
        "fee": _float(its.fee),
        **_funding(listing),
        **_dated(listing, now),
        HELD: None if position is None else float(position.contracts),
        ENTRY: None if position is None else _float(position.entry_price),
    }
    return {name: each for name, each in made.items() if each is not None}


def _funding(listing: Listing) -> dict[str, float]:
    rate, hours = listing.top.funding_rate, listing.funding_hours
    if rate is None or hours is None:
        return {}
    return {"funding_rate": float(rate), "funding_hours": hours}


def _dated(listing: Listing, now: float) -> dict[str, Any]:
    """Fields of what expires: the time left, and the basis or the volatility of its mark.

    Raises:
        ReaderError: it has expired, or the venue does not tell its volatility.

    """
    its, top = listing.terms, listing.top
    if its.expiry is None:
        return {}
    years = (its.expiry - now) / YEAR
    if years <= 0:
        raise ReaderError(f"{its.symbol}: it has expired at the venue")
    if its.strike is None:
        return {"expiry_years": years, "basis": math.log(float(top.mark / top.index)) / years}
    if top.volatility is None:
        raise ReaderError(f"{its.symbol}: the venue does not tell the volatility of its mark")
    named = {"strike": float(its.strike), "option_type": its.option_type}
    return {"expiry_years": years, "vol": float(top.volatility), **named}


def _float(given: Decimal | None) -> float | None:
    return None if given is None else float(given)


def check_notional(
    name: str, position: ContractPosition, terms: ContractTerms, top: TopOfBook
) -> None:
    """Refuse a position that is worth something else to the venue than by its own terms.

    Raises:
        ReaderError: the two are more than 1 % apart: a size is in another unit.

    """
    if position.notional is None:
        return
    price = Decimal(1) if terms.inverse else top.mark if position.mark is None else position.mark
    own = abs(position.contracts) * terms.contract_size * price
    if abs(own - position.notional) > MOST_APART * max(own, position.notional):
        theirs = f"{float(position.notional):.10g} by the venue's own notional"
        size = f"{position.contracts} {terms.symbol} are worth {float(own):.10g}"
        raise ReaderError(f"{name}: {size} by their size and the mark, and {theirs}")
