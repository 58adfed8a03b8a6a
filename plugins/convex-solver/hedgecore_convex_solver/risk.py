"""The risk terms: variance under a covariance, and profit over scenarios by full revaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from hedgecore import Exposure, HedgeProblem
from hedgecore_convex_solver.covariance import covariance, is_given, root
from hedgecore_convex_solver.question import Array, Risk
from hedgecore_convex_solver.scenarios import profits

if TYPE_CHECKING:
    from hedgecore_convex_solver.convex import Convex

SCENARIO_TERMS = ("squares", "minimax", "cvar")


def risk(options: Convex, problem: HedgeProblem, carries: Array) -> Risk:
    """Return the risk that the options weigh; empty parts where they weigh none."""
    weights, k = options.minimise, len(problem.instruments)
    factors = [(np.zeros((0, k)), np.zeros(0))]
    spread = np.zeros((0, k + 1))
    if weights.get("variance") or is_given(options):
        spread = _spread(options, problem)
        wide = np.sqrt(weights.get("variance", 0.0)) * spread
        factors += [(wide[:, :-1], wide[:, -1])] if wide.any() else []
    profit, own = np.zeros((0, k)), np.zeros(0)
    if any(weights.get(term) for term in SCENARIO_TERMS):
        profit, own = profits(problem, options, carries)
    if weights.get("squares"):
        factors.append(_squares(profit, own, weights["squares"]))
    return Risk(
        factor=np.vstack([factor for factor, _ in factors]),
        offset=np.concatenate([offset for _, offset in factors]),
        spread=spread,
        profit=profit,
        own=own,
        worst=weights.get("minimax", 0.0),
        tails=weights.get("cvar", 0.0),
        level=options.tail,
    )


def _spread(options: Convex, problem: HedgeProblem) -> Array:
    """Return Rᵀ [D d], R a root of the covariance, D and d cash deltas: of each, of the target.

    So (weight/2)·‖Rᵀ(D x + d)‖² is (weight/2)·dᵀΣd after the trades.
    """
    kept = [asset for asset in problem.assets if asset != problem.market.numeraire]
    place = {asset: row for row, asset in enumerate(kept)}
    deltas = [_cash(each, place) for each in (*problem.unit_exposures, problem.target_exposure)]
    return root(covariance(options, problem.market, kept)).T @ np.stack(deltas, axis=-1)


def _cash(exposure: Exposure, place: Mapping[str, int]) -> Array:
    """Return the cash delta of each asset in `place`, 0 where there is none."""
    cash, delta = np.zeros(len(place)), exposure.delta_cash
    for asset, number in zip(exposure.assets, delta, strict=True):
        if asset in place:
            cash[place[asset]] = number
    return cash


def _squares(profit: Array, own: Array, weight: float) -> tuple[Array, Array]:
    """Return F and f of ½‖F x + f‖² = weight · mean square of the profit, in k + 1 rows at most."""
    whole = np.column_stack([profit, own])
    size = np.maximum(np.max(np.abs(whole), axis=0, initial=0.0), np.finfo(float).tiny)
    upper = np.linalg.qr(whole / size, mode="r") * size * np.sqrt(2 * weight / len(own))
    return upper[:, :-1], upper[:, -1]
