"""Interface of price models, which draw what the market does next, and of the chunks they yield."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np
from attrs import field, frozen

from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array

STATES = ("premium:", "funding")
"""Rows that say how things are at a moment, and not what a step brought."""
AT, BETWEEN = "funding-at", "funding-between"
"""Rows of payments with times of their own: the rates paid as a step ends, and within it."""
RATES = ("funding", AT, BETWEEN, "premium")
"""Rows that are fractions of a notional: the same of an asset and of any number of it."""


@frozen(eq=False, kw_only=True)
class PathChunk:
    """Consecutive steps of some paths: K steps of N paths, on arrays of shape (K, N).

    Attributes:
        first: the index of its first step; 0 is the start of the path, which no frame holds.
        times: (K,), years since the start.
        market: prices of shape (K, N); vols too, where the model moves them. Prices that do not
            move are scalars, and its time is the start's: `times` count from there.
        rows: what else the model moves, by name, each (K, N): "funding:WETH" (per funding
            interval, as a fraction), "volume:WETH" (in the numeraire, of the step),
            "liquidity:WETH" (active in the pool, √(base·quote) in whole units), "premium:WETH" (of
            the perpetual over its index, a fraction), "bar:WETH" (years, what the volume is of,
            where that is less than the step). Payments of funding with times of their own are
            "funding-at:WETH", the rate of one as the step ends, and "funding-between:WETH", the
            sum of the rates of those within it.
        before: rates and premiums as the first step begins, (1, N) each, in the first chunk.

    Example:
        >>> chunk = hc.PathChunk(
        ...     first=1,
        ...     times=np.array([0.5]),
        ...     market=hc.Market(prices={"WETH": np.array([[2900.0, 3100.0]])}),
        ...     rows={},
        ... )
        >>> chunk.market.shape
        (1, 2)

    """

    first: int
    times: Array
    market: Market
    rows: Mapping[str, Array] = field(factory=dict)
    before: Mapping[str, Array] = field(factory=dict)

    @property
    def opening(self) -> Mapping[str, Array]:
        """Rates and premiums as the first step begins; the first step's where it is silent."""
        known = {n: np.asarray(r)[:1] for n, r in self.rows.items() if n.startswith(STATES)}
        return {**known, **self.before}


class AbstractPriceModel(ABC):
    """Distribution of price paths: one frozen attrs class with `kind` and `sample`.

    What it yields depends on the generator alone, not on how many steps a frame holds.

    Example:
        >>> model = hc.build({"kind": "gbm", **hc.default_registry()["gbm"].example})
        >>> isinstance(model, hc.AbstractPriceModel)
        True

    """

    kind: ClassVar[str]

    def start(self, market: Market) -> Market:
        """Market at the start of the paths: as it is, unless history says what it was.

        Raises:
            SpecError: the market lacks what the model needs.

        """
        return market

    def times(self) -> Array | None:
        """Moments that the model knows, (T + 1,), years from 0; None where it takes any."""
        return None

    @abstractmethod
    def sample(
        self, start: Market, times: Array, paths: int, rng: np.random.Generator, rows: int
    ) -> Iterator[PathChunk]:
        """Chunks of the steps after the start, in order, each of at most `rows` steps.

        Args:
            start: the market at ``times[0]``, with scalar prices; as `start` returns it.
            times: (T + 1,), years since the start, ascending from 0; its own where it has any.
            paths: N, how many paths.
            rng: the only source of randomness.
            rows: K, how many steps one frame may hold.

        Raises:
            SpecError: the market lacks what the model needs.

        """
