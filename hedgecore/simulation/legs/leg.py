"""`AbstractLeg`: one thing in the book, followed from frame to frame; and the plainest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, frozen

from hedgecore.errors import SpecError
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.market.terms import SupportsCarry, SupportsFee, SupportsNotional
from hedgecore.numerics.columns import compact
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.funding import Funded, Periodic
from hedgecore.simulation.legs.pair import pair_values
from hedgecore.simulation.legs.valuation import LegValues, leg_values
from hedgecore.units import DAYS_PER_YEAR

TERMS: tuple[Any, ...] = (SupportsNotional, SupportsFee, SupportsCarry, Periodic, Funded)


class AbstractLeg(ABC):
    """One unit of something priced. What it remembers from frame to frame is its state."""

    name: str
    priced: Priced
    deaf: bool = False

    @cached_property
    def terms(self) -> frozenset[type]:
        """Protocols of terms that it has; asked once, since asking is slow."""
        return frozenset(each for each in TERMS if isinstance(self.priced, each))

    @cached_property
    def at_rate_of_one(self) -> Any:
        """Perpetual as it would pay funding at a rate of 1 per interval."""
        priced: Any = self.priced
        return evolve(priced, funding_rate=1.0)

    @property
    def daily_column(self) -> str:
        """Column of the ledger that its daily cash is for."""
        return "funding" if Periodic in self.terms else "carry"

    @property
    def ends(self) -> float:
        """Moment of expiry, years on the market's clock; infinite unless a leg says otherwise."""
        return np.inf

    def begin(self, start: MarketGrid, paths: int) -> Any:  # noqa: ARG002 - some need them
        """State at the start."""
        return None

    @abstractmethod
    def walk(self, view: MarketGrid, state: Any) -> tuple[LegValues, Any]:
        """Values of a unit at the moments of `view`, and the state then."""


@frozen(eq=False)
class PlainLeg(AbstractLeg):
    """Leg that is a function of the market, and of nothing that was before."""

    name: str
    priced: Priced
    deaf: bool = False

    def walk(self, view: MarketGrid, state: Any) -> tuple[LegValues, Any]:
        """Exposure at each moment, as values of a unit; the state is none."""
        return values_at(self, view), state


def values_at(leg: AbstractLeg, view: MarketGrid) -> LegValues:
    """Exposure of a leg's thing at the moments of a view; no vega where it is deaf to it.

    What it receives per day is all that it calls its carry, less the theta that is in its worth:
    interest, say. Funding at a rate is not: it is paid at moments of its own.
    """
    priced: Any = leg.priced
    there = pair_values(priced, view)
    if there is None:
        there = leg_values(priced.exposure(view.market), view.assets, view.shape)
    if leg.deaf:
        heard = {greek: each for greek, each in there.greeks.items() if greek[0] != "vega"}
        there = evolve(there, greeks=heard)
    there = _with_terms(leg, view, there)
    if SupportsCarry not in leg.terms or Funded in leg.terms:
        return there
    carry = priced.carry(view.market)
    if carry is None:
        raise SpecError(f"the carry of {priced!r:.80} is unknown, and a run pays it")
    daily = carry - there.greek("theta") / DAYS_PER_YEAR
    return evolve(there, daily=compact(daily, view.shape))


def _with_terms(leg: AbstractLeg, view: MarketGrid, there: LegValues) -> LegValues:
    """Values with the notional and the fee that a thing says itself."""
    priced: Any = leg.priced
    if SupportsNotional in leg.terms:
        there = evolve(there, notional=compact(priced.notional(view.market), view.shape))
    charge = priced.charge(view.market) if SupportsFee in leg.terms else None
    return there if charge is None else evolve(there, charge=compact(charge, view.shape))


def is_deaf(priced: Priced, market: Market) -> bool:
    """True if a thing has a vega and its worth ignores the market's volatility."""
    names = [name for name in priced.exposure(market).other if name.startswith("vega:")]
    if not names or not market.vols:
        return bool(names)
    louder = {asset: 1.01 * np.asarray(vol) + 1e-3 for asset, vol in market.vols.items()}
    bent = priced.worth(evolve(market, vols=louder))
    return bool(np.all(bent == priced.worth(market)))
