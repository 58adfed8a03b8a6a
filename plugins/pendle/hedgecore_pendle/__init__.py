"""Pendle v2 markets: principal tokens (PT) against the asset that they are redeemed for.

The contract exchanges at E = logit(p)/S + anchor of PT for one asset, with p the part of PT in
PT + asset and S = scalarRoot / years to expiry; the anchor is such that E is e^(rT) at the state,
r the last implied rate. Each trade is priced at its end; the curve here is the limit of small ones.
At the price P = 1/E of PT in the asset

    logit p = logit p₀ + S ((1 − P) − P (e^(rT) − 1)) / P,
    x = p N,    y = (1 − p) N,    Γ = −S x y / (P² V),

with N from `size`. The time to expiry and the implied rate stand still here. As time passes the
reserves stay, and the price that they stand for rises by r P a year: at the market's own state the
worth does not change, and delta does, by the charm −Γ r P.

Source: Pendle, *Pendle V2 AMM*, and `MarketMathCore.sol`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Context, Decimal, localcontext
from functools import cached_property
from typing import Any

import numpy as np
from attrs import Attribute, frozen

from hedgecore import Market, PairPool, fields, hookimpl, prices_in_quote
from hedgecore_pendle.sensitivity import size_slopes
from hedgecore_pendle.size import Size, exponential, shares

EXACT = Context(prec=50, Emin=-999999, Emax=999999)
"""Decimal arithmetic with 50 digits; ours alone, no process-wide setting is touched."""
STEEPEST = 1e12
"""Least rate scalar at which steps of the curve's logarithms are lost in rounding."""
LONGEST = 100.0
"""Logarithm of the least discount to expiry: more is a rate or a time in other units."""


def _before_expiry(model: PendleV2, its: Attribute[float], years: float) -> None:
    if years > 0:
        return
    token, asset = model.assets
    reason = (
        f"{years!r} is at or after expiry: nothing trades on this curve any more, and one {token}"
        f" is redeemed for one {asset}: {model.expiry_advice()}"
    )
    raise fields.wrong(model, its.name, reason)


def _in_reach(model: PendleV2, its: Attribute[float], rate: float) -> None:
    if not rate * model.years_to_expiry <= LONGEST:
        reason = f"must be at most {LONGEST:g} over years_to_expiry, as {rate!r} is not"
        raise fields.wrong(model, its.name, f"{reason}: the contract's over 1e18, a year's")
    if not model.rate_scalar / model.spot() < STEEPEST:
        reason = f"must leave scalar_root / years_to_expiry below {STEEPEST:g}, not"
        raise fields.wrong(model, "scalar_root", f"{reason} {model.rate_scalar:g}")


