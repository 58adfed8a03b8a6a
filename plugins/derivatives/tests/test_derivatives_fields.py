"""What the tables take and refuse, and what contracts are: frozen, hashable, themselves again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from attrs.exceptions import FrozenInstanceError
from hedgecore_derivatives import (
    InverseFuture,
    InversePerp,
    Perp,
    Spot,
    hedgecore_instruments,
)

from hedgecore import Market, SpecError, build, default_registry, schema, spec_of

NAN, INF = float("nan"), float("inf")
SHARED = [
    ("name", ""),
    ("name", 7),
    ("name", None),
    ("lot", -0.1),
    ("lot", NAN),
    ("lot", "0.1"),
    ("min_size", -1),
    ("min_size", INF),
    ("min_size", None),
    ("fee", 1.0),
    ("fee", -0.0005),
    ("fee", True),
]
WRONG_SPOT = [*SHARED, ("asset", ""), ("asset", ["WETH"])]
WRONG_PERP = [
    *SHARED,
    ("underlying", ""),
    ("underlying", None),
    ("settlement", ""),
    ("settlement", "WETH"),
    ("contract_size", 0),
    ("contract_size", -1.0),
    ("contract_size", INF),
    ("entry_price", 0.0),
    ("entry_price", -3000.0),
    ("entry_price", NAN),
    ("funding_rate", NAN),
    ("funding_rate", "0.01%"),
    ("funding_hours", 0),
]
MODELS = [
    Spot(**Spot.example),
    Spot(name="S", asset="WETH", fee=None),
    Perp(**Perp.example),
    Perp(name="P", underlying="WETH", settlement="USDT", entry_price=2500, funding_rate=-1e-4),
    InversePerp(name="P", underlying="WETH", quote="USDT", contract_size=10, funding_rate=-1e-4),
    InverseFuture(name="F", underlying="WETH", quote="USDT", expiry_years=1),
]
IDS = ["spot", "no-fee", "perp", "settled", "inverse", "future"]
ALL = pytest.mark.parametrize("model", MODELS, ids=IDS)
KINDS = hedgecore_instruments()
NEEDED = [(cls, "asset" if cls.kind in {"spot", "loan"} else "underlying") for cls in KINDS]
MARKET = Market(prices={"WETH": 3000.0, "USDT": 0.75}, numeraire="USD")


def wrong(cls, rows):
    return [pytest.param(cls, *row, id=f"{cls.kind}.{row[0]}={row[1]!r}") for row in rows]


@pytest.mark.parametrize(
    ("cls", "field", "value"), wrong(Spot, WRONG_SPOT) + wrong(Perp, WRONG_PERP)
)
def test_wrong_fields_are_named(cls, field, value):
    with pytest.raises(SpecError) as caught:
        cls(**{**cls.example, field: value})
    assert (caught.value.kind, caught.value.field) == (cls.kind, field)
    assert str(caught.value).startswith(f"{cls.kind}.{field}: ")


@pytest.mark.parametrize(("cls", "field"), NEEDED)
def test_tables_say_what_is_missing_or_unknown(cls, field):
    table = {"kind": cls.kind, **cls.example}
    with pytest.raises(SpecError, match=f"did you mean '{field}'"):
        build({**table, f"{field}s": "WETH"})
    del table[field]
    with pytest.raises(SpecError, match=f"needs {field}"):
        build(table)


@ALL
def test_tables_round_trip_through_json(model):
    again = build(json.loads(json.dumps(spec_of(model))))
    assert again == model
    assert hash(again) == hash(model)


@ALL
def test_pickles_before_and_after_it_was_used(model):
    before = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    worth = model.worth(MARKET)
    after = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    assert before == after == model
    assert after.worth(MARKET) == worth


@ALL
def test_contracts_do_not_change(model):
    with pytest.raises(FrozenInstanceError):
        model.fee = 0.1


def test_defaults_are_those_of_a_plain_new_contract():
    perp = Perp(name="P", underlying="WETH")
    assert (perp.contract_size, perp.lot, perp.min_size, perp.fee) == (1.0, 0.0, 0.0, 0.0)
    assert (perp.settlement, perp.entry_price) == (None, None)
    assert (perp.funding_rate, perp.funding_hours) == (0.0, 8.0)


def test_installed_under_their_own_kinds():
    for cls in KINDS:
        assert default_registry()[cls.kind] is cls


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    for cls in KINDS:
        assert all(f"`{name}`" in rows for name in schema(cls))
