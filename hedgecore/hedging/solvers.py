"""Solvers: from a problem in cash to the number of contracts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import nullcontext
from typing import ClassVar

import numpy as np
from attrs import frozen

from hedgecore.errors import blame
from hedgecore.hedging.lots import OrderSizes, Stage, trades_without_dust
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.hedging.result import Hedge
from hedgecore.hedging.rounding import best_steps
from hedgecore.hedging.stray_output import catch_stray_output
from hedgecore.numerics.arrays import Array

RANK = 1e-12
"""Singular values below this part of a matrix's norm are no freedom, but rounding."""
PASSES = 2
"""The first pass solves, the second refines each row to its own rounding."""


class AbstractHedgeSolver(ABC):
    """Rule that turns a problem into a hedge: one frozen class with `kind` and `solve`.

    Attributes:
        kind: what a table calls it, in kebab-case.
        linear: whether its quantities are linear in the target's Greeks, lots apart, over arrays.
        prints: whether what it calls may print: `solution` then keeps that from standard output.

    Example:
        >>> issubclass(hc.LeastSquares, hc.AbstractHedgeSolver)
        True

    """

    kind: ClassVar[str]
    linear: ClassVar[bool] = False
    prints: ClassVar[bool] = True

    @abstractmethod
    def solve(self, problem: HedgeProblem) -> Hedge:
        """Best hedge that the instruments allow; an imperfect one is a result, not an error."""


def solution(solver: AbstractHedgeSolver, problem: HedgeProblem) -> Hedge:
    """Hedge that a solver finds; standard output is left to the caller.

    Raises:
        PluginError: the solver breaks off, as a compiled extension may; it is named.

    """
    with blame(solver.kind), catch_stray_output() if solver.prints else nullcontext():
        return solver.solve(problem)


@frozen
class LeastSquares(AbstractHedgeSolver):
    """Each Greek in its order: exactly where possible, else nearest; of all such, the smallest.

    The first Greek of the request is met in least squares over its cash rows; the next takes the
    freedom that is left, and so on; of what remains the minimum norm is taken, each instrument
    counted by the cash exposure of its contracts, so that the answer does not depend on contract
    sizes. Lots and minimum sizes: among the neighbours on the grid, the one that leaves least.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> spot = hc.Tradable("ETH-SPOT", hc.Balance("WETH"), hedges="WETH", fee=0.001)
        >>> problem = hc.HedgeProblem(pool, (spot,), market)
        >>> round(hc.LeastSquares().solve(problem).trade["ETH-SPOT"], 9)
        -10.0

    """

    kind: ClassVar[str] = "least-squares"
    linear: ClassVar[bool] = True
    prints: ClassVar[bool] = False

    def solve(self, problem: HedgeProblem) -> Hedge:
        """Hedge, exact to rounding where the instruments span the rows."""
        greeks = problem.request.neutral
        stages = [(problem.unit_greeks(greek), problem.open_greeks(greek)) for greek in greeks]
        scales = [problem.greek_scale(greek) for greek in greeks]
        best = trades_without_dust(least_squares(stages), stages, scales)
        rules = zip(problem.instruments, problem.min_orders, strict=True)
        steps = [OrderSizes(i.lot, least) for i, least in rules]
        if any(step.any for step in steps):
            best = best_steps(best, steps, stages, least_squares)
        return Hedge.of(problem, best)


def least_squares(stages: Sequence[Stage]) -> Array:
    """Best quantities, S+(k,), where any amount can be had."""
    size = _sizes([matrix for matrix, _ in stages])
    ladder = Ladder([matrix / size[..., None, :] for matrix, _ in stages])
    return ladder.fit([target for _, target in stages]) / size


class Ladder:
    """Least squares in order of importance: min ‖A₁y + t₁‖, then min ‖A₂y + t₂‖ among those, ….

    Of all minimisers the one of least norm. Stage i works in the null space of the stages before:
    with P its projector and B = A P, the step is −B⁺(t + A y), which lies in the range of P.
    """

    def __init__(self, matrices: Sequence[Array]) -> None:
        self.stages: list[tuple[Array, Array]] = []
        free = np.eye(matrices[0].shape[-1])
        for matrix in matrices:
            inverse = _pseudo_inverse(matrix @ free, np.linalg.norm(matrix, axis=(-2, -1)))
            self.stages.append((matrix, inverse))
            free = free - inverse @ (matrix @ free)

    def fit(self, targets: Sequence[Array]) -> Array:
        """Least-squares answer y, S+(k,), for targets S+(rows,); S may have more leading axes."""
        y = np.zeros(self.stages[0][0].shape[-1])
        stages = [(*stage, target) for stage, target in zip(self.stages, targets, strict=True)]
        for matrix, inverse, target in (*stages * PASSES, stages[0]):
            y = y - np.matvec(inverse, target + np.matvec(matrix, y))
        return y


def _pseudo_inverse(matrix: Array, norm: Array) -> Array:
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    alive = s > RANK * norm[..., None]
    inverse = np.where(alive, 1.0, 0.0) / np.where(alive, s, 1.0)
    return np.asarray(np.swapaxes(vt, -1, -2) * inverse[..., None, :] @ np.swapaxes(u, -1, -2))


def _sizes(matrices: Sequence[Array]) -> Array:
    """Cash exposure of one contract of each instrument, S+(k,); 1 where none."""
    squares = sum((np.sum(matrix**2, axis=-2) for matrix in matrices), np.zeros(()))
    return np.where(squares > 0, np.sqrt(squares), 1.0)
