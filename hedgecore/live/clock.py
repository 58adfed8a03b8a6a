"""The clock of a loop: one that no change of the machine's time moves, nor its sleep."""

from __future__ import annotations

import time

from attrs import field, frozen

STEADY = vars(time).get("CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""A clock of the system that never goes back, and goes on while the machine sleeps, where it has
one that does."""


def steady() -> float:
    """Seconds by the system's steady clock."""
    return time.clock_gettime(STEADY)


@frozen
class LoopClock:
    """Seconds since 1970, from the machine's time once, and from its monotonic clock since."""

    began: float = field(factory=time.time)
    at: float = field(factory=steady)

    def now(self) -> float:
        """Seconds since 1970."""
        return self.began + self.monotonic() - self.at

    def monotonic(self) -> float:
        """Seconds since any moment, which never go back."""
        return steady()

    def sleep(self, seconds: float) -> None:
        """Sleep; not at all where the seconds are over already."""
        time.sleep(max(seconds, 0.0))
