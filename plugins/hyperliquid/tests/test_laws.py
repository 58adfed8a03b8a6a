"""The laws of venues hold on the SDK's own client, before a server that verifies signatures."""

from __future__ import annotations

from functools import partial

import pytest
from hyper.bench import HyperBench, venue

from hedgecore.testing import VenueCase, venue_checks


@pytest.mark.parametrize("check", venue_checks(installed=True), ids=lambda its: its.__name__)
@pytest.mark.sample(14)
def test_a_law_holds(server, check):
    loopback, url = server
    check(venue(url), VenueCase(partial(HyperBench.opened, loopback)))
