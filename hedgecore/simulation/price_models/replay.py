"""`replay`: what prices did, row by row, from CSV or Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from attrs import evolve, frozen

from hedgecore.errors import SpecError
from hedgecore.interfaces.price_model import AbstractPriceModel, PathChunk
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.blocks import frames
from hedgecore.simulation.data.funding_rates import Rates, rates
from hedgecore.simulation.data.history import History, history
from hedgecore.simulation.price_models import model_fields
from hedgecore.simulation.price_models.diffusion import frame


@frozen(kw_only=True, slots=False)  # a dict, so that the history travels to workers, read once
class Replay(AbstractPriceModel):
    """A history as it was: one path, whose moments and starting prices are those of its rows.

    Nothing is filled in: a gap is a long step, and bad rows are refused, or left out where
    `bad_rows` says so; `history.faults` and `history.gaps` name each with its line. The first row
    is the start; each row after it is a step, with the funding, volume and liquidity of its row.
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
    def rates(self) -> Rates | None:
        """The funding rates that have files of their own; None where there are none."""
        return rates(self.funding, self.bad_rows, self.kind) if self.funding else None

    @cached_property
    def history(self) -> History:
        """The rows, read at first use; SpecError where they cannot be."""
        return history(self, self.kind)

    def start(self, market: Market) -> Market:
        """Return the market with the prices of the first row, and pegged ones moved with them."""
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
        """Return the moments of the rows, years since the first."""
        return self.history.times

    def sample(
        self,
        start: Market,
        times: Array,
        paths: int,
        rng: np.random.Generator,  # noqa: ARG002 - history is no chance
        rows: int,
    ) -> Iterator[PathChunk]:
        """Yield the rows after the first; all paths are the same.

        Raises:
            SpecError: also where `times` are not its own.

        """
        if not np.array_equal(times, self.times()):
            raise SpecError("a replay has its own times: take those", kind=self.kind)
        unit, shape, beside = _unit(start, self.quote), (-1, 1), self._beside
        for first, count in frames(len(times) - 1, rows):
            here = slice(first, first + count)
            whole = np.ones((count, paths))
            prices = {
                a: unit * r[here].reshape(shape) * whole for a, r in self.history.prices.items()
            }
            moved = {
                name: (unit if name.startswith("volume:") else 1.0) * r[here].reshape(shape) * whole
                for name, r in beside.items()
            }
            yield frame(start, times, first, prices, pegs=self.pegs, rows=moved)

    @property
    def _beside(self) -> Mapping[str, Array]:
        """Name → (R,), what goes with the prices: rates of their own files in place of others."""
        if self.rates is None:
            return self.history.rows
        paid = self.rates.at(self.history.seconds, self.kind)
        return {**self.history.rows, f"funding:{self.asset}": paid}


def _unit(market: Market, quote: str | None) -> float:
    return 1.0 if quote is None else float(market.price(quote))
