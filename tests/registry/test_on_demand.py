"""A plugin is imported when one of its kinds is asked for; all are, where the answer needs all."""

import pytest

import hedgecore as hc
from hedgecore.registry import own
from hedgecore.registry.entry_points import Tried
from hedgecore.registry.loading import load_plugin
from hedgecore.registry.on_demand import KindsOnDemand, Late, sole_providers
from hedgecore.registry.registry import Registry


class Counted:
    """Entry point that says how often it was loaded."""

    def __init__(self, entry):
        self.entry, self.name, self.dist, self.loads = entry, entry.name, entry.dist, 0

    def load(self):
        self.loads += 1
        return self.entry.load()


def lazily(*tried):
    """Registry on demand of entry points whose kinds are known."""

    def everything():
        return hc.load_plugins(tried, (), found.load)

    found = KindsOnDemand(sole_providers(tried), lambda: everything()._kinds)
    return Registry(Late(lambda: everything().plugins), Late(lambda: everything().failures), found)


@pytest.fixture
def pools(entry, plugin, product):
    return Counted(entry("pools", plugin(pools=[product])))


@pytest.fixture
def contracts(entry, plugin, contract):
    return Counted(entry("contracts", plugin(instruments=[contract])))


def test_a_kind_imports_the_plugin_that_provides_it_and_no_other(pools, contracts, product):
    registry = lazily(Tried(pools, {"product": ""}), Tried(contracts, {"contract": ""}))
    assert (pools.loads, contracts.loads) == (0, 0)
    assert registry["product"] is product
    assert registry.hooks("product") == ("hedgecore_pools",)
    assert (pools.loads, contracts.loads) == (1, 0)
    assert list(registry) == ["contract", "product"]
    assert sorted(registry.plugins) == ["contracts", "pools"]
    assert (pools.loads, contracts.loads) == (1, 1)


def test_a_kind_that_no_trial_saw_is_looked_for_in_all_plugins(pools, contracts):
    registry = lazily(Tried(pools, {}), Tried(contracts, {"contract": ""}))
    assert "product" in registry
    with pytest.raises(hc.UnknownKindError, match="contract, product"):
        registry["no-such-kind"]


def test_a_kind_that_two_provide_is_settled_among_all(pools, entry, plugin, product):
    thief = Counted(entry("a-thief", plugin(pools=[product])))
    registry = lazily(Tried(pools, {"product": ""}), Tried(thief, {"product": ""}))
    assert registry.plugin("product").name == "a-thief"
    assert "belongs to 'a-thief'" in str(registry.failures["pools"])


def test_a_plugin_that_is_not_what_its_trial_said_is_settled_among_all(pools, contracts):
    registry = lazily(Tried(pools, {"product": "", "gone": ""}), Tried(contracts, {"contract": ""}))
    assert "gone" not in registry
    assert registry.plugin("product").name == "pools"


def test_without_trials_all_plugins_are_imported_at_the_first_question(pools, contracts):
    registry = lazily(Tried(pools, None), Tried(contracts, None))
    assert "product" in registry
    assert contracts.loads == 1


@pytest.mark.parametrize("folder", own.PROVIDED)
def test_the_cores_own_kinds_are_those_that_its_modules_provide(folder):
    (its,) = (e for e in own.entries("1") if e.name == folder)
    plugin = load_plugin(its, folder)
    provided = {cls.kind: hook for hook, group in plugin.classes.items() for cls in group}
    assert its.kinds == provided
