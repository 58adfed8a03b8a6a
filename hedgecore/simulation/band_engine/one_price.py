"""A book that one price moves, hedged by one instrument of constant delta, under a band."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from hedgecore.decisions.policies.abstract_band import AbstractBand, known_width
from hedgecore.decisions.problem import total_delta
from hedgecore.decisions.rules import Rules
from hedgecore.errors import blame
from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.interfaces.policy import Observation
from hedgecore.market import terms
from hedgecore.market.instrument import Instrument
from hedgecore.numerics.arrays import Array, read_only
from hedgecore.numerics.columns import broadcast, repeat
from hedgecore.simulation.band_engine.delta_table import DeltaTable

UNKNOWN = read_only(np.array(np.nan))


@frozen(eq=False, kw_only=True)
class OnePrice:
    """The book, its hedge, and when it is traded.

    Attributes:
        curve: the delta of what is hedged, by log price.
        instrument: what it is hedged with.
        unit: u, the delta of one contract, whatever the price.
        notional: of one contract, per price of the asset.
        charge: the venue's fee of one contract, likewise; NaN where unknown.
        width: half of the band, in units of the asset; None where it is not the same at all prices.
        rate: the proportional cost of trading; None where it is not the same at all prices.
        policy: when and how far.
        costs: of an order.
        times: (T + 1,), years.
        fewest: contracts of an order; None where it is not the same at all prices.
        rules: that the policy obeys.
        worth: of what is hedged, at the start.
        held: contracts held before the first decision.

    """

    curve: DeltaTable
    instrument: Instrument
    unit: float
    notional: float
    charge: float
    width: float | None
    rate: float | None
    policy: AbstractBand
    costs: Sequence[AbstractCost]
    times: Array
    fewest: float | None
    rules: Rules
    worth: Array
    held: float = 0.0

    def price(self, logs: Array) -> Array:
        """Asset's price at log prices."""
        return np.asarray(self.curve.start.price(self.curve.asset) * np.exp(logs))

    def rise(self, logs: Array) -> Array:
        """Price less that at the start, at log prices; 0 where that is 0."""
        return np.asarray(self.curve.start.price(self.curve.asset) * np.expm1(logs))

    def order(self, contracts: Array, price: Array) -> Trades:
        """Orders of `contracts`, (N,), at prices (N,)."""
        start, asset = self.curve.start, self.curve.asset
        shape = (len(price), 1)
        return Trades(
            instruments=(self.instrument,),
            contracts=contracts[:, None],
            notional=self.notional * price[:, None],
            charge=self.charge * price[:, None],
            market=start.with_prices({asset: price}, {}),
            vol=repeat(np.asarray(start.vols.get(asset, np.nan), dtype=np.float64), shape),
            volume=repeat(UNKNOWN, shape),
        )

    def rates(self, price: Array) -> Array:
        """Proportional cost of trading, (N,)."""
        if self.rate is not None:
            return repeat(np.array(self.rate), price.shape)
        none = self.order(np.zeros_like(price), price)
        return np.asarray(
            sum((cost.proportional_rate(none)[:, 0] for cost in self.costs), np.zeros_like(price))
        )

    def min_order(self, price: Array) -> Array:
        """Fewest contracts of an order, (N,)."""
        if self.fewest is not None:
            return repeat(np.array(self.fewest), price.shape)
        market = self.order(np.zeros_like(price), price).market
        return np.asarray(terms.min_order(self.instrument, market) + np.zeros_like(price))

    def moments(
        self, logs: Array, step: int, held: Array, since: Array, *, exact: bool = False
    ) -> Observation:
        """Observation at a step and log prices (N,), with hedges of delta `held`.

        Args:
            logs: (N,).
            step: of the path.
            held: (N,), the delta of the hedge.
            since: (N,), when the last trade was, years. At which price, no band asks.
            exact: whether the book itself is asked: what offsets it to the last bit then does.

        """
        curve = self.curve.exact if exact else self.curve
        price, (delta, slope) = self.price(logs), curve(logs)
        vol = np.asarray(self.curve.start.vols.get(self.curve.asset, np.nan), dtype=np.float64)
        column = len(price), 1
        return Observation(
            step=np.asarray(step),
            time=self.times[step],
            dt=self.times[step] - self.times[max(step - 1, 0)],
            price=price[:, None],
            delta=total_delta(delta[:, None], [held[:, None]]),
            gamma=(slope / price)[:, None, None],
            vol=repeat(vol, column),
            cost=self.rates(price)[:, None],
            last_time=since,
            last_price=repeat(UNKNOWN, column),
            worth=self.worth,
        )

    def widths(self, logs: Array) -> Array:
        """Half-width of the band at log prices, (N,), or (1,) where it is the same at all."""
        if self.width is not None:
            return np.array([self.width])
        none = np.zeros_like(logs)
        with blame(self.policy.kind):
            width = self.policy.width(self.moments(logs, 0, none, none))
            return broadcast(known_width(width, self.policy.kind), (len(logs), 1))[:, 0]

    def edges(self, logs: Array) -> tuple[Array, Array]:
        """Edges of the band of the hedge's delta, at log prices (N,): no trade between them."""
        width, delta = self.widths(logs), self.curve.delta(logs)
        return -width - delta, width - delta
