"""What the commands say is what was recorded: run with HEDGECORE_GOLDEN=1, some minutes."""

import os

import pytest

from golden.golden import differences, explanation, table

pytestmark = pytest.mark.skipif(
    os.environ.get("HEDGECORE_GOLDEN") != "1", reason="takes minutes: set HEDGECORE_GOLDEN=1"
)
SETTINGS = table()


@pytest.mark.parametrize("name", SETTINGS["command"])
def test_nothing_differs_without_a_reason(name):
    found = differences(name, SETTINGS["command"][name], SETTINGS)
    left = [each for each in found if not explanation(SETTINGS["differs"], name, each[0])]
    assert left == []
