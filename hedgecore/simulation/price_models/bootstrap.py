"""`bootstrap`: returns drawn from a history in blocks of random length.

Politis and Romano, *The stationary bootstrap* (1994). The rows of a history (return, funding,
volume) are kept together; a block goes on with probability ``1 − 1/L`` a row, from the last row to
the first, and else a new one starts at any row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.errors import SpecError
from hedgecore.interfaces.price_model import AbstractPriceModel, PathChunk
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.blocks import frames
from hedgecore.simulation.data.history import History, history
from hedgecore.simulation.data.layouts import PAYMENT
from hedgecore.simulation.data.resample import Places, Runs
from hedgecore.simulation.price_models import model_fields
from hedgecore.simulation.price_models.diffusion import accumulate, frame
from hedgecore.units import SECONDS_PER_YEAR

ONE_OR_MORE = fields.Rule("1 or more, and finite", lambda x: 1 <= x < np.inf)
WHOLE = 1e-6
"""Distance of a step from a whole number of rows, relative, that is still whole."""


@frozen(kw_only=True, slots=False)  # a dict, so that the history travels to workers, read once
class Bootstrap(AbstractPriceModel):
    """Prices whose log returns are those of a history, in blocks of random length.

    Within a block the order of history is kept, and with it what returns, funding and volume have
    to do with one another and with their past: at lag k the autocorrelation is that of the history
    times ``(1 − 1/L)^k``. A step is a whole number of rows: returns and volumes are added up, rates
    and liquidity averaged. A step over a gap is no return of one row, and is left out; a block runs
    over it as it does from the last row to the first. With `drift`, the log returns are shifted by
    one constant, so that each row's expected gross return is ``e^{drift · δ}``.
    """

    kind = "bootstrap"
    example = {"files": ["minutes.csv"], "asset": "WETH", "mean_block": 60.0, "drift": 0.0}

    files: tuple[str, ...] = model_fields.files()
    asset: str = model_fields.asset()
    mean_block: float = fields.number("L, mean length of a block", "rows", ONE_OR_MORE)
    drift: float | None = fields.number(
        "growth rate of the expected price; the history's where not given",
        "per year",
        fields.FINITE,
        optional=True,
        likely=model_fields.SMALL_GROWTH,
    )
    columns: Mapping[str, str] = model_fields.columns()
    layout: str = model_fields.layout()
    decimals: tuple[int, int] = model_fields.decimals()
    token: int = model_fields.token()
    quote: str | None = model_fields.quote()
    bad_rows: str = model_fields.bad_rows()
    pegs: Mapping[str, str] = model_fields.pegs()

    @cached_property
    def history(self) -> History:
        """The rows, read at first use; SpecError where they cannot be."""
        return history(self, self.kind)

    @cached_property
    def returns(self) -> Mapping[str, Array]:
        """Asset → (R,), log returns of the history's regular steps, shifted to the drift."""
        read, years = self.history, self.history.interval / SECONDS_PER_YEAR
        found = {}
        for asset, prices in read.prices.items():
            logs = np.diff(np.log(prices))[read.regular]
            shift = 0.0 if self.drift is None else self.drift * years - np.log(np.exp(logs).mean())
            found[asset] = logs + shift
        return found

    @cached_property
    def beside(self) -> Mapping[str, Array]:
        """Name → (R,), the other columns of the same rows.

        Raises:
            SpecError: funding with blank cells, which have no rate to be drawn.

        """
        if any(name.startswith(PAYMENT) for name in self.history.rows):
            reason = "a rate must stand in each row to be drawn: some cells are blank"
            raise SpecError(reason, kind=self.kind, field="columns")
        return {name: row[1:][self.history.regular] for name, row in self.history.rows.items()}

    def sample(
        self, start: Market, times: Array, paths: int, rng: np.random.Generator, rows: int
    ) -> Iterator[PathChunk]:
        """Chunks of the steps after the start, drawn from blocks of history's rows.

        Raises:
            SpecError: also where a step is no whole number of the history's rows.

        """
        counts = self._rows_a_step(times)
        unit = 1.0 if self.quote is None else float(start.price(self.quote))
        runs = Runs.begin(len(self.returns[self.asset]), self.mean_block, paths, rng)
        levels = {asset: np.zeros(paths) for asset in self.returns}
        for first, count in frames(len(times) - 1, rows):
            steps = {name: np.empty((count, paths)) for name in (*self.returns, *self.beside)}
            for k in range(count):
                places = runs.advance(int(counts[first - 1 + k]))
                for asset, logs in self.returns.items():
                    steps[asset][k] = _step_sums(logs, places)
                for name, row in self.beside.items():
                    steps[name][k] = _join(name, row, places, unit)
            prices = {
                asset: start.price(asset) * np.exp(accumulate(steps[asset], levels[asset]))
                for asset in self.returns
            }
            moved = {name: steps[name] for name in self.beside}
            yield frame(start, times, first, prices, pegs=self.pegs, rows=moved)

    def _rows_a_step(self, times: Array) -> Array:
        rows = np.diff(times) * SECONDS_PER_YEAR / self.history.interval
        counts = np.round(rows)
        bad = (counts < 1) | (np.abs(rows - counts) > WHOLE * counts)
        if bad.any():
            every = f"{self.history.interval:g} seconds"
            reason = (
                f"a step of {rows[bad][0] * self.history.interval:g} seconds is no whole number"
            )
            raise SpecError(f"{reason} of rows, of {every} each", kind=self.kind, field="files")
        return counts


def _step_sums(row: Array, places: Places) -> Array:
    """Sum over the rows of a step, in their order: (N,) from (n, N)."""
    total: Array = row[places[0]]
    for place in places[1:]:
        total = total + row[place]
    return total


def _join(name: str, row: Array, places: Places, unit: float) -> Array:
    if name.startswith("volume:"):
        return unit * _step_sums(row, places)
    return _step_sums(row, places) / len(places)
