"""Black's formula of 1976 on a forward, over arrays, exact in its limits.

With x the spot price, F = x e^((r−y)T), s = σ√T and w = 1 for a call, −1 for a put,

    d₁ = ln(F/K)/s + s/2,    d₂ = d₁ − s,    v = e^(−rT) w (F N(w d₁) − K N(w d₂)).

What is computed is the intrinsic value and, beside it, the time value, which is the worth of
whichever of call and put is out of the money: neither cancels, and put-call parity holds to the
last digits. At s = 0 it is the intrinsic value, with the right limit of its delta at the strike and
no gamma. Source: Black, The Pricing of Commodity Contracts (1976); derivatives by hand.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]

STILL = 1e-100
"""The s below which nothing is left to chance, and no quotient by it overflows."""


class Black(NamedTuple):
    """The value of an option, and its derivatives; of a year and of 1, not of a day and of 1 %.

    Attributes:
        value: v.
        delta: ∂v/∂x.
        cash: v − x ∂v/∂x, which is −w e^(−rT) K N(w d₂).
        gamma: ∂²v/∂x².
        vega: ∂v/∂σ.
        theta: ∂v/∂t = −∂v/∂T, per year.
        rho: ∂v/∂r.
        phi: ∂v/∂y.

    """

    value: Array
    delta: Array
    cash: Array
    gamma: Array
    vega: Array
    theta: Array
    rho: Array
    phi: Array


def black(
    spot: ArrayLike,
    strike: float,
    years: ArrayLike,
    vol: ArrayLike,
    *,
    rate: ArrayLike = 0.0,
    dividend: ArrayLike = 0.0,
    sign: float = 1.0,
) -> Black:
    """Value of a European option and its Greeks, over arrays that broadcast.

    Args:
        spot: x, the price of the underlying in the quote.
        strike: K.
        years: T, 0 where it has expired.
        vol: σ, annual.
        rate: r, of the quote, continuous.
        dividend: y, what the underlying earns, continuous: F = x e^((r−y)T).
        sign: w, 1 for a call and −1 for a put.

    """
    from scipy.special import ndtr  # noqa: PLC0415 - 50 ms

    given = (spot, years, vol, rate, dividend)
    x, left, sigma, r, y = (np.asarray(each, dtype=np.float64) for each in given)
    paid, owed = np.exp(-y * left), strike * np.exp(-r * left)
    s = sigma * np.sqrt(left)
    moneyness = np.log(x / strike) + (r - y) * left
    d1, d2 = _quantiles(moneyness, s)
    out = np.where(sign * moneyness >= 0, -sign, sign)
    asset, money = ndtr(out * d1), ndtr(out * d2)
    forward = x * paid
    time = np.maximum(out * (forward * asset - owed * money), 0.0)
    same = out == sign
    delta = sign * paid * np.where(same, asset, 1.0 - asset)
    cash = -sign * owed * np.where(same, money, 1.0 - money)
    value = np.where(same, 0.0, sign * (forward - owed)) + time
    density, still = np.exp(-0.5 * d1 * d1) / math.sqrt(2.0 * math.pi), s < STILL
    spread = np.where(still, 0.0, forward * density)
    return Black(
        value=value,
        delta=delta,
        cash=cash,
        gamma=spread / np.where(still, 1.0, s) / x / x,
        vega=spread * np.sqrt(left),
        theta=_theta(spread * sigma, r * cash + y * x * delta, left),
        rho=-left * cash,
        phi=-left * x * delta,
    )


def _quantiles(moneyness: Array, s: Array) -> tuple[Array, Array]:
    """Quantiles d₁ and d₂; infinite, by the side of the strike, where s is 0."""
    still = s < STILL
    sure = np.where(moneyness >= 0, np.inf, -np.inf)
    z = np.where(still, sure, moneyness / np.where(still, 1.0, s))
    return z + 0.5 * s, z - 0.5 * s


def _theta(spread: Array, earned: Array, years: Array) -> Array:
    """∂v/∂t: the time value's decay, and interest; nothing once expired."""
    runs = years > 0
    return np.where(runs, earned - spread / (2.0 * np.sqrt(np.where(runs, years, 1.0))), 0.0)
