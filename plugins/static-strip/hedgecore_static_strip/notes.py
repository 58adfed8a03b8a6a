"""Certificate of a strip, and sentences for a trader."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from hedgecore import Certificate, Hedge, HedgeProblem
from hedgecore.tables.render import cash
from hedgecore.units import DAYS_PER_YEAR
from hedgecore_static_strip.bound import Band, band
from hedgecore_static_strip.payoff import Array, Payoff
from hedgecore_static_strip.price_range import PriceRange
from hedgecore_static_strip.strip_instruments import StripInstruments

EXACT, NEAR = 1e-6, 1e-2
"""Gaps below which an answer is exact, and optimal within the gap."""
WITHIN = "optimal within the gap"
NOTHING = 1e-10
"""The part of what the book is worth below which an error is rounding."""
BY = {"carr-madan": "Carr–Madan", "interpolate": "interpolation", "minimax": "HiGHS"}


@frozen(eq=False, kw_only=True)
class StripChoice:
    """A strip that is made of what is on the shelf, and what is proven of it.

    Attributes:
        contracts: of the options and of the underlying, (k,).
        band: of the book with the strip, at expiry.
        level: what the two are to be worth.
        objective: what was made least; None where nothing was.
        gap: how far below it the least may be.

    """

    contracts: Array
    band: Band
    level: float
    objective: float | None = None
    gap: float | None = None

    @property
    def error(self) -> float:
        """Greatest distance of the two from `level`, cash."""
        return self.band.off(self.level)


@frozen(eq=False)
class StripNotes:
    """Strip with all that its notes speak of."""

    problem: HedgeProblem
    hedge: Hedge
    span: PriceRange
    there: StripInstruments
    payoff: Payoff
    found: StripChoice

    def certificate(self, method: str) -> Certificate:
        """Certificate of the strip; where nothing was made least, its objective is its error."""
        found, objective = self.found, self.found.objective
        return Certificate(
            status=self._tier,
            objective=found.error if objective is None else objective,
            gap=found.gap,
            breakdown={"premium": self._premium, "guaranteed error": found.error},
            solver=BY[method],
        )

    @property
    def _tier(self) -> str:
        found = self.found
        if found.gap is None or found.objective is None:
            return "best effort"
        size = NOTHING * float(np.max(np.abs(self.payoff.value(self.there.matrix.knots))))
        part = found.gap / max(found.objective, size)
        return "exact" if part <= EXACT else WITHIN if part <= NEAR else "best effort"

    def notes(self) -> Iterator[str]:
        """Sentences of a strip: the guarantee, the price of it, and what is not in it."""
        unit, (low, high) = self.span.now.numeraire, self.span.ends
        asset, found = self.span.asset, self.found
        where = f"at any {asset} price from {low:g} to {high:g}"
        yield (
            f"At expiry, in {self._days}, book and strip are worth {cash(found.level)} ±"
            f" {cash(found.error)} {unit} {where}: never less than {cash(found.band.least)} nor"
            f" more than {cash(found.band.most)}. Premium is counted, fees are not."
        )
        alone = band(self.payoff, self.there.matrix.knots, np.zeros(len(self.there.matrix.knots)))
        yield f"Without the strip: from {cash(alone.least)} to {cash(alone.most)} {unit} there."
        yield self._costs()
        yield "It is for expiry: today's delta and gamma are not neutral, nor meant to be."
        yield "Not in it: what pools earn in fees, funding and interest until then."
        yield from self._assumption()
        yield from self._unused()

    @property
    def _days(self) -> str:
        return f"{DAYS_PER_YEAR * self.span.years:.4g} days"

    @property
    def _premium(self) -> float:
        return float(self.there.matrix.premiums @ self.found.contracts)

    def _costs(self) -> str:
        unit, fees = self.span.now.numeraire, self.hedge.cost
        days = DAYS_PER_YEAR * self.span.years
        if fees is None:
            return f"The premium is {cash(self._premium)} {unit}; a fee is unknown."
        whole = self._premium + float(fees)
        return (
            f"Premium and fees: {cash(self._premium)} and {cash(fees)} {unit}, together"
            f" {cash(whole)}, which is {cash(whole / days)} a day."
        )

    def _assumption(self) -> Iterator[str]:
        """Sentence on the other prices that are taken to stay."""
        numeraire = self.span.now.numeraire
        others = [
            a for a in self.problem.open_exposure.assets if a not in (self.span.asset, numeraire)
        ]
        if others:
            stay = ", ".join(f"{each} {float(self.span.now.price(each)):.7g}" for each in others)
            yield f"All this is at other prices as they are now: {stay} {numeraire}."

    def _unused(self) -> Iterator[str]:
        reasons: dict[str, list[str]] = {}
        for name, why in self.there.unused.items():
            reasons.setdefault(why, []).append(name)
        for why, names in reasons.items():
            yield f"Not used, {why}: {', '.join(names)}."
