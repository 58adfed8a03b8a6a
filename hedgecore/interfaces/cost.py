"""What trading costs: the interface of costs, and the orders that they are of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from attrs import frozen

from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


@frozen(eq=False, kw_only=True)
class Trades:
    """Orders in k instruments at some moments S, and what is known of the market there.

    Attributes:
        instruments: k of them.
        contracts: S+(k,), bought; negative is sold, and 0 is no trades.
        notional: S+(k,), of one contract, in the numeraire.
        charge: S+(k,), the venue's fee of one contract, in the numeraire; NaN where unknown.
        market: prices S.
        vol: S+(k,), per square root of a year, of what each hedges; NaN where unknown.
        volume: S+(k,), traded per day in what each hedges, in the numeraire; NaN where unknown.

    """

    instruments: Sequence[Instrument]
    contracts: Array
    notional: Array
    charge: Array
    market: Market
    vol: Array
    volume: Array

    @property
    def cash(self) -> Array:
        """The notional of each order, S+(k,), never negative."""
        return np.asarray(np.abs(self.contracts) * self.notional)


class AbstractCost(ABC):
    """One thing that trading costs. A new one is one frozen attrs class with `kind` and `cost`.

    Attributes:
        kind: what a table calls it, in kebab-case.
        column: the column of the ledger that it goes to: "costs", or "gas".
        symmetric: whether to sell costs what to buy does; a curve is not.

    """

    kind: ClassVar[str]
    column: ClassVar[str] = "costs"
    symmetric: ClassVar[bool] = True

    @abstractmethod
    def cost(self, trades: Trades) -> Array:
        """Return S+(k,): what the orders cost, in the numeraire; nothing where nothing is traded.

        Raises:
            SpecError: it depends on what is unknown.

        """

    def proportional_rate(self, trades: Trades) -> Array:
        """Return S+(k,): the part of `cost` that grows with the cash traded, per unit of it.

        Policies weigh it. An impact, or gas, has none.
        """
        return np.zeros(trades.notional.shape)
