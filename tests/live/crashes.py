"""A small trader that writes down before it sends, to be killed or starved: what tests lead.

Each line of standard input is JSON: a folder, the point at which it kills itself, in which order.
A child of its own does each, so that Python starts once.
"""

import json
import os
import signal
import sys
from pathlib import Path

from hedgecore.errors import JournalError
from hedgecore.live import journal_file
from hedgecore.live.journal import Journal, Run

POINTS = ("before", "inserting", "inserted", "intended", "half sent", "sent", "noted")
"""Moments of an order, in their order; at "inserting" the event is not on the disk yet."""


class Trader:
    """Sends orders to a venue that is a file, one line each, the bytes of a line one by one."""

    def __init__(self, folder, point=None, when=0):
        self.venue, self.point, self.when, self.order = folder / "venue", point, when, 0
        insert = journal_file.insert

        def dying(*given):
            self.at("inserting")
            insert(*given)
            self.at("inserted")

        self.journal = Journal.open(folder / "live", run=Run(mode="armed"))
        journal_file.insert = dying

    def at(self, point):
        """Die here, if this is the point."""
        if (point, self.order) == (self.point, self.when):
            os.kill(os.getpid(), signal.SIGKILL)

    def trade(self, order):
        """Write an order down, send it, and write that down."""
        self.order = order
        self.at("before")
        self.journal.append(order, "intent", {"id": f"order-{order}", "pad": "x" * 400})
        self.at("intended")
        with self.venue.open("ab", buffering=0) as file:
            file.write(b"order-")
            self.at("half sent")
            file.write(f"{order}\n".encode())
        self.at("sent")
        self.journal.append(order, "sent", {"id": f"order-{order}"})
        self.at("noted")


def trade_until_it_fails(folder, most):
    """Trade until the journal fails, and on, as a wrong loop would; how many orders were tried."""
    trader = Trader(Path(folder))
    for order in range(1, most + 1):
        try:
            trader.trade(order)
        except JournalError as error:
            sys.stdout.write(f"{order} {error}\n")


def main():
    """Lead a child to each death that is asked for, and say how it ended."""
    for line in sys.stdin:
        folder, point, when = json.loads(line)
        child = os.fork()
        if not child:
            trader = Trader(Path(folder), point, when)
            for order in range(1, 6):
                trader.trade(order)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
