"""What is asked of a hedge, what it is asked about, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from attrs import evolve, field, frozen

from hedgecore.align import spreading
from hedgecore.errors import HedgeError, did_you_mean
from hedgecore.exposure import Exposure, Instrument, Priced, combine
from hedgecore.market import Array, Market
from hedgecore.rows import GREEKS, cross_gamma

NEGLIGIBLE = 1e-9
"""The part of the gross exposure below which a residual is rounding, not risk."""


def _names(given: Sequence[str] | str | None) -> tuple[str, ...] | None:
    return (given,) if isinstance(given, str) else None if given is None else tuple(given)


@frozen(kw_only=True)
class HedgeRequest:
    """What to make neutral.

    Attributes:
        neutral: Greeks in their order of importance, of "delta", "gamma" and "vega".
        assets: whose Greeks; by default all assets that the instruments are there to hedge.
        cross: whether the cross gammas of each pair of assets count too.

    Raises:
        HedgeError: a Greek that is not known, or none.

    """

    neutral: tuple[str, ...] = field(default=("delta",), converter=_names)
    assets: tuple[str, ...] | None = field(default=None, converter=_names)
    cross: bool = False

    def __attrs_post_init__(self) -> None:
        for greek in self.neutral:
            if greek not in GREEKS:
                near = did_you_mean(greek, GREEKS)
                raise HedgeError(
                    f"cannot neutralise {greek!r:.80}{near}; known: {', '.join(GREEKS)}"
                )
        if not self.neutral or len(set(self.neutral)) < len(self.neutral):
            raise HedgeError(f"`neutral` names each Greek once, and one at least: {self.neutral}")
        if not isinstance(self.cross, bool):
            raise HedgeError(f"`cross` is true or false, not {self.cross!r:.80}")
        if self.assets is not None and len(set(self.assets)) < len(self.assets):
            raise HedgeError(f"`assets` names an asset twice: {self.assets}")


@frozen(eq=False, slots=False)
class HedgeProblem:
    """A target, the instruments that may offset it, the market, and the request.

    Exposures and matrices are computed once, when first asked for. All rows are in cash, so that
    a millionth of a WBTC and a trillion SHIB are numbers of one unit.

    Raises:
        HedgeError: no instruments, two of one name, or a row that cannot be.

    """

    target: Priced
    instruments: tuple[Instrument, ...]
    market: Market
    request: HedgeRequest = field(factory=HedgeRequest)

    def __attrs_post_init__(self) -> None:
        names = [instrument.name for instrument in self.instruments]
        if not names:
            raise HedgeError("there are no instruments to hedge with: give at least one")
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise HedgeError(f"two instruments are called {twice!r}")

    @cached_property
    def before(self) -> Exposure:
        """The target's exposure."""
        return self.target.exposure(self.market)

    @cached_property
    def contracts(self) -> tuple[Exposure, ...]:
        """The exposure of one contract of each instrument."""
        return tuple(instrument.exposure(self.market) for instrument in self.instruments)

    @cached_property
    def assets(self) -> tuple[str, ...]:
        """All assets that the target or an instrument depends on."""
        exposures = (self.before, *self.contracts)
        return tuple(dict.fromkeys(asset for each in exposures for asset in each.assets))

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The assets whose Greeks are to be neutral; never the numeraire."""
        numeraire, wanted = self.market.numeraire, self.request.assets
        if wanted is None:
            hedged = (asset for each in self.instruments for asset in each.hedges)
            wanted = tuple(asset for asset in dict.fromkeys(hedged) if asset != numeraire)
        if not wanted:
            raise HedgeError(f"no asset to hedge: {numeraire!r} is the numeraire, and all there is")
        for asset in wanted:
            if asset == numeraire:
                raise HedgeError(f"{asset!r} is the numeraire: there is no risk in it to hedge")
            if asset not in self.assets:
                near = did_you_mean(asset, self.assets)
                raise HedgeError(f"nothing here depends on the asset {asset!r:.80}{near}")
        return wanted

    def matrix(self, greek: str) -> Array:
        """Return the Greek of one contract of each of k instruments, in cash: S+(rows, k)."""
        pairs = zip(self.instruments, self.contracts, strict=True)
        columns = [self._cash(greek, each, repr(i.name)) for i, each in pairs]
        return np.stack(np.broadcast_arrays(*columns), axis=-1)

    def present(self, greek: str) -> Array:
        """Return the target's own Greek in the same rows, in cash: S+(rows,)."""
        return self._cash(greek, self.before, "the target")

    def _cash(self, greek: str, exposure: Exposure, of: str) -> Array:
        """Return a Greek in cash rows; HedgeError where it is infinite, naming whose it is."""
        cash = self._in_cash(greek, exposure)
        if not np.isfinite(cash).all():
            raise HedgeError(f"the {greek} of {of} is not finite here: it cannot be neutralised")
        return cash

    def _in_cash(self, greek: str, exposure: Exposure) -> Array:
        assets = tuple(dict.fromkeys((*self.rows, *exposure.assets)))
        spread = spreading(exposure.assets, assets)
        delta, gamma = spread(exposure.delta), spread(exposure.gamma, 2)
        whole = evolve(exposure, assets=assets, delta=delta, gamma=gamma, prices=None)
        crossed = greek == "gamma" and self.request.cross
        row = cross_gamma if crossed else GREEKS[greek]
        return row(whole, self.rows, self._row_prices)

    @cached_property
    def _row_prices(self) -> Array:
        return self.market.vector(self.rows)


