"""Request of a hedge, and the problem that a solver gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from hedgecore.errors import HedgeError, at_place, did_you_mean
from hedgecore.hedging.greeks import GREEKS, cross_gamma
from hedgecore.hedging.held import HeldContracts, not_traded
from hedgecore.market import terms
from hedgecore.market.effective_gamma import MOVE, effective_exposure
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio
from hedgecore.numerics.arrays import Array

TARGET = "what is to be offset"
"""The name of a problem's target beside what is held."""
LEAST_MOVE = 1e-6
"""Moves below this one change a delta by its rounding."""


def _names(given: Sequence[str] | str | None) -> tuple[str, ...] | None:
    return (given,) if isinstance(given, str) else None if given is None else tuple(given)


@frozen(kw_only=True)
class HedgeRequest:
    """Greeks to make neutral, and over which assets.

    Attributes:
        neutral: Greeks in their order of importance, of "delta", "gamma" and "vega".
        assets: whose Greeks; by default all assets that the instruments are there to hedge.
        cross_gamma: whether the cross gammas of each pair of assets count too.
        move: of a price, a fraction, over which gamma is read where its density says another thing.

    Raises:
        HedgeError: a Greek that is not known, or none; a move that is none.

    Example:
        >>> hc.HedgeRequest(neutral=("delta", "gamma")).neutral
        ('delta', 'gamma')

    """

    neutral: tuple[str, ...] = field(default=("delta",), converter=_names)
    assets: tuple[str, ...] | None = field(default=None, converter=_names)
    cross_gamma: bool = False
    move: float = MOVE

    def __attrs_post_init__(self) -> None:
        for greek in self.neutral:
            if greek not in GREEKS:
                near = did_you_mean(greek, GREEKS)
                raise HedgeError(
                    f"cannot neutralise {greek!r:.80}{near}; known: {', '.join(GREEKS)}"
                )
        if not self.neutral or len(set(self.neutral)) < len(self.neutral):
            raise HedgeError(f"`neutral` names each Greek once, and one at least: {self.neutral}")
        if not isinstance(self.cross_gamma, bool):
            raise HedgeError(f"`cross_gamma` is true or false, not {self.cross_gamma!r:.80}")
        is_number = isinstance(self.move, int | float) and not isinstance(self.move, bool)
        if not is_number or not LEAST_MOVE <= self.move < 1.0:
            reason = "a fraction of the price from 1e-6 to below 1, 0.01 for 1 %"
            raise HedgeError(f"`move` is {reason}, not {self.move!r:.80}")
        if self.assets is not None and len(set(self.assets)) < len(self.assets):
            raise HedgeError(f"`assets` names an asset twice: {self.assets}")


class Exposures(NamedTuple):
    """Exposures of a problem: of the target, of all held by name, of one contract of each."""

    target: Exposure
    held: Mapping[str, Exposure]
    units: tuple[Exposure, ...]

    @property
    def open(self) -> Exposure:
        """Exposure of the target and what is held."""
        terms = [(1.0, each) for each in (self.target, *self.held.values())]
        return Exposure.sum(terms) if self.held else self.target


