"""Payments for holding: funding by the venue's rule, interest, and the premium of a perpetual.

Each payment is paid once, at its own time, to who holds the contract then, on the notional then.
Between two steps prices, premium and rate are those last known: those as the step begins. Payments
with times and rates of their own are the path's rows "funding-at:ASSET" and
"funding-between:ASSET". Else one is due as each interval ends, at the path's row "funding:ASSET";
or by the venue's rule of "premium:ASSET", the perpetual's price over its index less 1; or at the
instrument's own rate, and where that is unknown the run is refused.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from attrs import evolve, frozen

import hedgecore.fields as fields
from hedgecore.decisions.policies.clock import SLACK, ticks
from hedgecore.errors import SpecError
from hedgecore.interfaces.price_model import AT, BETWEEN
from hedgecore.market.terms import SupportsCarry
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import compact
from hedgecore.simulation.engine.view import MarketGrid, previous
from hedgecore.simulation.legs.valuation import LegValues
from hedgecore.units import HOURS_PER_DAY, HOURS_PER_YEAR


class Due(NamedTuple):
    """Payments of each step, (K, 1) or S: in number, or the sum of their rates.

    Attributes:
        between: within the step, before its end.
        at: as it ends.

    """

    between: Array
    at: Array


@runtime_checkable
class Periodic(SupportsCarry, Protocol):
    """Contract that pays funding each so many hours."""

    funding_hours: float


@runtime_checkable
class Funded(Periodic, Protocol):
    """Contract that pays funding at a rate per interval, on its notional, as perpetuals do."""

    funding_rate: float | None


class FundedLeg(Protocol):
    """Perpetual that is followed, and the same at a rate of 1 per interval."""

    @property
    def priced(self) -> Any: ...  # noqa: D102 - the leg's
    @property
    def at_rate_of_one(self) -> Any: ...  # noqa: D102


@frozen(kw_only=True)
class FundingRule:
    """Rule of a venue, premium to rate, per interval: ``P + clamp(I − P, ±clamp)``, within ±cap.

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

    def rate(self, premium: Array | float) -> Array:
        """Rate per interval at a premium, S."""
        asked = premium + np.clip(self.interest - premium, -self.clamp, self.clamp)
        return asked if self.cap is None else np.clip(asked, -self.cap, self.cap)

    def due(self, view: MarketGrid, hours: float) -> Due:
        """Number of intervals that end within each step of a view, and at its end."""
        if self.continuous:
            return Due(view.dt * (HOURS_PER_YEAR / hours), np.zeros((1, 1)))
        now = view.clock + self.since / HOURS_PER_YEAR
        count = ticks(now, hours) - ticks(now - view.dt, hours)
        passed = now * (HOURS_PER_YEAR / hours)
        at = (count > 0) & (np.abs(passed - np.round(passed)) <= SLACK)
        return Due(count - at, at.astype(np.float64))


def with_premium(
    priced: Any, one: Any, view: MarketGrid, there: LegValues, rule: FundingRule
) -> LegValues:
    """Values with the funding of a payment at the last moment, and the premium in the worth.

    Args:
        priced: the perpetual.
        one: the same at a rate of 1.
        view: the moments.
        there: a unit's values.
        rule: from premium to rate.

    """
    end = view.at_steps([view.shape[0] - 1])
    payment = compact(_payment(priced, one, end, rule), end.shape)
    return _with_basis(evolve(there, payment=payment), asset_of(priced), view)


def with_funding(
    leg: FundedLeg, view: MarketGrid, there: LegValues, before: LegValues, rule: FundingRule
) -> LegValues:
    """Values with the funding of a perpetual that is due in each step: most have none."""
    due, cash = _due(leg.priced, asset_of(leg.priced), view, rule), np.zeros(view.shape)
    steps = np.flatnonzero(due.at.any(axis=1))
    if steps.size:
        paid = _payment(leg.priced, leg.at_rate_of_one, view.at_steps(steps), rule)
        cash[steps] = due.at[steps] * paid
    if due.between.any():
        paid = compact(_payment(leg.priced, leg.at_rate_of_one, view, rule), view.shape)
        cash += due.between * previous(before.payment, paid, view.shape)
    return evolve(there, flows={**there.flows, "funding": cash})


def _due(priced: Funded, asset: str, view: MarketGrid, rule: FundingRule) -> Due:
    """Payments of the path where those have times of their own, else of the rule."""
    if f"{AT}:{asset}" not in view.rows:
        return rule.due(view, priced.funding_hours)
    return Due(view.rows[f"{BETWEEN}:{asset}"], view.rows[f"{AT}:{asset}"])


def _payment(priced: Funded, one: Any, view: MarketGrid, rule: FundingRule) -> Array:
    """Cash that one unit bought receives for a payment at each moment, at the rate then."""
    asset, paid = asset_of(priced), one.carry(view.market)
    premium = view.rows.get(f"premium:{asset}")
    if rule.on_mark and premium is not None:
        paid = paid * (1.0 + premium)
    rate = (priced.funding_hours / HOURS_PER_DAY) * _rate(priced, asset, view, rule)
    return np.asarray(paid * rate)


def asset_of(priced: Any) -> str:
    """Asset that a contract is on; "" for what says none."""
    hedges = getattr(priced, "hedges", ())
    return str(hedges[0]) if hedges else ""


def _rate(priced: Funded, asset: str, view: MarketGrid, rule: FundingRule) -> Array | float:
    """Rate per interval at each moment; 1 where payments bring their own."""
    if f"{AT}:{asset}" in view.rows:
        return 1.0
    rate, premium = view.rows.get(f"funding:{asset}"), view.rows.get(f"premium:{asset}")
    if rate is not None:
        return rate
    return _own_rate(priced) if premium is None else rule.rate(premium)


def _own_rate(priced: Any) -> float:
    """Instrument's own rate; SpecError where it is unknown."""
    if priced.funding_rate is None:
        reason = (
            f"the funding of {priced.name!r:.80} is unknown: give it in the book, or by --funding, "
            "or a history of rates"
        )
        raise SpecError(reason, kind=priced.kind, field="funding_rate")
    return float(priced.funding_rate)


def _with_basis(there: LegValues, asset: str, view: MarketGrid) -> LegValues:
    """Values marked at the premium that the path says, of what one unit stands for."""
    premium = view.rows.get(f"premium:{asset}")
    if premium is None or asset not in view.assets:
        return there
    i = view.assets.index(asset)
    basis = premium * there.greek("delta", i) * view.prices[i]
    return evolve(there, end=there.end + basis, worth=there.worth + basis, basis=basis)
