"""The contract: what a class must be before it is registered, and each fault named."""

import attrs
import pytest

import hedgecore as hc
from hedgecore.registry.validation import FINAL, faults
from hedgecore.renamed import METHODS

POOLS, INSTRUMENTS, SOLVERS = "hedgecore_pools", "hedgecore_instruments", "hedgecore_solvers"


def pool(base=hc.PairPool, *, frozen=True, **members):
    """Return a pool class that keeps the contract but for what `members` say."""
    body = {"kind": "a-pool", "_holdings": lambda _, price: (price, price), **members}
    body = {name: member for name, member in body.items() if member is not None}
    cls = type("Made", (base,), {"__annotations__": {"assets": tuple}, **body})
    return attrs.define(cls, frozen=frozen, kw_only=True)


def test_good_classes_have_no_faults(product, payoff, weighted, contract):
    for cls in (product, payoff, weighted, pool()):
        assert faults(POOLS, cls) == []
    assert faults(INSTRUMENTS, contract) == []
    assert faults(SOLVERS, hc.LeastSquares) == []


@pytest.mark.parametrize(
    "given", [3, None, "Pool", ["Pool"], lambda: 0, object()], ids=lambda given: f"{given!r:.9}"
)
def test_what_is_no_class_is_said_to_be_none(given):
    assert len(faults(POOLS, given)) == 1
    assert "no class" in faults(POOLS, given)[0]


@pytest.mark.parametrize("kind", [None, 3, "", "Uniswap", "a_b", "a b", "-a", "a-", "a--b", "é"])
def test_a_kind_is_in_kebab_case(kind):
    found = faults(POOLS, pool(kind=kind))
    assert len(found) == 1
    assert "kebab-case" in found[0]


@pytest.mark.parametrize("name", sorted(FINAL))
def test_no_public_method_is_overridden(name):
    found = faults(POOLS, pool(**{name: lambda *_: 0}))
    assert [fault for fault in found if f"overrides the public method {name!r}" in fault]


def test_the_public_methods_are_those_of_the_interface():
    public = {name for name, it in vars(hc.PoolModel).items() if name[0] != "_" and callable(it)}
    assert public == FINAL


def test_overriding_in_a_class_between_is_found_too():
    between = type("Between", (hc.PairPool,), {"value": lambda *_: 0})
    assert any("'value'" in fault for fault in faults(POOLS, pool(base=between)))


@pytest.mark.parametrize("slots", [True, False])
def test_a_field_is_no_way_round_a_public_method(slots):
    @attrs.frozen(kw_only=True, slots=slots)
    class Sly(hc.PairPool):
        kind = "sly"
        value: float
        assets: tuple = ("A", "B")

        def _holdings(self, price):
            return price, price

    assert any("'value'" in fault for fault in faults(POOLS, Sly))


def test_a_formula_is_written_once():
    payoff = {"base": hc.PayoffPool, "_value": lambda *_: 0}
    assert faults(POOLS, pool(_holdings=None, **payoff)) == []
    assert any("two ways" in fault for fault in faults(POOLS, pool(**payoff)))
    for base, missing in ((hc.PayoffPool, "_value"), (hc.PairPool, "_holdings")):
        found = faults(POOLS, pool(base=base, _holdings=None))
        assert found == [f"Made does not write {missing}"]


@pytest.mark.parametrize("base", [hc.PairPool, hc.BasketPool])
@pytest.mark.parametrize("holdings", [None, lambda _, price: (price, price)])
def test_a_payoff_has_its_own_base(base, holdings):
    found = faults(POOLS, pool(base=base, _holdings=holdings, _value=lambda *_: 0))
    assert any("writes _value: derive from PayoffPool" in fault for fault in found)


@pytest.mark.parametrize(
    ("old", "new"), [("_held", "_current_holdings"), ("scalars", "accepts_floats")]
)
def test_an_old_name_is_refused_with_the_new_one(old, new):
    found = faults(POOLS, pool(**{old: lambda *_: ()}))
    assert found == [f"Made defines {old!r}: it is now {new!r}"]


