"""A live hedge on the node: its book, its arming, and its cycles, one at a time.

Run as a program it makes cycles until it is killed: ``python hedge.py BOOK URL NODE``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import define, frozen
from chain.rpc import Rpc

from hedgecore import Book, Secret
from hedgecore.live.arming import Arming, arm
from hedgecore.live.clock import LoopClock
from hedgecore.live.cycle import Status, cycle, status
from hedgecore.live.journal import JournalReader, journal_folder
from hedgecore.live.loop import drive
from hedgecore.live.opening import asked_venues, fingerprint_of
from hedgecore.live.run import LiveRun, open_run
from hedgecore.live.settings import LiveSettings
from hedgecore.live.state import LoopState
from hedgecore.live.venues import read_terms
from hedgecore.readers import save
from hedgecore.tables.files import read_tables

HALF_WIDTH = 0.25
PATIENCE = 1.5
"""Seconds that a node has for an answer here."""
CAPS = {
    "max_order_notional": 1e6, "max_hourly_turnover": 1e8, "max_daily_turnover": 1e9,
    "max_slippage": 0.005,
}  # fmt: skip
LIVE = {
    "policy": {"kind": "band", "half_width": HALF_WIDTH}, "caps": CAPS, "max_age": 36.0,
    "max_deviation": 0.005, "clean_snapshots": 1, "max_funding": 0.1,
}  # fmt: skip
PERP = {
    "name": "WETH-PERP", "kind": "perp", "underlying": "WETH", "fee": 0.001, "venue": "perp",
    "symbol": "vETH", "lot": 1e-18, "min_size": 1e-9,
}  # fmt: skip


@frozen
class ChainClock(LoopClock):
    """A clock that shows what the latest block does, or later."""

    url: str = ""
    ahead: float = 0.0

    def now(self) -> float:
        rpc = Rpc(self.url)
        try:
            return int(rpc.block()["timestamp"], 16) + self.ahead
        finally:
            rpc.close()


def write_book(file: Path, venue: dict[str, object]) -> None:
    """Have a book that was read hedged by the perpetual at a venue."""
    tables = read_tables(file)
    tables |= {"instrument": [PERP], "venues": {"perp": venue}, "live": LIVE}
    save(tables, file, "A position, and how it is hedged.")


def arm_book(file: Path) -> None:
    """Let a loop of a book send orders, as a person would who was shown what it does."""
    book = Book.from_tables(read_tables(file))
    settings = LiveSettings.from_book(book)
    venues, _ = asked_venues(book, settings, ["perp"], LoopClock(), armed=True)
    shown = fingerprint_of(book, settings, *read_terms(venues))
    venues["perp"].close()
    arm(journal_folder(file), Arming(fingerprint=shown, time=0.0, by="a test"))


@define
class LiveHedge:
    """A loop that is open; each of its cycles is somebody else's to begin."""

    run: LiveRun
    file: Path
    state: LoopState

    @classmethod
    @contextmanager
    def opened(cls, file: Path, url: str, node: str) -> Iterator[LiveHedge]:
        """Open a run of a book over an RPC, by the clock of a node."""
        with open_run(file, rpc=Secret(url)) as run:
            run.world.clock = ChainClock(url=node)
            run.world.source.seconds = PATIENCE
            for venue in run.world.venues.values():
                venue.seconds = PATIENCE
            yield cls(run, file, run.state)

    def cycle(self) -> Status:
        """Make one cycle; where the loop stands then."""
        self.state = drive(cycle(self.run.plan, self.state), self.run.world)
        return status(self.state)

    @property
    def reasons(self) -> str:
        """Why it waits, or has halted."""
        halted = () if self.state.halted is None else (self.state.halted,)
        return "; ".join((*self.state.reasons, *halted))

    @property
    def journal(self) -> JournalReader:
        return JournalReader(journal_folder(self.file))


def main(file: str, url: str, node: str) -> None:
    """Make cycles until somebody ends this."""
    with LiveHedge.opened(Path(file), url, node) as hedge:
        while True:
            hedge.cycle()


if __name__ == "__main__":
    main(*sys.argv[1:])
