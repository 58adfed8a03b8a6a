"""The chain itself, as a guest on somebody's machine."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from chain import packages
from chain.node import Node


def test_a_node_leaves_nothing_on_the_disk(deployed, tmp_path, monkeypatch):  # noqa: ARG001
    """Not even of a long chain, and not where it is killed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(packages.ANVIL.folder.parent.parent))
    monkeypatch.setenv("HOME", str(tmp_path))
    node = Node.start()
    with closing(node.rpc) as rpc:
        rpc.ask("anvil_mine", hex(1000))
        assert int(rpc.block()["number"], 16) == 1000
        node.kill()
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv ties it to us, on Linux")
def test_a_node_ends_with_the_process_that_started_it(deployed):  # noqa: ARG001
    """Even if that one is killed, and can clean nothing up."""
    start = (
        "from chain.node import Node; n = Node.start(); print(n.process.pid, flush=True); input()"
    )
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", start],
        cwd=Path(__file__).parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        node = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    try:
        ended, _, _ = select.select([node], [], [], 60)
        assert ended
    finally:
        os.close(node)
