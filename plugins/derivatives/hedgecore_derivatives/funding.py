"""Funding: what longs pay shorts while a perpetual is held, and what a venue sets it to.

A positive rate is paid by longs; one that is not given is unknown. One contract pays ``rate ×
notional`` each interval, on the notional at the price that the venue takes: its mark (Binance), its
oracle (Hyperliquid) or its index. A market has one price per name, so that `funding_basis` is the
name which has that price; it is the underlying's own unless given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hedgecore import Market, fields
from hedgecore.units import BASIS_POINT, HOURS_PER_DAY
from hedgecore_derivatives.contract import whole

Array: TypeAlias = NDArray[np.float64]


SMALL_RATE = fields.Rule("at most 0.01 an interval (1 %)", lambda x: abs(x) <= 0.01)  # noqa: PLR2004


class Funded(Protocol):
    """Contract that has the fields below."""

    @property
    def underlying(self) -> str: ...  # noqa: D102 - the fields below say
    @property
    def funding_rate(self) -> float | None: ...  # noqa: D102
    @property
    def funding_hours(self) -> float: ...  # noqa: D102
    @property
    def funding_basis(self) -> str | None: ...  # noqa: D102


SHORT = fields.Rule("at most 1000 (8 hours are 8)", lambda x: x <= 1000)  # noqa: PLR2004


def funding_rate() -> Any:
    """Field for the funding rate, which is carry and part of no Greek."""
    unit = "fraction of the notional per funding_hours"
    about = "what longs pay shorts; None where unknown"
    return fields.number(about, unit, fields.FINITE, optional=True, likely=SMALL_RATE)


def funding_hours() -> Any:
    """Field for the funding interval."""
    return fields.number("the funding interval", "hours", default=8, likely=SHORT)


def funding_basis() -> Any:
    """Field for the price that the funding notional is at."""
    about = "which price funding is on, by its name in the market; the underlying's unless given"
    return fields.name(about, optional=True)


def funding(
    model: Funded, market: Market, notional: Callable[[Market, Array], ArrayLike]
) -> Array | None:
    """Cash per day of one contract bought: −rate · (24/hours) · notional(market, P).

    None where the rate is unknown.
    """
    if model.funding_rate is None:
        return None
    basis = market.price(model.funding_basis or model.underlying)
    daily = model.funding_rate * HOURS_PER_DAY / model.funding_hours
    return whole(market, -daily * np.asarray(notional(market, basis)))


def premium_rate(
    premium: ArrayLike,
    *,
    interest: float = BASIS_POINT,
    clamp: float = 5 * BASIS_POINT,
    cap: float = np.inf,
) -> Array:
    """Funding rate of a venue, per interval, from the premium of the perpetual over its index.

        F = P + clamp(I − P, ±clamp), within ±cap

    per 8 hours at Binance (I = 0.01 %, clamp 0.05 %); at Hyperliquid the same, of which 1/8 is paid
    each hour on the oracle's notional, capped at 4 % an hour (so cap = 0.32 here). Deribit charges
    continuously. Source: the venues' documentation.
    """
    over = np.asarray(premium, dtype=np.float64)
    rate = over + np.clip(interest - over, -clamp, clamp)
    return np.asarray(np.clip(rate, -cap, cap))
