"""Status of a loop by its journal: well, waiting, halted, ended as it should, or dead."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from hedgecore.live import events
from hedgecore.live.halt import halt_request
from hedgecore.live.journal import Event, JournalReader, Run
from hedgecore.live.lease import is_running
from hedgecore.live.records import from_plain

WELL, WAITING, HALTED, ENDED, DEAD = STATES = ("well", "waiting", "halted", "ended", "dead")
CODES = {WELL: 0, WAITING: 1, HALTED: 2, ENDED: 3, DEAD: 3}
"""State → exit code of `hedgecore status`: 3 where no loop runs, whatever the reason."""
BUSY = {"waiting": WAITING, "resolving": WAITING, "halted": HALTED}
"""Status of a heartbeat → state; well where it is none of these."""
CYCLES, SECONDS, EVERY = 5.0, 60.0, 12.0
"""A loop is dead once nothing was written for so many cycles and so many seconds; a cycle takes
`EVERY` seconds where blocks say when."""


@frozen(kw_only=True)
class LoopStatus:
    """Status of a loop, with the reasons for it.

    Attributes:
        state: "well", "waiting", "halted", "ended" (as it should) or "dead".
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
    state, reasons = _ended(folder, run, reader, last) or _state(folder, run, reader, age)
    return LoopStatus(
        state=state, reasons=reasons, run=run, cycle=last.cycle, age=age, head=last.seq
    )


def _ended(
    folder: Path, run: Run, reader: JournalReader, last: Event
) -> tuple[str, tuple[str, ...]] | None:
    """State of a run whose last event is its end, and when and why that was; else None."""
    if last.kind != events.ENDED:
        return None
    halt = halt_request(folder)
    when = datetime.fromtimestamp(last.wall, UTC).isoformat(" ", "seconds")
    said = (f"it ended at {when}: {last.body.get('why')}", *_waits(reader, run))
    return (ENDED, said) if halt is None else (HALTED, (halt, *said))


def _waits(reader: JournalReader, run: Run) -> tuple[str, ...]:
    """Reasons for which a run waits, by its last heartbeat; none where it does not."""
    beat = next(iter(reader.latest(1, ["heartbeat"], run.id)), None)
    status = None if beat is None else str(beat.body.get("status"))
    return _reasons(reader, run, WAITING) if status == WAITING else ()


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
