"""Spec: models from tables and back; what is wrong is named, with what would be right."""

import json

import attrs
import numpy as np
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc

GOOD = {"kind": "product", "assets": ["WETH", "USDC"], "depth": 10.0}


def test_a_table_builds_the_model_of_its_kind(registry, product):
    model = hc.build({**GOOD, "fee": 0.003}, registry=registry)
    assert model == product(assets=("WETH", "USDC"), depth=10.0, fee=0.003)


@given(
    depth=st.floats(1e-300, 1e300),
    price=st.none() | st.floats(1e-300, 1e300),
    fee=st.none() | st.floats(0, 0.999),
)
def test_build_undoes_spec_of(registry, product, depth, price, fee):
    model = product(assets=("WETH", "USDC"), depth=depth, price=price, fee=fee)
    table = hc.spec_of(model)
    assert hc.build(table, registry=registry) == model
    assert hc.build(json.loads(json.dumps(table)), registry=registry) == model


@pytest.mark.parametrize("fee", [None, 0.0, 0.001])
def test_an_unknown_fee_stays_unknown_where_the_default_is_none_at_all(registry, contract, fee):
    model = contract(name="X", underlying="WETH", fee=fee)
    assert hc.build(hc.spec_of(model), registry=registry) == model


def test_a_spec_is_plain(registry):
    table = hc.spec_of(hc.build(GOOD, registry=registry))
    assert table == {"kind": "product", "assets": ["WETH", "USDC"], "depth": 10.0}
    assert next(iter(table)) == "kind"


def test_the_table_that_one_builds_from_stays_as_it_was(registry):
    table = {**GOOD, "assets": ["WETH", "USDC"]}
    before = json.dumps(table)
    hc.build(table, registry=registry)
    assert json.dumps(table) == before


def test_an_unknown_kind_is_named_with_the_nearest(registry):
    with pytest.raises(hc.UnknownKindError, match="'produkt'; did you mean 'product'"):
        hc.build({**GOOD, "kind": "produkt"}, registry=registry)


@pytest.mark.parametrize("kind", [None, 3, ["product"], {}, True])
def test_a_table_names_its_kind(registry, kind):
    with pytest.raises(hc.SpecError, match="kind: must name a kind"):
        hc.build({**GOOD, "kind": kind}, registry=registry)
    with pytest.raises(hc.SpecError, match="must name a kind"):
        hc.build({}, registry=registry)


@pytest.mark.parametrize(
    "table", [None, 3, "product", ["product"], object()], ids=lambda table: f"{table!r:.9}"
)
def test_what_is_no_table_is_refused(registry, table):
    with pytest.raises(hc.SpecError):
        hc.build(table, registry=registry)


def test_an_unknown_field_is_named_with_the_nearest_and_all(registry):
    with pytest.raises(hc.SpecError, match=r"product\.dept: .*did you mean 'depth'") as caught:
        hc.build({**GOOD, "dept": 1.0}, registry=registry)
    assert (caught.value.kind, caught.value.field) == ("product", "dept")
    assert "assets, depth, price, fee" in str(caught.value)


def test_all_missing_fields_are_listed(registry):
    with pytest.raises(hc.SpecError, match=r"product.*needs assets, depth"):
        hc.build({"kind": "product"}, registry=registry)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("depth", -1.0),
        ("depth", "ten"),
        ("depth", None),
        ("depth", 2**300),
        ("depth", float("nan")),
        ("depth", [1.0]),
        ("assets", ["WETH"]),
        ("assets", "WETH"),
        ("assets", ["WETH", "WETH"]),
        ("assets", {"WETH": 1}),
        ("fee", 30),
        ("fee", "0.3%"),
    ],
)
def test_a_wrong_field_is_named(registry, field, bad):
    with pytest.raises(hc.SpecError, match=field):
        hc.build({**GOOD, field: bad}, registry=registry)


def test_deep_nesting_is_refused(registry):
    deep = []
    for _ in range(2000):
        deep = [deep]
    with pytest.raises(hc.SpecError, match="nested"):
        hc.build({**GOOD, "assets": deep}, registry=registry)


@pytest.mark.parametrize(
    "error", [TypeError("bad"), ValueError("bad"), ZeroDivisionError("bad"), KeyError("bad")]
)
def test_whatever_a_plugins_field_raises_is_a_spec_error_of_its_kind(entry, plugin, error):
    def failing(_):
        raise error

    @frozen(kw_only=True)
    class Raw(hc.PairPool):
        kind = "raw"
        assets: tuple = attrs.field(converter=failing)

        def _holdings(self, price):
            return price, price

    registry = hc.load_plugins([entry("raw", plugin(pools=[Raw]))])
    with pytest.raises(hc.SpecError, match=r"raw: .*bad") as caught:
        hc.build({"kind": "raw", "assets": ["A", "B"]}, registry=registry)
    assert caught.value.__cause__ is error


def test_the_schema_is_the_fields_in_order(product):
    schema = hc.schema(product)
    assert list(schema) == ["assets", "depth", "price", "fee"]
    assert schema["depth"].metadata["about"]
    assert schema["depth"].metadata["unit"]


def test_a_class_without_fields_has_no_schema():
    with pytest.raises(hc.SpecError, match="no table"):
        hc.schema(int)


def test_the_example_of_each_kind_builds(registry):
    for kind in registry:
        model = hc.build({"kind": kind, **registry[kind].example}, registry=registry)
        assert hc.build(hc.spec_of(model), registry=registry) == model


@frozen(kw_only=True)
class Inner:
    size: float = 1.0
    note: str | None = None


@frozen(kw_only=True)
class Outer:
    kind = "outer"
    inner: Inner = Inner()
    numbers: tuple = (np.float64(1.5), np.int64(2))
    table: dict = attrs.field(factory=dict)


def test_nested_classes_and_numpy_numbers_become_plain():
    table = hc.spec_of(Outer(table={"a": (1, np.float64(2))}))
    plain = {"inner": {"size": 1.0}, "numbers": [1.5, 2], "table": {"a": [1, 2.0]}}
    assert table == {"kind": "outer", **plain}
    assert json.loads(json.dumps(table)) == table


def test_a_field_of_another_time_is_said_with_its_name_now(product):
    @frozen(kw_only=True)
    class Renamed(product):
        kind = "renamed"
        renamed = {"size": "depth", "old": "held, in another table"}

    own = hc.Registry({}, {}, {"renamed": (Renamed, None)})
    with pytest.raises(hc.SpecError, match=r"renamed\.size: .* field: it is now 'depth' \("):
        hc.build({"kind": "renamed", "assets": ["A", "B"], "size": 1.0}, registry=own)
    with pytest.raises(hc.SpecError, match=r"did you mean 'depth'"):
        hc.build({"kind": "renamed", "assets": ["A", "B"], "dept": 1.0}, registry=own)


def test_a_field_may_be_called_renamed():
    @frozen(kw_only=True)
    class Named:
        kind = "named"
        renamed: dict

    own = hc.Registry({}, {}, {"named": (Named, None)})
    with pytest.raises(hc.SpecError, match="no such field; did you mean 'renamed'"):
        hc.build({"kind": "named", "rename": {}}, registry=own)
