"""`DecisionProblem`: a hedge problem in the arrays that decisions are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.hedging.lots import without_dust
from hedgecore.hedging.problem import HedgeProblem, HedgeRequest
from hedgecore.hedging.solvers import AbstractHedgeSolver
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array

Places: TypeAlias = NDArray[np.intp]


@frozen(eq=False, kw_only=True)
class DecisionProblem:
    """A hedge problem on paths S, of k instruments for m hedged assets.

    The solver is asked only where its answer is needed, and is no quotient.

    Attributes:
        places: S, numbers that tell the paths apart.
        question: from some places to the hedge problem there.
        solver: of it.
        delta: S+(m,), of the target and the hedge as it stands: what trades have to offset.
        held: S+(k,), contracts.
        unit_delta: S+(k, m), of one contract bought now.
        notional: S+(k,), of one contract, cash.
        min_order: S+(k,) or (k,), the fewest contracts of an order.
        lots: of each instrument, the step of orders, contracts; 0 is any amount.
        serves: of each instrument, the places of the hedged assets that it is there for.
        alone: S or (), whether each instrument offsets one asset and no other, and is alone in it.

    """

    places: Places
    question: Callable[[Places], HedgeProblem]
    solver: AbstractHedgeSolver
    delta: Array
    held: Array
    unit_delta: Array
    notional: Array
    min_order: Array
    lots: tuple[float, ...]
    serves: tuple[tuple[int, ...], ...]
    alone: NDArray[np.bool_]

    @property
    def divisible(self) -> bool:
        """True if trades are quotients everywhere, and orders of any amount."""
        return not any(self.lots) and not self.min_order.any() and bool(self.alone.all())

    @classmethod
    def of(cls, problem: HedgeProblem, solver: AbstractHedgeSolver) -> DecisionProblem:
        """Decision problem of a hedge problem in a market of one price of each asset."""
        assets = problem.hedged_assets
        unit = np.stack([delta_of(each, assets) for each in problem.unit_exposures])
        held = [delta_of(each, assets) for each in problem.held_exposures.values()]
        target = delta_of(problem.target_exposure, assets)
        serves = assets_of(problem.instruments, assets, problem.market)
        return cls(
            places=np.array(0, dtype=np.intp), question=lambda places: problem,  # noqa: ARG005
            solver=solver, delta=total_delta(target, held),
            held=np.array([float(each) for each in problem.held_contracts]),
            unit_delta=unit, notional=np.array([float(each) for each in problem.notionals]),
            min_order=np.array([float(each) for each in problem.min_orders]),
            lots=tuple(each.lot for each in problem.instruments), serves=serves,
            alone=stand_alone(unit, serves) & is_quotient(problem.request, solver),
        )  # fmt: skip

    def at(self, some: Any) -> DecisionProblem:
        """Decision problem on some of the paths, by any index into S."""
        least, alone = self.min_order, self.alone
        return DecisionProblem(
            places=self.places[some], question=self.question, solver=self.solver,
            delta=self.delta[some], held=self.held[some], unit_delta=self.unit_delta[some],
            notional=self.notional[some], min_order=least[some] if least.ndim > 1 else least,
            lots=self.lots, serves=self.serves, alone=alone[some] if alone.ndim else alone,
        )  # fmt: skip


def is_quotient(request: HedgeRequest, solver: AbstractHedgeSolver) -> bool:
    """True if the solver's answer is a quotient of deltas where an instrument stands alone."""
    return solver.linear and request.neutral == ("delta",)


def total_delta(target: Array, held: Sequence[Array]) -> Array:
    """Delta of a target and of what is held of each instrument, S+(m,) each, added in turn."""
    total = target
    for each in held:
        total = total + each
    return without_dust(total, np.abs(target))


def delta_of(exposure: Exposure, assets: Sequence[str]) -> Array:
    """Delta of an exposure by asset, S+(len,); 0 where it has none."""
    place = {asset: i for i, asset in enumerate(exposure.assets)}
    none = np.zeros(exposure.delta.shape[:-1])
    return np.stack(
        [exposure.delta[..., place[a]] if a in place else none for a in assets], axis=-1
    )


def gamma_of(exposure: Exposure, assets: Sequence[str]) -> Array:
    """Gamma of an exposure by two assets, S+(len, len); 0 where it has none."""
    place = {asset: i for i, asset in enumerate(exposure.assets)}
    whole = np.zeros((*exposure.delta.shape[:-1], len(assets), len(assets)))
    known = [(i, place[asset]) for i, asset in enumerate(assets) if asset in place]
    for i, own in known:
        for j, other in known:
            whole[..., i, j] = exposure.gamma[..., own, other]
    return whole


def assets_of(
    instruments: Sequence[Instrument], assets: Sequence[str], market: Market
) -> tuple[tuple[int, ...], ...]:
    """Places of the assets that each instrument is there to hedge; all, where it names none."""
    hedged = [market.assets.underlying(each.hedges) for each in instruments]
    own = (tuple(i for i, a in enumerate(assets) if a in each) for each in hedged)
    return tuple(found or tuple(range(len(assets))) for found in own)


def stand_alone(unit_delta: Array, serves: Sequence[Sequence[int]]) -> NDArray[np.bool_]:
    """True where each instrument offsets one asset and no other, alone in that, S or ()."""
    if sorted(i for each in serves for i in each) != list(range(len(serves))):
        return np.zeros((), dtype=np.bool_)
    own = np.zeros(unit_delta.shape[-2:], dtype=bool)
    for k, (i,) in enumerate(serves):
        own[k, i] = True
    return np.asarray(((unit_delta != 0) == own).all(axis=(-2, -1)))
