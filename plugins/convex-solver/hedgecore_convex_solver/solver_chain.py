"""The search: one solver after the other until an answer is certified, or none is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import numpy as np
from attrs import evolve, frozen

from hedgecore_convex_solver import highs, recompute
from hedgecore_convex_solver.certification import Verdict, certify
from hedgecore_convex_solver.conic import clarabel, clarabel_plain
from hedgecore_convex_solver.dual_bound import lower_bound
from hedgecore_convex_solver.formulation import assemble
from hedgecore_convex_solver.infeasibility import conflict
from hedgecore_convex_solver.outer_approximation import outer_approximation
from hedgecore_convex_solver.problem_data import Array, ProblemData
from hedgecore_convex_solver.program import Candidate, Program
from hedgecore_convex_solver.round_off import DUST

Solver = Callable[[Program, float], Candidate]
LINEAR: tuple[Solver, ...] = (highs.solve_lp, clarabel, clarabel_plain)
CURVED: tuple[Solver, ...] = (clarabel, clarabel, clarabel_plain, outer_approximation)
FINEST = 1e-6
"""The objective is never taken in units of less than this part of its slopes."""
SAME = 1e-10
PART, PART_COUNTED = 0.5, 0.8
"""Of the time that is left, what one solver may take at most."""
LEAST = 0.05
VOUCHED = 5e-7
"""Error of a bound without multipliers, in scaled units: the solver's tolerance."""


@frozen(eq=False, kw_only=True)
class Outcome:
    """The best verdict, of which problem; or in what words there is none."""

    verdict: Verdict | None
    data: ProblemData
    notes: tuple[str, ...] = ()


def search(data: ProblemData, seconds: float) -> Outcome:
    """Best answer that can be certified within `seconds`, or the reason for none."""
    until = time.perf_counter() + seconds
    relaxed = data.relaxation()
    found = _first(relaxed, assemble(relaxed), until)
    if not data.has_integers or found.verdict is None:
        return found
    if _fits(data, found.verdict):
        return evolve(found, verdict=evolve(found.verdict, root=found.verdict))
    priced = data.price_residuals(found.verdict.multipliers)
    return _counted(priced, found.verdict, until)


def _fits(data: ProblemData, verdict: Verdict) -> bool:
    """Test of an exact answer in any amounts being in whole lots and orders at no more cost.

    Then it is the best of those too: none at all, say, where there is nothing to hedge.
    """
    if not verdict.is_exact or recompute.violations(data, verdict.trades):
        return False
    same = recompute.objective(data, verdict.trades) - verdict.objective
    return abs(same) <= SAME * abs(verdict.objective)


def _first(data: ProblemData, program: Program, until: float) -> Outcome:
    """Outcome of the first solver that is certified as exact, else the best of all."""
    best, reasons = None, []
    for solve in CURVED if program.has_curvature else LINEAR:
        left = until - time.perf_counter()
        if left <= 0:
            reasons.append("the time was up")
            break
        found = solve(program, PART * left)
        if found.status == "infeasible" and best is None:
            notes = _conflict(program, until)
            if notes:
                return Outcome(verdict=None, data=data, notes=notes)
        verdict = certify(data, program, found)
        best = _better(best, verdict)
        reasons += [verdict.reason] if verdict.reason else []
        if best is not None and best.is_exact:
            break
        program = _sized(program, best)
    notes = () if best is not None else _uncertified(reasons)
    return Outcome(verdict=best, data=data, notes=notes)


def _sized(program: Program, best: Verdict | None) -> Program:
    """Program with its objective in units of what it comes to, for another try."""
    if best is None:
        return program
    return program.rescale(min(max(abs(best.objective), FINEST * program.sigma), program.sigma))


def _better(best: Verdict | None, verdict: Verdict) -> Verdict | None:
    """One with less of an objective, and the better bound of the two.

    Of equals to rounding, the better proved.
    """
    if verdict.x is None:
        return best
    if best is None:
        return verdict
    lower = max(best.lower, verdict.lower)
    return _chosen(best, verdict).with_bound(lower)


def _chosen(best: Verdict, verdict: Verdict) -> Verdict:
    if abs(best.objective - verdict.objective) > SAME * abs(best.objective):
        return min(best, verdict, key=lambda each: each.objective)
    return min(best, verdict, key=lambda each: np.inf if each.gap is None else each.gap)


def _uncertified(reasons: Iterable[str]) -> tuple[str, ...]:
    said: dict[str, list[str]] = {}
    for reason in dict.fromkeys(reasons):
        by, apart, why = reason.partition(": ")
        said.setdefault(why if apart else reason, []).extend([by] if apart else [])
    each = (f"{', '.join(bys)}: {why}" if bys else why for why, bys in said.items())
    return (f"No trade: no answer could be certified ({'; '.join(each)}).",)


def _conflict(program: Program, until: float) -> tuple[str, ...]:
    """Sentence that names what conflicts; none where nothing does after all."""
    parts, least = conflict(program, max(until - time.perf_counter(), 0.1))
    among = "" if least else " (among these; there was no time to say which)"
    said = f"No trade: these cannot be met together: {', '.join(parts)}{among}."
    return (said,) if parts else ()


def _counted(data: ProblemData, relaxed: Verdict, until: float) -> Outcome:
    """Best answer in whole lots and orders; `relaxed` is that in any amounts."""
    program = _sized(assemble(data), relaxed)
    near = program.lift(relaxed.trades / program.unit)
    left = PART_COUNTED * (until - time.perf_counter())
    found = (
        outer_approximation(program, left, near)
        if program.has_curvature
        else highs.solve_milp(program, left)
    )
    if found.z is None:
        notes = _conflict(program, until) if found.status == "infeasible" else ()
        said = notes or _uncertified([f"{found.by}: {found.status}"])
        return Outcome(verdict=None, data=data, notes=said)
    verdict = settle_integers(data, program, found, until)
    notes = () if verdict.x is not None else _uncertified([verdict.reason])
    told = None if notes else evolve(verdict, root=relaxed)
    return Outcome(verdict=told, data=data, notes=notes)


def settle_integers(data: ProblemData, program: Program, found: Candidate, until: float) -> Verdict:
    """Verdict after the rest is solved again beside the whole numbers as they are.

    What bounds it is the greater of what the solver vouches for, less its tolerance, and of what
    multipliers of the program without whole numbers prove.
    """
    solve = CURVED[0] if program.has_curvature else LINEAR[0]
    y = _stepped(data, program, found)
    left = max(until - time.perf_counter(), LEAST)
    root = solve(program.relaxation(), left)
    vouched = -np.inf if found.bound is None else found.bound - VOUCHED * max(1.0, abs(found.bound))
    if root.z is not None and root.duals is not None:
        vouched = max(
            vouched, lower_bound(program, program.lift(root.z[: len(y)]), root.duals, np.inf)
        )
    bounded = evolve(found, bound=vouched)
    first = certify(data, program, evolve(bounded, z=program.lift(y)))
    again = solve(program.fix_integers(y, data.limits.lot > 0), left)
    second = certify(data, program, evolve(again, duals=None, bound=vouched))
    best = _better(_better(None, first), second)
    return first if best is None else best


def _stepped(data: ProblemData, program: Program, found: Candidate) -> Array:
    """Trades (k,), scaled, in whole lots, and none where an order is of nothing."""
    y = np.zeros_like(program.unit) if found.z is None else found.z[: len(program.unit)]
    steps = data.limits.lot / program.unit
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(steps > 0, np.round(y / steps) * steps, y)
    return np.where(np.abs(y) < DUST, 0.0, y)
