"""`merton`: geometric Brownian motion with normal jumps of the log price, by its exact transition.

Merton, *Option pricing when underlying stock returns are discontinuous* (1976). The jumps are
compensated: their mean is taken out of the drift.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
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

JUMPS = fields.Rule("from 0 to 1e9", lambda x: 0 <= x <= 1e9)  # noqa: PLR2004
SIZE = fields.Rule("from -100 to 100 (-5 % is -0.05)", lambda x: abs(x) <= 100)  # noqa: PLR2004
SPREAD = fields.Rule("from 0 to 30 (8 % is 0.08)", lambda x: 0 <= x <= 30)  # noqa: PLR2004


@frozen(kw_only=True)
class Merton(AbstractDiffusion):
    """A price that diffuses, and jumps now and then.

    With λ jumps a year, each adding a normal J of mean m and deviation s to the log price,

        log S(t + δ) = log S(t) + (μ − σ²/2 − λκ) δ + σ √δ Z + Σ J,    κ = e^{m + s²/2} − 1,

    where the number of jumps is Poisson, of mean λδ. So ``E S(t) = S(0) e^{μt}``, and the variance
    of the log price grows by σ² + λ(m² + s²) a year. Exact, whatever the step.
    """

    kind = "merton"
    example = {
        "asset": "WETH",
        "vol": 0.6,
        "jumps_per_year": 12.0,
        "jump_mean": -0.05,
        "jump_std": 0.08,
    }

    asset: str = model_fields.asset()
    drift: float = model_fields.drift()
    vol: float | None = model_fields.vol()
    jumps_per_year: float = fields.number("λ, expected jumps", "per year", JUMPS)
    jump_mean: float = fields.number("m, mean of a jump", "log price", SIZE, default=0.0)
    jump_std: float = fields.number("s, deviation of a jump", "log price", SPREAD)
    pegs: Mapping[str, str] = model_fields.pegs()

    def reach(self, start: Market, years: float) -> float:
        """Drift of the log price, six deviations, and six deviations of a jump."""
        vol = volatility(self, start, self.vol)
        size = self.jump_mean**2 + self.jump_std**2
        excess = np.expm1(self.jump_mean + self.jump_std**2 / 2)
        drift = self.drift - vol**2 / 2 - self.jumps_per_year * (excess - self.jump_mean)
        deviation = ((vol**2 + self.jumps_per_year * size) * years) ** 0.5
        return float(abs(drift) * years + DEVIATIONS * (deviation + size**0.5))

    def begin(self, start: Market, times: Array, paths: int, rng: np.random.Generator) -> Stepper:
        """Stepper; see the base class."""
        vol = volatility(self, start, self.vol)
        excess = np.expm1(self.jump_mean + self.jump_std**2 / 2)
        mean = self.drift - vol**2 / 2 - self.jumps_per_year * excess
        level, (counts, sizes) = np.zeros(paths), rng.spawn(2)

        def step(first: int, shocks: Array) -> Moved:
            steps = lengths(times, first, len(shocks))
            shocks *= vol * np.sqrt(steps)
            shocks += mean * steps
            number = counts.poisson(self.jumps_per_year * steps, shocks.shape)
            jumped = number.nonzero()
            many = number[jumped]
            random = sizes.standard_normal(many.size)
            shocks[jumped] += self.jump_mean * many + self.jump_std * np.sqrt(many) * random
            return Moved(accumulate(shocks, level))

        return step
