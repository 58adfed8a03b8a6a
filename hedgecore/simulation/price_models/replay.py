"""`replay`: what prices did, row by row, from CSV or Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from attrs import evolve, frozen

from hedgecore.errors import SpecError
from hedgecore.interfaces.price_model import AT, BETWEEN, STATES, AbstractPriceModel, PathChunk
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.blocks import frames
from hedgecore.simulation.data.history import History, history
from hedgecore.simulation.data.layouts import PAYMENT
from hedgecore.simulation.data.payments import Payments, check_cover, payments
from hedgecore.simulation.price_models import model_fields
from hedgecore.simulation.price_models.diffusion import frame
from hedgecore.units import SECONDS_PER_YEAR


@frozen(kw_only=True, slots=False)  # a dict, so that the history travels to workers, read once
class Replay(AbstractPriceModel):
    """A history as it was: one path, whose moments and starting prices are those of its rows.

    Nothing is filled in: a gap is a long step, and bad rows are refused, or left out where
    `bad_rows` says so; `history.faults` and `history.gaps` name each with its line. The first row
    is the start; each row after it is a step. Volume is of the row; price, premium, liquidity and
    funding rate are those as it ends, and the last known until the next.

    A payment of funding is made once, at its own time: each row of the files `funding`, or of a
    column with blank cells, each cell that is none. A column without blanks is the rate per
    interval as the venue has it at each row.
    """

    kind = "replay"
    example = {"files": ["minutes.csv"], "asset": "WETH", "columns": {"price": "close"}}

    files: tuple[str, ...] = model_fields.files()
    asset: str = model_fields.asset()
    columns: Mapping[str, str] = model_fields.columns()
    layout: str = model_fields.layout()
    decimals: tuple[int, int] = model_fields.decimals()
    token: int = model_fields.token()
    quote: str | None = model_fields.quote()
    bad_rows: str = model_fields.bad_rows()
    pegs: Mapping[str, str] = model_fields.pegs()
    funding: tuple[str, ...] = model_fields.funding()

    @cached_property
    def payments(self) -> Payments | None:
        """The payments of funding with times of their own; None where there are none.

        Raises:
            SpecError: they cannot be read, or do not cover the rows.

        """
        column = self.history.rows.get(f"{PAYMENT}:{self.asset}")
        if not self.funding and column is None:
            return None
        found = (
            payments(self.funding, self.bad_rows, self.kind)
            if self.funding
            else self._of_cells(np.asarray(column))
        )
        check_cover(found, self.history.seconds, self.kind)
        return found

    @property
    def has_rates_of_rows(self) -> bool:
        """True if the files of prices have rates or payments of funding, too."""
        names = {f"{PAYMENT}:{self.asset}", f"funding:{self.asset}"}
        return not names.isdisjoint(self.history.rows)

    @cached_property
    def history(self) -> History:
        """The rows, read at first use; SpecError where they cannot be."""
        return history(self, self.kind)

    def _of_cells(self, column: Array) -> Payments:
        """Payments that stand in a column: one in each row that has any; SpecError of none."""
        there = np.isfinite(column)
        if not there.any():
            reason = "all cells of funding are blank, and unknown is not zero: leave the column out"
            raise SpecError(reason, kind=self.kind, field="columns")
        return Payments(self.history.seconds[there], column[there])

    def start(self, market: Market) -> Market:
        """Market with the prices of the first row, and pegged ones moved with them."""
        unit = _unit(market, self.quote)
        first = {asset: unit * rows[0] for asset, rows in self.history.prices.items()}
        follow = {
            asset: market.price(asset) * first[other] / market.price(other)
            for asset, other in self.pegs.items()
            if other in first and other in market.prices and asset not in market.assets
        }
        first = market.assets.underlying_prices(first)
        return evolve(market, prices={**market.prices, **follow, **first})

    def times(self) -> Array:
        """Moments of the rows, years since the first."""
        return self.history.times

    def sample(
        self,
        start: Market,
        times: Array,
        paths: int,
        rng: np.random.Generator,  # noqa: ARG002 - history is no chance
        rows: int,
    ) -> Iterator[PathChunk]:
        """Chunks of the history's rows after the first; all paths are the same.

        Raises:
            SpecError: also where `times` are not its own.

        """
        if not np.array_equal(times, self.times()):
            raise SpecError("a replay has its own times: take those", kind=self.kind)
        unit, shape = _unit(start, self.quote), (-1, 1)
        beside = self._beside(unit)
        for first, count in frames(len(times) - 1, rows):
            here = slice(first, first + count)
            whole = np.ones((count, paths))
            prices = {
                a: unit * r[here].reshape(shape) * whole for a, r in self.history.prices.items()
            }
            moved = {name: r[here].reshape(shape) * whole for name, r in beside.items()}
            chunk = frame(start, times, first, prices, pegs=self.pegs, rows=moved)
            yield chunk if first > 1 else evolve(chunk, before=_opening(beside, paths))

    def _beside(self, unit: float) -> dict[str, Array]:
        """Name → (R,), what goes with the prices: payments of their own in place of rates."""
        read = self.history
        rows = {
            name: unit * row if name.startswith("volume:") else row
            for name, row in read.rows.items()
            if not name.startswith(PAYMENT)
        }
        if read.gaps:
            bars = np.append(0.0, read.bars) / SECONDS_PER_YEAR
            rows |= {f"bar:{n[7:]}": bars for n in read.rows if n.startswith("volume:")}
        if self.payments is not None:
            at, between = self.payments.over(read.seconds)
            rows.pop(f"funding:{self.asset}", None)
            rows |= {f"{AT}:{self.asset}": at, f"{BETWEEN}:{self.asset}": between}
        return rows


def _opening(rows: Mapping[str, Array], paths: int) -> dict[str, Array]:
    """Rates and premiums of the first row, (1, N) each."""
    return {n: np.full((1, paths), row[0]) for n, row in rows.items() if n.startswith(STATES)}


def _unit(market: Market, quote: str | None) -> float:
    return 1.0 if quote is None else float(market.price(quote))