@frozen(eq=False, slots=False)
class HedgeProblem:
    """A target, the instruments that may offset it, what is held of them, and the request.

    The target is what is to be offset, without the hedge; `held` is the hedge as it stands. A
    solver looks for the trade: `open_greeks` are what it has to offset, and limits of positions,
    notionals and margins bind held and trade together. Exposures and matrices are computed once,
    when first asked for. All rows are in cash, so that a millionth of a WBTC and a trillion SHIB
    are numbers of one unit.

    Attributes:
        target: what is to be offset.
        instruments: what may be traded; the exposure of each is that of one contract bought now.
        market: the prices.
        request: what to make neutral.
        held: instrument name → contracts held already, as they were entered; none where not named.

    Raises:
        HedgeError: no instruments, two of one name, or a row that cannot be.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> spot = hc.Tradable("ETH-SPOT", hc.Balance("WETH"), hedges="WETH", fee=0.001)
        >>> problem = hc.HedgeProblem(pool, (spot,), market)
        >>> problem.hedged_assets, problem.unit_greeks("delta").tolist()
        (('WETH',), [[3000.0]])

    """

    target: Priced
    instruments: tuple[Instrument, ...]
    market: Market
    request: HedgeRequest = field(factory=HedgeRequest)
    held: Mapping[str, HeldContracts] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        names = [instrument.name for instrument in self.instruments]
        if not names:
            raise HedgeError("there are no instruments to hedge with: give at least one")
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise HedgeError(f"two instruments are called {twice!r}")
        for name in self.held:
            if name not in names:
                raise not_traded(name, names)

    @cached_property
    def target_exposure(self) -> Exposure:
        """The target's exposure."""
        return self.target.exposure(self.market).in_underlying(self.market)

    @cached_property
    def unit_exposures(self) -> tuple[Exposure, ...]:
        """The exposure of one contract of each instrument."""
        return tuple(self._unit_exposure(each) for each in self.instruments)

    def _unit_exposure(self, instrument: Instrument) -> Exposure:
        with at_place(instrument.name):
            return instrument.exposure(self.market).in_underlying(self.market)

    @cached_property
    def held_contracts(self) -> tuple[Array, ...]:
        """Contracts held of each instrument, S; 0 where none are."""
        none = np.zeros(())
        names = (instrument.name for instrument in self.instruments)
        return tuple(self.held[n].contracts if n in self.held else none for n in names)

    @cached_property
    def held_exposures(self) -> Mapping[str, Exposure]:
        """Exposure of all that is held, by instrument name."""
        found = {name: each.exposure(self.market) for name, each in self.held.items()}
        return {name: each.in_underlying(self.market) for name, each in found.items()}

    @cached_property
    def book(self) -> Priced:
        """The target with the hedge that is held, as one thing to revalue."""
        if not self.held:
            return self.target
        own = [(name, each.contract, float(each.contracts)) for name, each in self.held.items()]
        return Portfolio([(TARGET, self.target, 1.0), *own])

    @cached_property
    def open_exposure(self) -> Exposure:
        """Exposure of the target and the hedge as it stands: what the trade has to offset."""
        return self.exposures.open

    @property
    def exposures(self) -> Exposures:
        """All exposures, their gammas densities."""
        return Exposures(self.target_exposure, self.held_exposures, self.unit_exposures)

    @cached_property
    def effective(self) -> Exposures:
        """All exposures, their gammas effective over the move of the request where they differ."""
        here, move = self.market, self.request.move
        held = {
            name: each.contracts * effective_exposure(each.contract, here, move)
            for name, each in self.held.items()
        }
        units = tuple(effective_exposure(each, here, move) for each in self.instruments)
        return Exposures(effective_exposure(self.target, here, move), held, units)

    def exposures_for(self, greek: str) -> Exposures:
        """Exposures that a Greek is taken from: gamma from effective ones."""
        return self.effective if greek == "gamma" else self.exposures

    @cached_property
    def notionals(self) -> tuple[Array, ...]:
        """The notional of one contract of each instrument, S, in the numeraire."""
        pairs = zip(self.instruments, self.unit_exposures, strict=True)
        return tuple(terms.notional(*pair, self.market) for pair in pairs)

    @cached_property
    def unit_fees(self) -> tuple[Array | None, ...]:
        """The fee of trading one contract of each, S, in the numeraire; None where unknown."""
        pairs = zip(self.instruments, self.notionals, strict=True)
        return tuple(terms.charge(*pair, self.market) for pair in pairs)

    @cached_property
    def unit_carry(self) -> tuple[Array | None, ...]:
        """Carry of one contract of each, bought, S, per day in the numeraire; None: unknown."""
        return tuple(terms.carry(instrument, self.market) for instrument in self.instruments)

    @cached_property
    def min_orders(self) -> tuple[Array, ...]:
        """The fewest contracts of one order of each instrument, S."""
        return tuple(terms.min_order(instrument, self.market) for instrument in self.instruments)

    def margins(self, quantities: Sequence[ArrayLike]) -> tuple[Array, ...]:
        """Initial margin of so many contracts of each instrument, S, in cash."""
        rows = zip(self.instruments, self.notionals, quantities, strict=True)
        return tuple(terms.margin(i, each, self.market, amount) for i, each, amount in rows)

    @cached_property
    def assets(self) -> tuple[str, ...]:
        """All assets that the target or an instrument depends on."""
        exposures = (self.open_exposure, *self.unit_exposures)
        return tuple(dict.fromkeys(asset for each in exposures for asset in each.assets))

    @cached_property
    def hedged_assets(self) -> tuple[str, ...]:
        """The assets whose Greeks are to be neutral; never the numeraire."""
        numeraire, wanted = self.market.numeraire, self.request.assets
        if wanted is None:
            hedged = (asset for each in self.instruments for asset in self.hedges_of(each))
            wanted = tuple(asset for asset in dict.fromkeys(hedged) if asset != numeraire)
        if not wanted:
            raise HedgeError(f"no asset to hedge: {numeraire!r} is the numeraire, and all there is")
        wanted = self.market.assets.underlying(wanted)
        for asset in wanted:
            if asset == numeraire:
                raise HedgeError(f"{asset!r} is the numeraire: there is no risk in it to hedge")
            if asset not in self.assets:
                near = did_you_mean(asset, self.assets)
                raise HedgeError(f"nothing here depends on the asset {asset!r:.80}{near}")
        return wanted

    def hedges_of(self, instrument: Instrument) -> tuple[str, ...]:
        """Underlying assets whose delta an instrument is there to offset."""
        return self.market.assets.underlying(instrument.hedges)

    def unit_greeks(self, greek: str) -> Array:
        """Greek of one contract of each of k instruments, S+(rows, k), in cash."""
        found = self._cash(greek, self.exposures_for(greek).units)
        for index in np.flatnonzero(~np.isfinite(found).reshape(-1, found.shape[-1]).all(axis=0)):
            raise _infinite(greek, repr(self.instruments[index].name))
        return found

    def target_greeks(self, greek: str) -> Array:
        """Greek of the target, without the hedge, in the same rows, in cash: S+(rows,)."""
        return self._finite(greek, self.exposures_for(greek).target, "the target")

    def open_greeks(self, greek: str) -> Array:
        """Greek that the trade has to offset, of target and held, S+(rows,), in cash."""
        both = "the target and what is held" if self.held else "the target"
        its = self.open_exposure if greek != "gamma" else self.effective.open
        return self._finite(greek, its, both)

    def greek_scale(self, greek: str) -> Array:
        """Size of the Greek that target and held have apart, S+(rows,), in cash, never negative."""
        its = self.exposures_for(greek)
        apart = self._cash(greek, [its.target, *its.held.values()])
        return np.asarray(np.abs(apart).sum(axis=-1))

    def _finite(self, greek: str, exposure: Exposure, of: str) -> Array:
        cash = self._cash(greek, [exposure])[..., 0]
        if not np.isfinite(cash).all():
            raise _infinite(greek, of)
        return cash

    def _cash(self, greek: str, exposures: Sequence[Exposure]) -> Array:
        crossed = greek == "gamma" and self.request.cross_gamma
        row = cross_gamma if crossed else GREEKS[greek]
        return row(exposures, self.hedged_assets, self._row_prices)

    @cached_property
    def _row_prices(self) -> Array:
        return self.market.vector(self.hedged_assets)


def _infinite(greek: str, of: str) -> HedgeError:
    return HedgeError(f"the {greek} of {of} is not finite here: it cannot be neutralised")
