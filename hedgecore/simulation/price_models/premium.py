"""`premium`: a perpetual's premium over its index, beside any model of prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from attrs import Attribute, Converter, evolve, field, frozen

import hedgecore.fields as fields
from hedgecore.interfaces.price_model import AbstractPriceModel, PathChunk
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.registry.specs import build
from hedgecore.units import HOURS_PER_YEAR


def _path() -> Any:
    """Field for the model of prices: itself, or its table."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> Any:
        path = build(given) if isinstance(given, Mapping) else given
        if not isinstance(path, AbstractPriceModel):
            raise fields.wrong(model, its.name, f"must be a model of prices, not {given!r:.80}")
        return path

    return field(
        converter=Converter(convert, takes_self=True, takes_field=True),
        metadata={"about": "what prices do", "unit": "table of a path", "rule": "a path"},
    )


@frozen(kw_only=True)
class Premium(AbstractPriceModel):
    """An Ornstein-Uhlenbeck process of the premium P, independent of prices.

    With m its mean, s its stationary standard deviation and κ = ln 2 over its half-life,

        P(t + δ) = m + (P(t) − m) e^(−κδ) + s √(1 − e^(−2κδ)) Z,

    exactly, from P(0) drawn in its stationary law. It yields the row "premium:ASSET", at which a
    perpetual is marked, and from which the venue's rule makes the funding rate.
    """

    kind = "premium"
    example = {
        "asset": "WETH",
        "half_life": 12.0,
        "std": 0.0004,
        "path": {"kind": "gbm", "asset": "WETH", "vol": 0.8},
    }

    asset: str = fields.name("what the perpetual is on")
    half_life: float = fields.number("in which a premium halves", "hours")
    std: float = fields.number(
        "of the premium, in the long run", "fraction", fields.NONNEGATIVE, likely=fields.SMALL_FEE
    )
    mean: float = fields.number("in the long run", "fraction", fields.FINITE, default=1e-4)
    path: Any = _path()  # noqa: RUF009 - a field

    def start(self, market: Market) -> Market:
        """Market that the prices start from."""
        return self.path.start(market)  # type: ignore[no-any-return]

    def times(self) -> Array | None:
        """Moments of the prices."""
        return self.path.times()  # type: ignore[no-any-return]

    def sample(
        self, start: Market, times: Array, paths: int, rng: np.random.Generator, rows: int
    ) -> Iterator[PathChunk]:
        """Chunks of the prices of the inner model, each with the premium."""
        inner, own = rng.spawn(2)
        level = self.std * own.standard_normal(paths)
        kept = np.exp(-np.log(2.0) / self.half_life * HOURS_PER_YEAR * np.diff(times))
        name, before = f"premium:{self.asset}", self.mean + level[None].copy()
        noise = self.std * np.sqrt(1.0 - kept**2)
        for frame in self.path.sample(start, times, paths, inner, rows):
            shocks = own.standard_normal((len(frame.times), paths))
            for k, step in enumerate(range(frame.first - 1, frame.first - 1 + len(shocks))):
                level = shocks[k] = level * kept[step] + noise[step] * shocks[k]
            rows_now = {**frame.rows, name: self.mean + shocks}
            opening = {**frame.before, name: before} if frame.first == 1 else frame.before
            yield evolve(frame, rows=rows_now, before=opening)
