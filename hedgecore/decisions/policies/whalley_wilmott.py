"""`whalley-wilmott`: the band that is optimal for small proportional costs."""

from __future__ import annotations

import numpy as np
from attrs import Attribute, frozen

import hedgecore.fields as fields
from hedgecore.decisions.policies import policy_fields
from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.errors import SpecError
from hedgecore.interfaces.policy import Observation
from hedgecore.numerics.arrays import Array


def _one(model: WhalleyWilmott, its: Attribute[float | None], given: float | None) -> None:
    if given is not None and model.absolute is not None:
        raise fields.wrong(model, its.name, "stands beside absolute: give one of the two")


@frozen(kw_only=True)
class WhalleyWilmott(AbstractBand):
    """A band of delta around the target, as wide as costs and gamma make it.

    Its half-width is

        w = (3/2 · e^(−rτ) λ S Γ²/a)^(1/3)

    in units of the asset, with λ the one-way proportional cost, Γ the gamma of the whole book and a
    the absolute risk aversion, in 1/money: optimal for exponential utility as λ goes to 0. An LP
    has no expiry, so that e^(−rτ) = 1 there. Where λ or Γ is 0 the band has no width.

    By default a = 300/V₀, with V₀ the worth of the positions at the start. Of several assets each
    has a band of its own, by its own gamma. Source: Whalley and Wilmott, *An Asymptotic Analysis of
    an Optimal Hedging Model for Option Pricing with Transaction Costs* (1997).
    """

    kind = "whalley-wilmott"
    example = {"aversion": 300.0}

    absolute: float | None = fields.number(
        "a, the absolute risk aversion, instead of `aversion`", "1/numeraire", optional=True
    )
    aversion: float | None = fields.number(
        "a·V₀, with V₀ the positions' worth at the start; 300 unless given",
        "ratio",
        optional=True,
        validator=_one,
    )
    discount: float = fields.number("e^(−rτ), of an option that is hedged", "ratio", default=1.0)
    to: str = policy_fields.to()

    def width(self, now: Observation) -> Array:
        """Half-width of the band, w, in units of each asset."""
        gamma = now.gamma.diagonal(axis1=-2, axis2=-1)
        return half_width(now.cost, now.price, gamma, self._a(now), self.discount)

    def _a(self, now: Observation) -> Array:
        if self.absolute is not None:
            return np.asarray(self.absolute)
        worth = np.abs(now.worth)
        if not np.all(worth > 0):
            reason = "is a part of the positions' worth, which is 0 at the start: give absolute"
            raise SpecError(reason, kind=self.kind, field="aversion")
        return np.asarray((AVERSION if self.aversion is None else self.aversion) / worth)


AVERSION = 300.0


def half_width(
    cost: Array, price: Array, gamma: Array, aversion: Array, discount: float = 1.0
) -> Array:
    """Half-width ``(3/2 · discount · cost · price · gamma² / aversion)^(1/3)``, over arrays."""
    return np.cbrt(1.5 * discount / aversion * cost * price * np.square(gamma))
