"""What is paid for holding: funding by the venue's rule, interest, and the premium of a perpetual.

Funding is paid at the end of each interval, at the rate and on the notional of that moment. The
rate is the path's row "funding:ASSET", per interval; or it follows from the row "premium:ASSET",
the perpetual's price over its index less 1, by the venue's rule; or it is the instrument's own.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from attrs import evolve, frozen

import hedgecore.fields as fields
from hedgecore.decisions.policies.clock import ticks
from hedgecore.market.instrument import Priced
from hedgecore.market.terms import SupportsCarry
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.legs.valuation import LegValues

DAYS, DAY_HOURS = 365.0, 24.0


@runtime_checkable
class Periodic(SupportsCarry, Protocol):
    """What pays funding each so many hours."""

    funding_hours: float


@runtime_checkable
class Funded(Periodic, Protocol):
    """What pays funding at a rate per interval, on its notional, as perpetuals do."""

    funding_rate: float


@frozen(kw_only=True)
class FundingRule:
    """What a venue makes of a premium, per interval: ``P + clamp(I − P, ±clamp)``, within ±cap.

    Binance's: I is 0.01 % and the clamp 0.05 % for 8 hours. With ``continuous`` it accrues all the
    time, as at Deribit.
    """

    kind = "funding-rule"

    interest: float = fields.number("I", "per interval", fields.FINITE, default=1e-4)
    clamp: float = fields.number("of I − P", "per interval", fields.NONNEGATIVE, default=5e-4)
    cap: float | None = fields.number("of the rate", "per interval", optional=True)
    continuous: bool = fields.flag(
        "whether it accrues all the time, or is paid at an interval's end"
    )
    on_mark: bool = fields.flag("whether it is paid on the notional at the mark, not at the index")
    since: float = fields.number(
        "since the last payment, as the run starts", "hours", fields.NONNEGATIVE, default=0.0
    )

    def rate(self, premium: Array) -> Array:
        """Return the rate per interval at a premium."""
        asked = premium + np.clip(self.interest - premium, -self.clamp, self.clamp)
        return asked if self.cap is None else np.clip(asked, -self.cap, self.cap)

    def intervals(self, view: MarketGrid, hours: float) -> Array:
        """Return how many intervals each step of a view pays for, (K, 1)."""
        if self.continuous:
            return view.dt * (DAYS * DAY_HOURS / hours)
        now = view.clock + self.since / (DAYS * DAY_HOURS)
        return ticks(now, hours) - ticks(now - view.dt, hours)


def with_funding(
    priced: Priced, asset: str, view: MarketGrid, there: LegValues, rule: FundingRule
) -> LegValues:
    """Return `there` with the funding of a perpetual paid, and with its premium in its worth."""
    if not isinstance(priced, Funded):
        return there
    there = evolve(there, flows={**there.flows, "funding": _funding(priced, asset, view, rule)})
    return _marked(there, asset, view)


def column_of(priced: Priced) -> str:
    """Return the column of the ledger that the daily cash of a thing is for."""
    return "funding" if isinstance(priced, Periodic) else "carry"


def _funding(priced: Funded, asset: str, view: MarketGrid, rule: FundingRule) -> Array:
    """Return what one unit bought receives at the end of the steps that end an interval."""
    count = rule.intervals(view, priced.funding_hours)
    if not count.any():
        return np.zeros((1, 1))
    one = evolve(priced, funding_rate=1.0).carry(view.market)  # type: ignore[misc]
    rate, premium = view.rows.get(f"funding:{asset}"), view.rows.get(f"premium:{asset}")
    if rate is None:
        rate = np.asarray(priced.funding_rate) if premium is None else rule.rate(premium)
    if rule.on_mark and premium is not None:
        one = one * (1.0 + premium)
    return np.asarray(one * (priced.funding_hours / DAY_HOURS) * rate * count)


def _marked(there: LegValues, asset: str, view: MarketGrid) -> LegValues:
    """Return `there` marked at the premium that the path says, of what one unit stands for."""
    premium = view.rows.get(f"premium:{asset}")
    if premium is None or asset not in view.assets:
        return there
    i = view.assets.index(asset)
    basis = premium * there.delta[..., i] * view.prices[..., i]
    return evolve(there, end=there.end + basis, worth=there.worth + basis, basis=basis)
