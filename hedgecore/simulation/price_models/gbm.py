"""`gbm`: geometric Brownian motion, by its exact transition."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.price_models import model_fields
from hedgecore.simulation.price_models.diffusion import (
    DEVIATIONS,
    AbstractDiffusion,
    Moved,
    Stepper,
    accumulate,
    lengths,
    volatility,
)


@frozen(kw_only=True)
class GBM(AbstractDiffusion):
    """A price whose log returns are normal and independent.

    With μ the drift and σ the volatility,

        log S(t + δ) = log S(t) + (μ − σ²/2) δ + σ √δ Z,

    exactly, whatever the step δ: so ``E S(t) = S(0) e^{μt}``, and the law at a moment does not
    depend on the steps before it.
    """

    kind = "gbm"
    example = {"asset": "WETH", "drift": 0.0, "vol": 0.8}

    asset: str = model_fields.asset()
    drift: float = model_fields.drift()
    vol: float | None = model_fields.vol()
    pegs: Mapping[str, str] = model_fields.pegs()

    def reach(self, start: Market, years: float) -> float:
        """Drift of the log price, and six deviations."""
        vol = volatility(self, start, self.vol)
        return float(abs(self.drift - vol**2 / 2) * years + DEVIATIONS * vol * np.sqrt(years))

    def begin(
        self,
        start: Market,
        times: Array,
        paths: int,
        rng: np.random.Generator,  # noqa: ARG002 - shocks are all the chance it has
    ) -> Stepper:
        """Stepper; see the base class."""
        vol = volatility(self, start, self.vol)
        level = np.zeros(paths)

        def step(first: int, shocks: Array) -> Moved:
            steps = lengths(times, first, len(shocks))
            shocks *= vol * np.sqrt(steps)
            shocks += (self.drift - vol**2 / 2) * steps
            return Moved(accumulate(shocks, level))

        return step
