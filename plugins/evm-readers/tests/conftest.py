"""A chain for each test, undone after it; what has no chain skips, or fails where one must be."""

from __future__ import annotations

import os
from contextlib import ExitStack

import pytest
from chain import packages
from chain.deployed import Chain
from chain.node import Node

REQUIRED = "chain" in os.environ.get("HEDGECORE_REQUIRE", "").split(",")


@pytest.fixture(scope="session")
def deployed():
    """All protocols on a node of this session's own; what is done to it must be undone."""
    try:
        packages.fetch()
    except packages.UnavailableError as reason:
        if REQUIRED:
            pytest.fail(f"HEDGECORE_REQUIRE names the chain, and there is none: {reason}")
        pytest.skip(f"no chain: {reason}")
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
