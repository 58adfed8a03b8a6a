"""A pool as it stands now, at its own price, whatever the market says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.market.numeraire import in_numeraire
from hedgecore.market.portfolio import Portfolio
from hedgecore.numerics.arrays import Array
from hedgecore.pools.evaluation import gamma_at
from hedgecore.pools.formulas import call


@frozen(eq=False)
class AtState:
    """A pool as it stands: its holdings do not move with the market, its curvature is known.

    Within the fee band nobody moves a pool. Delta is what it holds; gamma is the curve's at the
    pool's own spot, in the market's numeraire, so that ``P·Δ = V`` and ``ΓP = 0`` hold.

    """

    model: Any
    spot: Any

    @property
    def assets(self) -> tuple[str, ...]:
        """The pool's, the quote last."""
        names: tuple[str, ...] = self.model.assets
        return names

    @classmethod
    def aggregate(
        cls, columns: Mapping[str, Sequence[Any]], amounts: Sequence[float]
    ) -> FixedHoldings:
        """Sum of pools of the same assets as they stand: what they hold, together."""
        parts = zip(amounts, *(columns[name] for name in ("model", "spot")), strict=True)
        states = [(amount, cls(model, spot)) for amount, model, spot in parts if amount]
        n = len(columns["model"][0].assets)
        held, gamma = np.zeros(n), np.zeros((n - 1, n - 1))
        for amount, state in states:
            here = state.holdings()
            held, gamma = held + amount * here.amounts, gamma + amount * here.gamma
        return FixedHoldings(columns["model"][0].assets, held, gamma)

    def from_own_state(self, market: Market) -> OnCurve:
        """Pool where its curve leads from its own state, as prices move from here."""
        return OnCurve(self.model, np.reshape(self.spot, (-1,)), market)

    def enter(self, market: Market) -> Priced:  # noqa: ARG002 - as `SupportsEntry` asks
        """Pool on its curve: where prices move far enough it follows them."""
        model: Priced = self.model
        return model

    def worth(self, market: Market) -> Array:
        """Worth of what is held at the market's prices, S."""
        return np.asarray(np.sum(market.vector(self.assets) * self._amounts(), axis=-1))

    def exposure(self, market: Market) -> Exposure:
        """Exposure of what is held, with the curvature at the pool's own spot."""
        return self.holdings().exposure(market)

    def holdings(self) -> FixedHoldings:
        """Amounts held, and the gamma there."""
        amounts, m = self._amounts(), len(self.assets) - 1
        spot = np.reshape(self.spot, (-1, 1))
        gamma = gamma_at(self.model._evaluation, spot, amounts[:, None])  # noqa: SLF001
        return FixedHoldings(self.assets, amounts, gamma.reshape((m, m)))

    def _amounts(self) -> Array:
        held = call(self.model.kind, self.model._current_holdings)  # noqa: SLF001
        return np.array(self.model.greeks(self.spot).holdings if held is None else held)


@frozen(eq=False)
class OnCurve:
    """A pool that is at its own spot where the market is `here`, and follows it from there.

    As its assets' prices move in the quote, so does its own price, by the same factors.

    Attributes:
        model: the pool.
        spot: (m,), its own prices in the quote.
        here: the market at which it stands there.

    """

    model: Any
    spot: Array
    here: Market

    @property
    def assets(self) -> tuple[str, ...]:
        """The pool's, the quote last."""
        names: tuple[str, ...] = self.model.assets
        return names

    @classmethod
    def aggregate(cls, columns: Mapping[str, Sequence[Any]], amounts: Sequence[float]) -> Curves:
        """Sum of pools of the same assets, those that stand at one spot together."""
        groups, here = dict[bytes, list[int]](), columns["here"][0]
        for i, spot in enumerate(columns["spot"]):
            groups.setdefault(spot.tobytes(), []).append(i)
        terms = list[tuple[float, OnCurve]]()
        for places in groups.values():
            alike = Portfolio((str(i), columns["model"][i], amounts[i]) for i in places)
            spot = columns["spot"][places[0]]
            terms += [(amount, cls(model, spot, here)) for amount, model in alike.terms]
        return Curves(tuple(terms))

    def worth(self, market: Market) -> Array:
        """Worth at the market's prices, S."""
        return self.exposure(market).value

    def exposure(self, market: Market) -> Exposure:
        """Exposure of what the pool holds once it has followed the market."""
        moved = market.vector(self.assets) / self.here.vector(self.assets)
        own = self.spot * moved[..., :-1] / moved[..., -1:]
        pair = len(self.assets) == 2  # noqa: PLR2004 - a price, and no array of one
        found = self.model.greeks(own[..., 0] if pair else own)
        gamma = found.gamma[..., None, None] if pair else found.gamma
        parts = np.moveaxis(found.holdings, -1, 0)
        return in_numeraire(self.assets, parts, np.moveaxis(gamma, (-2, -1), (0, 1)), market)


@frozen(eq=False)
class Curves:
    """Amounts of pools that follow the market from their own spots, as one thing."""

    terms: tuple[tuple[float, OnCurve], ...]

    def worth(self, market: Market) -> Array:
        """Worth at the market's prices, S."""
        return self.exposure(market).value

    def exposure(self, market: Market) -> Exposure:
        """Exposure of all of them."""
        return Exposure.sum((amount, pool.exposure(market)) for amount, pool in self.terms)


@frozen(eq=False)
class FixedHoldings:
    """Amounts of n assets that stay as they are, and the gamma (m, m) of the curves they are on."""

    assets: tuple[str, ...]
    amounts: Array
    gamma: Array

    def worth(self, market: Market) -> Array:
        """Worth at the market's prices, S."""
        return np.asarray(np.sum(market.vector(self.assets) * self.amounts, axis=-1))

    def exposure(self, market: Market) -> Exposure:
        """Exposure, with the curvature in the market's numeraire."""
        shape = (1,) * len(market.shape)
        return in_numeraire(
            self.assets, list(self.amounts), self.gamma.reshape(self.gamma.shape + shape), market
        )
