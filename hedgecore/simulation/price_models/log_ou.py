"""`log-ou`: a log price that reverts to a level, as that of a peg does, by its exact transition."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import Attribute, frozen

import hedgecore.fields as fields
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.price_models import model_fields
from hedgecore.simulation.price_models.diffusion import (
    DEVIATIONS,
    AbstractDiffusion,
    Moved,
    Stepper,
    lengths,
    volatility,
)


def _another(model: LogOU, its: Attribute[str | None], against: str | None) -> None:
    if against == model.asset:
        raise fields.wrong(model, its.name, f"{against} cannot be pegged to itself")


@frozen(kw_only=True)
class LogOU(AbstractDiffusion):
    """A price near a peg: Ornstein–Uhlenbeck in the log of price over level.

    With x the log of the price over its level, κ the reversion and σ the volatility,

        x(t + δ) = e^{−κδ} x(t) + σ √((1 − e^{−2κδ}) / 2κ) Z,

    exactly, whatever the step δ. Half of a deviation is gone after ``log 2 / κ`` years; in the long
    run x is normal of variance σ²/2κ. The price is in the numeraire, or in units of `against`,
    whose own moves then come on top.
    """

    kind = "log-ou"
    example = {"asset": "USDC", "reversion": 50.0, "vol": 0.02, "level": 1.0}

    asset: str = model_fields.asset()
    reversion: float = fields.number(
        "κ, how fast a deviation decays", "per year", model_fields.RATE
    )
    vol: float | None = model_fields.vol()
    level: float | None = fields.number(
        "what the price reverts to; where it starts if not given",
        "numeraire, or units of against",
        optional=True,
    )
    against: str | None = fields.name(
        "the asset whose price it follows; none is the numeraire", optional=True, validator=_another
    )
    pegs: Mapping[str, str] = model_fields.pegs()

    def reach(self, start: Market, years: float) -> float:  # noqa: ARG002 - it reverts
        """Reach: twice the start's distance from the level, and six deviations of the long run."""
        vol = volatility(self, start, self.vol)
        spread = DEVIATIONS * vol / np.sqrt(2 * self.reversion)
        return float(2 * abs(self._offset(start)) + spread)

    def _offset(self, start: Market) -> float:
        unit = 1.0 if self.against is None else float(start.price(self.against))
        ratio = float(start.price(self.asset)) / unit
        return 0.0 if self.level is None else float(np.log(ratio / self.level))

    def begin(
        self,
        start: Market,
        times: Array,
        paths: int,
        rng: np.random.Generator,  # noqa: ARG002 - shocks are all the chance it has
    ) -> Stepper:
        """Stepper; see the base class. Logs are of the price over that of `against`."""
        vol, offset = volatility(self, start, self.vol), self._offset(start)
        level = np.full(paths, offset)

        def step(first: int, shocks: Array) -> Moved:
            steps = lengths(times, first, len(shocks))
            keep = np.exp(-self.reversion * steps)
            spread = -np.expm1(-2 * self.reversion * steps) / (2 * self.reversion)
            shocks *= vol * np.sqrt(spread)
            for k in range(len(shocks)):
                shocks[k] += keep[k] * level
                level[:] = shocks[k]
            shocks -= offset
            return Moved(shocks)

        return step
