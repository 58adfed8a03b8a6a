"""The laws of venues hold on the protocol's own bytecode, behind a proxy with all its faults."""

from __future__ import annotations

from functools import partial

import pytest
from perp.bench import PerpBench, venue

from hedgecore.testing import VenueCase, venue_checks


@pytest.mark.parametrize("check", venue_checks(installed=True), ids=lambda its: its.__name__)
@pytest.mark.sample(5)
def test_a_law_holds_on_the_node(perp, check):
    check(venue(perp), VenueCase(partial(PerpBench.opened, perp)))
