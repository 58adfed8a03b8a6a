"""The answer to a hedge: how much of what, what that does, and how good it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from attrs import evolve, field, frozen

from hedgecore.hedging import summary
from hedgecore.hedging.certificate import Certificate
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.hedging.summary import InstrumentTrade
from hedgecore.market.effective_gamma import is_density
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Instrument
from hedgecore.numerics.arrays import Array
from hedgecore.tables.render import Table, page_text
from hedgecore.views import Drawable, NamedParts, Tabular

NEGLIGIBLE = 1e-9
"""The part of the gross exposure below which a residual is rounding, not risk."""
LOTS = "left by lots and minimum sizes"
CANNOT = "the instruments cannot offset it all at once"
WEIGHED = "left by what the solver weighs and limits"


class EffectiveGamma(NamedTuple):
    """Exposures with gammas over a move; None where all of them are densities."""

    before: Exposure
    hedge: Exposure
    after: Exposure
    move: float | None


@frozen(eq=False, kw_only=True)
class Hedge(Tabular, Drawable, NamedParts[InstrumentTrade]):
    """Answer of a solver: the trade in each instrument, and its effect.

    Attributes:
        problem: what was asked.
        quantities: instrument name → the trade, in contracts, negative to sell; a float, or an
            array S.
        held: instrument name → contracts held before the trade, likewise.
        before: the exposure as it stands: the target, and the hedge that is held.
        hedge: the exposure of the trade.
        after: both together.
        cost: fees of trading the quantities, in the numeraire; None where a fee is unknown.
        notes: what a trader should know of this answer, in sentences.
        warnings: what to doubt of the book that it is of, in sentences.
        certificate: how good it is, where the solver proves that.
        reasons: asset → why some of its delta stays, where the solver left it on purpose.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> spot = hc.Tradable("ETH-SPOT", hc.Balance("WETH"), hedges="WETH", fee=0.001)
        >>> answer = hc.hedge(pool, with_=[spot], market=market)
        >>> answer.after.delta_cash.round(6).tolist()
        [0.0, 30000.0]

    """

    problem: HedgeProblem
    quantities: Mapping[str, Array | float]
    held: Mapping[str, Array | float]
    before: Exposure
    hedge: Exposure
    after: Exposure
    cost: Array | None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    certificate: Certificate | None = None
    reasons: Mapping[str, str] = field(factory=dict)

    @classmethod
    def of(cls, problem: HedgeProblem, quantities: Array, notes: Sequence[str] = ()) -> Hedge:
        """Answer with `quantities` S+(k,), in the order of the instruments."""
        amounts = tuple(np.moveaxis(quantities + 0.0, -1, 0))  # + 0: no order is of minus zero
        names = [instrument.name for instrument in problem.instruments]
        prices = problem.market.vector(problem.assets)
        terms = list(zip(amounts, problem.unit_exposures, strict=True))
        numbers = zip(names, amounts, problem.held_contracts, strict=True)
        both = {n: (_number(trade), _number(held)) for n, trade, held in numbers}
        traded = [(amount, contract) for amount, contract in terms if np.any(amount)]
        hedge = Exposure.sum(traded or terms[:1], problem.assets)
        hedge = evolve(hedge, prices=prices)
        before = evolve(problem.open_exposure.over(problem.assets), prices=prices)
        return cls(
            problem=problem,
            quantities={name: trade for name, (trade, _) in both.items()},
            held={name: held for name, (_, held) in both.items()},
            before=before,
            hedge=hedge,
            after=before + hedge,
            cost=_total(
                zip(map(np.abs, amounts), problem.unit_fees, strict=True),
                np.zeros(problem.market.shape),
            ),
            notes=tuple(notes),
        )

    @cached_property
    def effective(self) -> EffectiveGamma:
        """Same exposures before the trade, of it and after it, their gammas as a trader reads them.

        Gammas are effective over the move of the request, wherever they differ from the densities.
        """
        its, assets = self.problem.effective, self.problem.assets
        terms = list(zip(self._amounts, its.units, strict=True))
        traded = [(amount, unit) for amount, unit in terms if np.any(amount)] or terms[:1]
        before = evolve(self.before, gamma=its.open.over(assets).gamma)
        hedge = evolve(self.hedge, gamma=Exposure.sum(traded, assets).gamma)
        pairs = ((before, self.before), (hedge, self.hedge))
        same = all(is_density(found.gamma, plain.gamma) for found, plain in pairs)
        return EffectiveGamma(
            before, hedge, before + hedge, None if same else self.problem.request.move
        )

    def with_notes(self, notes: Sequence[str]) -> Hedge:
        """Same answer with more notes."""
        return evolve(self, notes=(*self.notes, *notes))

    @property
    def trade(self) -> Mapping[str, Array | float]:
        """Instrument name → the trade, in contracts: the quantities."""
        return self.quantities

    @property
    def target(self) -> Mapping[str, Array | float]:
        """Instrument name → the contracts wanted: held and trade together."""
        return {name: self.held[name] + trade for name, trade in self.quantities.items()}

    @property
    def hedge_ratios(self) -> dict[str, Array | None]:
        """Instrument name → the part of the cash delta it is there for that it offsets.

        None where there is no such delta to offset. 1 is a full hedge by one instrument.
        """
        return {i.name: self._ratio(i, c) for i, c in zip(*self._pairs, strict=True)}

    @property
    def carry(self) -> Array | None:
        """Carry of the contracts wanted, S, per day in the numeraire; None where one is unknown."""
        return _total(zip(self._targets, self.problem.unit_carry, strict=True), np.zeros(()))

    @property
    def unknown_fees(self) -> tuple[str, ...]:
        """Names of what is traded at a fee that is unknown."""
        return self._unknown(self._amounts, self.problem.unit_fees)

    @property
    def unknown_carry(self) -> tuple[str, ...]:
        """Names of what is wanted, held or traded, at a funding rate that is unknown."""
        return self._unknown(self._targets, self.problem.unit_carry)

    def _unknown(self, amounts: Sequence[Array], unit: Sequence[Array | None]) -> tuple[str, ...]:
        rows = zip(self.problem.instruments, amounts, unit, strict=True)
        return tuple(i.name for i, amount, each in rows if each is None and np.any(amount))

    @property
    def margin(self) -> Array:
        """Initial margin of the contracts wanted, S, in the numeraire; each by itself."""
        return np.asarray(sum(self.problem.margins(self._targets), np.zeros(())))[()]

    @property
    def _amounts(self) -> list[Array]:
        names = (instrument.name for instrument in self.problem.instruments)
        return [np.asarray(self.quantities[name]) for name in names]

    @property
    def _targets(self) -> list[Array]:
        return [np.asarray(contracts) for contracts in self.target.values()]

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
            there = any(asset in self.problem.hedges_of(each) for each in self.problem.instruments)
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
        """Cash of the smallest orders in what hedges an asset, S; 0 for any amount."""
        its = self.problem
        rules = zip(its.instruments, its.min_orders, its.notionals, strict=True)
        steps = (np.maximum(i.lot, least) * n for i, least, n in rules if asset in its.hedges_of(i))
        return np.asarray(sum(steps, np.zeros(())))

    @property
    def _prices(self) -> Array:
        return self.problem.market.vector(self.problem.assets)

    @property
    def _pairs(self) -> tuple[tuple[Instrument, ...], tuple[Exposure, ...]]:
        return self.problem.instruments, self.problem.unit_exposures

    def _ratio(self, instrument: Instrument, contract: Exposure) -> Array | None:
        there_are = self.problem.assets
        hedged = self.problem.hedges_of(instrument)
        index = [there_are.index(asset) for asset in hedged if asset in there_are]
        prices, exposures = self._prices[..., index], self.problem.held_exposures
        target = self.problem.target_exposure.over(self.problem.assets).delta[..., index]
        there = np.sum(prices * target, axis=-1)
        each = np.sum(prices * contract.over(self.problem.assets).delta[..., index], axis=-1)
        if np.any(there == 0):
            return None
        offset = self.quantities[instrument.name] * each
        if instrument.name in exposures:
            held = exposures[instrument.name].over(self.problem.assets).delta[..., index]
            offset = offset + np.sum(prices * held, axis=-1)
        return np.asarray(-offset / there + 0.0)[()]

    def _parts_by_name(self) -> dict[str, InstrumentTrade]:
        its = self.problem
        counts = zip(self._amounts, its.held_contracts, its.notionals, strict=True)
        return {
            name: InstrumentTrade(trade[()], held[()], np.abs(trade) * notional, ratio)
            for (name, ratio), (trade, held, notional) in zip(
                self.hedge_ratios.items(), counts, strict=True
            )
        }

    def tables(self) -> list[Table]:
        """Tables of orders, of delta, and of gamma where some stays, for people."""
        return summary.tables(self._parts_by_name(), *self.effective, held=bool(self.problem.held))

    def remarks(self) -> list[str]:
        """Sentences on worth, cost, carry, what stays unhedged and why, the certificate, notes."""
        unit, proof = self.before.numeraire, self.certificate
        carry = self.carry if proof is None else 0.0
        return [
            summary.worth_and_fees(self.before.value, self.cost, unit),
            *summary.unknown("fee", self.unknown_fees),
            *summary.carry(carry, unit),
            *summary.unknown("funding", self.unknown_carry),
            *summary.unhedged_sentences(self.unhedged, self.after),
            *(() if proof is None else summary.certificate_sentences(proof, unit)),
            *self.notes,
        ]

    def __str__(self) -> str:
        return page_text(self.tables(), self.remarks(), self.warnings)


def _number(contracts: Array) -> Array | float:
    return contracts if contracts.ndim else float(contracts)


def _total(rows: Iterable[tuple[Array, Array | None]], start: Array) -> Array | None:
    """Sum of amounts times what one is, S; None where that is unknown of an amount not zero."""
    total = start
    for amount, each in rows:
        if each is None and np.any(amount):
            return None
        total = total + amount * (0.0 if each is None else each)
    return np.asarray(total)[()]
