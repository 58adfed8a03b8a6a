"""Servers that answer for the exchanges, and their keys in the environment."""

from __future__ import annotations

import pytest
from exchanges.places import PLACES
from hedgecore_ccxt_venues import client

from hedgecore.testing.venue_desk import Desk


@pytest.fixture(scope="module", params=PLACES, ids=lambda its: its.name)
def place(request):
    """Each of the exchanges."""
    return request.param


@pytest.fixture(scope="module")
def keys(place):
    """Keys of one exchange in the environment; beside it the clock of this machine stands still."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "time_ns", lambda: 0)
        for name, text in place.keys.items():
            patch.setenv(name, text)
        yield


@pytest.fixture(scope="module")
def server(place, keys):  # noqa: ARG001 - keys are in the environment
    """A server for a module's tests of one exchange, and its URL."""
    made = place.loopback()
    with made.serving() as url:
        yield made, url


@pytest.fixture
def bench(place, server):
    with place.bench(server[0]) as made:
        yield made


@pytest.fixture
def desk(place, bench, server):
    """A session of the account."""
    with place.venue(url=server[1]).open() as session:
        yield Desk(session, bench)
