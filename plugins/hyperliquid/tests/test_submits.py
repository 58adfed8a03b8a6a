"""Orders whose every request may be lost, late or spoiled: each is traded once or not at all."""

from __future__ import annotations

import pytest

from hedgecore.testing import faulted_submits


@pytest.mark.parametrize(
    "count", [30, pytest.param(1000, marks=pytest.mark.campaign)], ids=["sample", "campaign"]
)
def test_no_order_is_traded_twice(desk, bench, count):
    told = faulted_submits(desk, count, seed=count)
    assert told["Filled"] + told["Absent"] == count
    assert min(told["ambiguous"], told["Filled"], told["Absent"]) > count / 20
    executed = [each for each in bench.exchange.orders.values() if each["order"]["cloid"]]
    assert len(executed) == told["Filled"]
