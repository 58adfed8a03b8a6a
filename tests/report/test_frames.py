"""Records as frames: the same rows for pandas, Polars and Arrow, and the numbers of the record."""

import json
import sys

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.report.frames import named_columns

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")


def test_pandas_polars_and_arrow_have_the_same_columns_and_cells(records):
    for name, record in records.items():
        if name == "pool":
            continue
        arrow, pandas, polars = pa.table(record), record.to_pandas(), record.to_polars()
        assert arrow.column_names == list(pandas.columns) == polars.columns
        for column in polars.columns:
            cells = [np.array(arrow[column].to_pylist()), pandas[column].to_numpy()]
            for each in cells:
                np.testing.assert_array_equal(each, polars[column].to_numpy())


def test_polars_reads_a_record_as_it_is(records):
    assert pl.DataFrame(records["hedge"]).equals(records["hedge"].to_polars())


def test_the_rows_of_a_hedge_are_its_trades(records):
    frame = records["hedge"].to_pandas().set_index("instrument")
    assert frame.loc["ETH-PERP", "trade"] == records["hedge"].trade["ETH-PERP"] == -12.5
    assert frame.loc["ETH-PERP", "notional"] == 25_000.0


def test_numbers_over_many_markets_have_a_row_each_and_their_place(records):
    frame = records["hedges"].to_pandas()
    assert frame["scenario"].tolist() == [0, 1, 2]
    assert frame["trade"].tolist() == records["hedges"].trade["ETH-PERP"].tolist()
    by_asset = records["exposures"].to_pandas().pivot_table("delta", "scenario", "asset")
    np.testing.assert_array_equal(by_asset["WETH"], records["exposures"].delta[:, 0])


def test_the_rows_of_a_book_add_up_to_its_worth(records, book):
    frame = records["book"].to_pandas()
    assert frame["worth"].sum() == book.portfolio.worth(book.market)
    assert frame["position"].tolist() == ["lp", "coins"]


def test_the_row_of_a_performance_is_what_the_command_says(records):
    frame = records["performance"].to_pandas().set_index("position")
    assert frame.loc["all", "net"] == 5_000.0
    assert frame.loc["all", "deposited"] == 35_000.0
    assert np.isnan(frame.loc["all", "fees"])


def test_a_run_has_a_row_for_each_path_or_for_each_step_of_one(records):
    assert records["paths"].to_pandas()["pnl"].tolist() == records["paths"].pnl.tolist()
    series = records["path"].series
    assert records["path"].to_pandas()["equity"].tolist() == series.equity.tolist()


def test_what_is_unknown_is_no_number():
    exposure = hc.Exposure(("A",), "USD", 2.0, [1.0], [[0.0]])
    assert np.isnan(exposure.to_pandas()["delta_cash"][0])
    assert exposure["A"].delta_cash is None


def test_a_record_without_rows_has_its_columns():
    assert list(named_columns("asset", {}, ["delta"])) == ["asset", "delta"]
    assert pa.table(hc.Portfolio([])).column_names == ["name", "kind", "amount"]


def test_plain_data_is_json_with_every_number_finite_or_null(record):
    assert json.loads(json.dumps(record.to_dict(), allow_nan=False)) == record.to_dict()


@pytest.mark.parametrize(
    ("module", "extra", "ask"),
    [
        ("pandas", "pandas", lambda record: record.to_pandas()),
        ("polars", "polars", lambda record: record.to_polars()),
        ("pyarrow", "parquet", lambda record: record.__arrow_c_stream__()),
        ("matplotlib", "plot", lambda record: record.plot()),
    ],
)
def test_a_missing_extra_is_named_with_its_cure(records, monkeypatch, module, extra, ask):
    for name in [name for name in sys.modules if name.startswith("hedgecore.report.charts")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(hc.SpecError, match=rf"pip install 'hedgecore\[{extra}\]'"):
        ask(records["hedge"])
