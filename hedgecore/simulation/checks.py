"""Checks of a run's settings: each that is wrong is named, with what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from hedgecore.books.magnitudes import MOST_DAYS
from hedgecore.errors import HedgeError, SpecError
from hedgecore.hedging.held import contracts_held
from hedgecore.hedging.problem import HedgeRequest
from hedgecore.hedging.solvers import AbstractHedgeSolver
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.income import AbstractIncome
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.market.instrument import Instrument
from hedgecore.simulation.blocks import MOST
from hedgecore.simulation.funding import FundingRule
from hedgecore.simulation.legs.setup import KIND
from hedgecore.simulation.margin import Margin

ROLLS = (None, "strike", "moneyness", "never")
CLASSES: Mapping[str, tuple[type, str]] = {
    "price_model": (AbstractPriceModel, "a price model, like GBM"),
    "policy": (AbstractPolicy, "a policy, like WhalleyWilmott"),
    "request": (HedgeRequest, "a HedgeRequest"),
    "solver": (AbstractHedgeSolver, "a hedge solver, like LeastSquares"),
    "funding": (FundingRule, "a FundingRule"),
}
"""Setting → its class, and what that is called."""
PARTS: Mapping[str, tuple[type, str]] = {
    "costs": (AbstractCost, "a list of costs, like Fee"),
    "income": (AbstractIncome, "position → an income, like FeeRate"),
    "margin": (Margin, "a Margin, or None"),
}
"""The same of settings that hold several, or may hold none."""


def wrong(name: str, reason: str) -> SpecError:
    """Error that a setting is wrong."""
    return SpecError(reason, kind=KIND, field=name)


def check_class(name: str, given: Any) -> None:
    """Refuse a setting, or a part of one, that is not of its class."""
    cls, what = CLASSES.get(name) or PARTS[name]
    if not isinstance(given, cls):
        raise wrong(name, f"must be {what}, not {given!r:.80}")


def check_held(given: Any, instruments: Sequence[Instrument]) -> None:
    """Refuse what is no number of contracts of each instrument that is named."""
    if not isinstance(given, Mapping):
        raise wrong("held", f"must be instrument → contracts held of it, not {given!r:.80}")
    try:
        found = contracts_held(given, instruments)
    except HedgeError as error:
        raise wrong("held", str(error)) from error
    for name, each in found.items():
        if each.contracts.ndim:
            raise wrong("held", f"must be one number of {name!r:.80}: every path starts from there")


def check_positive(name: str, number: Any) -> None:
    """Refuse what is no finite number, 0 or more."""
    if not _is_number(number) or not 0 <= number < np.inf:
        raise wrong(name, f"must be 0 or more, not {number!r:.80}")


def check_words(roll: Any, *, ledger: Any) -> None:
    """Refuse settings that are none of a few words."""
    if roll not in ROLLS:
        raise wrong("roll", f"must be strike, moneyness or never, not {roll!r:.80}")
    if not isinstance(ledger, bool):
        raise wrong("ledger", f"must be true or false, not {ledger!r:.80}")


def check_length(days: Any, steps: Any, times: Sequence[float] | None) -> None:
    """Refuse a run of no length, or of moments that do not ascend."""
    if not _is_number(days) or not 0 < days <= MOST_DAYS:
        reason = f"must be positive and finite, {MOST_DAYS:,} at most, not {days!r:.80}"
        raise wrong("days", reason)
    if isinstance(steps, bool) or not isinstance(steps, int | np.integer) or not 1 <= steps <= MOST:
        raise wrong("steps", f"must be a whole number from 1 to {MOST:,}, not {steps!r:.80}")
    if times is None:
        return
    moments = np.array(times)
    ascend = len(moments) > 1 and moments[0] == 0 and (np.diff(moments) > 0).all()
    if not ascend or not np.isfinite(moments).all():
        raise wrong("times", f"must ascend from 0, and be finite, not {times!r:.80}")


def _is_number(given: Any) -> bool:
    return isinstance(given, Real) and not isinstance(given, bool)
