"""The clock that deadlines and pauses go by; a test passes in one of its own."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import NamedTuple


class Clock(NamedTuple):
    """Seconds that only grow, and a pause of so many.

    Attributes:
        now: seconds since any moment.
        sleep: waits for some seconds.

    """

    now: Callable[[], float] = monotonic
    sleep: Callable[[float], None] = sleep
