"""The judge: no answer passes that has not been recomputed here.

An answer passes when its trades keep every hard part in contracts and in cash, when the program
that was solved agrees with the data about their worth, and when trading is not worse than
doing nothing. How good it is, multipliers say: its distance from a bound that is proved here.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from hedgecore import HedgeError
from hedgecore_convex_solver import recompute
from hedgecore_convex_solver.dual_bound import lower_bound
from hedgecore_convex_solver.problem_data import Array, ProblemData
from hedgecore_convex_solver.program import Candidate, Program
from hedgecore_convex_solver.round_off import drop_dust, round_off

AGREE = 1e-7
"""Program and data agree on an objective to this part of its terms."""
EXACT, WITHIN = 1e-6, 1e-2
"""Gaps, as parts of the objective, up to which an answer is so called."""
GAINED = 1e-7
"""An objective that all but vanishes counts as this part of what trading gains."""
ROUNDING = 1e-12
DUST_COST = 1e-9
"""Part of the objective that an order of dust may save and still be dropped."""
EDGE = 0.99
TIERS = ("exact", "optimal within the gap", "best effort")


@frozen(eq=False, kw_only=True)
class Verdict:
    """Verdict on a candidate: trades (k,) where it passed, else the reason.

    `root` is the verdict on the same data in any amounts: its multipliers say what limits are
    worth, where whole numbers have none.
    """

    x: Array | None
    reason: str
    objective: float = np.inf
    gap: float | None = None
    size: float = 1.0
    duals: Array | None = None
    program: Program | None = None
    root: Verdict | None = None
    by: str = ""

    @property
    def trades(self) -> Array:
        """The trades of a candidate that passed."""
        if self.x is None:
            raise HedgeError(self.reason)
        return self.x

    @property
    def tier(self) -> str:
        """Grade of the answer, by its gap."""
        if self.gap is None:
            return TIERS[-1]
        exact, within = self.gap <= EXACT * self.size, self.gap <= WITHIN * self.size
        return TIERS[0] if exact else TIERS[1] if within else TIERS[2]

    @property
    def lower(self) -> float:
        """Lower bound of the objective, cash."""
        return -np.inf if self.gap is None else self.objective - self.gap

    @property
    def multipliers(self) -> dict[str, float]:
        """Shadow price of each row that has a name, cash per unit; those that are known."""
        program, duals = self.program, self.duals
        if program is None or duals is None or not np.isfinite(duals).all():
            return {}
        worth = np.abs(duals) * program.sigma / program.row_unit
        return {name: float(each) for name, each in zip(program.labels, worth, strict=True) if name}

    def with_bound(self, lower: float) -> Verdict:
        """Verdict with a bound of the same problem that is known from elsewhere."""
        if lower <= self.lower:
            return self
        return evolve(self, gap=max(self.objective - lower, 0.0))

    @property
    def is_exact(self) -> bool:
        """True where nothing better is to be looked for."""
        return self.x is not None and self.tier == TIERS[0]


def certify(data: ProblemData, program: Program, candidate: Candidate) -> Verdict:
    """Verdict on what a solver says."""
    unfit = _unfit(program, candidate)
    if unfit or candidate.z is None:
        return _refusal(candidate, unfit)
    x = round_off(data, program, candidate.z[: len(program.unit)])
    x = _without_dust(data, program, x)
    faults = recompute.violations(data, x)
    if faults:
        return _refusal(candidate, f"it does not keep {'; '.join(faults[:3])}")
    parts, z = recompute.parts(data, x), program.lift(x / program.unit)
    value = float(sum(parts.values()))
    none = np.zeros_like(x)
    nothing = np.inf if recompute.violations(data, none) else recompute.objective(data, none)
    rounding = AGREE * sum(map(abs, parts.values()))
    wrong = _misjudgement(value, program.value(z) * program.sigma, nothing, rounding)
    if wrong:
        return _refusal(candidate, wrong)
    gained = nothing - value if np.isfinite(nothing) else 0.0
    size = max(abs(value), GAINED * gained, ROUNDING * program.sigma)
    gap = _gap(program, candidate, z, value, 0.1 * EXACT * size)
    return Verdict(
        x=x, reason="", objective=value, gap=gap, size=size,
        duals=candidate.duals, program=program, by=candidate.by,
    )  # fmt: skip


def _without_dust(data: ProblemData, program: Program, x: Array) -> Array:
    """Trades without dust, where that breaks nothing and costs nothing."""
    fewer = drop_dust(data, program, x)
    if fewer is x or recompute.violations(data, fewer):
        return x
    value, other = recompute.objective(data, x), recompute.objective(data, fewer)
    return fewer if other <= value + DUST_COST * abs(value) else x


def _unfit(program: Program, candidate: Candidate) -> str:
    """Say why these are no numbers to look at; nothing where they are."""
    if candidate.z is None:
        return candidate.status
    if not np.isfinite(candidate.z).all():
        return "its numbers are not finite"
    k = len(program.unit)
    if np.any(np.abs(candidate.z[:k]) > EDGE * program.upper[:k]):
        return "nothing but the reach of the search bounds it: set a limit"
    return ""


def _misjudgement(value: float, said: float, nothing: float, rounding: float) -> str:
    """Say why its worth is not to be had; nothing where it is."""
    if abs(said - value) > rounding:
        return f"it is worth {value:.9g}, and not {said:.9g} as it seemed"
    if value > nothing + rounding:
        return f"doing nothing costs {nothing:.6g}, and it {value:.6g}"
    return ""


def _gap(
    program: Program, candidate: Candidate, z: Array, value: float, small: float
) -> float | None:
    """Gap of the objective above the least, cash; None where unknown.

    Multipliers prove it here; where they prove that it is `small`, they are not refined.
    """
    if candidate.duals is not None and np.isfinite(candidate.duals).all():
        lower = lower_bound(program, z, candidate.duals, (value - small) / program.sigma)
    elif candidate.bound is not None:
        lower = candidate.bound
    else:
        return None
    gap = value - lower * program.sigma
    return max(gap, 0.0) if np.isfinite(gap) else None


def _refusal(candidate: Candidate, reason: str) -> Verdict:
    return Verdict(x=None, reason=f"{candidate.by}: {reason}", by=candidate.by)
