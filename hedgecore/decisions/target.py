"""Where a hedge goes: the trades that make the book neutral as it stands, by the solver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.decisions.fixed_exposure import Fixed, FixedContract, exposure
from hedgecore.decisions.trades import hedged_by, there
from hedgecore.hedging.problem import HedgeProblem, HedgeRequest
from hedgecore.hedging.solvers import AbstractHedgeSolver
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.inputs import Ground

Which: TypeAlias = tuple[int, NDArray[np.intp]]
"""One step of a frame, and some of its paths."""


class AbstractTarget(ABC):
    """All of the way to the target, from where a book stands."""

    at_once: bool
    """Whether it is found for any moments at once, `at` being any index into S."""

    @abstractmethod
    def orders(self, at: Any, delta: Array, held: Array, coins: Array) -> Array:
        """Return the contracts to trade at S[at], (…, k), given what is held there."""


@frozen(eq=False)
class Direct(AbstractTarget):
    """One instrument for each asset, with no delta in another: its orders are a quotient.

    Attributes:
        ground: of the frame.
        of: (k,), which of the hedged assets each instrument is for.

    """

    ground: Ground
    of: NDArray[np.intp]
    at_once = True

    def orders(self, at: Any, delta: Array, held: Array, coins: Array) -> Array:  # noqa: ARG002
        """Return −delta over the delta of a contract bought."""
        own = np.arange(len(self.of))
        each = self.ground.fresh(at)[..., own, self.of]
        return np.asarray(-delta[..., self.of] / each)


@frozen(eq=False)
class Asked(AbstractTarget):
    """The solver is asked of the book as it stands, hedges included.

    A solver that is linear is asked of all paths together, any other path by path.
    """

    ground: Ground
    request: HedgeRequest
    solver: AbstractHedgeSolver
    at_once = False

    def orders(self, at: Which, delta: Array, held: Array, coins: Array) -> Array:  # noqa: ARG002
        """Return the solver's quantities, (paths, k)."""
        step, paths = at
        if self.solver.linear:
            return self._asked((step, paths), held, coins)
        each = [self._asked((step, n), held[i], coins[i]) for i, n in enumerate(paths)]
        return np.stack(each)

    def _asked(self, where: tuple[Any, Any], held: Array, coins: Array) -> Array:
        stock, market = self.ground.stock, there(self.ground.view.market, where)
        contracts = tuple(self._contract(k, where, market) for k in range(len(stock.traded)))
        problem = HedgeProblem(
            self._book(where, held, coins, market), contracts, market, self.request
        )
        found = self.solver.solve(problem).quantities
        return np.stack([np.asarray(found[each.name]) for each in stock.traded], axis=-1)

    def _book(self, where: Any, held: Array, coins: Array, market: Market) -> Fixed:
        """Return the book as it stands: positions, contracts and coins."""
        ground, assets = self.ground, self.ground.view.assets
        terms = [(np.ones(()), tuple(part[where] for part in ground.positions))]
        for k, contract in enumerate(ground.contracts):
            parts = contract.delta[where], contract.gamma[where], contract.vega[where]
            terms.append((held[..., k], parts))
            coin = ground.stock.coins[k]
            if coin is not None:
                own = coins[..., k, None] * np.eye(len(assets))[coin]
                terms.append((np.ones(()), (own, 0.0 * parts[1], 0.0 * parts[2])))
        whole = [_sum(terms, i) for i in range(3)]
        return Fixed(exposure(assets, whole, np.zeros(market.shape), market))

    def _contract(self, k: int, where: Any, market: Market) -> FixedContract:
        """Return an instrument as it is bought now."""
        ground, assets, coin = self.ground, self.ground.view.assets, self.ground.stock.coins[k]
        held, settle = ground.contracts[k], ground.settle[where][..., k]
        delta = held.delta[where]
        if coin is not None:
            delta = delta + settle[..., None] * np.eye(len(assets))[coin]
        greeks = [delta, held.gamma[where], held.vega[where]]
        seen = exposure(assets, greeks, np.zeros(market.shape), market)
        return FixedContract(ground.stock.traded[k], seen)


def target(ground: Ground, request: HedgeRequest, solver: AbstractHedgeSolver) -> AbstractTarget:
    """Return the target of a frame: a quotient where that is what the solver would say."""
    of = _pairs(ground)
    if of is None or not solver.linear or request.neutral != ("delta",):
        return Asked(ground, request, solver)
    fresh = ground.fresh(...)
    own = np.arange(len(of))
    across = fresh.copy()
    across[..., own, of] = 0.0
    if across.any() or not fresh[..., own, of].all():
        return Asked(ground, request, solver)
    return Direct(ground, of)


def _pairs(ground: Ground) -> NDArray[np.intp] | None:
    """Return which hedged asset each instrument is for, where they are one for one."""
    traded, assets = ground.stock.traded, ground.view.assets
    by = [hedged_by(traded, assets[row]) for row in ground.rows]
    if sorted(k for them in by for k in them) != list(range(len(traded))) or len(by) != len(traded):
        return None
    if any(len(them) != 1 for them in by):
        return None
    of = [next(i for i, them in enumerate(by) if k in them) for k in range(len(traded))]
    return np.array(of, dtype=np.intp)


def _sum(terms: Sequence[tuple[Array, tuple[Array, ...]]], i: int) -> Array:
    total: Any = 0.0
    for much, parts in terms:
        more = parts[i].ndim - much.ndim if much.ndim else 0
        total = total + much.reshape((*much.shape, *(1,) * more)) * parts[i]
    return np.asarray(total)
