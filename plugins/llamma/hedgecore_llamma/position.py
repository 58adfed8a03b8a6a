"""`llamma`: a position in Curve's lending AMM, with the debt that it secures.

The contract holds x of the borrowed asset and y of the collateral in each band, on the invariant
(f + x)(g + y) = p A² y₀², f = A y₀ p²/pu and g = (A−1) y₀ pu/p at the oracle price p, with pu and
pd the oracle prices that the band is between. y₀ is the larger root at (x, y, p). At the price P

- frozen at p, a band is a range of L = A y₀ √p between p³/pu² and p³/pd²;
- tracking, with W = pu² − A (pu − P)² and y↑ what the band holds above pu,

      y = y↑ pu² A (P − pd)/W^(3/2),    x = y↑ A pu P² (pu − P)/W^(3/2),
      Γ = y↑ pu² A (W − 3A (P − pd)(pu − P))/W^(5/2),

  and with m = 3A (P − pd)(pu − P)/W the oracle's steps cost (3/2 − m) σ² P² Γ a year, which is
  (1 − m) σ² P² Γ net of what convexity gains.

Source: Egorov, *Curve stablecoin*, 2022, and `AMM.vy`; the limit of small steps is derived here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import Attribute, field, frozen

from hedgecore import AssetError, Exposure, Market, StatedPrice, divide_exact, fields, in_numeraire
from hedgecore.market.finite import FinitePricing
from hedgecore.units import DAYS_PER_YEAR
from hedgecore_llamma.frozen import Frozen
from hedgecore_llamma.grid import (
    DECADES,
    Array,
    Prices,
    decades,
    market_price,
    prices,
    upper_edge,
)
from hedgecore_llamma.ladder import Curve, Held, Ladder
from hedgecore_llamma.sensitivity import Bands, frozen_slopes, tracking_slope
from hedgecore_llamma.tracking import Tracking, settle_bands

ORACLES = ("frozen", "tracking")
MOST_BANDS, FARTHEST, MOST_A = 10_000, 100_000, 100_000


def _word(model: Llamma, its: Attribute[str], word: str) -> None:
    if word not in ORACLES:
        raise fields.wrong(
            model, its.name, f"must be one of {', '.join(ORACLES)}, not {word!r:.80}"
        )


def _once_each(model: Llamma, its: Attribute[Any], rows: tuple[tuple[Any, ...], ...]) -> None:
    bands = [row[0] for row in rows]
    if len(set(bands)) < len(bands):
        twice = next(band for band in bands if bands.count(band) > 1)
        raise fields.wrong(model, its.name, f"has band {twice} twice: add x and y up")


def _another(model: Llamma, its: Attribute[str], borrowed: str) -> None:
    if borrowed == model.collateral:
        raise fields.wrong(model, its.name, f"must not be the collateral, {borrowed!r}")


def _in_range(model: Llamma, its: Attribute[Any], amplification: int) -> None:
    """Refuse bands so far out that doubles have no price for them."""
    for band, *_ in model.bands:
        edge = upper_edge(model.base_price, amplification, band + 1)
        both = edge, market_price(model.oracle_price, edge)
        far = max(both, key=lambda price: abs(decades(price)))
        if abs(decades(far)) > DECADES:
            reason = f"{amplification} puts band {band} at a price of 1e{decades(far):.0f}"
            given = f"base_price {model.base_price!r}, oracle_price {model.oracle_price!r}"
            raise fields.wrong(model, its.name, f"{reason}, beyond 1e±{DECADES:.0f}: {given}")


@frozen(kw_only=True)
class Llamma(FinitePricing):
    """A position in a LLAMMA less its debt, with the oracle frozen, or tracking the market.

    Frozen, it follows the market as a range does, and gamma is negative. Tracking, gamma is
    positive where the oracle is in a band, and each step of the oracle costs more than it gains.
    """

    kind = "llamma"
    contract_size = 1.0
    lot = 0.0
    min_size = 0.0
    example = {
        "name": "wstETH loan",
        "collateral": "wstETH",
        "borrowed": "crvUSD",
        "bands": [[10, 0.0, 1.0], [11, 0.0, 1.0], [12, 0.0, 1.0], [13, 0.0, 1.0]],
        "amplification": 100,
        "base_price": 4_000.0,
        "oracle_price": 3_560.0,
        "oracle": "tracking",
        "debt": 12_000.0,
        "vol": 0.6,
    }

    name: str = fields.name("what the order goes by", default="llamma")
    collateral: str = fields.name("what is pledged, y of a band")
    borrowed: str = fields.name("what is owed, x of a band; prices are in it", validator=_another)
    bands: tuple[tuple[int, float, float], ...] = fields.rows(
        "the bands it is in, and what they hold",
        fields.whole_column("n", "number", -FARTHEST, FARTHEST),
        fields.column("x", "whole units of the borrowed asset", fields.NONNEGATIVE, exact=True),
        fields.column("y", "whole units of the collateral", fields.NONNEGATIVE, exact=True),
        most=MOST_BANDS,
        validator=_once_each,
    )
    base_price: float = fields.number("the upper price of band 0", "borrowed per collateral")
    oracle_price: float = fields.number(
        "the oracle's, at which the bands hold that", "borrowed per collateral"
    )
    amplification: int = fields.integer(
        "A: a band is 1/A of its price wide", "ratio", 2, MOST_A, validator=_in_range
    )
    oracle: str = field(
        default="tracking",
        validator=_word,
        metadata={
            "about": "whether the oracle's price stays as the market's moves, or is the market's",
            "unit": "word",
            "rule": f"one of {', '.join(ORACLES)}",
        },
    )
    debt: float = fields.number(
        "what is owed; it stands still", "borrowed units", fields.NONNEGATIVE, default=0
    )
    vol: float | None = fields.number(
        "annual volatility of the collateral in the borrowed asset, for the carry; the market's"
        " for the collateral unless given",
        "per square root of a year",
        fields.NONNEGATIVE,
        optional=True,
    )
    share: float = fields.number("how much of it is held", "fraction of the position", default=1.0)
    fee: float | None = fields.fee(
        "cost of trading it, a fraction of the notional; None if unknown"
    )

    @property
    def hedges(self) -> tuple[str, ...]:
        """The collateral."""
        return (self.collateral,)

    @property
    def assets(self) -> tuple[str, str]:
        """The collateral, and the borrowed asset, which prices are in."""
        return self.collateral, self.borrowed

    @cached_property
    def ladder(self) -> Ladder:
        """The bands in the order of their prices, with what they hold at each."""
        rising = self.oracle == "frozen"
        rows = self._held(sorted(self.bands, reverse=not rising))
        edges = [
            [upper_edge(self.base_price, self.amplification, int(n) + at) for n in rows[:, 0]]
            for at in (0, 1)
        ]
        y0 = self._y0(rows, prices(edges[0]).high)
        if not rising:
            top, low = map(prices, edges)
            oracle = Prices(self.oracle_price, 0.0)
            curve: Curve = Tracking(
                settle_bands(y0, oracle, low, top, self.amplification), self.amplification
            )
            return Ladder(low, top, curve)
        low, top = (
            prices([market_price(self.oracle_price, each) for each in row]) for row in edges
        )
        return Ladder(low, top, Frozen(self.amplification * y0 * math.sqrt(self.oracle_price)))

    def worth(self, market: Market) -> Array:
        """Worth of the bands, less the debt, at the market's prices, numeraire, S."""
        prices, held = self._prices_and_holdings(market)
        return np.asarray(prices[0] * held.collateral + prices[1] * self._less_debt(held))

    def exposure(self, market: Market) -> Exposure:
        """Exposure to both assets; the debt is short of the borrowed one."""
        _, held = self._prices_and_holdings(market)
        holdings = held.collateral, self._less_debt(held)
        return in_numeraire(self.assets, holdings, held.gamma[None, None], market)

    def stated_prices(self, _market: Market, /) -> Mapping[str, StatedPrice]:
        """Oracle price, and where the bands end, of the collateral in the borrowed asset."""
        top = upper_edge(self.base_price, self.amplification, min(n for n, *_ in self.bands))
        found = {"oracle_price": self.oracle_price, "bands' upper price": float(top)}
        return {name: StatedPrice(price, *self.assets) for name, price in found.items()}

    @classmethod
    def frozen_fields(cls) -> Mapping[str, str]:
        """Field → what moves it."""
        interest = "the interest on the debt"
        return {"oracle_price": "the oracle", "base_price": interest, "debt": interest}

    def frozen_slopes(self, market: Market, /) -> Mapping[str, Any]:
        """Field → ∂worth/∂ln(field), S, in the numeraire; the bands' x and y as they are.

        A tracking oracle has no price of its own.
        """
        collateral, borrowed = (market.price(asset) for asset in self.assets)
        price = collateral / borrowed
        found = {"debt": -self.share * self.debt * borrowed} if self.debt else {}
        if self.oracle == "tracking":
            return {"base_price": tracking_slope(self._bands, price) * borrowed, **found}
        oracle, base = (slope * borrowed for slope in frozen_slopes(self._bands, price))
        return {"oracle_price": oracle, "base_price": base, **found}

    def _held(self, bands: Sequence[tuple[int, float, float]]) -> Array:
        """Rows (K, 3) of bands, the part of x and y that is held."""
        return np.array(bands, dtype=np.float64).reshape((-1, 3)) * (1, self.share, self.share)

    @property
    def _bands(self) -> Bands:
        """Bands that hold anything, at their state."""
        rows = self._held([row for row in self.bands if row[1] or row[2]])
        upper = prices(
            [upper_edge(self.base_price, self.amplification, int(n)) for n in rows[:, 0]]
        ).high
        y0 = self._y0(rows, upper)
        return Bands(self.oracle_price, self.amplification, upper, y0, rows[:, 1], rows[:, 2])

    def carry(self, market: Market) -> Array:
        """Carry of the position, numeraire a day, S: the cost of the oracle's steps, negative.

        That is −(3/2 − m) σ² P² Γ a year: beside the ½ Γ dP² of convexity that the worth gains.
        With the oracle frozen there are no steps, and it is 0. Interest on the debt is not in it.

        Raises:
            AssetError: no volatility is known: unknown is not zero.

        """
        return -self._cost(market, 1.5) / DAYS_PER_YEAR

    def net_loss(self, market: Market) -> Array:
        """Net loss a day while the delta is hedged, numeraire, S.

        Tracking, (1 − m) σ² P² Γ a year: the steps of the oracle less what convexity gains. Frozen,
        the loss versus rebalancing of a range, −½ σ² P² Γ.

        Raises:
            AssetError: no volatility is known.

        """
        _, held = self._prices_and_holdings(market)
        if self.oracle == "frozen":
            variance = self._vol(market) ** 2 / DAYS_PER_YEAR
            return np.asarray(-0.5 * variance * self._bend(market, held))
        return self._cost(market, 1.0) / DAYS_PER_YEAR

    def _cost(self, market: Market, part: float) -> Array:
        """(part − m) σ² P² Γ, S, in the numeraire per year; 0 with the oracle frozen."""
        _, held = self._prices_and_holdings(market)
        if self.oracle == "frozen":
            return np.zeros(np.shape(held.gamma))
        bend = self._bend(market, held) * (part - held.skew)
        return np.asarray(self._vol(market) ** 2 * bend)

    def _bend(self, market: Market, held: Held) -> Array:
        """P² Γ, S, in the numeraire."""
        collateral, borrowed = (market.price(asset) for asset in self.assets)
        return np.asarray(collateral * (collateral / borrowed) * held.gamma)

    def _vol(self, market: Market) -> Any:
        if self.vol is not None:
            return self.vol
        if self.collateral not in market.vols:
            reason = (
                f"the market has no volatility of {self.collateral!r:.80} for {self.name!r:.80}"
            )
            raise AssetError(f"{reason}: give it among `vols`, or as the field `vol`")
        return np.asarray(market.vols[self.collateral], dtype=np.float64)

    def _less_debt(self, held: Held) -> Array:
        return np.asarray(held.borrowed - self.share * self.debt)

    @np.errstate(all="ignore")
    def _prices_and_holdings(self, market: Market) -> tuple[tuple[Array, Array], Held]:
        """Prices of both assets, and what is held at their exact ratio, S."""
        both = market.price(self.collateral), market.price(self.borrowed)
        shape = np.broadcast_shapes(market.shape, *(each.shape for each in both))
        parts = divide_exact(*both) if both[1].ndim or both[1] != 1.0 else (both[0], 0.0)
        ratio = Prices(*(np.broadcast_to(part, shape).ravel() for part in parts))
        return both, Held(*(part.reshape(shape) for part in self.ladder.holdings(ratio)))

    def _y0(self, rows: Array, upper: Array) -> Array:
        """Solution y₀ of bands, the larger root of p A y₀² − b y₀ − x y = 0, all of one sign."""
        p, a = self.oracle_price, float(self.amplification)
        _, x, y = rows.T
        middle = upper / p * (a - 1.0) * x + p / upper * p * a * y
        root = np.hypot(middle, 2.0 * np.sqrt(p * a) * np.sqrt(x) * np.sqrt(y))
        return np.asarray((middle + root) / (2.0 * p * a))