@frozen(kw_only=True)
class Certificate:
    """How good an answer is, and what that was checked with.

    Attributes:
        tier: "exact", "optimal within the gap", "best effort", or "no trade".
        objective: what was made least, in the numeraire; None where nothing was.
        gap: how far below it the least may be, at most; None where unknown.
        binding: limit → its value, and what a unit more of it is worth, in the numeraire.
        parts: what the answer costs or needs, by name ("carry per day", "margin"), likewise.
        by: the solver that found it.

    """

    tier: str
    objective: float | None = None
    gap: float | None = None
    binding: Mapping[str, tuple[float, float]] = field(factory=dict)
    parts: Mapping[str, float] = field(factory=dict)
    by: str = ""


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

    """

    problem: HedgeProblem
    quantities: Mapping[str, Array | float]
    before: Exposure
    hedge: Exposure
    after: Exposure
    cost: Array | None
    notes: tuple[str, ...] = ()
    certificate: Certificate | None = None

    @classmethod
    def of(cls, problem: HedgeProblem, quantities: Array, notes: Sequence[str] = ()) -> Hedge:
        """Return the answer with `quantities` S+(k,), in the order of the instruments."""
        amounts = tuple(np.moveaxis(quantities + 0.0, -1, 0))  # + 0: no order is of minus zero
        names = [instrument.name for instrument in problem.instruments]
        prices = problem.market.vector(problem.assets)
        terms = list(zip(amounts, problem.contracts, strict=True))
        traded = [(amount, contract) for amount, contract in terms if np.any(amount)]
        hedge = combine(traded or terms[:1], problem.assets)
        hedge = evolve(hedge, prices=prices)
        before = evolve(problem.before.over(problem.assets), prices=prices)
        return cls(
            problem=problem,
            quantities={n: a if a.ndim else float(a) for n, a in zip(names, amounts, strict=True)},
            before=before,
            hedge=hedge,
            after=before + hedge,
            cost=_cost(problem, amounts),
            notes=tuple(notes),
        )

    def noting(self, notes: Sequence[str]) -> Hedge:
        """Return the same answer with more notes."""
        return evolve(self, notes=(*self.notes, *notes))

    @property
    def ratios(self) -> dict[str, Array | None]:
        """Instrument name → the part of the cash delta it is there for that it offsets.

        None where there is no such delta to offset. 1 is a full hedge by one instrument.
        """
        return {i.name: self._ratio(i, c) for i, c in zip(*self._pairs, strict=True)}

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
        if asset not in self.problem.rows:
            there = any(asset in each.hedges for each in self.problem.instruments)
            return "the request leaves it out" if there else "no instrument is there to hedge it"
        if any(i.lot or i.min_size for i in self.problem.instruments if asset in i.hedges):
            return "left by lots and minimum sizes"
        return "the instruments cannot offset it all at once"

    @property
    def _prices(self) -> Array:
        return self.problem.market.vector(self.problem.assets)

    @property
    def _pairs(self) -> tuple[tuple[Instrument, ...], tuple[Exposure, ...]]:
        return self.problem.instruments, self.problem.contracts

    def _ratio(self, instrument: Instrument, contract: Exposure) -> Array | None:
        there_are = self.problem.assets
        index = [there_are.index(asset) for asset in instrument.hedges if asset in there_are]
        prices = self._prices[..., index]
        there = np.sum(prices * self.before.delta[..., index], axis=-1)
        each = np.sum(prices * contract.over(self.problem.assets).delta[..., index], axis=-1)
        if np.any(there == 0):
            return None
        return np.asarray(-self.quantities[instrument.name] * each / there)[()]

    def __str__(self) -> str:
        from hedgecore.present import hedge_text  # noqa: PLC0415 - tables are for those who print

        return hedge_text(self)

    def _repr_html_(self) -> str:
        from hedgecore.present import hedge_html  # noqa: PLC0415

        return hedge_html(self)


def notional(instrument: Instrument, contract: Exposure, market: Market) -> Array:
    """Return the notional of one contract: the cash delta that it is there for, S."""
    known = [asset for asset in instrument.hedges if asset in contract.assets]
    index = [contract.assets.index(asset) for asset in known]
    cash = market.vector(known) * contract.delta[..., index]
    return np.asarray(np.sum(np.abs(cash), axis=-1))


def _cost(problem: HedgeProblem, amounts: Sequence[Array]) -> Array | None:
    total = np.zeros(problem.market.shape)
    for amount, instrument, contract in zip(
        amounts, problem.instruments, problem.contracts, strict=True
    ):
        if instrument.fee is None and np.any(amount):
            return None
        traded = np.abs(amount) * notional(instrument, contract, problem.market)
        total = total + (instrument.fee or 0.0) * traded
    return total[()]
