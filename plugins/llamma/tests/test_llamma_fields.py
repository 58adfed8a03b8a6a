"""What the table takes and refuses, and what the position is: frozen, hashable, itself again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from attrs.exceptions import FrozenInstanceError
from hedgecore_llamma import Llamma

from hedgecore import Market, SpecError, build, default_registry, schema, spec_of

NAN = float("nan")
BAND = [1, 0.0, 1.0]
WRONG = [
    *[("name", ""), ("collateral", ""), ("borrowed", 7), ("borrowed", "wstETH")],
    *[("amplification", 1), ("amplification", 100.5), ("amplification", "x")],
    *[("base_price", 0.0), ("oracle_price", -1.0), ("oracle_price", NAN)],
    *[("oracle", "moving"), ("oracle", 3), ("debt", -1.0), ("debt", NAN), ("vol", -0.1)],
    *[("bands", []), ("bands", [BAND, BAND]), ("share", 0.0), ("fee", 1.0)],
]
ROWS = [
    ("bands[0].n", [[0.5, 0.0, 1.0]]),
    ("bands[0].x", [[1, -1.0, 1.0]]),
    ("bands[1].y", [BAND, [2, 0.0, NAN]]),
    ("bands[0]", [[1, 0.0]]),
]
EXAMPLE = Llamma(**Llamma.example)
MARKET = Market(prices={"wstETH": 3_560.0, "crvUSD": 0.999})


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        Llamma(**{**Llamma.example, field: value})
    assert (caught.value.kind, caught.value.field) == ("llamma", field)
    assert str(caught.value).startswith(f"llamma.{field}: ")


@pytest.mark.parametrize(("place", "rows"), ROWS)
def test_a_wrong_band_is_named_by_row_and_column(place, rows):
    with pytest.raises(SpecError) as caught:
        Llamma(**{**Llamma.example, "bands": rows})
    assert str(caught.value).startswith(f"llamma.{place}: ")


@pytest.mark.parametrize("band", [100_000, -100_000])
def test_bands_that_no_double_has_a_price_for_are_refused(band):
    with pytest.raises(SpecError, match=rf"puts band {band} at a price of"):
        Llamma(**{**Llamma.example, "bands": [[band, 0.0, 1.0]]})


def test_tables_say_what_is_missing_or_unknown():
    table = {"kind": "llamma", **Llamma.example}
    with pytest.raises(SpecError, match="did you mean 'bands'"):
        build({**table, "band": [BAND]})
    del table["bands"]
    with pytest.raises(SpecError, match="needs bands"):
        build(table)


def test_a_table_without_a_name_a_debt_or_a_word_for_the_oracle_builds():
    needed = ("collateral", "borrowed", "bands", "amplification", "base_price", "oracle_price")
    plain = Llamma(**{name: Llamma.example[name] for name in needed})
    assert (plain.name, plain.oracle, plain.debt) == ("llamma", "tracking", 0.0)
    assert (plain.share, plain.fee, plain.vol) == (1.0, None, None)


def test_large_amounts_may_be_texts():
    rows = [[1, "100000000000000000000000", "1"]]
    assert Llamma(**{**Llamma.example, "bands": rows}).bands == ((1, 10**23, 1),)


def test_tables_round_trip_and_positions_pickle_before_and_after_use():
    fresh = build(spec_of(EXAMPLE))
    before = pickle.loads(pickle.dumps(fresh))  # noqa: S301 - our own bytes
    worth = fresh.worth(MARKET)
    after = pickle.loads(pickle.dumps(fresh))  # noqa: S301 - our own bytes
    again = build(json.loads(json.dumps(spec_of(EXAMPLE))))
    assert again == before == after == EXAMPLE
    assert hash(again) == hash(after) == hash(EXAMPLE)
    assert before.worth(MARKET) == after.worth(MARKET) == worth


def test_positions_do_not_change():
    with pytest.raises(FrozenInstanceError):
        EXAMPLE.debt = 1.0


def test_installed_under_its_own_kind():
    assert default_registry()["llamma"] is Llamma


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    assert all(f"`{name}`" in rows for name in schema(Llamma))
