"""Prices of past flows and trades beside a history: the last known at the moment of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import log

import numpy as np
from attrs import evolve

from hedgecore.books.plausibility import MEANT, ORDINARY, price_confusion
from hedgecore.books.record_checks import PastPrice
from hedgecore.books.track_record import Flow
from hedgecore.errors import SpecError
from hedgecore.simulation.data.history import History


def priced_flows(flows: Sequence[Flow], history: History) -> tuple[Flow, ...]:
    """Flows with the price of a history where they state none and it has the asset.

    Args:
        flows: rows of a book.
        history: prices in the numeraire.

    Raises:
        SpecError: a flow is before the history's first row.

    """
    return tuple(_priced(each, history) for each in flows)


def _priced(flow: Flow, history: History) -> Flow:
    if flow.price is not None or flow.asset not in history.prices:
        return flow
    price = _last_price(history, flow.asset, flow.date)
    if price is None:
        reason = f"begins after the flow of {flow.date.isoformat()}: give price there"
        raise SpecError(reason, kind="history", field=flow.asset)
    return evolve(flow, price=price)


def refuse_mistaken_prices(rows: Iterable[PastPrice], history: History) -> None:
    """Raise a SpecError on the first stated price that is recognisably not that of the history."""
    for row, known in _known(rows, history):
        why = price_confusion(row.stated.price, known, (row.stated.base, row.stated.quote))
        if why is not None:
            raise SpecError(f"{_beside(row, known)}: {why}. {MEANT}", kind=row.place)


def distances_from_history(rows: Iterable[PastPrice], history: History) -> Iterator[str]:
    """Sentences on stated prices that are twice, or half, those of the history, or further off."""
    for row, known in _known(rows, history):
        if abs(log(row.stated.price / known)) > ORDINARY:
            yield f"The {row.place}: {_beside(row, known)}."


def _known(rows: Iterable[PastPrice], history: History) -> Iterator[tuple[PastPrice, float]]:
    """Stated prices of assets that the history has, each with its price there."""
    for row in rows:
        asset = row.stated.base
        if row.stated.ordinary is None and asset in history.prices:
            known = _last_price(history, asset, row.date)
            if known is not None:
                yield row, known


def _beside(row: PastPrice, known: float) -> str:
    return f"its price is {row.stated.price:.7g}, and the history says {known:.7g}"


def _last_price(history: History, asset: str, date: datetime) -> float | None:
    """Price of an asset last known at a moment; None before the first row."""
    place = int(np.searchsorted(history.seconds, date.timestamp(), side="right")) - 1
    return None if place < 0 else float(history.prices[asset][place])
