"""The chain itself, as a guest on somebody's machine."""

from __future__ import annotations

from contextlib import closing

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
