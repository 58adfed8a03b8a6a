"""Margin that grows with size: what one contract needs is taken where it is held, and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from attrs import evolve

from hedgecore import HedgeProblem, Instrument, Market
from hedgecore_convex_solver.question import Array, Question

if TYPE_CHECKING:
    from hedgecore_convex_solver.convex import Convex

LABEL = "margin"
ROUNDING = 1e-9


@runtime_checkable
class Margined(Protocol):
    """What has a margin of its own."""

    def margin(self, market: Market, contracts: Any, /) -> Any:
        """Return the initial margin of so many contracts, in the numeraire."""
        ...


def per_contract(options: Convex, problem: HedgeProblem, notional: Array, held: Array) -> Array:
    """Return what one contract of each needs where `held` (k,) are, in cash (k,).

    By `leverage` where that is given, else by the instrument itself, else all of its notional.
    """
    each = zip(problem.instruments, notional, np.abs(held), strict=True)
    return np.array([_needs(options, problem.market, *given) for given in each])


def _needs(
    options: Convex, market: Market, instrument: Instrument, notional: float, held: float
) -> float:
    if instrument.name in options.leverage:
        return notional / options.leverage[instrument.name]
    if not isinstance(instrument, Margined):
        return notional
    contracts = held if held > 0 else 1.0
    return float(instrument.margin(market, contracts)) / contracts


def steeper(options: Convex, problem: HedgeProblem, asked: Question, x: Array) -> Question | None:
    """Return the question with margin as it is at these trades; None where it is kept."""
    if LABEL not in asked.limits.labels:
        return None
    row, held = asked.limits.labels.index(LABEL), np.abs(asked.start + x)
    caps = asked.limits.caps.copy()
    needs = per_contract(options, problem, asked.notional, held)
    if needs @ held <= asked.limits.cap[row] * (1 + ROUNDING):
        return None
    caps[row] = np.where(held > 0, np.maximum(caps[row], needs), caps[row])
    return evolve(asked, limits=evolve(asked.limits, caps=caps))
