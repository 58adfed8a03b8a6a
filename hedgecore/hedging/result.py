"""The answer to a hedge: how much of what, what that does, and how good it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve, field, frozen

from hedgecore.hedging.problem import HedgeProblem
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Instrument
from hedgecore.numerics.arrays import Array

NEGLIGIBLE = 1e-9
"""The part of the gross exposure below which a residual is rounding, not risk."""
LOTS = "left by lots and minimum sizes"
CANNOT = "the instruments cannot offset it all at once"
WEIGHED = "left by what the solver weighs and limits"


@frozen(kw_only=True)
class Certificate:
    """How good an answer is, and what that was checked with.

    Attributes:
        status: "exact", "optimal within the gap", "best effort", or "no trade".
        objective: what was made least, in the numeraire; None where nothing was.
        gap: how far below it the least may be, at most; None where unknown.
        shadow_prices: limit → its value, and what a unit more of it is worth, in the numeraire.
        breakdown: what the answer costs or needs, by name ("carry per day", "margin"), likewise.
        solver: the solver that found it.
        effectiveness: the part of the variance that it removes, under the covariance that was
            given; None where none was. Of a minimum-variance hedge it is the squared correlation.

    """

    status: str
    objective: float | None = None
    gap: float | None = None
    shadow_prices: Mapping[str, tuple[float, float]] = field(factory=dict)
    breakdown: Mapping[str, float] = field(factory=dict)
    solver: str = ""
    effectiveness: float | None = None


@frozen(eq=False, kw_only=True)
class Hedge:
    """The answer: how much of each instrument, and what that does.

    Attributes:
        problem: what was asked.
        quantities: instrument name → contracts, negative to sell; a float, or an array S.
        before: the target's exposure.
        hedge: the exposure of the quantities.
        after: both together.
        cost: fees of trading the quantities, in the numeraire; None where a fee is unknown.
        notes: what a trader should know of this answer, in sentences.
        certificate: how good it is, where the solver proves that.
        reasons: asset → why some of its delta stays, where the solver left it on purpose.

    """

    problem: HedgeProblem
    quantities: Mapping[str, Array | float]
    before: Exposure
    hedge: Exposure
    after: Exposure
    cost: Array | None
    notes: tuple[str, ...] = ()
    certificate: Certificate | None = None
    reasons: Mapping[str, str] = field(factory=dict)

    @classmethod
    def of(cls, problem: HedgeProblem, quantities: Array, notes: Sequence[str] = ()) -> Hedge:
        """Return the answer with `quantities` S+(k,), in the order of the instruments."""
        amounts = tuple(np.moveaxis(quantities + 0.0, -1, 0))  # + 0: no order is of minus zero
        names = [instrument.name for instrument in problem.instruments]
        prices = problem.market.vector(problem.assets)
        terms = list(zip(amounts, problem.unit_exposures, strict=True))
        traded = [(amount, contract) for amount, contract in terms if np.any(amount)]
        hedge = Exposure.sum(traded or terms[:1], problem.assets)
        hedge = evolve(hedge, prices=prices)
        before = evolve(problem.target_exposure.over(problem.assets), prices=prices)
        return cls(
            problem=problem,
            quantities={n: a if a.ndim else float(a) for n, a in zip(names, amounts, strict=True)},
            before=before,
            hedge=hedge,
            after=before + hedge,
            cost=_cost(problem, amounts),
            notes=tuple(notes),
        )

    def with_notes(self, notes: Sequence[str]) -> Hedge:
        """Return the same answer with more notes."""
        return evolve(self, notes=(*self.notes, *notes))

    @property
    def hedge_ratios(self) -> dict[str, Array | None]:
        """Instrument name → the part of the cash delta it is there for that it offsets.

        None where there is no such delta to offset. 1 is a full hedge by one instrument.
        """
        return {i.name: self._ratio(i, c) for i, c in zip(*self._pairs, strict=True)}

    @property
    def carry(self) -> Array:
        """What the quantities receive per day while they are held, S, in the numeraire."""
        rows = zip(self._amounts, self.problem.unit_carry, strict=True)
        return np.asarray(sum((amount * each for amount, each in rows), np.zeros(())))[()]

    @property
    def margin(self) -> Array:
        """The initial margin of the quantities, S, in the numeraire; each by itself."""
        return np.asarray(sum(self.problem.margins(self._amounts), np.zeros(())))[()]

    @property
    def _amounts(self) -> list[Array]:
        names = (instrument.name for instrument in self.problem.instruments)
        return [np.asarray(self.quantities[name]) for name in names]

    @property
    def unhedged(self) -> dict[str, str]:
        """Asset → why some of its delta stays, for all but the numeraire."""
        left = np.abs(self.after.over(self.problem.assets).delta * self._prices)
        gross = np.sum(np.abs(self.before.delta * self._prices), axis=-1, keepdims=True)
        stays = (left > NEGLIGIBLE * gross).reshape(-1, len(self.problem.assets)).any(axis=0)
        assets = [
            asset for asset, is_left in zip(self.problem.assets, stays, strict=True) if is_left
        ]
        return {asset: self._why(asset) for asset in assets if asset != self.before.numeraire}

    def _why(self, asset: str) -> str:
        if asset not in self.problem.hedged_assets:
            there = any(asset in each.hedges for each in self.problem.instruments)
            return "the request leaves it out" if there else "no instrument is there to hedge it"
        if asset in self.reasons:
            return self.reasons[asset]
        if self.certificate is not None and not any(np.any(each) for each in self._amounts):
            return "nothing is traded"
        left = np.abs(self.after.delta_cash[..., self.problem.assets.index(asset)])
        if np.all(left <= self._step(asset)):
            return LOTS
        return CANNOT if self.certificate is None else WEIGHED

    def _step(self, asset: str) -> Array:
        """Return the cash of the smallest orders in what hedges an asset, S; 0 for any amount."""
        its = self.problem
        rules = zip(its.instruments, its.min_orders, its.notionals, strict=True)
        steps = (np.maximum(i.lot, least) * n for i, least, n in rules if asset in i.hedges)
        return np.asarray(sum(steps, np.zeros(())))

    @property
    def _prices(self) -> Array:
        return self.problem.market.vector(self.problem.assets)

    @property
    def _pairs(self) -> tuple[tuple[Instrument, ...], tuple[Exposure, ...]]:
        return self.problem.instruments, self.problem.unit_exposures

    def _ratio(self, instrument: Instrument, contract: Exposure) -> Array | None:
        there_are = self.problem.assets
        index = [there_are.index(asset) for asset in instrument.hedges if asset in there_are]
        prices = self._prices[..., index]
        there = np.sum(prices * self.before.delta[..., index], axis=-1)
        each = np.sum(prices * contract.over(self.problem.assets).delta[..., index], axis=-1)
        if np.any(there == 0):
            return None
        return np.asarray(-self.quantities[instrument.name] * each / there + 0.0)[()]

    def __str__(self) -> str:
        from hedgecore.tables.render import hedge_text  # noqa: PLC0415 - tables are for those who print

        return hedge_text(self)

    def _repr_html_(self) -> str:
        from hedgecore.tables.render import hedge_html  # noqa: PLC0415

        return hedge_html(self)


def _cost(problem: HedgeProblem, amounts: Sequence[Array]) -> Array | None:
    total = np.zeros(problem.market.shape)
    for amount, charge in zip(amounts, problem.unit_fees, strict=True):
        if charge is None and np.any(amount):
            return None
        total = total + np.abs(amount) * (0.0 if charge is None else charge)
    return total[()]
