"""HiGHS, by SciPy: linear programs with their multipliers, and whole numbers with their bound."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from hedgecore_convex_solver.program import Candidate, Program
from hedgecore_convex_solver.standard_form import standard_form

INFEASIBLE = 2
TIGHT = 1e-9
GAP = 1e-9
WORK, ITERATIONS = 2_000_000_000, 5000
"""Iterations of the simplex times rows and columns, at most; but so many are always allowed."""
SMALL = 1000
"""Rows that are solved, and copied, faster than they are simplified."""


def solve_lp(program: Program) -> Candidate:
    """Answer to a linear program, by the dual simplex."""
    rows = standard_form(program)
    e, small = len(rows.equal), len(program.low) <= SMALL
    matrix = rows.matrix.toarray() if small else rows.matrix
    options = {
        "maxiter": max(ITERATIONS, WORK // (len(program.low) + len(program.linear))),
        "primal_feasibility_tolerance": TIGHT,
        "dual_feasibility_tolerance": TIGHT,
        "presolve": not small,
    }
    found = optimize.linprog(
        program.linear,
        A_ub=matrix[e:],
        b_ub=rows.right[e:],
        A_eq=matrix[:e],
        b_eq=rows.right[:e],
        bounds=np.column_stack([program.lower, program.upper]),
        method="highs-ds",
        options=options,
    )
    if found.status:
        status = "infeasible" if found.status == INFEASIBLE else str(found.message)
        return Candidate(status=status, by="HiGHS")
    duals = rows.duals(found.eqlin.marginals, found.ineqlin.marginals)
    return Candidate(status="solved", z=found.x, duals=duals, by="HiGHS")


def solve_milp(program: Program, max_nodes: int) -> Candidate:
    """Answer to a linear program with whole numbers, and the bound that HiGHS proves."""
    found = optimize.milp(
        program.linear,
        integrality=program.whole * 1,
        bounds=optimize.Bounds(program.lower, program.upper),
        constraints=optimize.LinearConstraint(program.matrix, program.low, program.high),
        options={"node_limit": max(max_nodes, 1), "mip_rel_gap": GAP},
    )
    nodes = found.mip_node_count or 0
    stopped = found.status != 0 and nodes >= max_nodes
    if found.x is None:
        status = "infeasible" if found.status == INFEASIBLE else str(found.message)
        status = "no answer within `max_nodes`" if stopped else status
        return Candidate(status=status, nodes=nodes, stopped=stopped, by="HiGHS")
    bound = found.mip_dual_bound
    bound = found.fun if bound is None else bound
    return Candidate(
        status="solved", z=found.x, bound=float(bound), nodes=nodes, stopped=stopped, by="HiGHS"
    )
