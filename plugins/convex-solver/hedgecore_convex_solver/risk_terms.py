"""The risk terms: variance under a covariance, and profit over scenarios by full revaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hedgecore import Exposure, HedgeProblem
from hedgecore_convex_solver.covariance import root
from hedgecore_convex_solver.problem_data import Array, Risk

SCENARIO_TERMS = ("ridge", "minimax", "cvar")


def risk_terms(
    weights: Mapping[str, float],
    deviations: Array,
    profits: tuple[Array, Array],
    level: float,
) -> Risk:
    """Risk that `weights` weigh; empty parts where they weigh none.

    Args:
        weights: of the terms of the objective.
        deviations: Rᵀ [D d] as from `deviations`, (n, k + 1), without rows where none are known.
        profits: over S scenarios, of one contract of each (S, k) and of the target (S,).
        level: of CVaR.

    """
    profit, own = profits
    factors = [(np.zeros((0, profit.shape[1])), np.zeros(0))]
    wide = np.sqrt(weights.get("variance", 0.0)) * deviations
    factors += [(wide[:, :-1], wide[:, -1])] if wide.any() else []
    if weights.get("ridge"):
        factors.append(_squares(profit, own, weights["ridge"]))
    return Risk(
        factor=np.vstack([factor for factor, _ in factors]),
        offset=np.concatenate([offset for _, offset in factors]),
        spread=deviations,
        profit=profit,
        own=own,
        worst=weights.get("minimax", 0.0),
        tails=weights.get("cvar", 0.0),
        level=level,
    )


def risky_assets(problem: HedgeProblem) -> list[str]:
    """Assets that anything here depends on, but the numeraire."""
    return [asset for asset in problem.assets if asset != problem.market.numeraire]


def deviations(problem: HedgeProblem, assets: Sequence[str], covariance: Array) -> Array:
    """Root of the covariance times the cash deltas, Rᵀ [D d], (n, k + 1), in cash.

    D is of one contract of each, d of the target, so (weight/2)·‖Rᵀ(D x + d)‖² is
    (weight/2)·dᵀΣd after the trades x.
    """
    place = {asset: row for row, asset in enumerate(assets)}
    deltas = [_cash(each, place) for each in (*problem.unit_exposures, problem.open_exposure)]
    return np.asarray(root(covariance).T @ np.stack(deltas, axis=-1))


def _cash(exposure: Exposure, place: Mapping[str, int]) -> Array:
    """Cash delta of each asset in `place`, 0 where there is none."""
    cash, delta = np.zeros(len(place)), exposure.delta_cash
    for asset, number in zip(exposure.assets, delta, strict=True):
        if asset in place:
            cash[place[asset]] = number
    return cash


def _squares(profit: Array, own: Array, weight: float) -> tuple[Array, Array]:
    """F and f of ½‖F x + f‖² = weight · mean square of the profit, in k + 1 rows at most."""
    whole = np.column_stack([profit, own])
    size = np.maximum(np.max(np.abs(whole), axis=0, initial=0.0), np.finfo(float).tiny)
    upper = np.linalg.qr(whole / size, mode="r") * size * np.sqrt(2 * weight / len(own))
    return upper[:, :-1], upper[:, -1]
