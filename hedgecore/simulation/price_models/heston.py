"""`heston`: a variance that reverts and has a noise of its own, by Andersen's scheme.

Heston, *A closed-form solution for options with stochastic volatility* (1993); Andersen, *Simple
and efficient simulation of the Heston stochastic volatility model* (2008): quadratic-exponential,
with central discretisation of the integrated variance, and the martingale correction.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.errors import SpecError
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.price_models import model_fields
from hedgecore.simulation.price_models.diffusion import (
    AbstractDiffusion,
    Moved,
    Stepper,
    accumulate,
    volatility,
)
from hedgecore.simulation.price_models.quadratic_exponential import REACH, Variance

UNIT = fields.Rule("from −1 to 1", lambda x: -1 <= x <= 1)


@frozen(kw_only=True)
class Heston(AbstractDiffusion):
    """A price whose variance reverts to a long-run level, with a noise of its own.

    With v the variance, κ the reversion, θ the square of `long_vol`, ε the vol of vol, and ρ the
    correlation of the two Brownian motions,

        dS = μ S dt + √v S dW,    dv = κ (θ − v) dt + ε √v dB,    dW dB = ρ dt.

    The variance has the right mean and variance after each step, of any length, and ``E S(t) =
    S(0) e^{μt}`` holds to rounding. What the scheme approximates is the integral of the variance
    within a step, by the mean of its ends: with the numbers of the example, the mean of the log
    price over half a year is off by 0.003 in one step, and by less than 0.001 in four. As a part of
    `correlated`, the shocks are those of the price that the variance does not explain, so
    that a correlation c acts as ``c √(1 − ρ²)``.
    """

    kind = "heston"
    example = {
        "asset": "WETH",
        "vol": 0.8,
        "long_vol": 0.7,
        "reversion": 3.0,
        "vol_of_vol": 1.2,
        "correlation": -0.3,
    }

    asset: str = model_fields.asset()
    drift: float = model_fields.drift()
    vol: float | None = model_fields.vol()
    long_vol: float = fields.number(
        "√θ, what the volatility reverts to",
        "per √year",
        model_fields.SPREAD,
        likely=fields.SMALL_VOL,
    )
    reversion: float = fields.number(
        "κ, how fast the variance reverts", "per year", model_fields.RATE
    )
    vol_of_vol: float = fields.number("ε, of the variance", "per year", model_fields.SPREAD)
    correlation: float = fields.number("ρ, of price and variance", "none", UNIT, default=0.0)
    pegs: Mapping[str, str] = model_fields.pegs()

    def begin(self, start: Market, times: Array, paths: int, rng: np.random.Generator) -> Stepper:
        """Stepper; see the base class.

        Raises:
            SpecError: also where a step is too long for the martingale correction to exist.

        """
        steps = np.diff(times)
        variance = Variance.of(self.reversion, self.long_vol**2, self.vol_of_vol, steps)
        slope, rest = _weights(self, steps)
        _check(self, slope + rest / 2, variance, steps)
        v, level = np.full(paths, volatility(self, start, self.vol) ** 2), np.zeros(paths)
        normals, uniforms = rng.spawn(2)

        def step(first: int, shocks: Array) -> Moved:
            vols = np.empty_like(shocks)
            random = normals.standard_normal(shocks.shape), uniforms.random(shocks.shape)
            for k, at in enumerate(range(first - 1, first - 1 + len(shocks))):
                law = variance.law(at, v)
                after = law.draw(random[0][k], random[1][k])
                shocks[k] *= np.sqrt(rest[at] * (v + after))
                shocks[k] += slope[at] * after - law.log_mean(slope[at] + rest[at] / 2)
                shocks[k] += self.drift * steps[at] - rest[at] / 2 * v
                v[:] = after
                np.sqrt(after, out=vols[k])
            return Moved(accumulate(shocks, level), vols)

        return step


def _weights(model: Heston, steps: Array) -> tuple[Array, Array]:
    """Andersen's K₂ and K₃ = K₄ of each step, with γ₁ = γ₂ = ½; K₁ cancels."""
    ratio = model.correlation / model.vol_of_vol
    slope = steps / 2 * (model.reversion * ratio - 0.5) + ratio
    return slope, steps / 2 * (1 - model.correlation**2)


def _check(model: Heston, factor: Array, variance: Variance, steps: Array) -> None:
    """Refuse a step after which ``E e^{A v}`` may be infinite, A = K₂ + K₄/2 the `factor`."""
    load = factor * variance.ratio
    if load.size and load.max() >= REACH:
        longest = steps[load.argmax()]
        reason = f"a step of {longest:g} years is too long for a vol of vol of {model.vol_of_vol:g}"
        raise SpecError(f"{reason}: take shorter steps", kind=model.kind, field="vol_of_vol")
