"""A plugin says which interface it is written for: of another, it is refused, saying the cure."""

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")


import hedgecore as hc
from hedgecore.registry import markers


def test_a_plugin_of_another_interface_is_refused_saying_what_to_upgrade(
    monkeypatch, entry, plugin, product
):
    monkeypatch.setattr(markers, "INTERFACE", 2)
    for theirs, older in ((1, "the plugin"), (3, "hedgecore"), (None, "the plugin")):
        said = {} if theirs is None else {"interface": theirs}
        registry = hc.load_plugins([entry("p", plugin(pools=[product], **said))])
        assert not list(registry)
        assert str(registry.failures["p"]).endswith(f"upgrade {older}")
    registry = hc.load_plugins([entry("p", plugin(pools=[product], interface=2))])
    assert registry.plugins["p"].interface == 2


@pytest.mark.parametrize("version", ["1", 1.0, True, [1]])
def test_an_interface_that_is_no_number_is_refused(entry, plugin, product, version):
    registry = hc.load_plugins([entry("p", plugin(pools=[product], interface=version))])
    assert "which is no number" in str(registry.failures["p"])


def test_a_plugin_of_its_interface_alone_implements_no_hook(entry, plugin):
    failures = hc.load_plugins([entry("p", plugin(interface=1))]).failures
    assert "implements no hook" in str(failures["p"])