def test_old_names_of_an_instrument_are_refused(contract):
    old = attrs.frozen(type("Old", (contract,), {"entered": lambda self, _: self}))
    assert faults(INSTRUMENTS, old) == ["Old defines 'entered': it is now 'enter'"]


def test_a_field_may_have_a_name_that_a_method_had():
    @attrs.frozen(kw_only=True)
    class Flat(hc.AbstractCost):
        kind = "flat"
        rate: float = hc.fields.number("of the cash", "fraction")

        def cost(self, trades):
            return self.rate * trades.cash

    assert faults("hedgecore_costs", Flat) == []


def test_a_pool_is_a_frozen_attrs_class_of_our_base():
    assert any("frozen" in fault for fault in faults(POOLS, pool(frozen=False)))
    plain = type("Plain", (hc.PairPool,), {"kind": "plain", "_holdings": lambda *_: 0})
    assert any("frozen attrs class" in fault for fault in faults(POOLS, plain))
    assert any("no PoolModel" in fault for fault in faults(POOLS, hc.LeastSquares))


def test_a_subclass_that_is_not_decorated_is_told_so():
    bare = type("Bare", (pool(),), {"kind": "bare"})
    assert faults(POOLS, bare) == ["Bare is no frozen attrs class: decorate it with @attrs.frozen"]


def test_all_faults_of_a_class_are_told_at_once():
    found = faults(POOLS, pool(kind="Bad Kind", frozen=False, value=lambda *_: 0))
    assert len(found) == 3


def test_an_instrument_has_all_that_the_protocol_names(contract):
    bare = attrs.make_class("Bare", {"name": attrs.field()}, frozen=True)
    bare.kind = "bare"
    found = " ".join(faults(INSTRUMENTS, bare))
    for name in ("exposure", "worth", "hedges", "contract_size", "lot", "min_size", "fee"):
        assert f"no {name!r}" in found
    assert faults(INSTRUMENTS, contract) == []


def test_a_solver_solves():
    idle = type("Idle", (), {"kind": "idle"})
    assert any("solve" in fault for fault in faults(SOLVERS, idle))


def test_a_solver_is_a_frozen_class_of_ours():
    idle = type("Idle", (hc.AbstractHedgeSolver,), {"kind": "idle"})
    assert faults(SOLVERS, idle) == [
        "Idle is no frozen attrs class: decorate it with @attrs.frozen",
        "Idle does not write 'solve'",
    ]


def test_a_venue_opens_and_says_what_proves_that_an_order_is_absent():
    idle = type("Idle", (hc.AbstractVenue,), {"kind": "idle"})
    assert faults("hedgecore_venues", attrs.frozen(idle)) == [
        "Idle does not write 'open'",
        "Idle does not say, as `proof`, what proves there that an order is absent",
    ]
    assert "no AbstractVenue" in faults("hedgecore_venues", type("Any", (), {"kind": "any"}))[0]


BASES = {
    "hedgecore_pools": hc.PairPool,
    "hedgecore_instruments": object,
    "hedgecore_policies": hc.AbstractPolicy,
    "hedgecore_costs": hc.AbstractCost,
    "hedgecore_incomes": hc.AbstractIncome,
    "hedgecore_price_models": hc.AbstractPriceModel,
    "hedgecore_readers": hc.AbstractReader,
}
OPTIONAL = dir(hc.SupportsExpiry)
"""Names that a pool may have or not."""
OLD = [(hook, *names) for hook, table in METHODS.items() for names in table.items()]


@pytest.mark.parametrize(("hook", "old", "new"), OLD)
def test_what_was_called_otherwise_is_said_with_its_name_now(hook, old, new):
    cls = type("Old", (BASES[hook],), {"kind": "old", old: lambda *_: 0})
    assert f"Old defines {old!r}: it is now {new!r}" in faults(hook, cls)
    assert old not in dir(BASES[hook])
    ours = {*dir(BASES[hook]), *vars(BASES[hook]).get("__annotations__", {}), *OPTIONAL}
    assert new in ours or hook == "hedgecore_instruments"


def test_readers_have_a_kind_at_least():
    """The rest of their contract is in readers/test_interface.py."""
    found = faults("hedgecore_readers", type("Reader", (), {}))
    assert any("Reader.kind is None" in fault for fault in found)
