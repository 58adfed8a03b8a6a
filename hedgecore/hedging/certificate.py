"""Certificate of a solver's answer: how good it is, and what that was checked with."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen


@frozen(kw_only=True)
class Certificate:
    """Quality of an answer, and the evidence.

    Attributes:
        status: "exact", "optimal within the gap", "best effort", or "no trade".
        objective: what was made least, in the numeraire; None where nothing was.
        gap: how far below it the least may be, at most; None where unknown.
        shadow_prices: limit → its value, and what a unit more of it is worth, in the numeraire.
        breakdown: what the answer costs or needs, by name ("carry per day", "margin"), likewise.
        solver: the solver that found it.
        effectiveness: the part of the variance that it removes, under the covariance that was
            given; None where none was. Of a minimum-variance hedge it is the squared correlation.

    Example:
        >>> hc.Certificate(status="exact", solver="LeastSquares").status
        'exact'

    """

    status: str
    objective: float | None = None
    gap: float | None = None
    shadow_prices: Mapping[str, tuple[float, float]] = field(factory=dict)
    breakdown: Mapping[str, float] = field(factory=dict)
    solver: str = ""
    effectiveness: float | None = None
