"""Margin within a budget, whatever it is a function of: convex, and so the most of its tangents.

A venue's margin m_i of a position h_i grows with its size, and differs for what is bought and sold;
no formula of it is needed. A tangent at any position bounds it from below everywhere, so that a
program with some tangents asks no more than the problem; where its answer turns out to need more
than the budget, the tangents there are added and it is solved again (Kelley 1960).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

LABEL = "margin"
ROUNDING = 1e-9
NEAR = 1e-6
"""A slope is taken this part of the position to either side."""
TINY = 1e-9
"""The first tangents are where so much of the budget would be held."""
HALVINGS = 100


@frozen(eq=False, kw_only=True)
class MarginCuts:
    """A budget in cash, what each position (k,) needs (k,), and t tangents of that.

    Positions may be (k, n), of any n. Tangent j says m_i(h) ≥ slope_j h − less_j, i = which_j.
    """

    budget: float
    each: Callable[[Array], Array]
    which: NDArray[np.intp]
    slope: Array
    less: Array

    @classmethod
    def of(cls, budget: float, each: Callable[[Array], Array], notional: Array) -> MarginCuts:
        """Budget with tangents at next to nothing, bought and sold."""
        none = np.zeros(0)
        bare = cls(budget=budget, each=each, which=none.astype(np.intp), slope=none, less=none)
        small = TINY * budget / np.where(notional > 0, notional, 1.0)
        return bare.with_tangents(small).with_tangents(-small)

    def used(self, held: Array) -> float:
        """Margin of positions (k,), all together, cash."""
        return float(np.sum(self.each(held)))

    def is_exceeded(self, held: Array) -> bool:
        """Truth of positions (k,) needing more than the budget."""
        return self.used(held) > self.budget * (1 + ROUNDING)

    def least_margin(self, held: Array) -> Array:
        """Margin of each position by the tangents, from below, (k,), cash."""
        return np.asarray(np.maximum(0.0, self._highest_tangents(held)[0]))

    def slopes(self, held: Array) -> Array:
        """Slope of that, (k,)."""
        value, slope = self._highest_tangents(held)
        return np.where(value > 0, slope, 0.0)

    def with_tangents(self, held: Array) -> MarginCuts:
        """Budget with the tangents at positions (k,) too, where these have a margin."""
        step = NEAR * np.abs(held)
        around = self.each(np.stack([held - step, held, held + step], axis=-1))
        on = np.flatnonzero((step > 0) & np.isfinite(around).all(axis=-1))
        slope = (around[on, 2] - around[on, 0]) / (2 * step[on])
        less = slope * held[on] - around[on, 1]
        return evolve(
            self,
            which=np.concatenate([self.which, on]),
            slope=np.concatenate([self.slope, slope]),
            less=np.concatenate([self.less, np.maximum(less, 0.0)]),
        )

    def walls(self, held: Array) -> Array:
        """Positions (k,) as far towards `held` as can be margined at all."""
        near, far = np.zeros_like(held), held
        if np.isfinite(self.each(held)).all():
            return held
        for _ in range(HALVINGS):
            middle = 0.5 * (near + far)
            there = np.isfinite(self.each(middle))
            near, far = np.where(there, middle, near), np.where(there, far, middle)
        return np.where(np.isfinite(self.each(held)), held, near)

    def _highest_tangents(self, held: Array) -> tuple[Array, Array]:
        """Most that a tangent says of each position, and its slope; (k,)."""
        value, slope = np.zeros_like(held), np.zeros_like(held)
        said = self.slope * held[self.which] - self.less
        for j in np.argsort(said, kind="stable"):
            if said[j] > value[self.which[j]]:
                value[self.which[j]], slope[self.which[j]] = said[j], self.slope[j]
        return value, slope
