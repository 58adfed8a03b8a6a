"""The real loop with its real journal, killed at an effect; the venue's truth is in a file.

Each line of standard input is JSON: a folder with a book, and the effect at which the loop kills
itself, counted in halves: n before the n-th is answered, n + 1/2 after; null for never. A child of
its own does each, and says on a line how it ended.
"""

import json
import os
import pickle
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # modules that test files share

from hedgecore.live import opening, rehearsal, run
from hedgecore.live.arming import Arming, arm, versions
from hedgecore.live.loop import after_one, keep
from hedgecore.live.world import World
from live_desk import Desk, DeskClock, DeskSession


class KeptDesk(DeskSession):
    """A session whose venue's books are in a file, as a venue's are elsewhere."""

    def place(self, receipt):
        super().place(receipt)
        self.desk.books.write_bytes(pickle.dumps(self.desk.venue))
        with self.desk.books.with_suffix(".ids").open("a") as file:
            file.write(f"{receipt.intent.client_id}\n")


class FiledDesk(Desk):
    """A venue that opens such sessions."""

    books: Path

    def open(self, *, seconds=10.0):  # noqa: ARG002 - nothing takes time
        return KeptDesk(self)


def desk_of(folder):
    """Venue as its books have it."""
    books = folder / "venue.pickle"
    desk = FiledDesk(venue=pickle.loads(books.read_bytes())) if books.exists() else FiledDesk()  # noqa: S301
    object.__setattr__(desk, "books", books)
    return desk


def trade(folder, when):
    """One look of the loop, killed at an effect."""
    desk = desk_of(folder)
    clock = DeskClock(desk.venue, desk.venue.time - 1.8e9)
    for module in (opening, run, rehearsal):
        vars(module).update(venue_of=lambda *_: desk, LoopClock=lambda: clock)
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    shown = rehearsal.rehearse(folder / "book.toml")
    arm(shown.folder, Arming(fingerprint=shown.fingerprint, time=0.0))
    answer, count = World.answer, [0]

    def dying(world, effect):
        count[0] += 1
        if count[0] == when:
            os.kill(os.getpid(), signal.SIGKILL)
        found = answer(world, effect)
        if count[0] + 0.5 == when:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    World.answer = dying
    with run.open_run(folder / "book.toml") as live:
        keep(live.plan, live.state, live.world, live.clock, is_over=after_one)
    return count[0]


def main():
    """Lead a child to each death that is asked for."""
    versions()  # so that no child finds them anew
    for line in sys.stdin:
        folder, when = json.loads(line)
        read, written = os.pipe()
        child = os.fork()
        if not child:
            os.write(written, str(trade(Path(folder), when)).encode())
            os._exit(0)
        os.close(written)
        _, status = os.waitpid(child, 0)
        effects = os.read(read, 99).decode()
        os.close(read)
        sys.stdout.write(json.dumps([os.waitstatus_to_exitcode(status), effects]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
