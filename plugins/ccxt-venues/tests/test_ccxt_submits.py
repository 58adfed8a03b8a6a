"""Orders whose every request may be lost, late or spoiled: each is traded once or not at all."""

from __future__ import annotations

from collections import Counter

import pytest
from exchanges.places import ACCOUNTS

from hedgecore.testing import faulted_submits

pytestmark = pytest.mark.parametrize("place", ACCOUNTS, indirect=True, ids=lambda its: its.name)


@pytest.mark.parametrize(
    "count", [30, pytest.param(1000, marks=pytest.mark.campaign)], ids=["sample", "campaign"]
)
@pytest.mark.sample(2)
def test_no_order_is_traded_twice(desk, bench, count):
    told = faulted_submits(desk, count, seed=count)
    assert told["Filled"] + told["Absent"] == count
    assert min(told["ambiguous"], told["Filled"], told["Absent"]) > count / 20
    executed = Counter(each.client for each in bench.ledger.orders)
    assert max(executed.values()) == 1
    assert len(executed) == told["Filled"]
