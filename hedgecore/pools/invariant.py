"""InvariantPool: value, delta and gamma of a curve from its invariant alone.

The pool holds ``x(p) = argmin { p·x : φ(x) ≥ k }``, k being φ of its reserves (Angeris, Evans,
Chitra, *Replicating Market Makers*, 2021). ∇φ and ∇²φ come from jets, exactly.

**Optimality.** ``p = μ∇φ`` says that two vectors of shares are one: the *value's*,
``vᵢ = pᵢxᵢ / p·x``, and the *invariant's*, ``wᵢ = xᵢφᵢ / x·∇φ``. The residual is their
``ρᵢ = ln(vᵢ/wᵢ)``, its size max ρ − min ρ. It has no unit; nor does an increasing transformation
of φ change it. In ``y = ln x``, and up to a common addition to all ρᵢ,

    ∂ρᵢ/∂yⱼ = Mᵢⱼ/wᵢ,    M = −X ∇²φ X / x·∇φ,    X = diag x,

so the Newton step along the curve solves the symmetric bordered system
``[[M, w], [wᵀ, 0]] [dy, λ] = [−Wρ, 0]``, which `level` scales and reduces to A z = −s (ρ − ρ_m).

**Gamma.** ``v = w``, differentiated along the curve, is the same system with dρ = dp/p; with
V = p·x and `level`'s s, A and E it gives ``Γᵢⱼ = ∂xᵢ/∂pⱼ = −V sᵢsⱼ (EᵀA⁻¹E)ᵢⱼ / (pᵢpⱼ)``.

**Far away.** Newton's own path takes ρ to 0 in a straight line; that is, it takes the prices from
the state's own spot, where ρ = 0, to the wanted ones in a straight line in ln p. So a damped step
is a step of continuation, as long as the curve allows. After each the point returns to the curve
along its ray. Points where φ does not increase, or bends the wrong way, are never accepted.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np

from hedgecore.errors import ConvergenceError, PluginError, SpecError
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.flat_level_set import ZERO, local_at, near_flat, refine
from hedgecore.numerics.level_search import Search
from hedgecore.numerics.level_set import Level
from hedgecore.numerics.newton import Solution, damped_newton
from hedgecore.numerics.pair_curve import PAIR, PairTable
from hedgecore.numerics.ties import round_for_ties
from hedgecore.pools.basket import BasketPool

BLOCK = 2**16
"""Second derivatives, n² for each point, worked on at a time: they stay in the cache."""
SPENT = 1e-6
"""A search that fails with less than this part of a reserve left has run out of the asset."""
NOT_CONCAVE = "which is not quasi-concave: holdings there cost the most, not the least"
SIGNS = "; check the signs and exponents of the invariant, and where the reserves lie"


class InvariantPool(BasketPool):
    """A pool of n assets, 2 to 8, given by a field `reserves` and its `invariant`; no more.

    The invariant is twice differentiable, increases in every asset and is strictly quasi-concave,
    at least where prices lead; any increasing transformation of it will do, and one that decreases
    in every asset stands for its negative. Answers are checked to be minima, exactly among their
    neighbours, and by samples of the whole curve against what is far.

    What it does not describe raises `ConvergenceError`, saying why. Where the curve is flat, as
    x³y + xy³ is at its peg, a pair's gamma is −inf, and a basket's raises.

    Example:
        >>> from attrs import frozen
        >>> @frozen(kw_only=True)
        ... class Product(hc.InvariantPool):
        ...     kind = "product"
        ...     assets: tuple[str, ...] = ("WETH", "USDC")
        ...     reserves: tuple[float, ...] = (10.0, 30_000.0)
        ...     def invariant(self, x):
        ...         return x[0] * x[1]
        >>> round(float(Product().spot()), 6), round(float(Product().delta(12_000.0)), 9)
        (3000.0, 5.0)

    """

    reserves: tuple[float, ...]

    @abstractmethod
    def invariant(self, x: Any) -> Any:
        """Value φ, (N,), at holdings x (n, N), so that ``a, b = x`` unpacks; in NumPy."""

    def __attrs_post_init__(self) -> None:
        """Check that there is a positive reserve for each asset."""
        super().__attrs_post_init__()
        given, n = getattr(self, "reserves", None), len(self.assets)
        if not isinstance(given, tuple) or len(given) != n:
            reason = f"must be a tuple of {n} numbers, one for each of {self.assets}"
            raise SpecError(f"{reason}, not {given!r:.80}", kind=self.kind, field="reserves")
        if not all(isinstance(amount, Real) and 0 < float(amount) < np.inf for amount in given):
            raise SpecError(f"must be positive, not {given}", kind=self.kind, field="reserves")

    @np.errstate(all="ignore")
    def _holdings(self, prices: Any) -> Any:
        """Holdings x(p), (n, N).

        Raises:
            ConvergenceError: no point of the curve has these prices, or none was found.

        """
        return _in_blocks(self._solve, prices)

    @np.errstate(all="ignore")
    def _gamma(self, prices: Any, holdings: Any) -> Any:
        """Derivatives ∂x/∂p, (n, n, N): −inf where a pair's curve is flat.

        Raises:
            ConvergenceError: the curve of three assets or more is flat here.

        """
        return _in_blocks(self._slopes_at, prices, holdings)

    def _spot(self) -> Any:
        """φᵢ/φₙ at the reserves, (m,): the prices there, in the last asset."""
        slopes = self._level.home.slopes[:, 0]
        return slopes[:-1] / slopes[-1]

    def _current_holdings(self) -> tuple[float, ...]:
        return tuple(self.reserves)

    @cached_property
    def _level(self) -> Level:
        """The curve through the reserves, which must be one that prices can be read from."""
        try:
            level = Level(self.invariant, np.array(self.reserves, dtype=np.float64))
        except ValueError as error:
            reason = f"must return one number for each point, of shape (N,): {error}"
            raise PluginError(f"{self.kind}: invariant {reason}") from error
        where = f"{self.kind}: at its reserves {self.reserves} the invariant"
        if not (up := level.home.up[:, 0]).all():
            names = ", ".join(np.array(self.assets)[~up])
            slopes = (level.sign * level.home.slopes[:, 0]).tolist()
            raise ConvergenceError(f"{where} does not increase in {names}: slopes {slopes}{SIGNS}")
        if not np.isfinite(level.home.pivots).all():
            raise ConvergenceError(f"{where} over- or underflows: choose other units, or its log")
        if not level.home.convex[0]:
            raise ConvergenceError(f"{where} bends the wrong way, {NOT_CONCAVE}{SIGNS}")
        return level

    @cached_property
    def _survey(self) -> Array:
        return self._level.survey()

    @cached_property
    def _table(self) -> PairTable:
        return PairTable.of(self._level)

    def _solve(self, prices: Array) -> Array:
        search = Search(self._level, prices)
        found = damped_newton(search, self._start(search))
        points, failed = found.points, ~found.converged
        if failed.any():
            points[:, failed] = self._from_reserves(prices[:, failed])
        if (near := near_flat(self._level, self._level.at(points), points)).any():
            points[:, near] = refine(self._level, prices[:, near], points[:, near])
        self._check_cheapest(prices, points)
        return points

    def _start(self, search: Search) -> Array:
        """Holdings to search from, (n, N): a pair's by its table, the reserves of a basket."""
        reserves = self._reserves_at(search)
        if len(self.assets) > PAIR:
            return reserves
        points = self._level.back(self._table.near(search.prices))
        return search.nearer(np.where(np.isfinite(points), points, reserves))

    def _reserves_at(self, search: Search) -> Array:
        return np.repeat(self._level.reserves[:, None], search.prices.shape[1], axis=1)

    def _from_reserves(self, prices: Array) -> Array:
        """Holdings that a search from the reserves leads to, or the reason why it leads nowhere."""
        search = Search(self._level, prices)
        found = damped_newton(search, self._reserves_at(search))
        if not found.converged.all():
            raise self._failure(search, found, int(np.argmin(found.converged)))
        return found.points

    def _check_cheapest(self, prices: Array, found: Array) -> None:
        cost = self._survey.T @ prices
        beaten = cost.min(axis=0) < (prices * found).sum(axis=0) * (1 - 1e-9)
        if beaten.any():
            it = int(beaten.argmax())
            ours, theirs = found[:, it].tolist(), self._survey[:, cost[:, it].argmin()].tolist()
            price = (prices[:-1, it] / prices[-1, it]).tolist()
            raise ConvergenceError(
                f"{self.kind}: at price {price} the pool could hold {ours}, but also {theirs}, "
                f"which is cheaper: between them the invariant bends the wrong way, {NOT_CONCAVE}"
                f"{SIGNS}"
            )

    def _slopes_at(self, prices: Array, holdings: Array) -> Array:
        local, n = self._level.at(holdings), len(prices)
        flat, response = local.flat, local.response()
        if (near := near_flat(self._level, local, holdings)).any():
            exact = local_at(self._level, prices[:, near], holdings[:, near])
            told = np.isfinite(exact.pivots).all(axis=0)
            flat[near] = np.where(told, exact.flatter(ZERO), flat[near])
            response[..., near] = np.where(told, exact.response(), response[..., near])
        if n > 2 and flat.any():  # noqa: PLR2004 - a pair's gamma is one number
            where = holdings[:, flat][:, 0].tolist()
            reason = f"the curve is flat at {where}, so that gamma is infinite"
            raise ConvergenceError(f"{self.kind}: {reason}; move the price, or use delta alone")
        value = (prices * holdings).sum(axis=0)
        if n == 2:  # noqa: PLR2004
            response = np.where(flat, np.copysign(np.inf, response), response)
        return np.asarray(-value * response / (prices[:, None] * prices))

    def _failure(self, search: Search, found: Solution, it: int) -> ConvergenceError:
        price = (search.prices[:-1, it] / search.prices[-1, it]).tolist()
        reason = self._reason(search, found.points[:, [it]], found.steps[:, [it]], it)
        iterations, residual = int(found.iterations[it]), float(found.residual[it])
        tail = f"({iterations} iterations, residual {residual:.3g})"
        return ConvergenceError(
            f"{self.kind}: no holdings at price {price}: {reason} {tail}",
            iterations=iterations,
            residual=residual,
        )

    def _reason(self, search: Search, x: Array, step: Array, it: int) -> str:
        """Reason of a search that stopped at x (n, 1): by what lies ahead, up to a factor e."""
        at = x[:, 0].tolist()
        ahead = np.exp2(-np.arange(12.0)) * step / np.maximum(np.abs(step).max(), 1.0)
        near = self._level.at(search.move(np.repeat(x, 12, axis=1), ahead, np.repeat(it, 12)))
        left = x[:, 0] / self._level.reserves
        if left.min() < SPENT:
            name = self.assets[int(round_for_ties(left).argmin())]
            return (
                f"the pool would run out of {name}: marginal prices on this curve do not reach so "
                "far, or only where holdings underflow; keep to prices within their range, or, if "
                "the pool holds none of it beyond, as a range does, write its closed form"
            )
        if (near.up.all(axis=0) & ~near.convex).any():
            return f"near {at} the invariant bends the wrong way, {NOT_CONCAVE}{SIGNS}"
        if not near.up.all():
            return f"near {at} the invariant does not increase in every asset{SIGNS}"
        if self._level.at(x).flat[0]:
            return (
                f"near {at} the curve is flat, like a sum: its marginal prices hardly move, and "
                "this one is not among them"
            )
        return (
            f"stuck near {at}; a kink (minimum, maximum, where) has no marginal price, and a "
            "formula that subtracts large numbers loses its slope: smooth or rearrange it"
        )


def _in_blocks(work: Callable[..., Array], *arrays: Array) -> Array:
    """Result of work(*arrays), done on blocks of the last axis."""
    n, points = arrays[0].shape
    size = BLOCK // n**2
    ranges = [slice(at, at + size) for at in range(0, max(points, 1), size)]
    parts = [work(*(array[..., span] for array in arrays)) for span in ranges]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)
