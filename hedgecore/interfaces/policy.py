"""Interface of policies, which say when to hedge again, and the observation that they are given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

from attrs import frozen

from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


@frozen(eq=False, kw_only=True)
class Observation:
    """State that a policy sees, at moments between which nothing is traded; all arrays broadcast.

    The moments are those of many paths at one step, or those of one path from its last trade on:
    a policy is one formula for both. The last axis of `price`, `delta` and the like is the asset:
    those assets that are hedged, in order, m of them.

    Attributes:
        step: which step of the path it is, from 1.
        time: S, years since the start.
        dt: S, years since the step before.
        price: S+(m,), in the numeraire.
        delta: S+(m,), of the whole book with its hedge: what is not hedged now.
        gamma: S+(m, m), likewise.
        vol: S+(m,), per square root of a year; NaN where the market names none.
        cost: S+(m,), one-way proportional cost of trading a unit of cash delta, as a fraction.
        last_time: S, years since the start of the last trade; that of the start itself is 0.
        last_price: S+(m,), the prices at the last trade.
        worth: of what is hedged, at the start of the path: one number, and 0 where it has none.

    Example:
        >>> now = hc.Observation(
        ...     step=1,
        ...     time=np.array(0.1),
        ...     dt=np.array(0.1),
        ...     price=np.array([3000.0]),
        ...     delta=np.array([0.5]),
        ...     gamma=np.array([[-0.01]]),
        ...     vol=np.array([0.6]),
        ...     cost=np.array([0.001]),
        ...     last_time=np.array(0.0),
        ...     last_price=np.array([2950.0]),
        ...     worth=60_000.0,
        ... )
        >>> band = hc.build({"kind": "band", "half_width": 0.2, "to": "edge"})
        >>> band.fraction(now).round(9).tolist()
        [0.6]

    """

    step: Array
    time: Array
    dt: Array
    price: Array
    delta: Array
    gamma: Array
    vol: Array
    cost: Array
    last_time: Array
    last_price: Array
    worth: Array


ALWAYS = -1.0
"""Half-width of a band that even a delta of 0 is outside of."""


class NoTradeBand(NamedTuple):
    """Deltas at which nothing is traded, at moments S, whatever was traded before.

    Attributes:
        width: S+(m,) or less, half of it, in units of each asset; `ALWAYS` where all of the way is
            traded at any delta, and ∞ where at none.
        to: how far a trade goes, "edge" or "centre".

    """

    width: Array
    to: str


class AbstractPolicy(ABC):
    """Rule of when to trade, and how far: one frozen attrs class with `kind` and `fraction`.

    The target, how much of what makes the book neutral, is the solver's; the policy says when to
    go there, and whether the whole way.

    Example:
        >>> policy = hc.build({"kind": "band", "half_width": 0.2})
        >>> isinstance(policy, hc.AbstractPolicy), policy.initial_fraction()
        (True, 1.0)

    """

    kind: ClassVar[str]

    @abstractmethod
    def fraction(self, now: Observation) -> Array:
        """Part of the way to the target to trade now, by asset, S+(m,), 0 to 1.

        0 is no trade; 1 leaves no delta; 1 − w/abs(δ) leaves w, the edge of a band.
        """

    def no_trade_band(self, now: Observation) -> NoTradeBand | None:  # noqa: ARG002 - of bands
        """Band that `fraction` comes to, where that asks for no more than a band may; else None.

        A band may depend on prices, gamma, vols and costs, and on the clock, by step, time and dt:
        not on the delta, nor on the last trade. An engine asks for those of many steps at once. The
        `width` of an `AbstractBand` may not depend on the clock either.
        """
        return None

    def initial_fraction(self) -> float:
        """Part of the way to the target that is traded at the start: all of it."""
        return 1.0

    def pricing_market(self, market: Market) -> Market:
        """Market at which the target is computed: as it is, unless adjusted for costs.

        Leland's policy raises the volatility here.
        """
        return market
