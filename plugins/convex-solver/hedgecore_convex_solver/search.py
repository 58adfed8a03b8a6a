"""The search: one solver after the other until an answer is certified, or none is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import numpy as np
from attrs import evolve, frozen

from hedgecore_convex_solver import highs
from hedgecore_convex_solver.assemble import assemble
from hedgecore_convex_solver.certify import Verdict, certify
from hedgecore_convex_solver.conic import clarabel, clarabel_plain
from hedgecore_convex_solver.diagnose import conflict
from hedgecore_convex_solver.outer import outer
from hedgecore_convex_solver.program import Candidate, Program
from hedgecore_convex_solver.question import Array, Question

Solver = Callable[[Program, float], Candidate]
LINEAR: tuple[Solver, ...] = (highs.linear, clarabel, clarabel_plain)
CURVED: tuple[Solver, ...] = (clarabel, clarabel, clarabel_plain, outer)
FINEST = 1e-6
"""The objective is never taken in units of less than this part of its slopes."""
PART = 0.5
"""Of the time that is left, what one solver may take at most."""


@frozen(eq=False, kw_only=True)
class Outcome:
    """The best verdict, the program it is of, and in what words it was refused or infeasible."""

    verdict: Verdict | None
    question: Question
    program: Program
    notes: tuple[str, ...] = ()


def search(question: Question, seconds: float) -> Outcome:
    """Return the best answer that can be certified within `seconds`, or the reason for none."""
    until = time.perf_counter() + seconds
    relaxed = question.any_amount()
    found = _first(relaxed, assemble(relaxed), None, until)
    if not question.counted or found.verdict is None:
        return found
    counted = question.priced()
    program = assemble(counted)
    return _counted(counted, _sized(program, found.verdict), found, until)


def _first(
    question: Question, program: Program, solvers: Iterable[Solver] | None, until: float
) -> Outcome:
    """Return what the first solver finds that is certified as exact, else the best of all."""
    best, reasons, infeasible = None, [], False
    for solve in solvers or (CURVED if program.curved else LINEAR):
        left = until - time.perf_counter()
        if left <= 0:
            reasons.append("the time was up")
            break
        found = solve(program, PART * left)
        infeasible |= found.status == "infeasible"
        verdict = certify(question, program, found)
        best = _better(best, verdict)
        program = _sized(program, best)
        reasons += [verdict.reason] if verdict.reason else []
        if verdict.good or (infeasible and best is None):
            break
    notes = _why(program, reasons, until, infeasible=infeasible) if best is None else ()
    return Outcome(verdict=best, question=question, program=program, notes=notes)


def _sized(program: Program, best: Verdict | None) -> Program:
    """Return the program with its objective in units of what it comes to, for another try."""
    if best is None:
        return program
    return program.rescaled(min(max(abs(best.objective), FINEST * program.sigma), program.sigma))


def _better(best: Verdict | None, verdict: Verdict) -> Verdict | None:
    if verdict.x is None:
        return best
    if best is None or verdict.objective < best.objective:
        return verdict
    tighter = best.gap is None or (verdict.gap is not None and verdict.gap < best.gap)
    return verdict if tighter and verdict.objective <= best.objective else best


def _why(
    program: Program, reasons: list[str], until: float, *, infeasible: bool
) -> tuple[str, ...]:
    if infeasible:
        parts, least = conflict(program, max(until - time.perf_counter(), 0.1))
        if parts:
            among = "" if least else " (among these; there was no time to say which)"
            return (f"No trade: these cannot be met together: {', '.join(parts)}{among}.",)
    return (f"No trade: no answer could be certified ({'; '.join(reasons)}).",)


def _counted(question: Question, program: Program, relaxed: Outcome, until: float) -> Outcome:
    """Return the best answer in whole lots and orders; `relaxed` is that in any amounts."""
    left = until - time.perf_counter()
    near = None if relaxed.verdict is None or relaxed.verdict.x is None else relaxed.verdict.x
    found = _integers(program, near, 0.8 * left)
    if found.z is None:
        infeasible = found.status == "infeasible"
        notes = _why(program, [f"{found.by}: {found.status}"], until, infeasible=infeasible)
        return Outcome(verdict=None, question=question, program=program, notes=notes)
    verdict = _settled(question, program, found, until)
    notes = () if verdict.x is not None else _why(program, [verdict.reason], until, infeasible=False)
    verdict_or_none = verdict if verdict.x is not None else None
    return Outcome(verdict=verdict_or_none, question=question, program=program, notes=notes)


def _integers(program: Program, near: Array | None, seconds: float) -> Candidate:
    if not program.curved:
        return highs.whole(program, seconds)
    start = None if near is None else program.lift(near / program.unit)
    return outer(program, seconds, start)


def _settled(question: Question, program: Program, found: Candidate, until: float) -> Verdict:
    """Return the verdict after the rest is solved again beside the whole numbers as they are."""
    if found.z is None:
        return certify(question, program, found)
    steps, y = question.limits.lot / program.unit, found.z[: len(program.unit)]
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(steps > 0, np.round(y / steps) * steps, y)
    y = np.where(np.abs(y) < 1e-9, 0.0, y)  # noqa: PLR2004 - an order of nothing is none
    first = certify(question, program, evolve(found, z=program.lift(y)))
    rest = program.fixed(y, steps > 0)
    best = _better(None, first)
    for solve in CURVED[:1] if program.curved else LINEAR[:1]:
        left = max(until - time.perf_counter(), 0.05)
        again = solve(rest, left)
        verdict = certify(question, program, evolve(again, duals=None, bound=found.bound))
        best = _better(best, verdict)
    return first if best is None else best
