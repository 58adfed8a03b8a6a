"""One step of a square-root process: Andersen's quadratic-exponential scheme.

The next variance is drawn from a law with the right mean and variance: a squared normal where it is
large against its noise, else an exponential with a mass at zero.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore.numerics.arrays import Array

SWITCH = 1.5
"""ψ, variance over squared mean, up to which the squared normal is taken."""
REACH = 1.2
"""With A·ε²(1 − e^{−κδ})/κ below this, ``E e^{A v}`` is finite under both laws.

Both follow from ``ψ m = s²/m ≤ ε²(1 − e^{−κδ})/κ``: at ψ ≤ 1.5 the squared normal's 1/2a is at
least 1.5 over that, and at ψ > 1.5 the exponential's β at least 1.2 over it.
"""


@frozen(eq=False)
class Law:
    """The law of the next variance, given the present one: its parameters, each (N,).

    Attributes:
        quadratic: where it is a (b + Z)², else it is exponential.
        a: the scale of the squared normal.
        b: its shift.
        p: the mass at zero of the other.
        beta: its rate.

    """

    quadratic: Array
    a: Array
    b: Array
    p: Array
    beta: Array

    def draw(self, normal: Array, uniform: Array) -> Array:
        """Next variance, (N,)."""
        square = self.a * (self.b + normal) ** 2
        tail = np.log((1 - self.p) / (1 - uniform)) / self.beta
        return np.where(self.quadratic, square, np.maximum(tail, 0.0))

    def log_mean(self, factor: float) -> Array:
        """Log of the mean, ``log E e^{A v}`` for A = `factor`, (N,)."""
        room = 1 - 2 * factor * self.a
        square = factor * self.b**2 * self.a / room - np.log(room) / 2
        taken = np.where(self.quadratic, 0.0, factor)
        tail = np.log(self.p + self.beta * (1 - self.p) / (self.beta - taken))
        return np.where(self.quadratic, square, tail)


@frozen(eq=False)
class Variance:
    """The moments of ``dv = κ(θ − v)dt + ε√v dB`` over steps: each (T,).

    Attributes:
        level: θ.
        keep: e^{−κδ}.
        ratio: ε²(1 − e^{−κδ})/κ.

    """

    level: float
    keep: Array
    ratio: Array

    @classmethod
    def of(cls, reversion: float, level: float, noise: float, steps: Array) -> Variance:
        """Coefficients of κ, θ and ε."""
        return cls(
            level,
            np.exp(-reversion * steps),
            -(noise**2) * np.expm1(-reversion * steps) / reversion,
        )

    def law(self, step: int, v: Array) -> Law:
        """Law after a step, from the variances `v`, (N,)."""
        keep, ratio = self.keep[step], self.ratio[step]
        mean = self.level + (v - self.level) * keep
        noise = ratio * (v * keep + self.level * (1 - keep) / 2)
        psi = noise / mean**2
        quadratic = psi <= SWITCH
        inverse = 2 / np.where(quadratic, psi, SWITCH)
        square = inverse - 1 + np.sqrt(inverse * (inverse - 1))
        wild = np.where(quadratic, SWITCH, psi)
        p = (wild - 1) / (wild + 1)
        return Law(
            quadratic=quadratic,
            a=np.where(quadratic, mean / (1 + square), 0.0),
            b=np.sqrt(square),
            p=p,
            beta=(1 - p) / mean,
        )
