"""The laws of venues hold on ccxt's own client, before a server that verifies signatures."""

from __future__ import annotations

from functools import partial

import pytest
from exchanges.bench import MANY, ExchangeBench, faults
from exchanges.places import ACCOUNTS

from hedgecore.testing import VenueCase, venue_checks

pytestmark = pytest.mark.parametrize("place", ACCOUNTS, indirect=True, ids=lambda its: its.name)


@pytest.mark.parametrize("check", venue_checks(installed=True), ids=lambda its: its.__name__)
@pytest.mark.sample(20)
def test_a_law_holds(place, server, check):
    loopback, url = server
    check(place.venue(url=url), VenueCase(partial(place.bench, loopback)))


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["unreadable_is_an_error", "absent_is_proven"])
def test_a_law_holds_whatever_value_is_spoiled(place, server, monkeypatch, name):
    """Sixteen values of each answer, each left out and each no number."""
    monkeypatch.setattr(ExchangeBench, "faults", faults(MANY))
    loopback, url = server
    [check] = [each for each in venue_checks(installed=True) if each.__name__ == name]
    check(place.venue(url=url), VenueCase(partial(place.bench, loopback)))
