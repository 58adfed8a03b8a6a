"""Funding rates from files of their own: each is paid at its moment, and holds until the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from attrs import frozen

from hedgecore.errors import SpecError
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.data.cells import Cells, column, moments, numbers, read
from hedgecore.simulation.data.faults import Fault, wrong_rows

NAMES = {
    "time": ("time", "timestamp", "datetime", "date", "funding_time", "fundingTime", "calc_time"),
    "funding": ("funding", "funding_rate", "fundingRate", "last_funding_rate", "rate"),
}
"""The names of columns that are taken, the first there is; those of venues among them."""
HOUR = 3600.0
LEAST = 2


@frozen(eq=False)
class Rates:
    """Rates per interval, as they were paid.

    Attributes:
        seconds: (R,), since 1970, ascending; whole, as venues are some milliseconds late.
        paid: (R,), by who is long, as fractions of the notional.
        interval: the usual time from one to the next, in seconds.
        faults: bad rows, which are left out.

    """

    seconds: Array
    paid: Array
    interval: float
    faults: tuple[Fault, ...]

    @property
    def hours(self) -> float:
        """The usual interval in hours."""
        return self.interval / HOUR

    def since(self, moment: float) -> float:
        """Return the hours from the last payment before a moment, or at it, to that moment."""
        return float((moment - self.seconds[0]) % self.interval / HOUR)

    def at(self, seconds: Array, kind: str) -> Array:
        """Return the rate that was paid last at each moment, (K,).

        Raises:
            SpecError: none is known there: unknown is not zero.

        """
        last = np.searchsorted(self.seconds, seconds, side="right") - 1
        old = seconds - self.seconds[np.maximum(last, 0)]
        before = (last < 0) & (seconds >= self.seconds[0] - self.interval)
        unknown = ~before & ((last < 0) | (old >= self.interval))
        if unknown.any():
            reason = f"there is no funding rate for {_said(float(seconds[np.argmax(unknown)]))}"
            raise SpecError(reason, kind=kind, field="funding")
        return np.where(last < 0, 0.0, self.paid[np.maximum(last, 0)])


def rates(files: Sequence[str], bad_rows: str, kind: str) -> Rates:
    """Read files of funding rates, in the order given.

    Raises:
        SpecError: a file cannot be read, a column is missing, or a row is bad and bad rows are not
            to be left out.

    """
    each = [read(file) for file in files]
    seconds = np.round(np.concatenate([moments(_column(cells, "time")) for cells in each]))
    paid = np.concatenate([numbers(_column(cells, "funding")) for cells in each])
    places = [(cells.file, int(line)) for cells in each for line in cells.lines]
    wrong = wrong_rows(seconds, {"funding rate": paid})
    faults = tuple(Fault(*places[i], wrong[i]) for i in sorted(wrong))
    if faults and bad_rows != "leave-out":
        reason = f"{faults[0]}. Mend it, or say bad_rows = 'leave-out'"
        raise SpecError(reason, kind=kind, field="funding")
    good = [i for i in range(len(places)) if i not in wrong]
    if len(good) < LEAST:
        raise SpecError(f"{len(good)} good rows are too few", kind=kind, field="funding")
    lengths, counts = np.unique(np.diff(seconds[good]), return_counts=True)
    return Rates(seconds[good], paid[good], float(lengths[counts.argmax()]), faults)


def _column(cells: Cells, role: str) -> list[object]:
    found = [name for name in NAMES[role] if name in cells.columns]
    if not found:
        known, names = ", ".join(cells.columns), ", ".join(NAMES[role])
        reason = f"{cells.file} has none of the columns {names} (it has {known:.300})"
        raise SpecError(reason, field="funding")
    return column(cells, found[0])


def _said(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
