"""`uniswap-v3`: a range between two prices, in whole units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import Attribute, frozen

from hedgecore import PairPool, fields
from hedgecore_uniswap_v3 import curve
from hedgecore_uniswap_v3.ranges import Ends, Ranges, ranges
from hedgecore_uniswap_v3.ticks import Edge


def _above(model: UniswapV3, its: Attribute[float], upper: float) -> None:
    if upper <= model.lower:
        raise fields.wrong(model, its.name, f"{upper} must be above lower, {model.lower}")


@frozen(kw_only=True)
class UniswapV3(PairPool):
    """Liquidity L on [lower, upper), prices of the base in the quote."""

    accepts_floats = True
    kind = "uniswap-v3"
    example = {"assets": ["WETH", "USDC"], "liquidity": 5_000.0, "lower": 2_500.0, "upper": 3_500.0}

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    liquidity: float = fields.number(
        "L, where x·y = L² in range", "√(base·quote)", fields.NONNEGATIVE
    )
    lower: float = fields.number("where the range begins", "quote per base")
    upper: float = fields.number("where the range ends", "quote per base", validator=_above)
    price: float | None = fields.number("the pool's own price", "quote per base", optional=True)
    fee: float | None = fields.fee()

    @classmethod
    def aggregate(cls, columns: Mapping[str, Sequence[Any]], amounts: Sequence[float]) -> Ranges:
        """Return ``Σ amount · position`` of one pool as one curve, from fields of each position."""
        liquidity = np.asarray(amounts) * np.asarray(columns["liquidity"], dtype=float)
        ends = [np.asarray(columns[name], dtype=float) for name in ("lower", "upper")]
        lower, upper = (Ends(each, np.zeros(len(each))) for each in ends)
        return ranges(columns["assets"][0], liquidity.tolist(), (lower, upper))

    @cached_property
    def edges(self) -> tuple[Edge, Edge]:
        """The range's lower and upper price."""
        return Edge(self.lower), Edge(self.upper)

    @cached_property
    def span(self) -> curve.Span:
        """The same, as the formulas take it."""
        return curve.span(*self.edges)

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        return curve.holdings(price, self.liquidity, self.span)

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002
        return curve.gamma(price, self.liquidity, self.span)

    def _spot(self) -> float | None:
        return self.price

    def _breakpoints(self) -> tuple[float, float]:
        return self.span.least, self.span.most
