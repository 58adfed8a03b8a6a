"""Metrics of a run, each with its standard error over paths.

The errors are of a jackknife: the paths are divided into groups, each figure is computed again
without each group, and its error is √((G − 1)/G · Σ (figure without g − their mean)²). That of the
value at risk, a single one of the profits, would jump about so: it is half the distance between the
profits √(N p (1 − p)) places below and above it (Woodruff 1952).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from hedgecore.numerics.arrays import Array

GROUPS = 50
TAIL = 0.05
"""The part of the worst outcomes that value at risk and expected shortfall are about."""
COUNTS = ("turnover", "orders", "drawdown", "outside", "liquidated")
PAID = ("fees", "funding", "carry", "costs", "gas")


class Estimate(NamedTuple):
    """A number, and its standard error; None where it is of one history, and no estimate."""

    value: float
    error: float | None = None

    def __str__(self) -> str:
        return f"{self.value:.6g}" + ("" if self.error is None else f" ± {self.error:.2g}")


def estimates(tallies: Mapping[str, Array], pnl: Array, unhedged: Array) -> dict[str, Estimate]:
    """All figures that there are.

    Args:
        tallies: name → (N,), one number a path.
        pnl: samples of the profit with the hedge: of each path, or of each step of one path.
        unhedged: the same of the positions alone.

    """
    whole = _figures(tallies, pnl, unhedged)
    paths = len(pnl) if len(pnl) == len(tallies["pnl"]) else 1
    if paths < 2:  # noqa: PLR2004 - one history
        return {name: Estimate(value) for name, value in whole.items()}
    bounds = np.linspace(0, paths, min(GROUPS, paths) + 1).astype(np.intp).tolist()
    without: dict[str, list[float]] = {name: [] for name in whole}
    for low, high in pairwise(bounds):
        kept = np.r_[0:low, high:paths]
        some = {name: number[kept] for name, number in tallies.items()}
        for name, value in _figures(some, pnl[kept], unhedged[kept]).items():
            without.setdefault(name, []).append(value)
    errors = {name: _error(each) for name, each in without.items()}
    errors["value_at_risk"] = _error_of_place(pnl)
    return {name: Estimate(value, errors[name]) for name, value in whole.items()}


def _error_of_place(numbers: Array) -> float:
    """Error of the number that a part `TAIL` of all is not above."""
    count = len(numbers)
    here, away = np.ceil(TAIL * count) - 1.0, np.sqrt(count * TAIL * (1.0 - TAIL))
    low, high = np.interp([here - away, here + away], np.arange(count), np.sort(numbers))
    return float(high - low) / 2.0


def _error(without: list[float]) -> float | None:
    groups = len(without)
    if groups < 2:  # noqa: PLR2004
        return None
    each = np.array(without)
    return float(np.sqrt((groups - 1) / groups * np.sum((each - each.mean()) ** 2)))


def _figures(tallies: Mapping[str, Array], pnl: Array, unhedged: Array) -> dict[str, float]:
    """Each figure that is defined: a ratio is left out where it would divide by nothing."""
    mean = {name: float(np.mean(number)) for name, number in tallies.items()}
    spread, bare = _variance(pnl), _variance(unhedged)
    loss = np.sort(pnl)[: max(1, int(np.ceil(TAIL * len(pnl))))]
    figures = {
        "mean": float(np.mean(pnl)),
        "std": float(np.sqrt(spread)),
        "unhedged_std": float(np.sqrt(bare)),
        "value_at_risk": -float(loss[-1]),
        "expected_shortfall": -float(np.mean(loss)),
        "cost": 0.0 - mean["costs"] - mean["gas"],
        **{name: mean[name] for name in COUNTS if name in mean},
    }
    if bare > 0:
        figures["variance_reduction"] = 1.0 - spread / bare
    if bare > spread:
        figures["cost_per_variance"] = figures["cost"] / (bare - spread)
    if all(name in mean for name in PAID):
        cash = sum(abs(mean[name]) for name in PAID)
        figures |= {"funding_share": abs(mean["funding"]) / cash} if cash > 0 else {}
    if "distance" in mean and np.isfinite(tallies["distance"]).all():
        figures["liquidation_distance"] = mean["distance"]
    return figures


def _variance(numbers: Array) -> float:
    return float(np.var(numbers, ddof=1)) if len(numbers) > 1 else 0.0
