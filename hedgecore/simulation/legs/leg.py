"""`AbstractLeg`: one thing in the book, followed from frame to frame; and the plainest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from attrs import evolve, frozen

from hedgecore.errors import SpecError
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.market.terms import SupportsCarry, SupportsFee, SupportsNotional
from hedgecore.numerics.columns import compact
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.funding import Funded
from hedgecore.simulation.legs.valuation import LegValues, leg_values
from hedgecore.units import DAYS_PER_YEAR


class AbstractLeg(ABC):
    """One unit of something priced. What it remembers from frame to frame is its state."""

    name: str
    priced: Priced

    @property
    def ends(self) -> float:
        """When it expires, on the market's clock; never, unless it says so."""
        return np.inf

    def begin(self, start: MarketGrid, paths: int) -> Any:  # noqa: ARG002 - some need them
        """State at the start."""
        return None

    @abstractmethod
    def walk(self, view: MarketGrid, state: Any) -> tuple[LegValues, Any]:
        """Values of a unit at the moments of `view`, and the state then."""


@frozen(eq=False)
class PlainLeg(AbstractLeg):
    """What is a function of the market, and of nothing that was before."""

    name: str
    priced: Priced
    deaf: bool = False

    def walk(self, view: MarketGrid, state: Any) -> tuple[LegValues, Any]:
        """Exposure at each moment, as values of a unit; the state is none."""
        return values_at(self.priced, view, deaf=self.deaf), state


def values_at(priced: Priced, view: MarketGrid, *, deaf: bool) -> LegValues:
    """Exposure of a thing at the moments of a view; no vega where it is deaf to it.

    What it receives per day is all that it calls its carry, less the theta that is in its worth:
    interest, say. Funding at a rate is not: it is paid at moments of its own.
    """
    there = leg_values(priced.exposure(view.market), view.assets, view.shape)
    if deaf:
        heard = {greek: each for greek, each in there.greeks.items() if greek[0] != "vega"}
        there = evolve(there, greeks=heard)
    there = _with_terms(priced, view, there)
    if not isinstance(priced, SupportsCarry) or isinstance(priced, Funded):
        return there
    carry = priced.carry(view.market)
    if carry is None:
        raise SpecError(f"the carry of {priced!r:.80} is unknown, and a run pays it")
    daily = carry - there.greek("theta") / DAYS_PER_YEAR
    return evolve(there, daily=compact(daily, view.shape))


def _with_terms(priced: Priced, view: MarketGrid, there: LegValues) -> LegValues:
    """Values with the notional and the fee that a thing says itself."""
    if isinstance(priced, SupportsNotional):
        there = evolve(there, notional=compact(priced.notional(view.market), view.shape))
    charge = priced.charge(view.market) if isinstance(priced, SupportsFee) else None
    return there if charge is None else evolve(there, charge=compact(charge, view.shape))


def is_deaf(priced: Priced, market: Market) -> bool:
    """Whether it has a vega and is worth the same all the same: its volatility is its own."""
    names = [name for name in priced.exposure(market).other if name.startswith("vega:")]
    if not names or not market.vols:
        return bool(names)
    louder = {asset: 1.01 * np.asarray(vol) + 1e-3 for asset, vol in market.vols.items()}
    bent = priced.worth(evolve(market, vols=louder))
    return bool(np.all(bent == priced.worth(market)))
