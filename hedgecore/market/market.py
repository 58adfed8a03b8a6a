"""The market: prices of named assets in one named numeraire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import cmp_using, evolve, field, frozen
from numpy.typing import ArrayLike

from hedgecore.errors import AssetError, PriceError, SpecError, did_you_mean
from hedgecore.market.assets import AssetMap, Claim
from hedgecore.market.labels import by_name, is_frame, refuse_labels, refuse_misaligned
from hedgecore.market.prices import named_prices, positive_price, price_array
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import column_stack, common_shape
from hedgecore.units import DAYS_PER_YEAR
from hedgecore.views import NamedParts, Tabular


def _numbers(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(by_name(given, "vols and rates")))


def _asset_map(given: Mapping[str, Claim]) -> AssetMap:
    return given if isinstance(given, AssetMap) else AssetMap(given)


def _alike(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    same = (np.array_equal(ours[name], theirs[name]) for name in ours if name in theirs)
    return ours.keys() == theirs.keys() and all(same)


def _moment(given: Any) -> Any:
    return given if given is None or np.ndim(given) == 0 else _floats(given)


def _floats(given: ArrayLike) -> Array:
    array = np.array(given, dtype=np.float64)
    array.flags.writeable = False
    return array


FIELDS = ("prices", "numeraire", "time", "assets", "vols", "rates")
_mapping = cmp_using(eq=_alike)
_array = cmp_using(eq=np.array_equal)


@frozen(kw_only=True, hash=False)
class Market(Tabular, NamedParts[Array]):
    """Prices of assets in a named numeraire, and what instruments need besides.

    The numeraire is a *name*: "whoever costs 1" would be wrong for a stablecoin that happens to
    trade at 1. If the numeraire is itself an asset, its price is 1 and any other is a SpecError.

    Attributes:
        prices: asset → price in the numeraire, positive and finite; arrays broadcast to one
            shape S, and every result then has shape S+(…). A series labelled by asset will do, and
            a frame whose columns are assets.
        numeraire: the name of the unit that all prices and values are in.
        time: the moment, in years, from any origin; None where nothing depends on it. An array
            of moments broadcasts to S, as prices do.
        assets: asset → what one of it is, a claim on others; it has no price of its own, and its
            volatility is that of what it is a fixed number of.
        vols: asset → volatility per square root of a year.
        rates: name → continuously compounded interest rate per year.

    Raises:
        PriceError: a price is not positive and finite, or shapes do not broadcast.
        SpecError: the numeraire is given a price other than 1, or a claim a price of its own.

    Example:
        >>> market = hc.Market(prices={"WETH": [2900.0, 3100.0], "USDC": 1.0}, numeraire="USD")
        >>> market.shape
        (2,)
        >>> market.vector(["WETH", "USDC"]).tolist()
        [[2900.0, 1.0], [3100.0, 1.0]]
        >>> market.price("USD").tolist()
        1.0

    """

    prices: Mapping[str, Array] = field(converter=named_prices, eq=_mapping)
    numeraire: str = "USD"
    time: Any = field(default=None, converter=_moment, eq=_array)
    assets: AssetMap = field(factory=AssetMap, converter=_asset_map)
    vols: Mapping[str, Any] = field(factory=dict, converter=_numbers, eq=_mapping)
    rates: Mapping[str, Any] = field(factory=dict, converter=_numbers, eq=_mapping)

    def __attrs_pre_init__(
        self, prices: Any, vols: Any = None, rates: Any = None, time: Any = None, **_: Any
    ) -> None:
        named = {"prices": prices, "vols": vols, "rates": rates}
        refuse_misaligned(**{name: _rows_of(each) for name, each in named.items()}, time=time)

    def __attrs_post_init__(self) -> None:
        own = self.prices.get(self.numeraire)
        if own is not None and np.any(own != 1.0):
            reason = f"{self.numeraire} is the numeraire, so its price is 1, not {own}"
            raise SpecError(reason, kind="market", field=f"prices.{self.numeraire}")
        if self.assets:
            self._apply_assets()
        _ = self.shape

    def _apply_assets(self) -> None:
        """Refuse a claim's own price, and give it the volatility of what it is a multiple of."""
        for asset, claim in self.assets.items():
            if asset in self.prices or asset == self.numeraire:
                others = " and ".join(claim.assets)
                reason = f"its price follows from {others} by the assets: give it none of its own"
                raise SpecError(reason, kind="market", field=f"prices.{asset}")
        object.__setattr__(self, "vols", _numbers(self.assets.all_vols(self.vols)))

    def __reduce__(self) -> tuple[Any, ...]:
        fields = (getattr(self, name) for name in FIELDS)
        plain = (dict(part) if isinstance(part, Mapping) else part for part in fields)
        return _rebuild, tuple(plain)

    def _parts_by_name(self) -> dict[str, Array]:
        return {asset: self.price(asset) for asset in (*self.prices, *self.assets)}

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """The shape S to which all prices broadcast."""
        alike = {price.shape for price in self.prices.values()} | _shapes(self.time)
        try:
            return common_shape(alike)
        except ValueError as error:
            shapes = {asset: price.shape for asset, price in self.prices.items()}
            shapes |= dict.fromkeys(["time"] * len(_shapes(self.time)), np.shape(self.time))
            raise PriceError(f"the prices' shapes do not broadcast: {shapes}") from error

    def replace_unchecked(self, **parts: Any) -> Market:
        """Market with other fields, parts of those of a market that has checked them.

        For loops that cut one market into many: nothing is converted, copied or looked at.
        """
        other = object.__new__(type(self))
        for name, part in ({name: getattr(self, name) for name in FIELDS} | parts).items():
            known = MappingProxyType(part) if isinstance(part, dict) else part
            object.__setattr__(other, name, known)
        return other

    def with_prices(self, prices: Mapping[str, Array], vols: Mapping[str, Any]) -> Market:
        """Market with these prices and vols too: arrays that are looked at, and not copied.

        Whoever gives them leaves them as they are.
        """
        known = {asset: positive_price(asset, price) for asset, price in prices.items()}
        other = self.replace_unchecked(
            prices={**self.prices, **known}, vols={**self.vols, **vols} if vols else self.vols
        )
        other.__attrs_post_init__()
        return other

    def price(self, asset: str) -> Array:
        """Price of `asset` in the numeraire, as given; 1 for the numeraire itself.

        The price of a claim follows from those of what it is on.

        Raises:
            AssetError: the market has no price for it.

        """
        if asset in self.prices:
            return self.prices[asset]
        if asset == self.numeraire:
            return np.ones(())
        if asset in self.assets:
            return price_array(asset, self.assets[asset].worth(self))
        names = [*self.prices, *self.assets]
        known, near = ", ".join(names) or "none", did_you_mean(asset, names)
        raise AssetError(f"the market has no price for {asset!r:.80} (it has {known:.200}){near}")

    def vector(self, assets: Iterable[str]) -> Array:
        """Prices of `assets`, S+(n,), stacked in that order on a last axis."""
        rows, shape = [self.price(asset) for asset in assets], self.shape
        if not rows or not shape:
            return np.array(rows).reshape((*shape, len(rows)))
        return column_stack(rows, shape)

    def shifted(
        self,
        *,
        prices: Mapping[str, ArrayLike] | None = None,
        vols: Mapping[str, ArrayLike] | None = None,
        days: ArrayLike = 0.0,
    ) -> Market:
        """Market with other prices and volatilities, `days` later; the rest stays.

        Of a market of one price each; where it has no time, its time is 0. Arrays broadcast as
        NumPy's do: (N, 1) and (M,) make a grid of (N, M) scenarios.

        Args:
            prices: asset → new prices, or a series or a frame of them, as a market takes them;
                that of a fixed number of another moves the other.
            vols: asset → new volatilities, per square root of a year.
            days: that pass, 0 or more.

        Raises:
            AssetError: the market has no such price, or no such volatility.
            PriceError: a price is not positive and finite, or shapes do not broadcast.
            SpecError: the numeraire is to move, a volatility is negative, or days are.

        """
        given, moved = _moves(prices, vols, days)
        rest = {name: each.shape for name, each in self.prices.items() if name not in given}
        for name, each in (*given.items(), *moved.items(), ("days", days)):
            refuse_labels(name, each, np.broadcast_shapes(*rest.values()))
        bent = _volatilities(self, moved)
        for asset in given:
            self.price(asset)
        new = self.assets.underlying_prices(given)
        if self.numeraire in new:
            reason = f"{self.numeraire} is the numeraire, whose price is always 1"
            raise SpecError(reason, kind="scenario")
        whole = evolve(
            self, prices={**self.prices, **new}, vols=bent, time=_later(self, np.asarray(days))
        )
        return _broadcast(whole, [whole.vols[name] for name in moved])


