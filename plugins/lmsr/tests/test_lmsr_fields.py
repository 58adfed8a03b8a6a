"""What the tables take and refuse, and what the models are: frozen, hashable, themselves again."""

import json
import pickle
import re
from pathlib import Path

import pytest
from hedgecore_lmsr import Lmsr, LmsrBinary

from hedgecore import SpecError, build, default_registry, schema, spec_of

KINDS = (Lmsr, LmsrBinary)
ALL = pytest.mark.parametrize("cls", KINDS, ids=[cls.kind for cls in KINDS])
WRONG = [
    *[("assets", ["A"]), ("assets", ["A", "A"]), ("assets", [f"O{i}" for i in range(257)])],
    *[("b", 0.0), ("b", -1.0), ("b", float("nan")), ("b", "10"), ("share", 0.0), ("fee", 1.0)],
]


@ALL
@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(cls, field, value):
    with pytest.raises(SpecError) as caught:
        cls(**{**cls.example, field: value})
    assert (caught.value.kind, caught.value.field) == (cls.kind, field)
    assert str(caught.value).startswith(f"{cls.kind}.{field}: ")


def test_a_binary_has_two_assets():
    with pytest.raises(SpecError, match=r"lmsr-binary\.assets: needs 2 names"):
        LmsrBinary(assets=("A", "B", "C"), b=1.0)


@ALL
def test_tables_say_what_is_missing_or_unknown(cls):
    table = {"kind": cls.kind, **cls.example}
    with pytest.raises(SpecError, match="did you mean 'share'"):
        build({**table, "shares": 1})
    del table["b"]
    with pytest.raises(SpecError, match="needs b"):
        build(table)


@ALL
def test_tables_round_trip_and_models_pickle(cls):
    model = cls(**cls.example)
    again = build(json.loads(json.dumps(spec_of(model))))
    copied = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    assert again == copied == model
    assert hash(again) == hash(copied) == hash(model)


@ALL
def test_installed_under_their_own_kinds_and_may_be_short(cls):
    assert default_registry()[cls.kind] is cls
    assert cls.may_be_short


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    assert all(f"`{name}`" in rows for cls in KINDS for name in schema(cls))
