"""A hedge as JSON: the answer, what it costs, and on request why."""

from __future__ import annotations

from typing import Any

from hedgecore.analysis.hedge_report import HedgeReport
from hedgecore.hedging.result import Hedge
from hedgecore.report import documents, explain, frozen, losses
from hedgecore.report.frames import Columns, named_columns


def document(report: HedgeReport, *, explained: bool = False) -> dict[str, Any]:
    """Mapping for JSON: the answer, carry and margins by name; `explained`, sentences and losses.

    Examples:
        >>> from hedgecore.analysis.hedge_report import hedge_report
        >>> from hedgecore.books.book import Book
        >>> book = Book.from_tables({"prices": {"ETH": 2000.0, "USD": 1.0}, "numeraire": "USD",
        ...     "holding": [{"asset": "ETH", "amount": 3.0}],
        ...     "instrument": [{"name": "P", "kind": "perp", "underlying": "ETH"}]})
        >>> document(hedge_report(book))["quantities"]
        {'P': -3.0}

    """
    found = {
        **documents.hedge(report.hedge),
        "solver": report.book.solver.kind,
        "carry": {
            "positions": report.position_carry,
            "orders": dict.fromkeys(report.hedge.quantities, 0.0) | dict(report.order_carry),
        },
        "margins": report.margins,
        "frozen": frozen.document(report.frozen),
    }
    if explained:
        found |= {
            "explanation": explain.sections(report), "losses": losses.document(report.losses),
            "loss_rates": report.loss_rates,
        }  # fmt: skip
    return found


def columns(hedge: Hedge) -> Columns:
    """Columns of the trades, a row for each instrument."""
    parts = {
        name: (its.trade, its.held, its.target, its.notional, its.hedge_ratio)
        for name, its in hedge.items()
    }
    heads = ("trade", "held", "target", "notional", "hedge_ratio")
    return named_columns("instrument", parts, heads, hedge.problem.market.shape)
