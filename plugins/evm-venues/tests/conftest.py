"""Perpetual Protocol on a node of a session's own; what has no chain skips, or fails."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from chain.deployed import Chain
from chain.node import Node
from chain.packages import PINNED as PROTOCOLS
from chain.required import bring
from perp.bench import PerpBench
from perp.deployed import Perp
from perp.packages import PINNED

PRICE = 2000


@pytest.fixture(scope="session")
def chain():
    """All protocols on a node of this session's own; what is done to it must be undone."""
    bring((*PROTOCOLS, *PINNED))
    with ExitStack() as stack:
        node = Node.start()
        stack.callback(node.kill)
        made = Chain.on(node)
        stack.callback(made.rpc.close)
        yield made


@pytest.fixture(scope="session")
def perp(chain):
    """The perpetual as it was deployed."""
    return Perp.deploy(chain, PRICE)


@pytest.fixture
def bench(perp):
    """An account of one test's own."""
    with PerpBench.opened(perp) as made:
        yield made
