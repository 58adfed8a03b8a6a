"""A server that answers for Hyperliquid, and the agent's key in the environment."""

from __future__ import annotations

import pytest
from hyper.bench import KEY, HyperBench, is_order, venue
from hyper.exchange import AGENT_KEY

from hedgecore.testing import Loopback
from hedgecore.testing.venue_desk import Desk


@pytest.fixture(scope="module")
def server():
    """A server for a module's tests, and its URL."""
    made = Loopback(lambda _: (200, "{}"), is_order, AGENT_KEY)
    with made.serving() as url:
        yield made, url


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(KEY, AGENT_KEY)


@pytest.fixture
def bench(server):
    with HyperBench.opened(server[0]) as made:
        yield made


@pytest.fixture
def desk(bench, server):
    """A session of the agent."""
    with venue(server[1]).open() as session:
        yield Desk(session, bench)
