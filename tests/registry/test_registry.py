"""The registry: each plugin on its own, failures named with owner and cause, kinds unstealable."""

from types import ModuleType

import attrs
import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore.registry.installed import _extra_plugins
from hedgecore.registry.loading import HOOKS


@pytest.fixture
def good(entry, plugin, product, contract):
    """An entry point that is in order; what else is loaded must not disturb it."""
    return entry("good", plugin(pools=[product], instruments=[contract]), "good-distribution")


def module_with(**functions):
    module = ModuleType("a_plugin")
    vars(module).update(functions)
    return module


def test_the_hooks_are_those_of_the_house():
    assert set(HOOKS) >= {
        "hedgecore_pools",
        "hedgecore_instruments",
        "hedgecore_solvers",
        "hedgecore_readers",
    }


def test_a_registry_knows_its_kinds_and_who_brought_them(good, product, contract):
    registry = hc.load_plugins([good])
    assert registry["product"] is product
    assert registry.get("contract") is contract
    assert list(registry) == ["contract", "product"]
    assert len(registry) == 2
    assert "product" in registry
    assert registry.kinds("hedgecore_pools") == ("product",)
    assert registry.kinds("hedgecore_instruments") == ("contract",)
    assert registry.plugin("product").name == "good"
    assert registry.plugin("product").distribution == "good-distribution"
    assert registry.plugin("product").version == "1.2.3"
    assert dict(registry.failures) == {}


def test_an_unknown_kind_is_said_with_the_nearest_and_what_there_is(good):
    registry = hc.load_plugins([good])
    with pytest.raises(hc.UnknownKindError, match="no plugin provides 'produkt'; did you mean"):
        _ = registry["produkt"]
    with pytest.raises(hc.UnknownKindError, match="installed: contract, product"):
        registry.plugin("zzz")
    assert registry.get("produkt") is None
    assert registry.get("produkt", int) is int
    assert "produkt" not in registry


def test_of_many_kinds_those_with_the_same_letters_are_named():
    registry = hc.default_registry()
    with pytest.raises(hc.UnknownKindError) as unknown:
        _ = registry["Solidly"]
    assert "installed: evm-solidly, solidly-stable, `hedgecore kinds` lists all" in str(
        unknown.value
    )
    with pytest.raises(hc.UnknownKindError, match=r"'zzz' \(`hedgecore kinds` lists all\)"):
        _ = registry["zzz"]


def test_a_kind_of_our_own_plugins_is_said_with_what_brings_it(good):
    registry = hc.load_plugins([good])
    with pytest.raises(hc.UnknownKindError, match="pip install hedgecore-uniswap-v3 brings it"):
        _ = registry["uniswap-v3"]


def test_a_kind_of_a_broken_plugin_is_said_with_what_is_left_out(good, entry, plugin):
    registry = hc.load_plugins([good, entry("mine", plugin(pools=[object]))])
    with pytest.raises(hc.UnknownKindError, match="broken, and left out: mine, as `hedgecore plug"):
        _ = registry["of-mine"]


def test_an_empty_registry_is_a_registry():
    registry = hc.load_plugins([])
    assert len(registry) == 0
    assert list(registry) == []
    with pytest.raises(hc.UnknownKindError, match="none is installed"):
        _ = registry["product"]


def test_a_registry_cannot_be_changed(good, product):
    registry = hc.load_plugins([good])
    with pytest.raises(TypeError):
        registry.plugins["more"] = None
    with pytest.raises(TypeError):
        registry.failures["more"] = None
    with pytest.raises((TypeError, AttributeError)):
        registry["product"] = product


def raising(error):
    def hedgecore_pools():
        raise error

    return module_with(hedgecore_pools=hc.hookimpl(hedgecore_pools))


