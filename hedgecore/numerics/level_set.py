"""The level set of an invariant: its slopes, its curvature, and the way back to it.

Everything here is in shares and elasticities, which have no unit. At holdings x let
``wᵢ = xᵢφᵢ / x·∇φ`` be the invariant's *shares*, and ``s = √w``. In ``z = s·d ln x`` the level
set's tangent space is z ⟂ s, and the Lagrangian of ``min p·x`` has the Hessian

    M̃ᵢⱼ = −φᵢⱼ √(xᵢ/φᵢ) √(xⱼ/φⱼ)        (over p·x, which is the unit),

whose eigenvalues on the tangent space are inverse elasticities of substitution: 1 for any weighted
pool, 1 − ρ for Σ xᵢ^ρ; an increasing transformation of φ changes M̃ along s only. The asset m of
the largest share goes by ``z_m = −tᵀz``, ``t = s/s_m ≤ 1``, which leaves n − 1 unknowns:

    A = M̃ − M̃_m tᵀ − t M̃_mᵀ + M̃_mm ttᵀ.

No small share is ever the difference of large ones. A is positive definite exactly where φ is
strictly quasi-concave: that is the second-order condition of the minimum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.double_double import double_double, to_double
from hedgecore.numerics.jet import Jet, derivatives, variables
from hedgecore.numerics.newton import Which, backward, factorize, forward, rising_roots, usable

NOISE = 1e-12
"""A pivot of A down to minus this is zero, but for rounding."""
FLAT = 2e-9
"""A pivot below this part of its asset's share is zero. Where A ∝ u², rounding moves u by ε/A,
which is more than u itself; in Solidly's curve that is within 1e-13 of the peg."""
SURVEYED, FAR = 64, 4.0
"""Points of a survey that tilt each asset, by up to e⁴⁰, and how they crowd at the reserves."""


class Local(NamedTuple):
    """A level set near N points, with the assets in `order` (n, N): the largest share last.

    `slopes` (n, N) is ∇φ in the assets' own order; `root` is s, (n, N), and `lean` t, (n − 1, N);
    A is ``L D Lᵀ``: `lower` (n − 1, n − 1, N) and `pivots` (n − 1, N).
    """

    slopes: Array
    order: Which
    root: Array
    lean: Array
    lower: Array
    pivots: Array

    @property
    def up(self) -> Any:
        """True where φ is finite and increases in an asset, (n, N)."""
        return (self.slopes > 0) & (self.slopes < np.inf)

    @property
    def convex(self) -> Any:
        """True where the level set bends the right way, as far as rounding can tell, (N,)."""
        return (self.pivots >= -NOISE).all(axis=0)

    @property
    def flat(self) -> Any:
        """True where the level set is flat in some direction, as far as rounding can tell, (N,)."""
        return self.flatter(FLAT)

    def flatter(self, part: float) -> Any:
        """True where a pivot is below this part of its asset's share, (N,)."""
        return (self.pivots < part * self.root[:-1] ** 2).any(axis=0)

    def take(self, which: Any) -> Local:
        """Level near some of the points, an index of N."""
        parts: Iterable[Any] = (part[..., which] for part in self)
        return Local(*parts)

    def newton_step(self, excess: Array) -> Array:
        """Step dy = d ln x, (n, N), that takes `excess` ρ to a constant: A z = −s (ρ − ρ_m)."""
        sorted_ = np.take_along_axis(excess, self.order, axis=0)
        pull = forward(self.lower, self.root[:-1] * (sorted_[-1] - sorted_[:-1]))
        z = backward(self.lower, pull / usable(self.pivots))
        last = -(self.lean * z).sum(axis=0)
        step = np.concatenate([z, last[None]]) / self.root
        return np.take_along_axis(step, self.order, axis=0)

    def response(self) -> Array:
        """``S EᵀA⁻¹E S`` (n, n, N), E = [I, −t], S = diag s: a sum of squares over pivots.

        Its quotient by −pᵢpⱼ/(p·x) is gamma; infinite where a pivot is not positive.
        """
        k, points = self.lean.shape
        edge = np.zeros((k, k + 1, points))
        edge[np.arange(k), np.arange(k)] = 1.0
        edge[:, -1] = -self.lean
        rows = forward(self.lower, edge) * self.root
        squares = rows[:, :, None] * rows[:, None]
        sorted_ = (squares / np.maximum(self.pivots, 0.0)[:, None, None]).sum(axis=0)
        at = self.order
        return np.asarray(sorted_[at[:, None], at, np.arange(points)])


