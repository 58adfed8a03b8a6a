"""Runs whose profits are no numbers any more: refused, with the setting that most likely is why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import numpy as np

from hedgecore.books.book import Book
from hedgecore.errors import PriceError
from hedgecore.market.magnitudes import farthest
from hedgecore.simulation.checks import wrong
from hedgecore.simulation.results.outcome import Outcome
from hedgecore.simulation.settings import Simulation

MOST = 1e70
"""Largest sum of a path: figures divide variances, and square the result for their errors."""
OFTEN_ENDLESS = ("distance",)
"""Figures of a path that are infinite in the rule: nothing is held that could be liquidated."""


def refuse_endless(outcome: Outcome, its: Simulation) -> None:
    """Raise a SpecError on profits and sums that are not finite, or too large to compute with."""
    for name in outcome.tallies.keys() - {*OFTEN_ENDLESS}:
        bad = ~(np.abs(outcome.tallies[name]) <= MOST)
        if bad.any():
            field, number = farthest(_statement(its), its.market)
            reason = f"{name} of a path would be {float(outcome.tallies[name][bad][0]):g}"
            most = f"{MOST:g} is the most that is computed with"
            raise wrong(field, f"is {number:g}: {reason}, and {most}")


def _statement(its: Simulation) -> dict[str, Any]:
    """Table of what a run states, by setting: the models of its positions in place of the book."""
    own = attrs.asdict(its, recurse=False)
    book = own.pop("book")
    held = {each.name: each.model for each in book.positions} if isinstance(book, Book) else book
    return {**own, "position": held}


@contextmanager
def blame_paths(its: Simulation) -> Iterator[None]:
    """Say, of a price within that is none, that the paths lead there."""
    try:
        yield
    except PriceError as error:
        raise wrong("price_model", f"{its.price_model.kind} leads to no prices: {error}") from error
