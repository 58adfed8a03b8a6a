"""Changes that the owner of a book's positions makes: told to a person, and hedged as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hedgecore.live.alerting import WARNING, alert
from hedgecore.live.changes import record
from hedgecore.live.effects import Effects
from hedgecore.live.events import PositionChanged
from hedgecore.live.snapshot import BookReading
from hedgecore.live.state import LoopState

Sizes = Mapping[str, int | None]


def position_changes(before: Sizes, now: BookReading) -> Iterator[PositionChanged]:
    """Changes of the positions that are others now, or were not known."""
    for name, size in now.sizes.items():
        if name not in before or before[name] != size:
            yield PositionChanged(
                position=name, before=before.get(name), after=size, holder=now.holders.get(name)
            )


def sentence(event: PositionChanged) -> str:
    """Sentence on a change, for a person."""
    if event.after is None:
        found = f"{event.position} is the owner's, and the book does not have it"
        return f"{found}: it is not hedged before the book is read anew"
    if event.holder is not None:
        lost = "given away, or is kept where nobody says whose it is"
        return f"{event.position} is {event.holder}'s now: it was {lost}; it is hedged no more"
    if not event.after:
        return f"{event.position}: nothing is left of it; it was withdrawn or moved"
    if not event.before:
        return f"{event.position}: there is a position now, of {event.after} units"
    return f"{event.position}: it was {event.before} units, and is {event.after}"


def tell_positions(state: LoopState, now: BookReading) -> Effects[LoopState]:
    """Write down what the owner has done, each an event of its own, and tell a person."""
    for event in position_changes(state.sizes, now):
        state = yield from record(state, event)
        text = sentence(event)
        state = yield from alert(state, WARNING, text, text)
    return state
