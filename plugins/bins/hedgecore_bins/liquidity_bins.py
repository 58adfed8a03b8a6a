"""`liquidity-bins`: a ladder of bins, each of which trades at one price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from attrs import Attribute, frozen
from numpy.typing import NDArray

from hedgecore import Intervals, Kernel, PairPool, fields, running_sums
from hedgecore_bins import kernels
from hedgecore_bins.prices import BinPrice, bin_price, in_reach

Array: TypeAlias = NDArray[np.float64]
MOST_STEP = 5000
MOST_ID = 2**31
LIQUIDITY_BOOK = 2**23
"""The id of the bin whose raw price is 1; 0 in DLMM."""


def _in_reach(model: LiquidityBins, its: Attribute[Any], rows: Iterable[Any]) -> None:
    least, most = (model.zero_id + each for each in in_reach(model.bin_step, model.exponent))
    for at, (index, _, _) in enumerate(rows):
        if not least <= index <= most:
            reason = f"must be from {least} to {most}, where prices are 1e±100, not {index}"
            hint = f"zero_id, where the price is 1, is {model.zero_id}; 0 in DLMM"
            raise fields.wrong(model, f"{its.name}[{at}].id", f"{reason}: {hint}")


class Ladder(NamedTuple):
    """The bins in ascending order, (M,) each, and what is held in the M + 1 intervals of prices."""

    price: Array
    reached: Array
    """The first doubles at or above the prices: from there on a bin is sold."""
    mass: Array
    """−L/p, which is what delta falls by."""
    base: Array
    """(M + 1,) held by the bins above."""
    quote: Array
    """(M + 1,) held by the bins below."""


@frozen(kw_only=True)
class LiquidityBins(PairPool):
    """Bins of a Liquidity Book or DLMM pool: delta is a staircase, gamma an atom at each step.

    What the bins hold is their state; the price is known where one of them holds both assets.
    """

    accepts_floats = True
    kind = "liquidity-bins"
    example = {
        "assets": ["AVAX", "USDC"],
        "bin_step": 20,
        "bins": [
            [8_376_388, 0.0, 1_000.0],
            [8_376_389, 0.0, 1_000.0],
            [8_376_390, 20.0, 500.0],
            [8_376_391, 40.0, 0.0],
            [8_376_392, 40.0, 0.0],
        ],
        "decimals": [18, 6],
    }

    assets: tuple[str, str] = fields.names("x and y, the quote", most=2)
    bin_step: int = fields.integer("from one price to the next", "1/10000", 1, MOST_STEP)
    zero_id: int = fields.integer(
        "the id at which the raw price is 1; 0 in DLMM",
        "steps",
        -MOST_ID,
        MOST_ID,
        default=LIQUIDITY_BOOK,
    )
    decimals: tuple[int, int] = fields.integers(
        "of x and y, in raw units of which prices of bins are", "digits", 0, 77, (0, 0)
    )
    bins: tuple[tuple[int, float, float], ...] = fields.rows(
        "what each bin holds",
        fields.whole_column("id", "steps", -MOST_ID, MOST_ID),
        fields.column("x", "base", fields.NONNEGATIVE, exact=True),
        fields.column("y", "quote", fields.NONNEGATIVE, exact=True),
        validator=_in_reach,
    )
    share: float = fields.share()
    fee: float | None = fields.fee()

    @property
    def exponent(self) -> int:
        """The power of ten between a raw price and one in whole units."""
        return self.decimals[0] - self.decimals[1]

    def price_of(self, index: int) -> BinPrice:
        """Price at which the bin of an id trades, quote per base, in whole units."""
        return bin_price(self.bin_step, index - self.zero_id, self.exponent)

    @cached_property
    def ladder(self) -> Ladder:
        """The bins, and what they hold at each price."""
        ids, x, y = zip(*sorted(self.bins), strict=True)
        price, reached = np.array([self.price_of(index) for index in ids]).T
        bought, paid = (self.share * np.array(side, dtype=float) for side in (x, y))
        base, quote, none = bought + paid / price, paid + bought * price, np.zeros(1)
        above = np.append(running_sums(base[::-1])[::-1], none)
        return Ladder(price, reached, -base, above, np.append(none, running_sums(quote)))

    @cached_property
    def intervals(self) -> Intervals:
        """The prices between two bins."""
        return Intervals(self.ladder.reached)

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        at = self.intervals.index(price)
        return _take(self.ladder.base, at), _take(self.ladder.quote, at)

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002
        return 0.0 if isinstance(price, float) else np.zeros(price.shape)

    @cached_property
    def _rows(self) -> Array:
        """(M + 1, 2): base and quote stand together."""
        return np.column_stack([self.ladder.base, self.ladder.quote])

    def _kernel(self) -> Kernel | None:
        found = self.intervals.lookup
        return None if found is None else Kernel(kernels.greeks, (self._rows, *found))

    def _atoms(self) -> Iterator[tuple[float, float]]:
        full = self.ladder.mass < 0
        return zip(self.ladder.reached[full], self.ladder.mass[full], strict=True)

    def _breakpoints(self) -> Array:
        return self.ladder.reached[self.ladder.mass < 0]

    def _spot(self) -> float | None:
        mixed = [index for index, x, y in self.bins if x and y]
        return self.price_of(mixed[0]).nearest if len(mixed) == 1 else None

    def _current_holdings(self) -> tuple[float, float]:
        x, y = (self.share * sum(side) for side in list(zip(*self.bins, strict=True))[1:])
        return x, y


def _take(column: Array, at: Any) -> Any:
    return column.item(at) if isinstance(at, int) else column.take(at)
