"""`uniswap-v3`: a range between two prices, in whole units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import Attribute, frozen

from hedgecore import Alternative, Market, fields
from hedgecore.pools import sizing
from hedgecore.pools.alternatives import one_of, without
from hedgecore_uniswap_v3 import statement
from hedgecore_uniswap_v3.range_pool import RangePool
from hedgecore_uniswap_v3.ranges import Ends, Ranges, ranges
from hedgecore_uniswap_v3.ticks import Edge


def _above(model: UniswapV3, its: Attribute[float], upper: float) -> None:
    if upper <= model.lower:
        raise fields.wrong(model, its.name, f"{upper} must be above lower, {model.lower}")


@frozen(kw_only=True)
class UniswapV3(RangePool):
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
    def alternatives(cls) -> Mapping[str, Alternative]:
        """Names that a table may hold beside the fields."""
        return statement.alternatives()

    @classmethod
    def examples(cls) -> Mapping[str, Mapping[str, Any]]:
        """Title → a table, one for each way to state a position."""
        pair = {"assets": ["WETH", "USDC"], "price": 3_000.0}
        edges = {"lower": 2_500.0, "upper": 3_500.0}
        one, both = {"WETH": 2.0}, {"WETH": 2.0, "USDC": 7_047.386466}
        return {
            "liquidity on a range": cls.example,
            "worth at a price": {**pair, **edges, "worth": 10_000.0},
            "one amount at a price": {**pair, **edges, "amounts": one},
            "both amounts at a price": {**pair, **edges, "amounts": both},
            "a range in per cent around the price": {**pair, "range": "10%", "worth": 10_000.0},
            "a range around another price, further up than down": {
                **pair, "range": "-5%/+20%", "around": 2_900.0, "worth": 10_000.0,
            },
        }  # fmt: skip

    @classmethod
    def canonical(cls, table: Mapping[str, Any], market: Market | None = None, /) -> dict[str, Any]:
        """Fields alone, of a table that may say `worth` or `amounts`, and `range`."""
        others = cls.alternatives().keys()
        if not others & table.keys():
            return dict(table)
        rest = without(table, others)
        probe = cls(**{**rest, "liquidity": 1.0, "lower": 1.0, "upper": 2.0})
        price = statement.pool_price(probe, probe.price, market)
        rest |= statement.range_edges(probe, table, price)
        way = one_of(cls.kind, table, ("liquidity", *sizing.SIZES))
        if way not in sizing.SIZES:
            return rest
        if price is None:
            raise fields.wrong(probe, "price", f"is needed: {way} is of a position at a price")
        unit = cls(**{**rest, "liquidity": 1.0})
        held = unit._holdings(price)
        return {**rest, "liquidity": sizing.scale(unit, held, (price, 1.0), table, market)}

    @classmethod
    def aggregate(cls, columns: Mapping[str, Sequence[Any]], amounts: Sequence[float]) -> Ranges:
        """``Σ amount · position`` of one pool as one curve, from fields of each position."""
        liquidity = np.asarray(amounts) * np.asarray(columns["liquidity"], dtype=float)
        ends = [np.asarray(columns[name], dtype=float) for name in ("lower", "upper")]
        lower, upper = (Ends(each, np.zeros(len(each))) for each in ends)
        return ranges(columns["assets"][0], liquidity, (lower, upper))

    @property
    def edges(self) -> tuple[Edge, Edge]:
        """The range's lower and upper price."""
        return Edge(self.lower), Edge(self.upper)

    @property
    def whole_liquidity(self) -> float:
        """L, which is stated in whole units."""
        return self.liquidity

    def _spot(self) -> float | None:
        return self.price
