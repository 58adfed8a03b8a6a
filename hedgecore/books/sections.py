"""Sections of a book's file: its request with a solver, and tables that are read later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hedgecore.books import positions as rows
from hedgecore.errors import HedgeError, SpecError
from hedgecore.hedging.problem import HedgeRequest
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import build

REQUEST = ("neutral", "assets", "cross_gamma", "move")


def plain_table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Table that is read later; empty where there is none."""
    found = tables.get(name, {})
    if not isinstance(found, Mapping):
        raise SpecError(f"must be a table: write [{name}]", field=name)
    return found


def hedge_section(table: Any, registry: Registry) -> tuple[HedgeRequest, AbstractHedgeSolver]:
    """Request and solver of [hedge]: what is no part of a request is the solver's own."""
    if not isinstance(table, Mapping):
        raise SpecError("must be a table: write [hedge]")
    asked = {key: table[key] for key in REQUEST if key in table}
    try:
        request = HedgeRequest(**asked)
    except (HedgeError, TypeError) as error:
        raise SpecError(str(error)) from error
    return request, _solver({key: table[key] for key in table if key not in REQUEST}, registry)


def _solver(table: Mapping[str, Any], registry: Registry) -> AbstractHedgeSolver:
    kind = table.get("solver", LeastSquares.kind)
    if kind == LeastSquares.kind:
        rows.only(table, (*REQUEST, "solver"), "hedge")
        return LeastSquares()
    options = {key: value for key, value in table.items() if key != "solver"}
    solver = build({"kind": kind, **options}, registry=registry)
    if not isinstance(solver, AbstractHedgeSolver):
        raise SpecError(f"{kind!r:.80} is no solver", field="solver")
    return solver
