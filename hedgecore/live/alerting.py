"""Telling a person: each topic once an hour, and written down."""

from __future__ import annotations

from collections.abc import Iterable

from hedgecore.live.changes import record
from hedgecore.live.effects import Alert, Effects
from hedgecore.live.events import AlertRaised
from hedgecore.live.state import LoopState

INFO, WARNING, CRITICAL = "info", "warning", "critical"
AGAIN = 3600.0
"""Seconds after which a topic is told of again."""


def alert(state: LoopState, level: str, topic: str, text: str) -> Effects[LoopState]:
    """Tell a person of a topic, unless that was done within the hour."""
    told = state.told.get(topic)
    if told is not None and (state.last or 0.0) < told + AGAIN:
        return state
    yield Alert(level, text, {"topic": topic, "cycle": state.cycle})
    return (yield from record(state, AlertRaised(level=level, topic=topic, text=text)))


def alerts(state: LoopState, level: str, topic: str, texts: Iterable[str]) -> Effects[LoopState]:
    """Tell a person of a topic, in as many sentences as there are; of none, nothing."""
    whole = "; ".join(texts)
    return (yield from alert(state, level, topic, whole)) if whole else state
