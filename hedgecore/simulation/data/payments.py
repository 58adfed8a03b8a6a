"""Payments of funding from files of their own: each at its own time, at its own rate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.errors import SpecError
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.data.cells import Cells, column, column_name, moments, numbers, read
from hedgecore.simulation.data.faults import GAP, Fault, wrong_rows
from hedgecore.units import SECONDS_PER_HOUR

NAMES = {
    "time": ("time", "timestamp", "datetime", "date", "funding_time", "fundingTime", "calc_time"),
    "funding": ("funding", "funding_rate", "fundingRate", "last_funding_rate", "rate"),
}
"""The names of columns that are taken, the first there is; those of venues among them."""
LEAST = 2
LATE = 0.01
"""The part of an interval by which a payment may be late and still be the one that is due."""


@frozen(eq=False)
class Payments:
    """Payments of funding, as they were made.

    Attributes:
        seconds: (P,), since 1970, ascending; whole, as venues are some milliseconds late.
        rates: (P,), paid by who is long, as fractions of the notional.
        faults: bad rows, which are left out.
        gaps: longer from one payment to the next than before and after, each at the later.

    """

    seconds: Array
    rates: Array
    faults: tuple[Fault, ...] = ()
    gaps: tuple[Fault, ...] = ()

    def mask(self, rows: Array) -> NDArray[np.bool_]:
        """Mask of the payments after the first of some rows and by the last, (P,)."""
        return np.asarray((self.seconds > rows[0]) & (self.seconds <= rows[-1]))

    def over(self, rows: Array) -> tuple[Array, Array]:
        """Rates paid at each row, and between the row before and it, (R,) each."""
        at, between = np.zeros(len(rows)), np.zeros(len(rows))
        here = self.mask(rows)
        step = np.searchsorted(rows, self.seconds[here], side="left")
        exact = rows[step] == self.seconds[here]
        np.add.at(at, step[exact], self.rates[here][exact])
        np.add.at(between, step[~exact], self.rates[here][~exact])
        return at, between

    def missing_payment(self, rows: Array) -> float | None:
        """Moment of a payment that is not there, before the first or after the last; or None."""
        if len(self.seconds) < LEAST:
            return None
        steps = np.diff(self.seconds)
        if self.seconds[0] - rows[0] > (1.0 + LATE) * steps[0]:
            return float(self.seconds[0] - steps[0])
        due = float(self.seconds[-1] + steps[-1])
        return due if due <= rows[-1] else None


def check_cover(payments: Payments, rows: Array, kind: str) -> None:
    """Refuse payments that leave one of some rows' time unknown, which is not zero."""
    due = payments.missing_payment(rows)
    if due is not None:
        raise SpecError(
            f"there is no funding rate for {_sentence(due)}", kind=kind, field="funding"
        )


def payments(files: Sequence[str], bad_rows: str, kind: str) -> Payments:
    """Read files of funding rates, their rows in any order.

    Raises:
        SpecError: a file cannot be read, a column is missing, or a row is bad and bad rows are not
            to be left out.

    """
    each = [read(file) for file in files]
    seconds = np.round(np.concatenate([moments(_column(cells, "time")) for cells in each]))
    rates = np.concatenate([numbers(_column(cells, "funding")) for cells in each])
    places = [(cells.file, int(line)) for cells in each for line in cells.lines]
    order = np.argsort(seconds, kind="stable")
    seconds, rates, places = seconds[order], rates[order], [places[i] for i in order]
    wrong = wrong_rows(seconds, {"funding rate": rates})
    faults = tuple(Fault(*places[i], wrong[i]) for i in sorted(wrong))
    if faults and bad_rows != "leave-out":
        reason = f"{faults[0]}. Mend it, or say bad_rows = 'leave-out'"
        raise SpecError(reason, kind=kind, field="funding")
    good = [i for i in range(len(places)) if i not in wrong]
    if len(good) < LEAST:
        raise SpecError(f"{len(good)} good rows are too few", kind=kind, field="funding")
    late = tuple(_gaps(seconds[good], [places[i] for i in good]))
    return Payments(seconds[good], rates[good], faults, late)


def _gaps(seconds: Array, places: Sequence[tuple[str, int]]) -> list[Fault]:
    """Steps longer than both beside them: no interval that changes is one."""
    steps = np.diff(seconds)
    beside = np.maximum(np.append(0.0, steps[:-1]), np.append(steps[1:], 0.0))
    late = np.flatnonzero((steps > GAP * beside) & (beside > 0)).tolist()
    hours, usual = (steps / SECONDS_PER_HOUR).tolist(), (beside / SECONDS_PER_HOUR).tolist()
    return [
        Fault(*places[i + 1], f"{hours[i]:g} h without a payment, beside {usual[i]:g} h")
        for i in late
    ]


def _column(cells: Cells, role: str) -> list[object]:
    found = [name for each in NAMES[role] if (name := column_name(cells, each)) is not None]
    if not found:
        known, names = ", ".join(cells.columns), ", ".join(NAMES[role])
        reason = f"{cells.file} has none of the columns {names} (it has {known:.300})"
        raise SpecError(reason, field="funding")
    return column(cells, found[0])


def _sentence(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
