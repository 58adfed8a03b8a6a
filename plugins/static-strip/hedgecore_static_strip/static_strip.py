"""`strip`: static replication, as one table of options."""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import Attribute, Converter, field, frozen

from hedgecore import AbstractHedgeSolver, Hedge, HedgeProblem, fields
from hedgecore.errors import did_you_mean

METHODS = ("minimax", "interpolate", "carr-madan")


def _above(model: Any, its: Attribute[float], high: float) -> None:
    if high <= model.low:
        raise fields.wrong(model, its.name, f"must be above low, {model.low:g}, not {high:g}")


def _method(model: Any, its: Attribute[str], method: str) -> None:
    if method not in METHODS:
        reason = f"must be one of {', '.join(METHODS)}, not {method!r:.80}"
        raise fields.wrong(model, its.name, reason + did_you_mean(method, METHODS))


def _nodes(given: Any, model: Any, its: Attribute[int]) -> int:
    return fields.whole(given, 1, fields.MOST, model, its.name)


def _count(about: str, unit: str, default: int) -> Any:
    """Field that holds a whole number, 1 or more."""
    return field(
        default=default,
        converter=Converter(_nodes, takes_self=True, takes_field=True),
        metadata={"about": about, "unit": unit, "rule": "a whole number, 1 or more"},
    )


def _for_minimax(model: Any, its: Attribute[Any], given: Any) -> None:
    if given is not None and model.method != METHODS[0]:
        raise fields.wrong(model, its.name, f'is for method = "minimax", not {model.method!r:.80}')


@frozen(kw_only=True)
class StaticStrip(AbstractHedgeSolver):
    """Options of one expiry and the underlying, held to expiry: a strip that offsets the payoff.

    What the book is worth at expiry, the strip with it, is then nearly the same at every price in
    a range; how nearly is proven, and stands in the `certificate` and the notes. The options are
    those of one asset among the book's instruments; the underlying is the cheapest perp, spot or
    future of it. Pools are taken along their curves; all other prices stay as they are.
    """

    kind = "strip"
    example = {"low": 1600.0, "high": 2800.0, "method": "minimax"}

    renamed: ClassVar[dict[str, str]] = {"time_limit": "max_nodes"}

    low: float = fields.number("where the range begins, of the asset's price", "numeraire")
    high: float = fields.number(
        "where it ends; what is guaranteed holds between the two", "numeraire", validator=_above
    )
    method: str = field(
        default=METHODS[0],
        validator=_method,
        metadata={
            "about": "least error; zero error at the strikes; or cells of the curvature",
            "unit": "word",
            "rule": f"one of {', '.join(METHODS)}",
        },
    )
    expiry_years: float | None = fields.number(
        "which options: those that expire then, within an hour; all, where they expire together",
        "years from now",
        optional=True,
    )
    error: float | None = fields.number(
        "the most by which the worth may be off: the cheapest strip within it; no trade if none",
        "numeraire",
        optional=True,
    )
    options: int | None = fields.integer(
        "the most options to trade, for minimax",
        "options",
        1,
        1000,
        optional=True,
        validator=_for_minimax,
    )
    budget: float | None = fields.number(
        "the most that premium and fees may cost, for minimax",
        "numeraire",
        fields.NONNEGATIVE,
        optional=True,
        validator=_for_minimax,
    )
    lots: bool = fields.flag("keep lots and minimum sizes", default=True)
    max_nodes: int = _count(
        "the most nodes of branch and bound, with lots, for minimax", "nodes", 5000
    )

    def solve(self, problem: HedgeProblem) -> Hedge:
        """Strip with its certificate; no trade where none keeps to the request.

        Raises:
            HedgeError: no options, of another asset, or of several expiries and none chosen; no
                underlying; a price outside the range; arrays of prices; a part of the book whose
                payoff is not known.

        """
        from hedgecore_static_strip.program import Limits  # noqa: PLC0415 - likewise
        from hedgecore_static_strip.result import price_range, strip_hedge  # noqa: PLC0415 - loads scipy

        span = price_range(problem, self.low, self.high, self.expiry_years)
        limits = Limits(lots=self.lots, options=self.options, budget=self.budget)
        return strip_hedge(
            problem,
            span,
            method=self.method,
            limits=limits,
            error=self.error,
            max_nodes=self.max_nodes,
        )
