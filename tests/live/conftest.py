"""A book that is hedged at a desk: what tests of whole runs begin with."""

import pytest

from hedgecore.tables.atomic_write import save
from live_desk import Desk, used
from live_world import tables


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def book(tmp_path, monkeypatch, desk):
    """A book's file, hedged at the desk."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    used(monkeypatch, desk)
    save(tables(), tmp_path / "book.toml")
    return tmp_path / "book.toml"
