"""From the outcome of a search to a hedge: its certificate, and notes in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from attrs import evolve

from hedgecore import Certificate, Hedge, HedgeProblem
from hedgecore_convex_solver import truth
from hedgecore_convex_solver.deposit import LABEL
from hedgecore_convex_solver.margins import tighter
from hedgecore_convex_solver.question import Array, Question, Rows
from hedgecore_convex_solver.reasons import reasons
from hedgecore_convex_solver.search import Outcome, search

MARGINS = 20
"""How often margin is looked at where the trades are."""
BINDS = 1e-6
"""A limit binds where relaxing it by all of itself is worth this part of what is of order 1."""


def answer(problem: HedgeProblem, asked: Question, seconds: float) -> Hedge:
    """Return the certified hedge, or none with the reason."""
    until = perf_counter() + seconds
    asked, outcome = _found(asked, until)
    x = np.zeros(len(asked.names)) if outcome.verdict is None else outcome.verdict.trades
    hedge = Hedge.of(problem, x, [*outcome.notes, *_notes(problem, outcome, x)])
    its = _certificate(asked, outcome, x)
    binding = {**its.binding, **dict(_counted(asked, outcome, until))}
    return evolve(
        hedge,
        certificate=evolve(its, binding=binding),
        reasons=reasons(asked.rows, asked.limits, problem.rows, found=outcome.verdict is not None),
    )


def _found(asked: Question, until: float) -> tuple[Question, Outcome]:
    """Return the outcome, searched again while margin turns out to grow with what is held."""
    for _ in range(MARGINS):
        outcome = search(asked, until - perf_counter())
        again = outcome.verdict and tighter(asked, outcome.verdict.trades)
        if not again:
            return asked, outcome
        asked = again
    note = "No trade: the margin of the trades that were found exceeds its budget."
    return asked, Outcome(verdict=None, question=asked, notes=(note,))


def _certificate(asked: Question, outcome: Outcome, x: Array) -> Certificate:
    verdict = outcome.verdict
    terms = _terms(asked, x)
    if verdict is None:
        return Certificate(tier="no trade", parts=terms)
    return Certificate(
        tier=verdict.tier,
        objective=verdict.objective,
        gap=verdict.gap,
        binding=dict(_binding(outcome)),
        parts=terms,
        by=verdict.by,
        effectiveness=_effectiveness(asked, x),
    )


def _effectiveness(asked: Question, x: Array) -> float | None:
    """Return the part of the variance that the trades remove; None where there is none to say."""
    before = asked.risk.deviation(np.zeros_like(x))
    return 1.0 - (asked.risk.deviation(x) / before) ** 2 if before else None


def _terms(asked: Question, x: Array) -> dict[str, float]:
    """Return what the trades cost and need, in cash, by name; each without its weight."""
    held = asked.start + x
    found = {"carry per day": float(asked.carry @ held)}
    if asked.deposit is not None:
        found[LABEL] = asked.deposit.used(held)
    if len(asked.risk.spread):
        found["standard deviation before"] = asked.risk.deviation(np.zeros_like(x))
        found["standard deviation"] = asked.risk.deviation(x)
    if len(asked.risk.own):
        losses = asked.risk.losses(x)
        found["worst loss"] = float(losses.max())
        found[f"tail loss beyond {asked.risk.level:g}"] = truth.tail(losses, asked.risk.level)
    return found


def _binding(outcome: Outcome) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield each limit that binds: its value, and what one more unit of it is worth in cash.

    Where orders are counted that is of the same question in any amounts.
    """
    verdict = outcome.verdict
    verdict = verdict.root if verdict is not None and verdict.root is not None else verdict
    program = None if verdict is None else verdict.program
    if verdict is None or verdict.duals is None or program is None:
        return
    y = program.lift(verdict.trades / program.unit)
    value = program.matrix @ y
    for i in np.flatnonzero(program.low != program.high):
        worth = abs(verdict.duals[i])
        if program.labels[i] and worth > BINDS:
            limit = program.high[i] if verdict.duals[i] < 0 else program.low[i]
            near = abs(value[i] - limit) <= BINDS * max(1.0, abs(limit))
            if near:
                unit = program.row_unit[i]
                own = float(program.origin[i] + limit * unit)
                yield program.labels[i], (own, float(worth * program.sigma / unit))


def _counted(
    asked: Question, outcome: Outcome, until: float
) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield the number of orders where it binds, and what one more saves: searched once more."""
    verdict, most = outcome.verdict, asked.limits.orders
    if verdict is None or most is None or np.count_nonzero(verdict.trades) < most:
        return
    wider = evolve(asked, limits=evolve(asked.limits, orders=most + 1))
    more = search(wider, until - perf_counter()).verdict
    saved = 0.0 if more is None else verdict.objective - more.objective
    if saved > BINDS * abs(verdict.objective):
        yield "number of orders", (float(most), saved)


def _notes(problem: HedgeProblem, outcome: Outcome, x: Array) -> Iterator[str]:
    rules = zip(problem.instruments, problem.charges, strict=True)
    unknown = [i.name for i, charge in rules if charge is None]
    if unknown:
        yield f"The fee of {', '.join(unknown)} is unknown, and was taken as nothing."
    if outcome.verdict is not None and outcome.verdict.root is not None and any(_binding(outcome)):
        yield "What limits are worth is told as if any amount could be ordered."
    if outcome.verdict is not None:
        yield from _left(outcome.question.rows, x)


def _left(rows: Rows, x: Array) -> Iterator[str]:
    """Yield what is left of the Greeks that are to be had at a price."""
    left = np.where(rows.equal & np.isfinite(rows.price) & (rows.price > 0), rows.beyond(x), 0.0)
    there = np.flatnonzero(left > truth.ROUNDING * np.sum(np.abs(rows.now)))
    if there.size:
        said = ", ".join(f"{rows.labels[i]} {left[i]:,.2f}" for i in there)
        yield f"Left, since it has a price, in cash: {said}."
