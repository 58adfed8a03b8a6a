"""Exposure: what something is worth, and how that moves with the price of each asset.

Everything here is in one numeraire, and aligned with a tuple of asset names. With P the prices and
x what is held, ``value = P·x``, ``delta = ∂value/∂P = x`` and ``gamma = ∂x/∂P``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from hedgecore.errors import AssetError, SpecError
from hedgecore.market.alignment import (
    add_arrays,
    congruent,
    pair_matrix,
    prices_of,
    scale,
    weighted_sums,
)
from hedgecore.market.labels import refuse_labels
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import broadcast, column_stack
from hedgecore.views import NamedParts, Tabular


def _names(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


def _floats(given: ArrayLike) -> Array:
    return np.asarray(given, dtype=np.float64)


def _all_floats(given: Mapping[str, ArrayLike]) -> Mapping[str, Array]:
    return {name: _floats(number) for name, number in given.items()}


class AssetGreeks(NamedTuple):
    """Greeks to the price of one asset, S each: units, cash, units per numeraire, cash per 1 %.

    Those in cash are None of an exposure whose prices are unknown.
    """

    delta: Array
    delta_cash: Array | None
    gamma: Array
    gamma_cash: Array | None


@frozen(eq=False)
class Exposure(Tabular, NamedParts[AssetGreeks]):
    """Value, delta and gamma over named assets; a vector space under ``+`` and scalar ``*``.

    Attributes:
        assets: n names.
        numeraire: the unit of all values and prices.
        value: S, worth in the numeraire.
        delta: S+(n,), ∂value/∂price of each asset: units of the asset.
        gamma: S+(n, n), ∂delta/∂price: units of the asset per numeraire; symmetric.
        other: further sensitivities by name (``"vega:WETH"``, ``"theta"``), which add linearly.
        prices: S+(n,), at which it was taken; None where unknown: then there are no cash Greeks.

    Raises:
        SpecError: shapes that do not fit the assets, or two exposures that cannot be added.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> long = hc.Exposure.of(market, 6000.0, {"WETH": 2.0})
        >>> (long - 0.5 * long).delta.tolist()
        [1.0]
        >>> long.delta_cash.tolist(), float(long["WETH"].delta)
        ([6000.0], 2.0)

    """

    assets: tuple[str, ...] = field(converter=_names)
    numeraire: str
    value: Array = field(converter=_floats)
    delta: Array = field(converter=_floats)
    gamma: Array = field(converter=_floats)
    other: Mapping[str, Array] = field(factory=dict, converter=_all_floats)
    prices: Array | None = None

    __array_ufunc__ = None  # so that ndarray * exposure is ours
    __pandas_priority__ = 5000  # and series * exposure

    def __attrs_post_init__(self) -> None:
        n = len(self.assets)
        fits = self.delta.shape[-1:] == (n,) and self.gamma.shape[-2:] == (n, n)
        if not fits or len(set(self.assets)) != n:
            shapes = f"delta {self.delta.shape}, gamma {self.gamma.shape}"
            raise SpecError(f"{shapes} do not fit the {n} different assets of {self.assets}")

    @classmethod
    def of(
        cls,
        market: Market,
        value: ArrayLike,
        delta: Mapping[str, ArrayLike],
        gamma: Mapping[tuple[str, str], ArrayLike] | None = None,
        other: Mapping[str, ArrayLike] | None = None,
    ) -> Exposure:
        """Build an exposure from numbers of shape S or less, by asset; gamma by unordered pair.

        Raises:
            AssetError: an asset that the market has no price for, or that `delta` does not name.

        """
        assets = tuple(delta)
        for what, given in {"value": value, **delta}.items():
            refuse_labels(what, given, market.shape)
        shape = np.broadcast_shapes(market.shape, *(np.shape(part) for part in delta.values()))
        block = np.broadcast_to(0.0, (*shape, *2 * (len(assets),)))
        if gamma:
            block = block.copy()
        for pair, number in (gamma or {}).items():
            if not set(pair) <= set(assets):
                raise AssetError(f"gamma names {pair}; delta names {assets}, and all must be there")
            i, j = map(assets.index, pair)
            block[..., i, j] = block[..., j, i] = number
        row = column_stack([_floats(delta[asset]) for asset in assets], shape)
        worth, prices = broadcast(_floats(value), shape), market.vector(assets)
        prices = broadcast(prices, row.shape)
        made = cls(assets, market.numeraire, worth, row, block, other or {}, prices)
        return made.in_underlying(market)

    def __add__(self, their: Exposure) -> Exposure:
        return Exposure.sum([(1.0, self), (1.0, their)])

    def __radd__(self, zero: int) -> Exposure:
        return self if zero == 0 else NotImplemented

    def __sub__(self, their: Exposure) -> Exposure:
        return Exposure.sum([(1.0, self), (-1.0, their)])

    def __mul__(self, amount: ArrayLike) -> Exposure:
        refuse_labels("the amount", amount, np.shape(self.value))
        return Exposure.sum([(amount, self)])

    __rmul__ = __mul__

    def __neg__(self) -> Exposure:
        return -1.0 * self

    def over(self, assets: Sequence[str]) -> Exposure:
        """Same exposure over `assets`, in their order.

        Raises:
            AssetError: something is held that `assets` leaves out.

        """
        return Exposure.sum([(1.0, self)], assets)

    def in_underlying(self, market: Market) -> Exposure:
        """Same exposure over underlying assets: itself, where the market has no claims.

        With p(u) the prices of what is held as functions of the underlying prices, and J = ∂p/∂u,

            Δ' = JᵀΔ,    Γ' = JᵀΓJ + Σ Δ_k ∂²p_k.

        Sensitivities to the volatility of a fixed number of an asset are to that asset's.
        """
        if not any(asset in market.assets for asset in self.assets):
            return self
        names = market.assets.underlying(self.assets)
        units = [_unit(asset, market).over(names) for asset in self.assets]
        jacobian = np.stack([each.delta for each in units], axis=-2)
        bends = np.stack([each.gamma for each in units], axis=-3)
        delta = np.sum(self.delta[..., None] * jacobian, axis=-2)
        gamma = congruent(np.ascontiguousarray(self.gamma), jacobian) + np.sum(
            self.delta[..., None, None] * bends, axis=-3
        )
        prices = broadcast(market.vector(names), delta.shape)
        other = _rename(self.other, market)
        return Exposure(names, self.numeraire, self.value, delta, gamma, other, prices)

    @property
    def known_prices(self) -> Array:
        """The prices at which this was taken, S+(n,); SpecError where they are unknown."""
        if self.prices is None:
            raise SpecError("this exposure carries no prices: give `prices` when making it")
        return self.prices

    @property
    def delta_cash(self) -> Array:
        """``P_i Δ_i``, S+(n,): the worth, in the numeraire, of each asset's delta."""
        return self.known_prices * self.delta

    @property
    def gamma_cash(self) -> Array:
        """``0.01 P_i P_j Γ_ij``, S+(n, n): the change of cash delta i as price j moves by 1 %."""
        prices = self.known_prices
        return 0.01 * prices[..., :, None] * prices[..., None, :] * self.gamma

    def lvr_rate(self, covariance: ArrayLike | Mapping[tuple[str, str], float]) -> Array:
        """Rate of loss versus rebalancing, ``−½ Σ Σ_ij P_i P_j Γ_ij``, S.

        It is what rebalancing at outside prices would have earned over the pool, per unit of the
        time that `covariance` is in (Milionis, Moallemi, Roughgarden, Zhang 2022, theorem 1).

        Args:
            covariance: of the assets' log returns, 1/time: (n, n) in the order of `assets`; or
                (asset, asset) → number, each pair once; or a frame, by its labels. Pairs with the
                numeraire are zero.

        Raises:
            AssetError: a pair is missing from the mapping: unknown is not zero.
            SpecError: the array is not (n, n).

        """
        matrix = pair_matrix(covariance, self.assets, self.numeraire)
        return np.asarray(-50.0 * np.sum(matrix * self.gamma_cash, axis=(-2, -1)))

    def _parts_by_name(self) -> dict[str, AssetGreeks]:
        gamma = np.diagonal(self.gamma, axis1=-2, axis2=-1)
        known = self.prices is not None
        cash = np.diagonal(self.gamma_cash, axis1=-2, axis2=-1) if known else None
        return {
            asset: AssetGreeks(
                self.delta[..., i][()],
                self.delta_cash[..., i][()] if known else None,
                gamma[..., i][()],
                None if cash is None else cash[..., i][()],
            )
            for i, asset in enumerate(self.assets)
        }

    @classmethod
    def sum(
        cls,
        terms: Iterable[tuple[ArrayLike, Exposure]],
        assets: Sequence[str] | None = None,
    ) -> Exposure:
        """Sum ``Σ amount · exposure``, aligned by asset name.

        Args:
            terms: at least one (amount, exposure); amounts are scalars or of shape S.
            assets: the order of the result; by default that of first appearance.

        Raises:
            SpecError: no terms, different numeraires, or exposures taken at different prices.
            AssetError: a term holds an asset that `assets` leaves out.

        """
        pairs = [(_floats(amount), exposure) for amount, exposure in terms]
        units = sorted({exposure.numeraire for _, exposure in pairs})
        if len(units) != 1:
            raise SpecError(f"exposures to add must be in one numeraire, not in {units or 'none'}")
        if assets is None:
            assets = tuple(dict.fromkeys(name for _, each in pairs for name in each.assets))
        others = dict.fromkeys(name for _, each in pairs for name in each.other)
        return cls(
            tuple(assets),
            units[0],
            add_arrays(scale(k, each.value) for k, each in pairs),
            *weighted_sums(pairs, assets),
            {n: add_arrays(scale(k, e.other[n]) for k, e in pairs if n in e.other) for n in others},
            prices_of([each for _, each in pairs], assets),
        )


def _unit(asset: str, market: Market) -> Exposure:
    """Exposure of one unit of an asset, over underlying assets."""
    if asset in market.assets:
        found: Exposure = market.assets[asset].exposure(market)
        return found
    return Exposure.of(market, market.price(asset), {asset: 1.0})


def _rename(other: Mapping[str, Array], market: Market) -> dict[str, Array]:
    """Sensitivities by name, those to one volatility added."""
    found: dict[str, Array] = {}
    for name, number in other.items():
        what, colon, asset = name.partition(":")
        its = market.assets.multiple(asset) if what == "vega" else None
        to = name if its is None else f"{what}{colon}{its[0]}"
        found[to] = found[to] + number if to in found else number
    return found
