"""The plan of a run: settings, venues, and what may be done with a decision."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen

from hedgecore.live.settings import LiveSettings


class Mode(StrEnum):
    """Ways to act on a decision."""

    WATCH = "watch"
    """Written down, and nothing is sent."""
    TRADE = "trade"
    """Orders are sent: to venues where the book is armed, else to paper."""
    FLATTEN = "flatten"
    """Nothing is decided: all that is held is given up."""


@frozen(kw_only=True, eq=False)
class LivePlan:
    """Part of a loop that does not change while it runs.

    Attributes:
        settings: of the book.
        symbols: venue → contracts that the book trades there.
        lives: venue → seconds for which an order lives there.
        mode: what is done with a decision.
        accept: whether a book is taken that looks like a confusion.
        adopt: whether a person takes the accounts as they are as the run begins, whatever explains
            them.

    """

    settings: LiveSettings
    symbols: Mapping[str, tuple[str, ...]]
    lives: Mapping[str, float]
    mode: Mode = Mode.TRADE
    accept: bool = False
    adopt: bool = False
