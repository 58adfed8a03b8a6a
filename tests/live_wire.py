"""A world on this host for loops in processes of their own, which may be stopped at any effect."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import hedgecore as hc
from hedgecore.live.journal import JournalReader, journal_folder
from hedgecore.tables.atomic_write import save
from hedgecore.testing import FakeExchange
from hedgecore.testing.loopback import Loopback
from live_world import PERP, tables

SIZES = {"symbol": "ETH-PERP", "lot": 0.001, "min_size": 0.002}
MAX_AGE, LIFE = 30.0, 5.0
BAND = 0.3 + SIZES["lot"]
LEADER = Path(__file__).parent / "live" / "wired_loop.py"


class WiredWorld:
    """An exchange and a clock behind an address; `stop_at` is the effect at which a loop stops."""

    def __init__(self):
        self.exchange = FakeExchange("wired", price=Decimal(3000))
        self.exchange.balance = Decimal(10**7)
        self.server = Loopback(self.answer, lambda asked: False)  # noqa: ARG005
        self.effects, self.sent, self.stop_at, self.clock = [], [], None, None
        self.shift = 0.0
        self.after = lambda: None

    def answer(self, asked):
        """Status and text of one answer."""
        said = json.loads(asked.body)
        return 200, json.dumps(getattr(self, said.pop("what"))(**said))

    def now(self):
        return self.exchange.time

    def sleep(self, seconds):
        self.exchange.time += seconds

    def venue(self, request, key):
        said = json.loads(request)
        if self.clock is not None:
            self.exchange.time = self.clock()
        if said["method"] == "order":
            self.sent.append((said["client_id"], self.exchange.time))
        return self.exchange.exchange(request, key)

    def effect(self, name, pid):
        """Hear of an effect; a loop that is to stop at it does so before it is answered."""
        self.effects.append(name)
        if self.stop_at in (len(self.effects), name):
            self.stop_at = None
            os.kill(pid, signal.SIGSTOP)
        self.after()
        return self.shift

    def net(self):
        """Delta of the pool and of what the exchange has, in truth."""
        price = float(self.exchange.price)
        market = hc.Market(prices={"WETH": price, "USDC": 1.0}, numeraire="USD")
        found = hc.Book.from_tables(tables(price)).portfolio.exposure(market)
        return found.delta[found.assets.index("WETH")] + float(self.exchange.held)

    def judge(self, *folders):
        """Nothing was sent twice, or filled on what was old, and it is all in the journals."""
        known = {}
        for folder in folders:
            reader = JournalReader(journal_folder(folder / "book.toml"))
            reader.verify()
            for event in reader.events(kinds=["intent"]):
                order = event.body["order"]
                known[order["receipt"]["intent"]["client_id"]] = order["time"]
        names = [name for name, _ in self.sent]
        assert len(names) == len(set(names)), "an order was sent twice"
        assert set(names) <= set(known), "an order was sent that is not written down"
        fills = [each for each in self.exchange.events if each["kind"] == "fill"]
        for each in fills:
            assert each["at"] - known[each["client_id"]] <= MAX_AGE + LIFE, "a fill on an old state"
        assert sum(Decimal(each["contracts"]) for each in fills) == self.exchange.held


class Leader:
    """A process that leads loops: what becomes of each is read line by line."""

    def __init__(self, process):
        self.process, self.pid = process, 0

    def begin(self, folder, url, cycles, *, own=False):
        self.process.stdin.write(json.dumps([str(folder), url, cycles, own]) + "\n")
        self.process.stdin.flush()
        self.pid = self.heard("begun")

    def heard(self, word):
        """What is said next, which must begin with this word."""
        found, what = json.loads(self.process.stdout.readline())
        self.pid = 0 if found == "ended" else self.pid
        assert found == word, (found, what)
        return what

    def go_on(self):
        os.kill(self.pid, signal.SIGCONT)


@contextmanager
def leading():
    """Leader of loops, whose own child dies with it."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, str(LEADER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        leader = Leader(process)
        try:
            yield leader
        finally:
            if leader.pid:
                os.kill(leader.pid, signal.SIGKILL)
            process.kill()


def wired_book(folder):
    """A folder of its own with a book that is hedged at the exchange."""
    folder.mkdir()
    book = tables(max_age=MAX_AGE)
    save({**book, "instrument": [{**PERP, **SIZES}]}, folder / "book.toml")
    return folder
