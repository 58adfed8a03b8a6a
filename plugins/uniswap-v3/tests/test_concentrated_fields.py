"""What the tables of many ranges take and refuse, by row and column."""

import json
import pickle

import numpy as np
import pytest
from hedgecore_uniswap_v3 import ConcentratedPositions, ConcentratedRanges

import hedgecore as hc

RANGES = {"assets": ["A", "B"], "ranges": [[1.0, 2.0, 3.0], [10**30, 1, 5]]}
POSITIONS = {"tokens": ["A", "B"], "positions": [[1, -10, 10], ["123456789012345678901", 0, 9]]}
WRONG_RANGES = [
    ("ranges", [], "needs 1 to 100000 rows"),
    ("ranges", [[1.0, 2.0]], r"\[0\]: must be a row \[liquidity, lower, upper\]"),
    ("ranges", [[1.0, 2.0, 3.0], [1.0, 3.0, 3.0]], r"\[1\]\.upper: 3.0 must be above lower, 3.0"),
    ("ranges", [[-1.0, 2.0, 3.0]], r"\[0\]\.liquidity: must be 0 or more, and finite, not -1.0"),
    ("ranges", [[1.0, 0.0, 3.0]], r"\[0\]\.lower: must be positive and finite, not 0.0"),
    ("ranges", [[1.0, 2.0, "3"]], r"\[0\]\.upper: must be a number, not '3'"),
    ("price", -1.0, "positive"),
    ("share", 0.0, "part of the whole"),
    ("fee", 1.0, "fraction"),
]
WRONG_POSITIONS = [
    ("positions", [[1, 5, 5]], r"\[0\]\.tick_upper: 5 must be above tick_lower, 5"),
    ("positions", [[1, 0, 887_273]], r"\[0\]\.tick_upper: must be from -887272 to 887272 at .*273"),
    (
        "positions",
        [[1, -887_273, 0]],
        r"\[0\]\.tick_lower: must be from -887272 to 887272 at .*273",
    ),
    ("positions", [[1, 0.0, 9]], r"\[0\]\.tick_lower: must be a whole number"),
    ("positions", [["1e18", 0, 9]], r"\[0\]\.liquidity: must be a number, not '1e18'"),
    ("positions", {"liquidity": 1}, "must be a row"),
    ("tick_base", "1", "must be a decimal from 1.00000001 to 2, as text, not '1'"),
    ("tick_base", "1.0001x", "must be a decimal"),
    ("tick_base", "1e0", "must be a decimal"),
    ("tick_base", "3", "must be a decimal"),
    ("tick_base", 2, "must be a decimal"),
    ("tick_base", None, "must be a decimal"),
    ("tick_base", "1." + "0" * 40 + "1", "must be a decimal"),
    ("quote", "C", "must be one of the tokens"),
    ("sqrt_price_x96", 0, "whole number"),
    ("decimals", [18], "entries"),
]


@pytest.mark.parametrize(("field", "value", "message"), WRONG_RANGES, ids=repr)
def test_wrong_ranges_are_refused_with_their_place(field, value, message):
    with pytest.raises(hc.SpecError, match=message) as caught:
        hc.build({"kind": "concentrated-ranges", **RANGES, field: value})
    assert caught.value.kind == "concentrated-ranges"
    assert caught.value.field.startswith(field)


@pytest.mark.parametrize(("field", "value", "message"), WRONG_POSITIONS, ids=repr)
def test_wrong_positions_are_refused_with_their_place(field, value, message):
    with pytest.raises(hc.SpecError, match=message) as caught:
        hc.build({"kind": "concentrated-positions", **POSITIONS, field: value})
    assert caught.value.kind == "concentrated-positions"
    assert caught.value.field.startswith(field)


@pytest.mark.parametrize(
    "model",
    [
        ConcentratedRanges(**RANGES, price=2.5, share=0.5, fee=0.003),
        ConcentratedPositions(**POSITIONS, tick_base="1.000001", quote="A", decimals=[18, 6]),
    ],
    ids=["ranges", "positions"],
)
def test_models_are_values(model):
    back = hc.build(json.loads(json.dumps(hc.spec_of(model))))
    assert back == model == pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    assert hash(back) == hash(model)
    with pytest.raises(AttributeError):
        model.share = 1.0


def test_integers_stay_exact_in_tables():
    table = hc.spec_of(ConcentratedPositions(**POSITIONS))
    assert table["positions"][1] == [123456789012345678901, 0, 9]
    assert table["tick_base"] == "1.0001"


def test_a_tick_base_may_be_written_as_a_number():
    written = [
        ConcentratedPositions(**POSITIONS, tick_base=base) for base in (1.000001, "1.000001")
    ]
    assert written[0] == written[1]
    assert written[0].tick_base == "1.000001"


def test_other_bases_have_other_ticks():
    """Ekubo's MAX_TICK is within 2^±128 of its base, and far outside of Uniswap's."""
    row = [[1, -88_722_835, 88_722_835]]
    model = ConcentratedPositions(tokens=["A", "B"], positions=row, tick_base="1.000001")
    low, high = model.breakpoints()
    assert low == pytest.approx(2.0**-128, rel=1e-4)
    assert high == pytest.approx(2.0**128, rel=1e-4)


def test_thousands_of_rows_are_one_position():
    rng = np.random.default_rng(2)
    lower = rng.integers(-200_000, 200_000, 5000)
    rows = np.column_stack([rng.integers(1, 10**9, 5000), lower, lower + 600])
    model = ConcentratedPositions(tokens=["A", "B"], positions=rows)
    assert repr(model).count("\n") == 0
    assert "positions=<5000 rows>" in repr(model)
    greeks = model.greeks(np.geomspace(1e-9, 1e9, 1001))
    assert np.all(np.diff(greeks.delta) <= 0)
    assert np.all(np.diff(greeks.value) >= 0)
