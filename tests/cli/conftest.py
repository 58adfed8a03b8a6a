"""Books of a range and what hedges it, in files."""

import pytest

from books import CONVEX, PERP, PRICED, written


@pytest.fixture
def ranged(tmp_path):
    return written(tmp_path, PRICED + PERP)


@pytest.fixture
def limited(tmp_path):
    pytest.importorskip("hedgecore_convex_solver")
    return written(tmp_path, PRICED + PERP + CONVEX, "convex.toml")


@pytest.fixture
def said(output):
    """Return what is explained, in one line."""
    return lambda *words: " ".join(output("hedge", *words, "--explain").split())
