"""What the table takes and refuses, and what the model is: frozen, hashable, itself again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from hedgecore_pendle import PendleV2

from hedgecore import SpecError, build, default_registry, schema, spec_of

NAN, INF = float("nan"), float("inf")
WRONG = [
    *[("assets", ["PT"]), ("assets", ["PT", "A", "B"]), ("assets", ["A", "A"])],
    *[("total_pt", 0.0), ("total_asset", -1.0), ("total_asset", INF), ("scalar_root", 0.0)],
    *[("years_to_expiry", 0), ("years_to_expiry", -0.1), ("years_to_expiry", NAN)],
    *[("last_ln_implied_rate", -0.01), ("last_ln_implied_rate", "3%")],
    *[("last_ln_implied_rate", 3.5e16), ("scalar_root", 8e19)],  # raw, of 18 digits
    *[("share", 0.0), ("fee", 1.0)],
]
EXAMPLE = PendleV2(**PendleV2.example)


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        PendleV2(**{**PendleV2.example, field: value})
    assert (caught.value.kind, caught.value.field) == ("pendle-v2", field)
    assert str(caught.value).startswith(f"pendle-v2.{field}: ")


@pytest.mark.parametrize("years", [0.0, -1e-9, -2.0])
def test_at_and_after_expiry_it_says_what_to_hold_instead(years):
    with pytest.raises(SpecError, match=r"hold 40\.0 PT-wstETH and 60\.0 wstETH as balances"):
        PendleV2(**{**PendleV2.example, "years_to_expiry": years})


def test_tables_say_what_is_missing_or_unknown():
    table = {"kind": "pendle-v2", **PendleV2.example}
    with pytest.raises(SpecError, match="did you mean 'scalar_root'"):
        build({**table, "scalarRoot": 80})
    del table["scalar_root"]
    with pytest.raises(SpecError, match="needs scalar_root"):
        build(table)


def test_tables_round_trip_and_models_pickle():
    price = EXAMPLE.spot()
    EXAMPLE.value(price)
    again = build(json.loads(json.dumps(spec_of(EXAMPLE))))
    copied = pickle.loads(pickle.dumps(EXAMPLE))  # noqa: S301 - our own bytes
    assert again == copied == EXAMPLE
    assert hash(again) == hash(copied) == hash(EXAMPLE)
    assert copied.value(price) == again.value(price) == EXAMPLE.value(price)


def test_installed_under_its_own_kind():
    assert default_registry()["pendle-v2"] is PendleV2


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    assert all(f"`{name}`" in rows for name in schema(PendleV2))
