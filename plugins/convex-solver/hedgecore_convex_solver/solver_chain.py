"""The search: one solver after the other until an answer is certified, or none is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from attrs import evolve, frozen

from hedgecore import OrderSizes
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

Solver = Callable[[Program], Candidate]
LINEAR: tuple[Solver, ...] = (highs.solve_lp, clarabel, clarabel_plain)
CURVED: tuple[Solver, ...] = (clarabel, clarabel, clarabel_plain, outer_approximation)
FINEST = 1e-6
"""The objective is never taken in units of less than this part of its slopes."""
SAME = 1e-10
STOPPED = "The search ended at `max_nodes`, {}: the gap says how much better another may be."
VOUCHED = 5e-7
"""Error of a bound without multipliers, in scaled units: the solver's tolerance."""


@frozen(eq=False, kw_only=True)
class Outcome:
    """The best verdict, of which problem; or in what words there is none."""

    verdict: Verdict | None
    data: ProblemData
    notes: tuple[str, ...] = ()
    conflict: tuple[str, ...] = ()
    """Parts that cannot be met together."""
    blocked: tuple[str, ...] = ()
    """Limits within which the nearest hedge was taken."""
    nodes: int = 0
    """Nodes of branch and bound that it took."""


def search(data: ProblemData, max_nodes: int) -> Outcome:
    """Best answer that can be certified within `max_nodes` nodes, or the reason for none."""
    relaxed = data.relaxation()
    found = _first(relaxed, assemble(relaxed), max_nodes)
    if not data.has_integers or found.verdict is None:
        return found
    whole = _in_lots(data, found.verdict)
    if whole is not None:
        return evolve(found, verdict=evolve(whole, root=found.verdict))
    priced = data.price_residuals(found.verdict.multipliers)
    return _solve_integer(priced, found.verdict, max_nodes)


def _in_lots(data: ProblemData, verdict: Verdict) -> Verdict | None:
    """Exact answer in any amounts where it is in whole lots and orders at no more cost, or None.

    Then it is the best of those too: none at all, say, where there is nothing to hedge.
    """
    x = OrderSizes(data.limits.lot).nearest(verdict.trades)
    if not verdict.is_exact or recompute.violations(data, x):
        return None
    value = recompute.objective(data, x)
    if abs(value - verdict.objective) > SAME * abs(verdict.objective):
        return None
    return evolve(verdict, x=x, objective=value)


def _first(data: ProblemData, program: Program, max_nodes: int) -> Outcome:
    """Outcome of the first solver that is certified as exact, else the best of all."""
    best, reasons = None, []
    for solve in CURVED if program.has_curvature else LINEAR:
        found = solve(program)
        if found.status == "infeasible" and best is None:
            parts, notes = _conflict(program, max_nodes)
            if notes:
                return Outcome(verdict=None, data=data, notes=notes, conflict=parts)
        verdict = certify(data, program, found)
        best = _better(best, verdict)
        reasons += [verdict.reason] if verdict.reason else []
        if best is not None and best.is_exact:
            break
        program = _rescale(program, best)
    notes = () if best is not None else _no_certificate(reasons)
    return Outcome(verdict=best, data=data, notes=notes)


def _rescale(program: Program, best: Verdict | None) -> Program:
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
    return _better_verdict(best, verdict).with_bound(lower)


def _better_verdict(best: Verdict, verdict: Verdict) -> Verdict:
    if abs(best.objective - verdict.objective) > SAME * abs(best.objective):
        return min(best, verdict, key=lambda each: each.objective)
    return min(best, verdict, key=lambda each: np.inf if each.gap is None else each.gap)


def _no_certificate(reasons: Iterable[str]) -> tuple[str, ...]:
    said: dict[str, list[str]] = {}
    for reason in dict.fromkeys(reasons):
        by, apart, why = reason.partition(": ")
        said.setdefault(why if apart else reason, []).extend([by] if apart else [])
    each = (f"{', '.join(bys)}: {why}" if bys else why for why, bys in said.items())
    return (f"No trade: no answer could be certified ({'; '.join(each)}).",)


def _conflict(program: Program, max_nodes: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parts that conflict, and the sentence that names them; none where nothing does after all."""
    parts, least = conflict(program, max_nodes)
    among = "" if least else " (among these; `max_nodes` did not suffice to say which)"
    said = f"No trade: these cannot be met together: {', '.join(parts)}{among}."
    return tuple(parts), ((said,) if parts else ())


def _solve_integer(data: ProblemData, relaxed: Verdict, max_nodes: int) -> Outcome:
    """Best answer in whole lots and orders; `relaxed` is that in any amounts."""
    program = _rescale(assemble(data), relaxed)
    near = program.lift(relaxed.trades / program.unit)
    found = (
        outer_approximation(program, max_nodes, near)
        if program.has_curvature
        else highs.solve_milp(program, max_nodes)
    )
    if found.z is None:
        notes = _conflict(program, max_nodes)[1] if found.status == "infeasible" else ()
        said = notes or _no_certificate([f"{found.by}: {found.status}"])
        return Outcome(verdict=None, data=data, notes=said, nodes=found.nodes)
    verdict = settle_integers(data, program, found)
    if verdict.x is None:
        notes = _no_certificate([verdict.reason])
        return Outcome(verdict=None, data=data, notes=notes, nodes=found.nodes)
    notes = () if verdict.is_exact or not found.stopped else (STOPPED.format(max_nodes),)
    return Outcome(verdict=evolve(verdict, root=relaxed), data=data, notes=notes, nodes=found.nodes)


def settle_integers(data: ProblemData, program: Program, found: Candidate) -> Verdict:
    """Verdict after the rest is solved again beside the whole numbers as they are.

    What bounds it is the greater of what the solver vouches for, less its tolerance, and of what
    multipliers of the program without whole numbers prove.
    """
    solve = CURVED[0] if program.has_curvature else LINEAR[0]
    y = _round_trades(data, program, found)
    root = solve(program.relaxation())
    vouched = -np.inf if found.bound is None else found.bound - VOUCHED * max(1.0, abs(found.bound))
    if root.z is not None and root.duals is not None:
        vouched = max(
            vouched, lower_bound(program, program.lift(root.z[: len(y)]), root.duals, np.inf)
        )
    bounded = evolve(found, bound=vouched)
    first = certify(data, program, evolve(bounded, z=program.lift(y)))
    again = solve(program.fix_integers(y, data.limits.lot > 0))
    second = certify(data, program, evolve(again, duals=None, bound=vouched))
    best = _better(_better(None, first), second)
    return first if best is None else best


def _round_trades(data: ProblemData, program: Program, found: Candidate) -> Array:
    """Trades (k,), scaled, in whole lots, and none where an order is of nothing."""
    y = np.zeros_like(program.unit) if found.z is None else found.z[: len(program.unit)]
    y = OrderSizes(data.limits.lot).nearest(y * program.unit) / program.unit
    return np.where(np.abs(y) < DUST, 0.0, y)