@frozen(kw_only=True)
class PendleV2(PairPool):
    """A share of a Pendle v2 market, at a time to expiry and an implied rate that stand still."""

    kind = "pendle-v2"
    accepts_floats = True
    example = {
        "assets": ["PT-wstETH", "wstETH"],
        "total_pt": 4_000.0,
        "total_asset": 6_000.0,
        "scalar_root": 80.0,
        "years_to_expiry": 0.5,
        "last_ln_implied_rate": 0.035,
        "share": 0.01,
    }

    assets: tuple[str, str] = fields.names("PT, and the asset that it is redeemed for", most=2)
    total_pt: float = fields.number("PT in the market", "whole units")
    total_asset: float = fields.number(
        "what the SY in the market is worth: SY × its index", "units of the asset"
    )
    scalar_root: float = fields.number("steepness, of a market a year from expiry", "ratio")
    years_to_expiry: float = fields.number(
        "time to expiry, more than 0; it stands still",
        "years of 365 days",
        fields.FINITE,
        validator=_before_expiry,
        likely=fields.Rule("at most 20 years", lambda x: x <= 20),  # noqa: PLR2004
    )
    last_ln_implied_rate: float = fields.number(
        "ln of the implied yearly growth",
        "per year",
        fields.NONNEGATIVE,
        validator=_in_reach,
        likely=fields.Rule("at most 1 (5 % a year is 0.05)", lambda x: x <= 1),
    )
    share: float = fields.share()
    fee: float | None = fields.fee()

    @property
    def rate_scalar(self) -> float:
        """S, scalarRoot over the years to expiry."""
        return self.scalar_root / self.years_to_expiry

    @cached_property
    def size(self) -> Size:
        """Size of PT + asset along the curve, from the market's own state."""
        growth = math.expm1(self.last_ln_implied_rate * self.years_to_expiry)
        return Size(math.log(self.total_pt / self.total_asset), growth, self.rate_scalar)

    def years_left(self) -> float:
        """Years from now to the expiry."""
        return self.years_to_expiry

    def expiry_advice(self) -> str:
        """Advice on what to hold in its place from then on."""
        token, asset = self.assets
        amounts = (
            f"{self.share * self.total_pt!r} {token} and {self.share * self.total_asset!r} {asset}"
        )
        return f"hold {amounts} as balances, both at the price of {asset}"

    @classmethod
    def frozen_fields(cls) -> Mapping[str, str]:
        """Field → what moves it."""
        return {"years_to_expiry": "time", "last_ln_implied_rate": "trades in the yield"}

    def frozen_slopes(self, market: Market, /) -> Mapping[str, Any]:
        """Field → ∂worth/∂ln(field), S, in the numeraire, the market's reserves as they are.

        At the price P the worth is the least of N (P p + 1 − p) along the curve, so that by the
        envelope theorem it moves as ln N does, with p as it is. Zero at the market's own price.
        """
        price, quote = prices_in_quote(self.assets, market)
        drift = self.last_ln_implied_rate * self.years_to_expiry * (1.0 + self.size.growth)
        level, steep = size_slopes(self.size, self._moved(price))
        worth = self.value(price) * quote
        return {
            "years_to_expiry": worth * (drift * level + steep),
            "last_ln_implied_rate": worth * drift * level,
        }

    def charm(self) -> float:
        """Charm: change of delta at the market's own price by time alone, PT per year."""
        price = self._spot()
        return float(-self.gamma(price) * self.last_ln_implied_rate * price)

    @cached_property
    def par(self) -> tuple[float, float]:
        """The market's own price e^(−rT), as a double and the rest of it.

        Steep markets tell prices apart that a double does not: S of its last digit may be much.
        """
        with localcontext(EXACT):
            discount = Decimal(self.last_ln_implied_rate) * Decimal(self.years_to_expiry)
            exact = (-discount).exp()
            return float(exact), float(exact - Decimal(float(exact)))

    def _moved(self, price: Any) -> Any:
        """Change u − u₀ of the logit: S (1/P − 1/P₀), as a difference of prices."""
        par, rest = self.par
        moved = par - price
        moved += rest
        moved *= self.rate_scalar / par
        moved /= price
        return moved

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        total, (part, rest) = self._composition(price)
        part *= total
        rest *= total
        return part, rest

    def _composition(self, price: Any) -> tuple[Any, tuple[Any, Any]]:
        """Size N of what is held, and the parts of PT and asset in that, (K,) each."""
        size, moved = self.size, self._moved(price)
        total = size.change(moved, price)
        total = exponential(total) if isinstance(total, float) else np.exp(total, out=total)
        total *= self.share * (self.total_pt + self.total_asset)
        moved += size.start
        return total, shares(moved)

    def _fill(self, prices: Any, holdings: Any, gamma: Any) -> bool:
        total, parts = self._composition(prices[0])
        for part, held in zip(parts, holdings, strict=True):
            np.multiply(part, total, out=held)
        gamma[0] = self._gamma(prices[0], holdings)
        return True

    def _gamma(self, price: Any, holdings: Any) -> Any:
        base, quote = holdings
        value = price * base
        value += quote
        bend = quote / value
        bend /= price
        bend *= base / price
        bend *= -self.rate_scalar
        return bend

    def _spot(self) -> float:
        return self.par[0]

    def _current_holdings(self) -> tuple[float, float]:
        return self.share * self.total_pt, self.share * self.total_asset


@hookimpl
def hedgecore_pools() -> list[type[PendleV2]]:
    """Provide `pendle-v2`."""
    return [PendleV2]