@pytest.mark.parametrize(
    "error",
    [ImportError("no such thing"), SystemExit(3), RecursionError("deep"), SyntaxError("typo")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("name", ["aaa", "zzz"])
def test_a_plugin_that_fails_is_named_with_its_cause_and_disturbs_no_other(
    entry, good, error, name
):
    for broken in (entry(name, error, "bad-dist"), entry(name, raising(error), "bad-dist")):
        registry = hc.load_plugins([good, broken])
        failure = registry.failures[name]
        assert type(failure) is hc.PluginError
        assert failure.__cause__ is error
        for part in (name, "bad-dist", "1.2.3", type(error).__name__):
            assert part in str(failure)
        assert list(registry) == ["contract", "product"]
        assert list(registry.plugins) == ["good"]


def test_an_interrupt_is_no_broken_plugin(entry, good):
    with pytest.raises(KeyboardInterrupt):
        hc.load_plugins([good, entry("bad", KeyboardInterrupt())])


def test_a_plugin_with_one_bad_class_is_rolled_back_whole(entry, plugin, weighted, payoff):
    thin = attrs.make_class("Thin", {}, frozen=True)
    registry = hc.load_plugins([entry("half", plugin(pools=[weighted, thin, payoff]))])
    assert list(registry) == []
    assert "half" not in registry.plugins
    assert "Thin" in str(registry.failures["half"])


def test_a_taken_kind_is_refused_naming_both_owners(entry, plugin, good, weighted):
    @frozen(kw_only=True)
    class Thief(hc.PairPool):
        kind = "product"
        assets: tuple = ("A", "B")

        def _holdings(self, price):
            return price, price

    thief = entry("thief", plugin(pools=[weighted, Thief]), "thief-dist")
    registry = hc.load_plugins([thief, good])
    message = str(registry.failures["thief"])
    for part in ("'thief'", "thief-dist", "'product'", "'good'", "good-distribution"):
        assert part in message
    assert "weighted" not in registry
    assert registry["product"] is not Thief


def test_the_vouched_load_first_whatever_their_names(entry, plugin, good, product):
    thief = entry("aaa", plugin(pools=[product]), "thief")
    assert "good" in hc.load_plugins([thief, good]).failures
    registry = hc.load_plugins([thief, good], vouched=["Good_Distribution"])
    assert "aaa" in registry.failures
    assert registry.plugin("product").name == "good"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("hedgecore-uniswap-v2; extra == 'plugins'", "hedgecore-uniswap-v2"),
        ('hedgecore-derivatives<0.2,>=0.1; extra == "plugins"', "hedgecore-derivatives"),
        ("hedgecore-x[fast]>=1 ; extra == 'plugins'", "hedgecore-x"),
        ("hedgecore_y @ file:///y ; extra == 'plugins'", "hedgecore_y"),
    ],
)
def test_the_vouched_are_the_names_in_the_extra_plugins(line, name):
    assert _extra_plugins(["numpy>=2", "typer; extra == 'cli'", line]) == [name]
    assert _extra_plugins(None) == []


def test_one_kind_twice_in_one_plugin_is_refused(entry, plugin, product):
    registry = hc.load_plugins([entry("twice", plugin(pools=[product, product]))])
    assert "takes the kind 'product'" in str(registry.failures["twice"])


def test_two_plugins_of_one_name_are_both_kept(entry, plugin, product, weighted):
    one = entry("same", plugin(pools=[product]), "one")
    two = entry("same", plugin(pools=[weighted]), "two")
    registry = hc.load_plugins([one, two])
    assert len(registry.plugins) == 2
    assert set(registry) == {"product", "weighted"}


def test_a_misspelt_hook_is_refused_with_the_right_name(entry, good):
    def hedgecore_pool():
        return []

    bad = entry("bad", module_with(hedgecore_pool=hc.hookimpl(hedgecore_pool)))
    registry = hc.load_plugins([good, bad])
    assert "'hedgecore_pool'; did you mean 'hedgecore_pools'?" in str(registry.failures["bad"])
    assert "product" in registry


