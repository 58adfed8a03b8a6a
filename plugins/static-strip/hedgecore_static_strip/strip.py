"""A strip of puts, calls and the underlying that offsets a pool, with its proven error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from hedgecore import HedgeError, PoolModel
from hedgecore.hedging.stray_output import catch_stray_output
from hedgecore_static_strip import strike_weights
from hedgecore_static_strip.bound import Band, band
from hedgecore_static_strip.payoff import Array, Payoff
from hedgecore_static_strip.payoff_matrix import PayoffMatrix

MAX_NODES = 10_000


@frozen(eq=False, kw_only=True)
class Strip:
    """Options of one expiry and the underlying: what to hold against a payoff.

    At expiry ``payoff + strip`` is within `error` of `level`, wherever the price is in its range.

    Attributes:
        payoff: what it offsets.
        price: κ, below which the options are puts and from which on they are calls.
        strikes: ascending (n,).
        options: of size 1, at each strike; negative is sold (n,).
        underlying: how much of it, bought at κ.
        level: what the payoff and the strip are to be worth together.
        band: between which bounds that stays, in the range.

    """

    payoff: Payoff
    price: float
    strikes: Array
    options: Array
    underlying: float
    level: float
    band: Band

    @property
    def error(self) -> float:
        """Greatest distance of the two from `level` at expiry: proven for every price in range."""
        return self.band.off(self.level)

    @property
    def orders(self) -> tuple[tuple[str, float, float], ...]:
        """("put" or "call", strike, amount) of each option that is traded."""
        return tuple(
            ("put" if strike < self.price else "call", float(strike), float(amount))
            for strike, amount in zip(self.strikes, self.options, strict=True)
            if amount
        )

    def pays(self, price: ArrayLike) -> Any:
        """Payoff of the strip at expiry, premiums apart, of the shape of `price`."""
        given = np.asarray(price, dtype=np.float64)
        total = self.underlying * (given - self.price)
        for right, strike, amount in self.orders:
            gain = strike - given if right == "put" else given - strike
            total = total + amount * np.maximum(gain, 0.0)
        return total[()]

    def residual(self, price: ArrayLike) -> Any:
        """``payoff + strip − level`` at expiry, within ±`error` in the range."""
        return self.payoff.value(price) + self.pays(price) - self.level


def carr_madan(
    pool: PoolModel | Payoff, strikes: Sequence[float], *, price: float, low: float, high: float
) -> Strip:
    """Carr's and Madan's strip at listed strikes; its level is V(κ), as in their formula.

    Args:
        pool: of two assets, or a `Payoff` of several positions.
        strikes: those within the range are used.
        price: κ, within the range.
        low: where the range begins, in the quote.
        high: where it ends.

    Raises:
        HedgeError: no strike is within the range, the price is not, or it is none.

    """
    payoff = Payoff.of(pool)
    return _strip_of_aim(
        payoff, _menu(strikes, price, low, high), strike_weights.cells, price, None
    )


def interpolation(
    pool: PoolModel | Payoff, strikes: Sequence[float], *, price: float, low: float, high: float
) -> Strip:
    """Strip that offsets the pool at the strikes and at both ends, exactly.

    Between two strikes ΔK apart its error is at most (ΔK²/8) max |V″|. Arguments and errors are
    those of `carr_madan`.
    """
    payoff = Payoff.of(pool)
    return _strip_of_aim(
        payoff, _menu(strikes, price, low, high), strike_weights.polygon, price, low
    )


@catch_stray_output()
def minimax(
    pool: PoolModel | Payoff,
    strikes: Sequence[float],
    *,
    price: float,
    low: float,
    high: float,
    lot: float = 0.0,
    underlying_lot: float = 0.0,
    options: int | None = None,
    max_nodes: int = MAX_NODES,
) -> Strip:
    """Strip of the least error: at most half of that of the interpolation.

    Args:
        pool: of two assets, or a `Payoff` of several positions.
        strikes: those within the range are used.
        price: κ, within the range.
        low: where the range begins, in the quote.
        high: where it ends.
        lot: the step in which options trade, in units of the underlying; 0 is any amount.
        underlying_lot: likewise of the underlying.
        options: the most strikes to use.
        max_nodes: nodes of branch and bound to take at most.

    Raises:
        HedgeError: as of `carr_madan`; or nothing was found within them.

    """
    from hedgecore_static_strip.program import Limits  # noqa: PLC0415 - scipy is for those who solve
    from hedgecore_static_strip.remez_exchange import Exchange, ExchangeAnswer  # noqa: PLC0415

    payoff, matrix = Payoff.of(pool), _menu(strikes, price, low, high, (lot, underlying_lot))
    near = strike_weights.contracts(
        matrix, strike_weights.polygon(payoff, matrix.knots, price), price, lots=False
    )
    limits = Limits(lots=bool(lot or underlying_lot), options=options)
    found = Exchange(payoff, matrix, limits, near, max_nodes).least_error()
    if not isinstance(found, ExchangeAnswer):
        raise HedgeError(f"no strip was found: {found}")
    return _strip(payoff, matrix, found.contracts, price, found.band.middle)


def _strip_of_aim(
    payoff: Payoff, matrix: PayoffMatrix, way: Any, price: float, at: float | None
) -> Strip:
    """Strip of an aim, its level what it makes of the payoff at one price."""
    contracts = strike_weights.contracts(
        matrix, way(payoff, matrix.knots, price), price, lots=False
    )
    at = price if at is None else at
    level = payoff.value(at) + np.interp(at, matrix.knots, matrix.pays(contracts))
    return _strip(payoff, matrix, contracts, price, float(level))


def _strip(
    payoff: Payoff, matrix: PayoffMatrix, contracts: Array, price: float, level: float
) -> Strip:
    pays, gross = matrix.pays(contracts), matrix.gross(contracts)
    return Strip(
        payoff=payoff,
        price=price,
        strikes=matrix.knots[1:-1],
        options=contracts[:-1],
        underlying=float(contracts[-1]),
        level=level,
        band=band(payoff, matrix.knots, pays, gross),
    )


def _menu(
    strikes: Sequence[float],
    price: float,
    low: float,
    high: float,
    lots: tuple[float, float] = (0.0, 0.0),
) -> PayoffMatrix:
    """Puts below the price, calls from it on, and the underlying, each of size 1."""
    if not 0 < low < price < high < np.inf:
        raise HedgeError(f"a price between low and high is due, not {low:g} < {price:g} < {high:g}")
    inside = np.unique([strike for strike in strikes if low < strike < high])
    if not inside.size:
        raise HedgeError(f"no strike is between {low:g} and {high:g}")
    knots = np.array([low, *inside, high], dtype=np.float64)
    puts, zero = inside < price, np.zeros(len(inside) + 1)
    gains = np.where(puts, -1.0, 1.0) * (knots[:, None] - inside)
    payoffs = np.column_stack([np.maximum(gains, 0.0), knots - price])
    return PayoffMatrix(
        names=(*(f"{strike:g}" for strike in inside), "underlying"),
        knots=knots,
        payoffs=payoffs,
        strikes=np.arange(1, len(knots) - 1),
        puts=puts,
        lots=np.append(np.full(len(inside), lots[0]), lots[1]),
        least=zero,
        premiums=zero,
        fees=zero,
    )
