"""What the settings of a run must be: each that is not is named, with what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgecore.errors import SpecError
from hedgecore.hedging.problem import HedgeRequest
from hedgecore.hedging.solvers import AbstractHedgeSolver
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.income import AbstractIncome
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.simulation.blocks import MOST, Block, blocks
from hedgecore.simulation.funding import FundingRule
from hedgecore.simulation.legs.setup import KIND
from hedgecore.simulation.margin import Margin

if TYPE_CHECKING:
    from hedgecore.simulation.settings import Simulation

ROLLS = (None, "strike", "moneyness", "never")
ONE: Mapping[str, tuple[type, str]] = {
    "path": (AbstractPriceModel, "a path, like GBM"),
    "policy": (AbstractPolicy, "a policy, like WhalleyWilmott"),
    "request": (HedgeRequest, "a HedgeRequest"),
    "solver": (AbstractHedgeSolver, "a hedge solver, like LeastSquares"),
    "funding": (FundingRule, "a FundingRule"),
}
"""Setting → its class, and what that is called."""


def check(run: Simulation) -> None:
    """Refuse settings that are not what they must be.

    Raises:
        SpecError: the first of them is named.

    """
    blocks(run.paths)
    Block(0, 0, 1).generator(run.seed)
    _check_objects(run)
    _check_length(run)
    for name in ("cooldown", "min_notional"):
        number = getattr(run, name)
        if not _is_number(number) or not 0 <= number < np.inf:
            raise wrong(name, f"must be 0 or more, not {number!r:.80}")
    if run.roll not in ROLLS:
        raise wrong("roll", f"must be strike, moneyness or never, not {run.roll!r:.80}")
    if not isinstance(run.ledger, bool):
        raise wrong("ledger", f"must be true or false, not {run.ledger!r:.80}")
    if run.market.shape:
        raise wrong("market", "must have one price of each asset: a run starts there")


def wrong(name: str, reason: str) -> SpecError:
    """Return the error that a setting is wrong."""
    return SpecError(reason, kind=KIND, field=name)


def _check_objects(run: Simulation) -> None:
    for name, (cls, what) in ONE.items():
        _check_is(name, getattr(run, name), cls, what)
    for cost in run.costs:
        _check_is("costs", cost, AbstractCost, "a list of costs, like Fee")
    for income in run.income.values():
        _check_is("income", income, AbstractIncome, "position → an income, like FeeRate")
    if run.margin is not None:
        _check_is("margin", run.margin, Margin, "a Margin, or None")


def _check_is(name: str, given: Any, cls: type, what: str) -> None:
    if not isinstance(given, cls):
        raise wrong(name, f"must be {what}, not {given!r:.80}")


def _check_length(run: Simulation) -> None:
    if not _is_number(run.days) or not 0 < run.days < np.inf:
        raise wrong("days", f"must be positive and finite, not {run.days!r:.80}")
    steps = run.steps
    if isinstance(steps, bool) or not isinstance(steps, Integral) or not 1 <= steps <= MOST:
        raise wrong("steps", f"must be a whole number from 1 to {MOST:,}, not {steps!r:.80}")
    if run.times is None:
        return
    times = np.array(run.times)
    ascend = len(times) > 1 and times[0] == 0 and (np.diff(times) > 0).all()
    if not ascend or not np.isfinite(times).all():
        raise wrong("times", f"must ascend from 0, and be finite, not {run.times!r:.80}")


def _is_number(given: Any) -> bool:
    return isinstance(given, Real) and not isinstance(given, bool)
