"""Status of a loop by its journal: well, waiting, halted or dead."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from hedgecore.live.halt import halt_request
from hedgecore.live.journal import Event, JournalReader, Run
from hedgecore.live.lease import is_running
from hedgecore.live.records import from_plain

WELL, WAITING, HALTED, DEAD = "well", "waiting", "halted", "dead"
CODES = {WELL: 0, WAITING: 1, HALTED: 2, DEAD: 3}
"""State → exit code of `hedgecore status`."""
BUSY = {"waiting": WAITING, "resolving": WAITING, "halted": HALTED}
"""Status of a heartbeat → state; well where it is none of these."""
CYCLES, SECONDS, EVERY = 5.0, 60.0, 12.0
"""A loop is dead once nothing was written for so many cycles and so many seconds; a cycle takes
`EVERY` seconds where blocks say when."""


@frozen(kw_only=True)
class LoopStatus:
    """Status of a loop, with the reasons for it.

    Attributes:
        state: "well", "waiting", "halted" or "dead".
        reasons: why it is not well.
        run: of the loop; None where none has ever run.
        cycle: of that run, the last one that wrote.
        age: seconds since it wrote; None where it never did.
        head: number of the last event.

    """

    state: str
    reasons: tuple[str, ...] = ()
    run: Run | None = None
    cycle: int = 0
    age: float | None = None
    head: int = 0

    @property
    def code(self) -> int:
        """Exit code."""
        return CODES[self.state]


def loop_status(folder: Path, now: float) -> LoopStatus:
    """Status of the loop of a journal at a moment, seconds since 1970.

    Raises:
        JournalError: the journal cannot be read.

    """
    reader = JournalReader(folder)
    last, began = reader.last(), reader.last("run")
    if last is None or began is None:
        return LoopStatus(state=DEAD, reasons=("no loop has run here",))
    run = from_plain(began.body, Run)
    age = max(now - last.wall, 0.0)
    state, reasons = _state(folder, run, reader, age)
    return LoopStatus(
        state=state, reasons=reasons, run=run, cycle=last.cycle, age=age, head=last.seq
    )


def _state(
    folder: Path, run: Run, reader: JournalReader, age: float
) -> tuple[str, tuple[str, ...]]:
    halt = halt_request(folder)
    gone = ("its process is gone",) if is_running(folder) is False else ()
    if halt is not None:
        return HALTED, (halt, *gone)
    if gone:
        return DEAD, gone
    if age > SECONDS + CYCLES * (run.every_seconds or EVERY):
        return DEAD, (f"it has written nothing for {age:.0f} s",)
    beat = next(iter(reader.latest(1, ["heartbeat"], run.id)), None)
    if beat is None:
        return WAITING, ("it starts",)
    state = BUSY.get(str(beat.body.get("status")), WELL)
    return state, () if state == WELL else _reasons(reader, run, str(beat.body["status"]))


def _reasons(reader: JournalReader, run: Run, status: str) -> tuple[str, ...]:
    """Reasons of the last wait, where it waits; else what it does."""
    waits = reader.latest(1, ["waiting"], run.id) if status == WAITING else list[Event]()
    reasons = [str(each) for wait in waits for each in wait.body.get("reasons", ())]
    return tuple(reasons) or (f"it is {status}",)