class Level:
    """The set where an invariant is as at the reserves; φ is made to increase by its sign.

    Raises:
        ValueError: the invariant returns something other than one number for each point.

    """

    @np.errstate(all="ignore")
    def __init__(self, invariant: Callable[[Any], Any], reserves: Array) -> None:
        self.invariant, self.reserves, self.sign = invariant, reserves, 1.0
        value, slopes, second = self._jet(reserves[:, None])
        if (slopes < 0).all():
            self.sign = -1.0
        self.height = float(value[0])
        self.home = self.at(reserves[:, None])
        self.logarithmic = self._is_straighter_in_logs(slopes[..., 0], second[..., 0])

    @np.errstate(all="ignore")
    def at(self, x: Any) -> Local:
        """Slopes and curvature at x (n, N), in its own precision; all but slopes rounded."""
        value, slopes, second = self._jet(x)
        slopes = np.where(np.isfinite(value), self.sign * slopes, np.nan)
        scale = np.sqrt(x / slopes)
        order, root = _shares(x * slopes)
        lean = root[:-1] / root[-1]
        bend = -self.sign * second * scale[:, None] * scale
        lower, pivots = factorize(_reduce(bend, order, lean))
        return Local(slopes, order, *map(to_double, (root, lean, lower, pivots)))

    @np.errstate(all="ignore")
    def back(self, x: Array) -> Array:
        """Holdings x (n, N) scaled to lie on the level, nan where no scale does that.

        There is at most one, since φ only rises along a ray.
        """
        return x * np.exp(rising_roots(lambda s, at: self._above(s, x[:, at]), x.shape[1]))

    @np.errstate(all="ignore")
    def onto(self, x: Array) -> Array:
        """Holdings x (n, N), near the level, one Newton step nearer along its ray."""
        value, slopes = self.slopes(x)
        return np.asarray(x * (1.0 - (value - self.height) / (x * slopes).sum(axis=0)))

    @np.errstate(all="ignore")
    def slopes(self, x: Any) -> tuple[Any, Any]:
        """φ (N,) and ∇φ (n, N) at x (n, N), in its precision, as the invariant has them."""
        jet = self.invariant(variables(x, order=1))
        return derivatives(jet, x.shape[1:], len(x), 1)[:2]

    @cached_property
    def exact_height(self) -> Any:
        """φ at the reserves, in twice the precision, (1,)."""
        x: Any = double_double(self.reserves[:, None])
        return self.slopes(x)[0]

    def survey(self) -> Array:
        """Points all over the level, (n, K): with more and less of each asset in turn.

        What is cheaper than an answer, and on the level, shows that the answer is none.
        """
        n, far = len(self.reserves), np.sinh(np.linspace(-FAR, FAR, SURVEYED)) / np.sinh(FAR) * 40
        tilted = np.exp(np.eye(n)[:, :, None] * far) * self.reserves[:, None, None]
        points = self.back(tilted.reshape(n, -1))
        return np.asarray(points[:, np.isfinite(points).all(axis=0)])

    def _above(self, s: Array, x: Array) -> tuple[Array, Array]:
        """Height of ``eˢx`` above the level, and its slope in s, (N,) each."""
        value, slope, _ = derivatives(self.invariant(_ray(np.exp(s) * x)), s.shape, 1, 1)
        if not self.logarithmic:
            return self.sign * (value - self.height), self.sign * slope[0]
        upward = self.sign * np.sign(self.height)
        ratio = np.where(np.isnan(value), np.nan, np.maximum(value / self.height, 0.0))
        return upward * np.log(ratio), upward * slope[0] / value

    def _is_straighter_in_logs(self, slopes: Array, second: Array) -> bool:
        """True if ln |φ| is nearer to linear than φ, along the ray of the reserves."""
        if self.height == 0:
            return False
        slope = self.reserves @ slopes
        bend = (self.reserves @ second @ self.reserves) / slope + 1
        return bool(abs(bend - slope / self.height) < abs(bend))

    def _jet(self, x: Array) -> tuple[Array, Array, Any]:
        return derivatives(self.invariant(variables(x, order=2)), x.shape[1:], len(x), 2)


def _ray(x: Array) -> Jet:
    """Points x, (n, N), as a jet in s, of which they are ``eˢx``."""
    return Jet(x, x[None], None, depends=np.ones((1, *x.shape), dtype=bool))


def _shares(worth: Array) -> tuple[Which, Array]:
    """Each point's order of assets, the largest share last, and √w in it, (n, N) each."""
    n, points = worth.shape
    order = np.repeat(np.arange(n)[:, None], points, axis=1)
    largest = worth.argmax(axis=0)
    order[largest, np.arange(points)] = n - 1
    order[-1] = largest
    return order, np.sqrt(np.take_along_axis(worth / worth.sum(axis=0), order, axis=0))


def _reduce(bend: Any, order: Which, lean: Any) -> Any:
    """A (n − 1, n − 1, N) from M̃ (n, n, N)."""
    sorted_ = bend[order[:, None], order, np.arange(bend.shape[-1])]
    cross, corner = sorted_[:-1, -1, None] * lean, sorted_[-1, -1]
    return sorted_[:-1, :-1] - cross - cross.swapaxes(0, 1) + corner * lean[:, None] * lean
