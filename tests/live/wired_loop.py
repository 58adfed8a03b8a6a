"""The real loop in a process of its own; its venue, and its clock, are at an address on this host.

Each line of standard input is JSON: a folder with a book, the address, how many cycles are made,
and whether the clock is the machine's own. A child of its own makes them. Each line of standard
output is JSON too: the child's number, that it is stopped, or how it has ended.
"""

import json
import os
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # modules that test files share

from hedgecore.errors import HedgecoreError
from hedgecore.live import opening, rehearsal, run
from hedgecore.live.arming import Arming, arm, versions
from hedgecore.live.clock import LoopClock
from hedgecore.live.cycle import status
from hedgecore.live.journal import Journal
from hedgecore.live.loop import keep
from hedgecore.live.world import World
from hedgecore.testing import FakeExchange, FakeVenue
from hedgecore.testing.fake_venue import KEY


class Wire:
    """What a loop asks of the world, all of it over HTTP."""

    def __init__(self, url):
        self.line, self.shift = HTTPConnection(url.removeprefix("http://"), timeout=60), 0.0

    def ask(self, what, **given):
        self.line.request("POST", "/", json.dumps({"what": what, **given}))
        return json.loads(self.line.getresponse().read())

    def exchange(self, request, key):
        status, text = self.ask("venue", request=request, key=key)
        return status, text


class WireClock(LoopClock):
    """The world's clock."""

    wire = None

    def now(self):
        return self.wire.ask("now")

    def monotonic(self):
        return self.now()

    def sleep(self, seconds):
        self.wire.ask("sleep", seconds=max(seconds, 0.0))


class OwnClock(LoopClock):
    """The machine's clock, which a loop does not sleep by."""

    def sleep(self, seconds):
        pass


def looped(folder, url, cycles, own):
    """Make cycles; each effect is announced before it is answered."""
    wire = FakeExchange.running["wire"] = Wire(url)
    WireClock.wire = wire
    os.environ |= {KEY: "canary-4f1d9c", "XDG_STATE_HOME": str(folder.parent / "state")}
    clock, now = OwnClock if own else WireClock, time.time
    time.time = lambda: now() + wire.shift
    Journal.open.__func__.__kwdefaults__["wall"] = time.time
    for module in (opening, run, rehearsal):
        vars(module).update(venue_of=lambda *_: FakeVenue(exchange="wire"), LoopClock=clock)
    answer = World.answer

    def announced(world, effect):
        wire.shift = wire.ask("effect", name=type(effect).__name__, pid=os.getpid())
        return answer(world, effect)

    shown = rehearsal.rehearse(folder / "book.toml")
    arm(shown.folder, Arming(fingerprint=shown.fingerprint, time=0.0))
    World.answer = announced
    with run.open_run(folder / "book.toml") as live:
        is_over = lambda state: state.cycle >= cycles  # noqa: E731
        return str(status(keep(live.plan, live.state, live.world, live.clock, is_over=is_over)))


def ended(given):
    """How a loop has ended: its status, or its error."""
    folder, *rest = given
    try:
        return looped(Path(folder), *rest)
    except HedgecoreError as error:
        return f"{type(error).__name__}: {error}"


def say(*words):
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main():
    """Lead children, one after another, and say what becomes of each."""
    versions()  # so that no child finds them anew
    for line in sys.stdin:
        read, written = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.write(written, ended(json.loads(line)).encode())
            finally:
                os._exit(0)
        os.close(written)
        say("begun", child)
        while os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1]):
            say("stopped", child)
        say("ended", os.read(read, 9999).decode())
        os.close(read)


if __name__ == "__main__":
    main()