def _rows_of(given: Any) -> Any:
    """Numbers whose rows may be labelled: not a series by asset, whose labels are names."""
    return given if isinstance(given, Mapping) or is_frame(given) else None


def _moves(prices: Any, vols: Any, days: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """New prices and volatilities by name, whose rows are alike where they have labels."""
    refuse_misaligned(prices=_rows_of(prices), vols=_rows_of(vols), days=days)
    return (
        by_name({} if prices is None else prices, "prices"),
        by_name({} if vols is None else vols, "vols"),
    )


def _shapes(time: Any) -> set[tuple[int, ...]]:
    """Shape of an array of moments; of one moment none."""
    return {time.shape} if isinstance(time, np.ndarray) and time.ndim else set()


def _rebuild(*fields: Any) -> Market:
    """Unpickle: read-only views of mappings do not pickle, plain mappings do."""
    return Market(**dict(zip(FIELDS, fields, strict=True)))


def _later(market: Market, days: Array) -> Any:
    """Market's time some days later; as it is, where none passes."""
    if not np.all((days >= 0) & (days < np.inf)):
        raise SpecError(f"must be 0 or more, not {np.min(days):g}", kind="scenario", field="days")
    origin = 0.0 if market.time is None else market.time
    return (origin + days / DAYS_PER_YEAR)[()] if np.any(days) else market.time


def _volatilities(market: Market, vols: Mapping[str, ArrayLike]) -> dict[str, Any]:
    for name, given in vols.items():
        if name not in market.vols:
            known = ", ".join(market.vols) or "none"
            near = did_you_mean(name, market.vols)
            raise AssetError(f"the market has no volatility of {name!r:.80} (it has {known}){near}")
        number = np.asarray(given, dtype=np.float64)
        if not np.all((number >= 0) & (number < np.inf)):
            reason = f"must be finite, and 0 or more, not {given!r:.80}"
            raise SpecError(reason, kind="scenario", field=f"vols.{name:.80}")
    new = market.assets.underlying_vols(vols)
    return {**market.vols, **{name: np.asarray(each, float) for name, each in new.items()}}


def _broadcast(market: Market, others: Iterable[Array]) -> Market:
    """Market with a shape that the arrays of `others` have a part in."""
    shape = np.broadcast_shapes(market.shape, *(each.shape for each in others))
    if shape == market.shape or not market.prices:
        return market
    first = next(iter(market.prices))
    wide = {**market.prices, first: np.broadcast_to(market.prices[first], shape)}
    return evolve(market, prices=wide)
