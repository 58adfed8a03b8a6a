"""Terms of an instrument's contract as the book states them, in the words of a venue."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import attrs

from hedgecore.books.held import ENTRY, enter_at
from hedgecore.interfaces.account import ContractTerms
from hedgecore.market import terms
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.market.portfolio import enter


def exact(number: float) -> Decimal:
    """Decimal of a number as it is written: 0.01 is one hundredth.

    >>> exact(0.01), exact(100.0)
    (Decimal('0.01'), Decimal('1E+2'))

    """
    return Decimal(repr(float(number))).normalize()


def is_inverse(instrument: Instrument, market: Market) -> bool:
    """True if one contract is on a fixed amount of the quote, whatever the underlying costs."""
    asset = market.assets.underlying(instrument.hedges)[0]
    other = market.shifted(prices={asset: 2.0 * market.price(asset)})
    here, there = (terms.notional(instrument, instrument.exposure(m), m) for m in (market, other))
    return bool(here == there)


def unit_mark(instrument: Instrument, market: Market) -> float | None:
    """Price of one unit at which a contract would be entered now, in the coin that it is told in.

    Of a future that is its forward, of an option its premium; None where a kind has no entry.
    """
    price = stated_fields(enter(instrument, market)).get(ENTRY)
    return None if price is None else float(price)


def is_paid_in_underlying(instrument: Instrument, market: Market) -> bool:
    """True if an entry is in coins of the underlying, as an inverse option's premium is."""
    asset = market.assets.underlying(instrument.hedges)[0]
    other = market.shifted(prices={asset: 2.0 * market.price(asset)})
    here, there = (_coin_price(instrument, m) for m in (market, other))
    return math.isclose(there, 2.0 * here, rel_tol=1e-9)


def _coin_price(instrument: Instrument, market: Market) -> float:
    """Price of the coin that an entry is in: what is lost by paying it twice over; else NaN."""
    price = unit_mark(instrument, market)
    if not price:
        return math.nan
    lost = -float(enter_at(instrument, 2.0 * price).worth(market))
    return lost / (instrument.contract_size * price)


def settlement(instrument: Instrument, market: Market) -> str:
    """Asset in which profit is paid: the underlying of an inverse one, else the other one.

    It is the numeraire where the contract depends on its underlying alone.
    """
    own = market.assets.underlying(instrument.hedges)
    if is_inverse(instrument, market) or is_paid_in_underlying(instrument, market):
        return own[0]
    others = [a for a in enter(instrument, market).exposure(market).assets if a not in own]
    return others[0] if others else market.numeraire


def is_owned(instrument: Instrument, market: Market) -> bool:
    """True if a contract is paid for when it is bought, as a coin is."""
    return bool(enter(instrument, market).worth(market))


def stated_fields(model: Any) -> dict[str, Any]:
    """Fields of an attrs class by name; none of anything else."""
    return attrs.asdict(model, recurse=False) if attrs.has(type(model)) else {}


def book_terms(instrument: Instrument, symbol: str, market: Market) -> ContractTerms:
    """Terms of an instrument, as the book has them."""
    stated = stated_fields(instrument)
    coin = settlement(instrument, market)
    inverse = is_inverse(instrument, market)
    unit = 1.0 if inverse else float(market.price(coin))
    return ContractTerms(
        symbol=symbol,
        contract_size=exact(instrument.contract_size),
        lot=exact(instrument.lot),
        tick=exact(stated.get("tick", 0.0)),
        min_order=exact(instrument.min_size),
        min_notional=exact(stated.get("min_notional", 0.0) / unit),
        fee=None if instrument.fee is None else exact(instrument.fee),
        settlement=coin,
        inverse=inverse,
    )
