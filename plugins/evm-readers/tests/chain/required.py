"""Where there is no chain, tests skip and say why; they fail where one must be."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from chain import packages

REQUIRED = "chain" in os.environ.get("HEDGECORE_REQUIRE", "").split(",")


def bring(pinned: Sequence[packages.Package] = packages.PINNED) -> None:
    """Bring what a chain is made of, or leave the test."""
    try:
        packages.fetch(pinned)
    except packages.UnavailableError as reason:
        if REQUIRED:
            pytest.fail(f"HEDGECORE_REQUIRE names the chain, and there is none: {reason}")
        pytest.skip(f"no chain: {reason}")