def test_a_misspelt_hook_beside_a_good_one_rolls_both_back(entry, product):
    functions = {
        "hedgecore_pools": hc.hookimpl(lambda: [product]),
        "hedgecore_instrument": hc.hookimpl(lambda: [product]),
    }
    registry = hc.load_plugins([entry("bad", module_with(**functions))])
    assert "did you mean 'hedgecore_instruments'?" in str(registry.failures["bad"])
    assert len(registry) == 0


def test_a_hook_without_its_mark_is_refused_saying_so(entry, product):
    registry = hc.load_plugins([entry("bad", module_with(hedgecore_pools=lambda: [product]))])
    assert "mark hedgecore_pools with @hookimpl" in str(registry.failures["bad"])


def test_a_plugin_without_hooks_is_refused_with_the_hooks_there_are(entry):
    registry = hc.load_plugins([entry("bad", module_with(pools=3))])
    assert "hedgecore_pools" in str(registry.failures["bad"])


def test_a_hook_with_arguments_of_its_own_is_refused(entry):
    def hedgecore_pools(registry):  # noqa: ARG001
        return []

    bad = entry("bad", module_with(hedgecore_pools=hc.hookimpl(hedgecore_pools)))
    assert "registry" in str(hc.load_plugins([bad]).failures["bad"])


@pytest.mark.parametrize("answer", [[3], ["Product"], [None], 3], ids=repr)
def test_a_hook_that_returns_no_classes_is_refused(entry, answer):
    bad = entry("bad", module_with(hedgecore_pools=hc.hookimpl(lambda: answer)))
    registry = hc.load_plugins([bad])
    assert "'bad'" in str(registry.failures["bad"])
    assert len(registry) == 0


def test_a_hook_that_returns_one_class_without_a_list_is_refused(entry, product):
    bad = entry("bad", module_with(hedgecore_pools=hc.hookimpl(lambda: product)))
    assert "'bad'" in str(hc.load_plugins([bad]).failures["bad"])


def test_an_entry_point_without_a_distribution_loads(entry, plugin, product):
    @frozen
    class Bare(entry):
        dist = None

    registry = hc.load_plugins([Bare("bare", plugin(pools=[product]))])
    assert registry.plugin("product").distribution == "no distribution"


def test_an_entry_point_whose_distribution_is_broken_disturbs_no_other(entry, good):
    @frozen
    class Broken(entry):
        @property
        def dist(self):
            raise OSError("METADATA is gone")

    registry = hc.load_plugins([Broken("aaa", None), good])
    assert "aaa" in registry.failures
    assert "product" in registry


@pytest.mark.parametrize("mark", [hc.hookimpl, lambda function: function])
def test_a_hook_of_another_time_is_said_with_its_name_now(entry, mark):
    def hedgecore_paths():
        return []

    old = module_with(hedgecore_paths=mark(hedgecore_paths))
    registry = hc.load_plugins([entry("old", old)])
    assert str(registry.failures["old"]) == (
        "plugin 'old' has the hook hedgecore_paths: it is now 'hedgecore_price_models'"
    )


def test_a_kind_of_another_time_is_said_with_its_name_now(good):
    registry = hc.load_plugins([good])
    with pytest.raises(hc.UnknownKindError, match="provides 'optimal': it is now 'interval'"):
        hc.build({"kind": "optimal"}, registry=registry)


def test_an_unknown_kind_names_the_plugins_that_broke(entry, good):
    empty = [entry(name, module_with()) for name in ("bonds", "swaps")]
    registry = hc.load_plugins([good, *empty])
    with pytest.raises(hc.UnknownKindError) as missed:
        hc.build({"kind": "bonds"}, registry=registry)
    assert f"provides 'bonds'; {registry.failures['bonds']}; broken," in str(missed.value)
    with pytest.raises(hc.UnknownKindError, match="'zzz'; broken, and left out: bonds, swaps"):
        hc.build({"kind": "zzz"}, registry=registry)
