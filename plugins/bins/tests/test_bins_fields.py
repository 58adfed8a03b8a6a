"""What the table takes and refuses, by row and column; what the model is."""

import json
import pickle
import re
from pathlib import Path

import pytest
from hedgecore_bins import LiquidityBins

from hedgecore import SpecError, build, default_registry, schema, spec_of

KIND = "liquidity-bins"
WRONG = [
    ("assets", ["A"], "needs 2 names"),
    ("bin_step", 0, "whole number from 1 to 5000"),
    ("bin_step", 12.5, "whole number"),
    ("bins", [], "needs 1 to 100000 rows"),
    ("bins", [[1, 2.0]], r"\[0\]: must be a row \[id, x, y\], not \(1, 2.0\)"),
    ("bins", [[1, 2.0, 3.0], [1.0, 2, 3]], r"\[1\]\.id: must be a whole number .*, not 1.0"),
    ("bins", [[8_388_608, -1.0, 0]], r"\[0\]\.x: must be 0 or more, and finite, not -1.0"),
    ("bins", [[8_388_608, 0, -1]], r"\[0\]\.y: must be a whole number from 0"),
    ("bins", [[8_388_608, 0, "1.5"]], r"\[0\]\.y: must be a number, not '1.5'"),
    (
        "bins",
        [[0, 0, 1]],
        r"\[0\]\.id: must be from 82\d+ to 8[45]\d+, where prices are 1e±100, not 0",
    ),
    ("zero_id", 0.0, "whole number"),
    ("zero_id", 2**31 + 1, "whole number"),
    ("decimals", [18], "entries"),
    ("decimals", [18, 78], "from 0 to 77"),
    ("share", 0.0, "part of the whole"),
    ("fee", 1.0, "fraction"),
]


@pytest.mark.parametrize(("field", "value", "message"), WRONG, ids=repr)
def test_wrong_fields_are_refused_with_their_place(field, value, message):
    with pytest.raises(SpecError, match=message) as caught:
        build({"kind": KIND, **LiquidityBins.example, field: value})
    assert caught.value.kind == KIND
    assert caught.value.field.startswith(field)


def test_a_model_is_a_value():
    model = LiquidityBins(**{**LiquidityBins.example, "share": 0.25, "fee": 0.002})
    back = build(json.loads(json.dumps(spec_of(model))))
    model.delta(25.0)
    assert back == model == pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    assert hash(back) == hash(model)
    with pytest.raises(AttributeError):
        model.share = 1.0


def test_ids_and_amounts_may_be_digits():
    given = [["8388608", "123456789012345678901", 0]]
    model = LiquidityBins(assets=["A", "B"], bin_step=1, bins=given)
    assert spec_of(model)["bins"] == [[8388608, 123456789012345678901, 0]]


def test_installed_under_its_own_kind():
    assert default_registry()[KIND] is LiquidityBins


def test_readme_runs_and_names_every_field():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        exec(block, {})  # noqa: S102 - our own
    rows = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    assert all(f"`{name}`" in rows for name in schema(LiquidityBins))
