"""Numbers of a view as Prometheus reads them: text, one line a sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hedgecore.live.status import STATES

Sample = tuple[Mapping[str, str], float | None]


def metrics(view: Mapping[str, Any]) -> str:
    """Text of the samples of a view; what is unknown has none.

    Examples:
        >>> print(metrics({"state": "well", "age": 1.5, "cycle": 7, "events": 40}), end="")
        ... # doctest: +ELLIPSIS
        # HELP hedgecore_state 1 for the state that the loop is in.
        # TYPE hedgecore_state gauge
        hedgecore_state{state="well"} 1
        ...

    """
    return "".join(f"{line}\n" for line in _lines(view))


def _lines(view: Mapping[str, Any]) -> Iterator[str]:
    for name, about, samples in _gauges(view):
        known = [(labels, number) for labels, number in samples if number is not None]
        if known:
            yield f"# HELP hedgecore_{name} {about}"
            yield f"# TYPE hedgecore_{name} gauge"
            for labels, number in known:
                yield f"hedgecore_{name}{_labels(labels)} {number:.17g}"


def _gauges(view: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Sample]]]:
    delta, margins = view.get("delta", []), view.get("margins", {})
    unit = view.get("numeraire", "the numeraire")
    states: list[Sample] = [({"state": each}, float(view["state"] == each)) for each in STATES]
    yield "state", "1 for the state that the loop is in.", states
    yield "age_seconds", "Seconds since the loop wrote.", [({}, view.get("age"))]
    yield "cycle", "Cycle of the run.", [({}, view.get("cycle"))]
    yield "events", "Events in the journal.", [({}, view.get("events"))]
    yield "net_delta", "Delta that is open, units of the asset.", _by(delta, "asset", "net")
    yield "net_delta_cash", f"Delta that is open, {unit}.", _by(delta, "asset", "net_cash")
    yield "band", "Half-width of the band, units of the asset.", _by(delta, "asset", "width")
    yield ("held_contracts", "Contracts held.", _by(view.get("instruments", []), "name", "held"))
    yield "reading_age_seconds", "Age of a reading.", _by(view.get("readings", []), "name", "age")
    for name, about in MARGIN.items():
        rows: list[Sample] = [({"venue": v}, each[name]) for v, each in margins.items()]
        yield f"margin_{name}", about.format(unit=unit), rows
    needed: list[Sample] = [
        ({"venue": venue, "move": f"{row['move']:+g}"}, row["cash"])
        for venue, each in margins.items()
        for row in each["needed"]
    ]
    yield "margin_needed", f"Margin to add for a move, {unit}.", needed
    profit = view.get("profit", {})
    yield "profit", f"Profit since the journal begins, {unit}.", [({}, profit.get("net"))]


MARGIN = {
    "equity": "Equity, {unit}.",
    "maintenance": "Maintenance margin, {unit}.",
    "ratio": "Equity over maintenance.",
    "down": "Fall of all prices at which the account is liquidated, a fraction.",
    "up": "Rise of all prices at which the account is liquidated, a fraction.",
}


def _by(rows: list[Mapping[str, Any]], label: str, name: str) -> list[Sample]:
    return [({label: str(row[label])}, row[name]) for row in rows]


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{_escape(each)}"' for name, each in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
