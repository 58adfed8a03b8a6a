"""Status of a live hedge, and the events of its journal: tables, lines, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from hedgecore.live.journal import Event
from hedgecore.live.plain import TYPE
from hedgecore.live.replay import ReplayedDecision
from hedgecore.live.status import ENDED, LoopStatus
from hedgecore.tables.render import Table

COLUMNS = ("seq", "time", "run", "cycle", "kind", "body", "wall", "mono")
SHOWN, LONGEST = 6, 40
"""Numbers and words of an event that a table shows, and characters of each."""
SAID = {
    "run": ("mode", "id", "machine"),
    "snapshot": ("block", "reorganised", "notes"),
    "decision": ("reason", "trade", "doubt"),
    "intent": ("venue", "symbol", "contracts", "limit_price"),
    "outcome": ("contracts", "price", "fee", "fee_asset", "proof", "reason"),
    "account": ("venue", "equity", "maintenance", "cursor"),
    "alert": ("level", "text"),
}
"""Kind → what a table shows of its events; of other kinds, all that is short."""


def moment(wall: float) -> str:
    """Moment in ISO 8601, UTC, to the millisecond."""
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds")


def status_document(status: LoopStatus) -> dict[str, Any]:
    """Mapping for JSON: where a loop stands."""
    run = status.run
    return {
        "state": status.state,
        "reasons": list(status.reasons),
        "run": None if run is None else run.id,
        "mode": None if run is None else run.mode,
        "pid": None if run is None else run.pid,
        "cycle": status.cycle,
        "age_seconds": status.age,
        "events": status.head,
    }


def status_table(status: LoopStatus) -> Table:
    """Table of where a loop stands."""
    found = status_document(status)
    age = "never" if status.age is None else f"{status.age:.0f} s ago"
    rows = [(name, str(found[name] or "–")) for name in ("run", "mode", "cycle", "events")]
    verb = "has" if status.state == ENDED else "is"
    return Table(f"The loop {verb} {status.state}", ("", ""), [*rows, ("wrote", age)])


def event_document(event: Event) -> dict[str, Any]:
    """Mapping for JSON: one event, all of it."""
    known = {name: getattr(event, name) for name in COLUMNS if name != "time"}
    return {name: known.get(name, moment(event.wall)) for name in COLUMNS}


def event_table(events: Sequence[Event]) -> Table:
    """Table of events, the first of what each says."""
    heads = ("event", "time", "cycle", "kind", "says")
    rows = [
        (str(e.seq), moment(e.wall)[:19], str(e.cycle), e.kind, ", ".join(_words(e)))
        for e in events
    ]
    return Table("Events, oldest first", heads, rows)


def _words(event: Event) -> list[str]:
    said = SAID.get(event.kind)
    found = (f"{n} {_short(e)}" for n, e in _leaves(event.body) if said is None or n in said)
    return list(islice(found, SHOWN))


def _leaves(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values of what a table holds, tables within it included, those in lists not."""
    for name, each in value.items():
        if isinstance(each, Mapping):
            yield from _leaves(each)
        elif name != TYPE and each not in (None, [], ""):
            yield name, each


def _short(value: Any) -> str:
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def json_lines(events: Iterable[Event]) -> Iterator[str]:
    """One line of JSON for each event."""
    return (json.dumps(event_document(each), allow_nan=False) for each in events)


def csv_lines(events: Iterable[Event]) -> Iterator[str]:
    """Lines of CSV, heads first; the body as JSON."""
    yield ",".join(COLUMNS)
    for event in events:
        line = io.StringIO()
        row = {**event_document(event), "body": json.dumps(event.body, allow_nan=False)}
        csv.writer(line, lineterminator="").writerow(row.values())
        yield line.getvalue()


def replay_document(found: Sequence[ReplayedDecision]) -> dict[str, Any]:
    """Mapping for JSON: how many decisions were made again, and those that differ."""
    wrong = [each for each in found if not each.is_equal]
    return {
        "decisions": len(found),
        "to_the_bit": sum(each.exact for each in found),
        "different": [
            {"event": e.seq, "cycle": e.cycle, "exact": e.exact, "difference": e.difference}
            for e in wrong
        ],
    }


def replay_sentences(found: Sequence[ReplayedDecision]) -> list[str]:
    """Sentences on decisions that were made again."""
    here = sum(each.exact for each in found)
    wrong = [each for each in found if not each.is_equal]
    lines = [f"{len(found)} decisions were made again, {len(found) - len(wrong)} of them equal."]
    if here < len(found):
        elsewhere = len(found) - here
        lines.append(f"{elsewhere} are of another machine or version: equal is to 1e-12 there.")
    lines += [
        f"Event {e.seq} of cycle {e.cycle} differs by {e.difference:.3g}, relatively."
        for e in wrong
    ]
    return lines
