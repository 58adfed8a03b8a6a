"""The laws of venues hold on ccxt's own client, before a server that verifies signatures."""

from __future__ import annotations

from functools import partial

import pytest

from hedgecore.testing import VenueCase, venue_checks


@pytest.mark.parametrize("check", venue_checks(installed=True), ids=lambda its: its.__name__)
def test_a_law_holds(place, server, check):
    loopback, url = server
    check(place.venue(url=url), VenueCase(partial(place.bench, loopback)))
