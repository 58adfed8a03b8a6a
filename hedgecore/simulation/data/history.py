"""A history of prices, and of what went with them: read from files, its faults named by line.

Nothing is filled in. A gap stays a gap. A bad row is refused, or left out where that is asked for;
in either case it is named with its file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.errors import SpecError
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.data.cells import Cells, read
from hedgecore.simulation.data.faults import GAP, Fault, gaps, wrong_rows
from hedgecore.simulation.data.layouts import PAYMENT, Recorded, read_columns
from hedgecore.units import SECONDS_PER_YEAR

"""Seconds."""
SHOWN = 5
LEAST = 3


@frozen(eq=False)
class History:
    """Rows of one or more files, in the order of time.

    Attributes:
        seconds: (R,), since 1970, ascending.
        prices: asset → (R,), positive.
        rows: "funding:X", "volume:X" and the like → (R,); "payment:X", nan where none was made,
            in place of the funding where that has blank cells.
        interval: the usual time from row to row, in seconds.
        faults: bad rows, which are left out.
        gaps: steps longer than usual, each at the row that it leads to.

    """

    seconds: Array
    prices: Mapping[str, Array]
    rows: Mapping[str, Array]
    interval: float
    faults: tuple[Fault, ...]
    gaps: tuple[Fault, ...]

    @property
    def times(self) -> Array:
        """(R,), years since the first row, of 365 days each."""
        return np.asarray((self.seconds - self.seconds[0]) / SECONDS_PER_YEAR)

    @property
    def bars(self) -> Array:
        """(R − 1,), seconds that the volume of each row but the first is of: not of a gap."""
        steps = np.diff(self.seconds)
        return np.where(steps > GAP * self.interval, self.interval, steps)

    @property
    def regular(self) -> NDArray[np.bool_]:
        """(R − 1,), which steps are as long as usual."""
        return np.asarray(np.abs(np.diff(self.seconds) - self.interval) <= 1e-6 * self.interval)


def history(model: Recorded, kind: str) -> History:
    """Read the files of `model`, in the order given, as one history.

    Raises:
        SpecError: a file cannot be read, a column is missing, a row is bad and bad rows are not to
            be left out, or fewer than three good rows are there.

    """
    files = [read(file) for file in model.files]
    seconds, values = _together(files, model, kind)
    places = [(each.file, int(line)) for each in files for line in each.lines]
    wrong = wrong_rows(seconds, values)
    faults = tuple(_faults(files, places, wrong))
    _refuse(faults, model, kind)
    good = [i for i in range(len(places)) if i not in wrong]
    if len(good) < LEAST:
        raise SpecError(f"{len(good)} good rows are no history", kind=kind, field="files")
    seconds = seconds[good]
    interval = _usual(np.diff(seconds))
    prices = {n[6:]: v[good] for n, v in values.items() if n.startswith("price:")}
    rows = {n: v[good] for n, v in values.items() if not n.startswith("price:")}
    gap = gaps(seconds, interval, [places[i] for i in good])
    return History(seconds, prices, rows, interval, faults, gap)


def _together(files: list[Cells], model: Recorded, kind: str) -> tuple[Array, Mapping[str, Array]]:
    each = [read_columns(cells, model) for cells in files]
    each = _in_one_role(each)
    names = each[0][1].keys()
    for cells, (_, values) in zip(files, each, strict=True):
        if values.keys() != names:
            apart = ", ".join(sorted(values.keys() ^ names))
            reason = f"{cells.file} and {files[0].file} differ in {apart}: name the columns to take"
            raise SpecError(reason, kind=kind, field="columns")
    seconds = np.concatenate([moments for moments, _ in each])
    return seconds, {name: np.concatenate([v[name] for _, v in each]) for name in names}


def _in_one_role(
    each: list[tuple[Array, dict[str, Array]]],
) -> list[tuple[Array, dict[str, Array]]]:
    """Columns of all files, those of funding as payments where one's are."""
    paid = {name for _, values in each for name in values if name.startswith(PAYMENT)}
    names = {name.replace(PAYMENT, "funding"): name for name in paid}
    return [(moments, {names.get(n, n): v for n, v in values.items()}) for moments, values in each]


def _faults(
    files: list[Cells], places: list[tuple[str, int]], wrong: Mapping[int, str]
) -> Iterator[Fault]:
    """Faults of all files, file by file, line by line."""
    done = 0
    for cells in files:
        here = range(done, done + len(cells.lines))
        done += len(cells.lines)
        bad = [Fault(*places[i], wrong[i]) for i in here if i in wrong]
        torn = [Fault(cells.file, n, "another number of cells than the head") for n in cells.torn]
        yield from sorted([*bad, *torn], key=lambda fault: fault.line)


def _refuse(faults: tuple[Fault, ...], model: Recorded, kind: str) -> None:
    if not faults or model.bad_rows == "leave-out":
        return
    shown = "; ".join(map(str, faults[:SHOWN]))
    more = f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
    count = "1 bad row" if len(faults) == 1 else f"{len(faults)} bad rows"
    reason = f"{count}: {shown}{more}. Mend them, or say bad_rows = 'leave-out'"
    raise SpecError(reason, kind=kind, field="files")


def _usual(steps: Array) -> float:
    """Most common step; of several as common, the shortest."""
    lengths, counts = np.unique(steps, return_counts=True)
    return float(lengths[counts.argmax()])
