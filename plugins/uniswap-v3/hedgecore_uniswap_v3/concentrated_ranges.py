"""`concentrated-ranges`: many ranges between prices, in whole units, as one position."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from attrs import Attribute, frozen

from hedgecore import Kernel, PairPool, fields
from hedgecore_uniswap_v3.ranges import Ends, Ranges, ranges


def _check_ascending(model: ConcentratedRanges, its: Attribute[Any], rows: Iterator[Any]) -> None:
    for at, (_, lower, upper) in enumerate(rows):
        if upper <= lower:
            place = f"{its.name}[{at}].upper"
            raise fields.wrong(model, place, f"{upper} must be above lower, {lower}")


@frozen(kw_only=True)
class ConcentratedRanges(PairPool):
    """Many ranges of one pool, each its liquidity L on [lower, upper), held as one.

    They may overlap, and however many there are, a price costs a search among their edges.
    """

    accepts_floats = True
    kind = "concentrated-ranges"
    example = {
        "assets": ["WETH", "USDC"],
        "ranges": [[5_000.0, 2_500.0, 3_500.0], [20_000.0, 2_900.0, 3_100.0]],
        "price": 3_000.0,
    }

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    ranges: tuple[tuple[float, float, float], ...] = fields.rows(
        "the ranges",
        fields.column("liquidity", "√(base·quote)", fields.NONNEGATIVE, exact=True),
        fields.column("lower", "quote per base"),
        fields.column("upper", "quote per base"),
        validator=_check_ascending,
    )
    price: float | None = fields.number("the pool's own price", "quote per base", optional=True)
    share: float = fields.share()
    fee: float | None = fields.fee()

    @cached_property
    def whole(self) -> Ranges:
        """All ranges as one curve, the part of it that is held."""
        liquidity, *prices = zip(*self.ranges, strict=True)
        lower, upper = (Ends(np.array(side), np.zeros(len(side))) for side in prices)
        return ranges(self.assets, liquidity, (lower, upper), self.share)

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        return self.whole._holdings(price)  # noqa: SLF001 - the same curve

    def _gamma(self, price: Any, holdings: Any) -> Any:
        return self.whole._gamma(price, holdings)  # noqa: SLF001

    def _fill(self, prices: Any, holdings: Any, gamma: Any) -> bool:
        return self.whole._fill(prices, holdings, gamma)  # noqa: SLF001

    def _kernel(self) -> Kernel | None:
        return self.whole._kernel()  # noqa: SLF001

    def _spot(self) -> float | None:
        return self.price

    def _breakpoints(self) -> tuple[float, ...]:
        return self.whole.breakpoints()
