"""A book that is hedged at a desk: what tests of whole runs begin with."""

import socket
import subprocess
import sys

import pytest

from hedgecore.tables.atomic_write import save
from live_desk import Desk, paper_book, used
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


@pytest.fixture(scope="module")
def traded(call, tmp_path_factory):
    """A book whose loop has traded twice on paper, the price risen by a tenth between."""
    folder = tmp_path_factory.mktemp("traded")
    for price in (3000.0, 3300.0):
        assert call("live", paper_book(folder, price), "--once").exit_code == 0
    return folder / "book.toml"


@pytest.fixture(scope="module")
def server(traded):
    """Address of the dashboard of a book, in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "hedgecore.cli", "dashboard", str(traded), "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        said = process.stderr.readline()
        assert f"127.0.0.1:{port}" in said
        yield f"http://127.0.0.1:{port}"
        process.terminate()
