"""Contract, the base of all: a name, and the venue's rules for an order and its margin."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from hedgecore import Market, fields
from hedgecore.market.finite import FinitePricing
from hedgecore_derivatives.margin import Tiers, margin_size, tiers

Array: TypeAlias = NDArray[np.float64]

REBATE = fields.Rule("a fraction; negative is a rebate", lambda x: -1 < x < 1)

SMALL_REBATE = fields.Rule("from -0.1 to 0.1 (0.3 % is 0.003)", lambda x: -0.1 <= x <= 0.1)  # noqa: PLR2004
LEVERAGES = fields.Rule("from 1 to 1000 (10 % of margin is 10)", lambda x: 1 <= x <= 1000)  # noqa: PLR2004


@frozen(kw_only=True)
class Contract(FinitePricing, ABC):
    """A listed contract's name and rules, as fields; the instruments add their Greeks."""

    name: str = fields.name("what the order goes by")
    lot: float = fields.number(
        "step in which contracts trade; 0 is any amount", "contracts", fields.NONNEGATIVE, default=0
    )
    min_size: float = fields.number(
        "fewest contracts of one order", "contracts", fields.NONNEGATIVE, default=0
    )
    min_notional: float = fields.number(
        "least notional of one order", "numeraire", fields.NONNEGATIVE, default=0
    )
    tick: float = fields.number(
        "step of the price; 0 is any price", "quote coins", fields.NONNEGATIVE, default=0
    )
    fee: float | None = fields.number(
        "taker fee; None where unknown",
        "fraction of the notional",
        fields.FRACTION,
        optional=True,
        likely=fields.SMALL_FEE,
    )
    maker_fee: float | None = fields.number(
        "maker fee; None where unknown",
        "fraction of the notional",
        REBATE,
        optional=True,
        likely=SMALL_REBATE,
    )
    leverage: float | None = fields.number(
        "most notional per margin; None where only `margin_tiers` say",
        "ratio",
        optional=True,
        likely=LEVERAGES,
    )
    margin_tiers: Tiers = tiers()  # noqa: RUF009 - a field
    margin_slope: float = fields.number(
        "added to the margin's fraction, per contract of the order",
        "fraction per contract",
        fields.NONNEGATIVE,
        default=0,
    )

    @abstractmethod
    def notional(self, market: Market) -> Array:
        """Notional of one contract, S, in the market's numeraire."""

    def margin(self, market: Market, contracts: ArrayLike) -> Array:
        """Initial margin of so many contracts, S, in the market's numeraire."""
        return self._deposit(contracts) * self.notional(market)

    def min_order(self, market: Market) -> Array:
        """Fewest contracts of one order, S: by `min_size` and by `min_notional`."""
        size = whole(market, self.min_size)
        if not self.min_notional:
            return size
        return np.asarray(np.maximum(size, self.min_notional / self.notional(market)))

    def _deposit(self, contracts: ArrayLike) -> Array:
        """Deposit on contracts, as a number of contracts' notional."""
        return margin_size(self.margin_tiers, self.margin_slope, self.leverage, contracts)


def whole(market: Market, number: ArrayLike) -> Array:
    """Number over all of the market's scenarios, S."""
    one = np.asarray(number, dtype=np.float64)
    if one.shape == market.shape:
        return one
    return np.broadcast_to(one, np.broadcast_shapes(market.shape, one.shape))
