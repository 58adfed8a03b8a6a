"""`option`: a European call or put, paid for and settled in the quote coin."""

from __future__ import annotations

from attrs import frozen

from hedgecore_derivatives.vanilla import Vanilla


@frozen(kw_only=True)
class Option(Vanilla):
    """A European call (w = 1) or put (w = −1) on S at the strike K, T years before expiry.

    With u the price of the quote coin, c the size in units of the underlying and P₀ the premium per
    unit, F = (S/u) e^((r−y)T), and N(d₁) and N(d₂) as in Black's formula on F,

        V = c u (e^(−rT) w (F N(w d₁) − K N(w d₂)) − P₀),
        ∂V/∂S = c e^(−yT) w N(w d₁),    ∂²V/∂S² = c e^(−yT) φ(d₁) / (S σ√T).

    A new one is worth nothing, its premium being agreed and not yet paid; what is held with its
    premium paid has P₀ = 0, and is worth its mark. Beside delta and gamma there are vega per unit
    of volatility, theta per year, and rho per unit of rate: see the `other` of an exposure.
    """

    kind = "option"
    example = {
        "name": "ETH-27JUN26-3000-C",
        "underlying": "WETH",
        "option_type": "call",
        "strike": 3000.0,
        "expiry_years": 0.25,
        "vol": 0.6,
    }
