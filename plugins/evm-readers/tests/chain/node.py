"""A local node, started and stopped by its own process id."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections import deque
from threading import Thread
from typing import NamedTuple

from chain import packages
from chain.rpc import Rpc

CHAIN_ID = 31337
OPTIONS = (
    "--port 0 --hardfork prague --gas-limit 1000000000 --base-fee 0 --gas-price 0"
    " --auto-impersonate --no-mining --max-persisted-states 0 --disable-code-size-limit"
)
"""States that no longer fit its memory are let go: on disk, a session's are half a gigabyte, which
a node that is killed leaves there."""
START = 1_700_000_000
"""The time of the first block, Unix seconds."""


def _with_parent() -> list[str]:
    """Return the command by which a program ends with its parent, even one that is killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


class Node(NamedTuple):
    """A running anvil."""

    url: str
    process: subprocess.Popen[str]
    drain: Thread

    @classmethod
    def start(cls, chain_id: int = CHAIN_ID, timestamp: int = START) -> Node:
        """Start a node on a free port; its output is drained, or a full pipe would stop it."""
        program = packages.ANVIL.folder / "bin" / "anvil"
        process = subprocess.Popen(  # noqa: S603  the binary that was pinned
            [
                *(*_with_parent(), program, "--chain-id", str(chain_id)),
                *("--timestamp", str(timestamp), *OPTIONS.split()),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = deque(maxlen=20)
        for line in process.stdout:
            said.append(line)
            if where := re.search(r"Listening on (\S+)", line):
                drain = Thread(target=deque, args=(process.stdout, 0), daemon=True)
                drain.start()
                return cls(f"http://{where[1]}", process, drain)
        raise AssertionError(f"the node ended with {process.wait()}: {''.join(said)}")

    @property
    def rpc(self) -> Rpc:
        return Rpc(self.url)

    def freeze(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, frozen or not."""
        self.process.kill()
        self.process.wait()
        self.drain.join()
        self.process.stdout.close()
