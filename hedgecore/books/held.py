"""Contracts that a book states as held: `held`, and `entry_price` where the delta depends on it."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from hedgecore.errors import SpecError
from hedgecore.hedging.held import HeldContracts
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.market.portfolio import SupportsEntry, enter
from hedgecore.market.terms import supports

ENTRY = "entry_price"


def held_contracts(
    instrument: Instrument, contracts: float, market: Market, entry_price: float | None = None
) -> HeldContracts:
    """Contracts held of an instrument, as they were entered.

    Args:
        instrument: as it may be traded now, with no entry price of its own.
        contracts: negative where short.
        market: now.
        entry_price: of what is held, in its quote; None where it was not said.

    Raises:
        SpecError: the kind has no entry price, or its delta depends on one that was not said.

    """
    if entry_price is not None:
        return HeldContracts(contracts, enter_at(instrument, entry_price))
    if contracts and is_entry_needed(instrument, market):
        reason = "is needed: the delta of what is held depends on the price it was entered at"
        raise SpecError(f"{reason}. Give {ENTRY} beside held", field=ENTRY)
    return HeldContracts(contracts, enter(instrument, market))


def enter_at(instrument: Any, price: float) -> Instrument:
    """Instrument with an entry price; SpecError where its kind has none."""
    if ENTRY not in {each.name for each in attrs.fields(type(instrument))}:
        raise SpecError("this kind has no entry price: leave it out", field=ENTRY)
    changed: Instrument = attrs.evolve(instrument, **{ENTRY: price})
    return changed


def is_entry_needed(instrument: Instrument, market: Market) -> bool:
    """True if the delta of an instrument, asset units, depends on the price of its entry."""
    if not isinstance(instrument, SupportsEntry):
        return False
    hedged = market.assets.underlying(instrument.hedges)
    assets = [each for each in hedged if each in market.prices]
    other = market.shifted(prices={a: 1.1 * market.price(a) for a in assets})
    here, there = (enter(instrument, at).exposure(market) for at in (market, other))
    places = [here.assets.index(asset) for asset in assets if asset in here.assets]
    return not np.array_equal(here.delta[..., places], there.delta[..., places])


def is_premium_unknown(contract: Any, market: Market) -> bool:
    """True if nobody has said what a contract cost that may be owned outright: an option, say.

    It is worth nothing then, as a new one is, whatever was paid for it.
    """
    if not (supports(contract, SupportsEntry) and attrs.has(type(contract))):
        return False
    if float(contract.worth(market)) != 0.0:
        return False
    try:
        return float(enter_at(contract, 0.0).worth(market)) != 0.0
    except SpecError:  # none of this kind is owned outright, or it has no entry
        return False


def refuse_unknown_entry(contract: Any) -> None:
    """Raise a SpecError on a contract whose entry price is not stated: nor is its profit."""
    if attrs.has(type(contract)) and attrs.asdict(contract, recurse=False).get(ENTRY, 0.0) is None:
        reason = "is needed: the profit is since then, and unknown is not zero"
        raise SpecError(f"{reason}. State it, or 0 where it is owned outright", field=ENTRY)
