"""CryptoSwap pools: Curve's twocrypto and tricrypto, the old and the new ones, 2 or 3 coins.

The mathematics stands in `invariant` (the curve), `state` (at any price) and `curvature` (gamma).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, reduce
from operator import add
from typing import Any

import numpy as np
from attrs import Attribute, frozen
from numpy.typing import ArrayLike

from hedgecore import BasketPool, Kernel, Market, fields, hookimpl, prices_in_quote
from hedgecore.pools.scaled import scale_value
from hedgecore_curve_cryptoswap import curvature, invariant, kernels, schema, start, state


def _not_zero(model: CurveCryptoswap, its: Attribute[Any], given: float) -> None:
    if not given > 0:
        raise fields.wrong(model, its.name, f"must be {fields.POSITIVE.says}, not {given!r}")


@frozen(kw_only=True)
class CurveCryptoswap(BasketPool):
    """A share of a CryptoSwap pool, on its curve as it is now; fees earned are in the balances.

    Frozen: `price_scale`. The pool re-pegs it after trades, where its profit allows, and the curve
    moves with it, which no function of the price alone can tell: take it from the contract anew.
    `repeg_value` says what a change of it is worth. The invariant D and the price at which the pool
    stands follow from the balances; `last_prices` is the last trade's, and up to 2 % off.
    """

    kind = "curve-cryptoswap"
    accepts_floats = True
    example = {
        "coins": ["USDC", "WBTC", "WETH"],
        "amplification": 1_707_629,
        "gamma": 11_809_167_828_997 / 10**18,
        "balances": [4_210_000.0, 61.3, 2_020.0],
        "price_scale": [68_930.0, 2_081.0],
        "share": 0.001,
    }

    coins: tuple[str, ...] = fields.names("of the pool, in the contract's order", most=3)
    amplification: float = fields.number(
        "A as the contract's A() gives it", "a_multiplier · Ann", exact=True, validator=_not_zero
    )
    a_multiplier: float = fields.number("what A is over: Ann = A/it", "1", default=10_000.0)
    curve_gamma: float = schema.gamma()
    coin_balances: tuple[float, ...] = schema.balances()
    price_scale: tuple[float, ...] = schema.price_scale()
    share: float = fields.share()
    fee: float | None = fields.fee()

    @property
    def assets(self) -> tuple[str, ...]:  # type: ignore[override]
        """All coins but the first, and then the first, the quote."""
        return (*self.coins[1:], self.coins[0])

    @property
    def balances(self) -> tuple[float, ...]:
        """Balances of the whole pool, in the order of `assets`."""
        return (*self.coin_balances[1:], self.coin_balances[0])

    @cached_property
    def curve(self) -> invariant.Curve:
        """Ann and gamma."""
        return invariant.Curve(float(self.amplification) / self.a_multiplier, self.curve_gamma)

    @property
    def invariant(self) -> float:
        """D of the whole pool, in units of coin 0: its worth where prices are the price scale."""
        return self._state[0]

    def repeg_value(self, price: ArrayLike) -> Any:
        """Sensitivity ∂value/∂ln(price_scale) at fixed balances, S+(n − 1,) of the quote.

        V·cᵢ − pᵢxᵢ, where cᵢ is the part of the worth that coin i is at the pool's own spot. Zero
        there; elsewhere what the curve gives up, to first order, where a re-peg moves it with the
        balances as they are.
        """
        return scale_value(self, self.balances, price)[..., :-1]

    @classmethod
    def frozen_fields(cls) -> Mapping[str, str]:
        """Field → what moves it."""
        ramps = "ramps of the pool's owner"
        repeg = "re-pegs of the pool, after trades"
        return {"price_scale": repeg, "amplification": ramps, "gamma": ramps}

    def frozen_slopes(self, market: Market, /) -> Mapping[str, Any]:
        """Field → ∂worth/∂ln(field), S or S+(n − 1,), in the numeraire.

        Of the amplification and gamma, V (∂ln D − ∂ln D there) at the balances and at what is held.
        """
        price, quote = prices_in_quote(self.assets, market)
        here = invariant.elasticities(self.curve, self._state[1], len(self.coins))
        there = invariant.elasticities(self.curve, self._unevenness(market), len(self.coins))
        worth = quote * self.value(price)
        slopes = [worth * (one - other) for one, other in zip(here, there, strict=True)]
        repeg = self.repeg_value(price) * quote[..., None]
        return {"price_scale": repeg, "amplification": slopes[0], "gamma": slopes[1]}

    def _unevenness(self, market: Market) -> Any:
        """Unevenness v at the market's prices, S."""
        prices = [market.price(asset) + np.zeros(market.shape) for asset in self.assets]
        rises = state.rises([price.ravel() for price in prices], self._scales)
        return np.reshape(state.solve(self.curve, rises).v, market.shape)

    @property
    def _scales(self) -> tuple[float, ...]:
        """Factors by which balances are multiplied, one of each asset."""
        return (*self.price_scale, 1.0)

    @cached_property
    def _state(self) -> tuple[float, float]:
        """D and v of the balances."""
        xp = [scale * held for scale, held in zip(self._scales, self.balances, strict=True)]
        return invariant.invariant(self.curve, xp)

    def _holdings(self, prices: Any) -> Any:
        shares = state.shares(self.curve, prices, self._scales)
        worth = self.share * self.invariant
        return [each * (worth / scale) for each, scale in zip(shares, self._scales, strict=True)]

    def _gamma(self, prices: Any, holdings: Any) -> Any:
        worths = [price * held for price, held in zip(prices, holdings, strict=True)]
        point = self._point(prices, holdings, worths)
        return curvature.gamma(point, holdings, reduce(add, worths))

    def _point(self, prices: Any, holdings: Any, worths: Any) -> curvature.Point:
        """Point of the pool: its own state is exact, and its spot a rounded number."""
        d, v = self._state
        worth = self.share * d
        x = [held * (scale / worth) for held, scale in zip(holdings, self._scales, strict=True)]
        if np.size(worths[0]) == 1 and np.array_equal(np.ravel(holdings), self._current_holdings()):
            return curvature.point_from_v(self.curve, v, x, worths)
        return curvature.point_from_prices(self.curve, x, prices, self._scales)

    def _kernel(self) -> Kernel | None:
        if not all(invariant.SMALLEST <= each <= invariant.LARGEST for each in self.curve):
            return None  # the formulas refuse it
        worth = self.share * self.invariant
        units = np.array([(worth / scale, scale) for scale in self._scales])
        table = start.cubics(self.curve, len(self.coins))
        return Kernel(kernels.greeks, (*self.curve, units, table), kernels.flat)

    def _spot(self) -> Any:
        """Scale (1 + a / x) of each coin in that of coin 0."""
        d, v = self._state
        a = invariant.terms(self.curve, v).a
        *rest, quote = (
            scale + a * d / held for scale, held in zip(self._scales, self.balances, strict=True)
        )
        return [each / quote for each in rest]

    def _current_holdings(self) -> Any:
        return self.share * np.array(self.balances)


@hookimpl
def hedgecore_pools() -> list[type[CurveCryptoswap]]:
    """Provide `curve-cryptoswap`."""
    return [CurveCryptoswap]
