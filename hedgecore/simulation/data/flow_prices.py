"""Prices of past flows, from a history: the last known at the moment of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve

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
    place = int(np.searchsorted(history.seconds, flow.date.timestamp(), side="right")) - 1
    if place < 0:
        reason = f"begins after the flow of {flow.date.isoformat()}: give price there"
        raise SpecError(reason, kind="history", field=flow.asset)
    return evolve(flow, price=float(history.prices[flow.asset][place]))
