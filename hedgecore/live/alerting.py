"""Telling a person: each topic once an hour, and written down."""

from __future__ import annotations

from collections.abc import Iterable

from hedgecore.live.changes import NUMBER, record
from hedgecore.live.effects import Alert, Effects
from hedgecore.live.events import AlertRaised
from hedgecore.live.state import LoopState

INFO, WARNING, CRITICAL = "info", "warning", "critical"
AGAIN = 3600.0
"""Seconds after which a topic is told of again."""
WAITING, MOST = "waiting: ", 10
"""Start of the topics of waiting, and the most of them that are told of within that time."""


def alert(state: LoopState, level: str, topic: str, text: str) -> Effects[LoopState]:
    """Tell a person of a topic, unless that was done within the hour."""
    if _is_told(state, topic):
        return state
    yield Alert(level, text, {"topic": topic, "cycle": state.cycle})
    return (yield from record(state, AlertRaised(level=level, topic=topic, text=text)))


def alerts(state: LoopState, level: str, topic: str, texts: Iterable[str]) -> Effects[LoopState]:
    """Tell a person of a topic, in as many sentences as there are; of none, nothing."""
    whole = "; ".join(texts)
    return (yield from alert(state, level, topic, whole)) if whole else state


def alert_waiting(state: LoopState, reasons: Iterable[str]) -> Effects[LoopState]:
    """Tell a person why nothing is decided: each sort of reason once an hour, and not too many."""
    for reason in reasons:
        topic = WAITING + NUMBER.sub("0", reason)
        if sum(each.startswith(WAITING) and _is_told(state, each) for each in state.told) < MOST:
            state = yield from alert(state, WARNING, topic, reason)
        elif not _is_told(state, topic):
            more = "it waits for more reasons than are told of: `hedgecore status` has them"
            return (yield from alert(state, WARNING, "more to wait for", more))
    return state


def _is_told(state: LoopState, topic: str) -> bool:
    """True where a topic was told of within the hour; one of the future was by a wrong clock."""
    told = state.told.get(topic)
    return told is not None and told <= (state.last or 0.0) < told + AGAIN
