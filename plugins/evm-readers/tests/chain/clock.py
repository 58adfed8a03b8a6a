"""Time that passes only where somebody sleeps, so that no test waits for it."""

from __future__ import annotations

from attrs import define
from hedgecore_evm_readers.clock import Clock


@define
class Still:
    """A clock that stands still; a pause moves it on at once."""

    time: float = 0.0

    def clock(self) -> Clock:
        return Clock(lambda: self.time, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.time += seconds
