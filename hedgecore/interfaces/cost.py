"""Interface of costs of trading, and the trades that they are of."""

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
    """Orders in k instruments at some moments S, and the market there, as far as known.

    Attributes:
        instruments: k of them.
        contracts: S+(k,), bought; negative is sold, and 0 is no trades.
        notional: S+(k,), of one contract, in the numeraire.
        charge: S+(k,), the venue's fee of one contract, in the numeraire; NaN where unknown.
        market: prices S.
        vol: S+(k,), per square root of a year, of what each hedges; NaN where unknown.
        volume: S+(k,), traded per day in what each hedges, in the numeraire; NaN where unknown.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> spot = hc.Tradable("ETH-SPOT", hc.Balance("WETH"), hedges="WETH", fee=0.001)
        >>> trades = hc.Trades(
        ...     instruments=(spot,),
        ...     contracts=np.array([-2.0]),
        ...     notional=np.array([3000.0]),
        ...     charge=np.array([3.0]),
        ...     market=market,
        ...     vol=np.array([np.nan]),
        ...     volume=np.array([np.nan]),
        ... )
        >>> trades.cash.tolist()
        [6000.0]

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
    """Cost of trading: one frozen attrs class with `kind` and `cost`.

    Attributes:
        kind: what a table calls it, in kebab-case.
        column: the column of the ledger that it goes to: "costs", or "gas".
        symmetric: whether to sell costs what to buy does; a curve is not.

    Example:
        >>> gas = hc.build({"kind": "gas", "amount": 5.0})
        >>> isinstance(gas, hc.AbstractCost), gas.column
        (True, 'gas')

    """

    kind: ClassVar[str]
    column: ClassVar[str] = "costs"
    symmetric: ClassVar[bool] = True

    @abstractmethod
    def cost(self, trades: Trades) -> Array:
        """Cost of the orders, S+(k,), in the numeraire; nothing where nothing is traded.

        Raises:
            SpecError: it depends on what is unknown.

        """

    def proportional_rate(self, trades: Trades) -> Array:
        """Part of `cost` that grows with the cash traded, S+(k,), per unit of it.

        Policies weigh it. An impact, or gas, has none.
        """
        return np.zeros(trades.notional.shape)
