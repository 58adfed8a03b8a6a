"""The constrained hedge: costs, limits, lots, variance and scenarios, every answer certified."""

from __future__ import annotations

from hedgecore import hookimpl
from hedgecore_convex_solver.box_least_squares import bounded_least_squares
from hedgecore_convex_solver.convex import Convex

__all__ = ["Convex", "bounded_least_squares", "hedgecore_solvers"]


@hookimpl
def hedgecore_solvers() -> list[type]:
    """Provide `convex`."""
    return [Convex]
