"""Replay: decide again, from what each decision of a journal was made from, and compare.

On the machine and with the versions that decided, the numbers are equal to the bit; elsewhere the
last bit is a processor's own, and they are equal to 1e-12.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import frozen

from hedgecore.live.decision_input import NUMBERS, DecisionInput
from hedgecore.live.journal import Event, JournalReader, Run
from hedgecore.live.records import from_plain
from hedgecore.numerics.arrays import Array
from hedgecore.registry.registry import Registry

TOLERANCE = 1e-12
"""Relative, of numbers that another machine or other versions have decided."""
TINY = float(np.finfo(np.float64).tiny)
"""Difference of what is equal but for its bits: a zero of another sign."""


@frozen(kw_only=True)
class ReplayedDecision:
    """One decision, made again.

    Attributes:
        seq: number of its event.
        cycle: of its run.
        exact: whether it was decided here, so that each bit counts.
        difference: largest of its numbers' relative differences; NaN where shapes differ.

    """

    seq: int
    cycle: int
    exact: bool
    difference: float

    @property
    def is_equal(self) -> bool:
        """True if the replayed decision is the recorded one, to the solver's tolerance."""
        return self.difference <= (0.0 if self.exact else TOLERANCE)


def replay(
    reader: JournalReader, here: Run, *, after: int = 0, registry: Registry | None = None
) -> Iterator[ReplayedDecision]:
    """Decisions of a journal, each made again.

    Args:
        reader: of the journal.
        here: machine and versions that replay.
        after: number of an event, from whose next on it is done.
        registry: of kinds; all that is installed unless given.

    Raises:
        JournalError: an input cannot be read.

    """
    runs: dict[str, bool] = {}
    for event in reader.events(0, ("run", "decision")):
        if event.kind == "run":
            runs[event.run] = _is_alike(from_plain(event.body, Run), here)
        elif event.seq > after:
            yield _replay(event, registry, exact=runs.get(event.run, False))


def _replay(event: Event, registry: Registry | None, *, exact: bool) -> ReplayedDecision:
    given = from_plain(event.body["input"], DecisionInput, registry=registry)
    again = given.decide()
    recorded = from_plain(event.body["made"], Mapping[str, Array])
    pairs = [(recorded[name], getattr(again, name)) for name in NUMBERS]
    difference = float(np.max([_difference(*pair) for pair in pairs]))
    return ReplayedDecision(seq=event.seq, cycle=event.cycle, exact=exact, difference=difference)


def _difference(recorded: Array, again: Array) -> float:
    """Largest relative difference of two arrays; 0 only where they are equal to the bit."""
    if recorded.shape != again.shape:
        return np.nan
    if recorded.tobytes() == again.tobytes():
        return 0.0
    scale = np.maximum(np.abs(recorded), np.abs(again))
    apart = np.abs(recorded - again) / np.where(scale > 0, scale, 1.0)
    same = (recorded == again) | (np.isnan(recorded) & np.isnan(again))
    return float(np.max(np.where(same, TINY, apart)))


def _is_alike(recorded: Run, here: Run) -> bool:
    return (recorded.machine, recorded.versions) == (here.machine, here.versions)
