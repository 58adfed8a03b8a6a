"""From the outcome of a search to a hedge: its certificate, and notes in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import evolve

from hedgecore import Certificate, Hedge, HedgeProblem
from hedgecore_convex_solver import recompute
from hedgecore_convex_solver.margin_budget import add_cuts
from hedgecore_convex_solver.margin_cuts import LABEL
from hedgecore_convex_solver.nearest import search_within_limits
from hedgecore_convex_solver.problem_data import Array, ProblemData, Rows
from hedgecore_convex_solver.residual_reasons import REFUSED, residual_reasons
from hedgecore_convex_solver.solver_chain import Outcome, search

MARGINS = 20
"""Rounds of margin tangents at the trades, at most."""
BINDS = 1e-6
"""A limit binds where relaxing it by all of itself is worth this part of what is of order 1."""


def certified_hedge(problem: HedgeProblem, data: ProblemData, max_nodes: int) -> Hedge:
    """Certified hedge, or none with the reason."""
    data, outcome = _search(data, max_nodes)
    x = np.zeros(len(data.names)) if outcome.verdict is None else outcome.verdict.trades
    hedge = Hedge.of(problem, x, [*outcome.notes, *_notes(outcome, x)])
    its = _certificate(data, outcome, x)
    binding = {**its.shadow_prices, **dict(_order_limit(data, outcome, max_nodes - outcome.nodes))}
    return evolve(
        hedge,
        certificate=evolve(its, shadow_prices=binding),
        reasons=_reasons(problem, data, outcome),
    )


def _reasons(problem: HedgeProblem, data: ProblemData, outcome: Outcome) -> dict[str, str]:
    if outcome.verdict is None:
        return dict.fromkeys(problem.hedged_assets, REFUSED)
    off = data.rows.beyond(outcome.verdict.trades)
    unmet = off > recompute.ROUNDING * data.rows.gross(outcome.verdict.trades)
    return residual_reasons(data.rows, data.limits, problem.hedged_assets, unmet, outcome.blocked)


def _search(data: ProblemData, max_nodes: int) -> tuple[ProblemData, Outcome]:
    """Outcome, searched again while margin turns out to grow with what is held."""
    nodes = 0
    for _ in range(MARGINS):
        outcome = search_within_limits(data, max(max_nodes - nodes, 1))
        nodes += outcome.nodes
        again = outcome.verdict and add_cuts(data, outcome.verdict.trades)
        if not again:
            return data, evolve(outcome, nodes=nodes)
        data = again
    note = "No trade: the margin of the trades that were found exceeds its budget."
    return data, Outcome(verdict=None, data=data, notes=(note,))


def _certificate(data: ProblemData, outcome: Outcome, x: Array) -> Certificate:
    verdict = outcome.verdict
    terms = _terms(data, x)
    if verdict is None:
        return Certificate(status="no trade", breakdown=terms)
    if outcome.blocked:
        terms["residual"] = float(np.sum(data.rows.beyond(x)))
    return Certificate(
        status=verdict.tier,
        objective=verdict.objective,
        gap=verdict.gap,
        shadow_prices=dict(_binding_limits(outcome)),
        breakdown=terms,
        solver=verdict.by,
        effectiveness=_effectiveness(data, x),
    )


def _effectiveness(data: ProblemData, x: Array) -> float | None:
    """Part of the variance that the trades remove; None where there is none to say."""
    before = data.risk.deviation(np.zeros_like(x))
    return 1.0 - (data.risk.deviation(x) / before) ** 2 if before else None


def _terms(data: ProblemData, x: Array) -> dict[str, float]:
    """Costs and needs of the trades by name, cash, each without its weight."""
    held = data.start + x
    paid = float(data.carry[held != 0] @ held[held != 0])
    found = {} if np.isnan(paid) else {"carry per day": paid}
    if data.margin is not None:
        found[LABEL] = data.margin.used(held)
    if len(data.risk.spread):
        found["standard deviation before"] = data.risk.deviation(np.zeros_like(x))
        found["standard deviation"] = data.risk.deviation(x)
    if len(data.risk.own):
        losses = data.risk.losses(x)
        found["worst loss"] = float(losses.max())
        found[f"tail loss beyond {data.risk.level:g}"] = recompute.tail(losses, data.risk.level)
    return found


def _binding_limits(outcome: Outcome) -> Iterator[tuple[str, tuple[float, float]]]:
    """Limits that bind, each with its value and what one more unit of it is worth in cash.

    Where orders are counted that is of the same problem in any amounts.
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


def _order_limit(
    data: ProblemData, outcome: Outcome, max_nodes: int
) -> Iterator[tuple[str, tuple[float, float]]]:
    """Limit on the number of orders where it binds, and what one more saves: searched once more."""
    verdict, most = outcome.verdict, data.limits.orders
    if verdict is None or most is None or np.count_nonzero(verdict.trades) < most or max_nodes < 1:
        return
    wider = evolve(data, limits=evolve(data.limits, orders=most + 1))
    more = search(wider, max_nodes).verdict
    saved = 0.0 if more is None else verdict.objective - more.objective
    if saved > BINDS * abs(verdict.objective):
        yield "number of orders", (float(most), saved)


def _notes(outcome: Outcome, x: Array) -> Iterator[str]:
    if (
        outcome.verdict is not None
        and outcome.verdict.root is not None
        and any(_binding_limits(outcome))
    ):
        yield "What limits are worth is told as if any amount could be ordered."
    if outcome.verdict is not None:
        yield from _priced_residual(outcome.data.rows, x)


def _priced_residual(rows: Rows, x: Array) -> Iterator[str]:
    """Sentence on what is left, in cash, of the Greeks that are to be had at a price."""
    left = np.where(rows.equal & np.isfinite(rows.price) & (rows.price > 0), rows.beyond(x), 0.0)
    there = np.flatnonzero(left > recompute.ROUNDING * np.sum(np.abs(rows.now)))
    if there.size:
        said = ", ".join(f"{rows.labels[i]} {left[i]:,.2f}" for i in there)
        yield f"Left, since it has a price, in cash: {said}."
