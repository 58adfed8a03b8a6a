"""A chain for each test, undone after it; what has no chain skips, or fails where one must be."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from chain.deployed import Chain
from chain.fork_packages import PINNED as FORKS
from chain.forks import Forks
from chain.node import Node
from chain.required import bring
from chain.solidity import PINNED as SOURCES


@pytest.fixture(scope="session")
def deployed():
    """All protocols on a node of this session's own; what is done to it must be undone."""
    bring()
    with ExitStack() as stack:
        node = Node.start()
        stack.callback(node.kill)
        chain = Chain.on(node)
        stack.callback(chain.rpc.close)
        yield chain


@pytest.fixture
def chain(deployed):
    """The chain as it was deployed; what a test does to it is taken back."""
    with deployed.rpc.undone():
        yield deployed


@pytest.fixture(scope="session")
def forks(deployed):
    """Forks on the same node, each deployed where it is first met."""
    bring(FORKS)
    return Forks(deployed)


@pytest.fixture(scope="session")
def sources(deployed):
    """Protocols on the same node that are compiled here, each deployed where it is first met."""
    bring(SOURCES)
    return Forks(deployed)
