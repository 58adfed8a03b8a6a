"""Histories from files: every fault named with its line, nothing filled in."""

from pathlib import Path

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.simulation.price_models.replay import Replay

MINUTES = Path(__file__).parents[3] / "shared/data/uniswap-v3-minutes"
MARKET = hc.Market(prices={"WETH": 1.0, "USDC": 1.0, "WSTETH": 1.2})
START = 1_700_000_000


@pytest.fixture
def file(tmp_path):
    """Write a CSV file from its lines."""

    def written(*lines, name="h.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines))
        return path

    return written


def hours(*prices, start=START):
    return [f"{start + 3600 * i},{p}" for i, p in enumerate(prices)]


def rows(path, asset="WETH", paths=1):
    """Return the prices of a replay, the start first, and its frames."""
    start = path.start(MARKET)
    frames = list(path.sample(start, path.times(), paths, np.random.default_rng(0), 2))
    prices = [np.broadcast_to(start.price(asset), (1, paths))]
    return np.concatenate([*prices, *(f.market.price(asset) for f in frames)]), frames


def test_a_replay_is_the_file_row_by_row(file):
    path = Replay(files=file("time,price", *hours(10, 11, 12, 9)), asset="WETH")
    prices, frames = rows(path, paths=2)
    assert prices.tolist() == [[p, p] for p in (10, 11, 12, 9)]
    assert np.allclose(path.times() * 8760, [0, 1, 2, 3], rtol=1e-14)
    assert [f.first for f in frames] == [1, 3]
    assert np.array_equal(np.concatenate([f.times for f in frames]), path.times()[1:])
    assert path.history.faults == path.history.gaps == ()


def test_pegs_start_and_move_with_what_they_follow(file):
    name = file("time,price", *hours(10, 11, 12))
    path = Replay(files=name, asset="WETH", pegs={"WSTETH": "WETH"})
    prices, _ = rows(path, "WSTETH")
    assert np.allclose(prices[:, 0], [12, 13.2, 14.4], rtol=1e-15)


@pytest.mark.parametrize(
    "moment",
    [
        lambda i: str(START + 60 * i),
        lambda i: str((START + 60 * i) * 1000),
        lambda i: str((START + 60 * i) * 10**6),
        lambda i: f"2023-11-14 22:{13 + i:02}:20",
        lambda i: f"2023-11-14T22:{13 + i:02}:20+00:00",
        lambda i: f"2023-11-14T23:{13 + i:02}:20+01:00",
        lambda i: f"2023-11-14T22:{13 + i:02}:20Z",
    ],
    ids=["s", "ms", "us", "ISO, UTC", "offset 0", "offset 1", "Z"],
)
def test_a_moment_is_read_as_it_is_written(file, moment):
    path = Replay(files=file("time,close", *(f"{moment(i)},5" for i in range(3))), asset="WETH")
    assert path.history.seconds.tolist() == [START, START + 60, START + 120]


BAD = {
    "the time is no moment": ["x,10"],
    "price of WETH is no finite number": [f"{START + 7200},{bad}" for bad in ("nan", "", "a")],
    "price of WETH is -3": [f"{START + 7200},-3"],
    "price of WETH is 0": [f"{START + 7200},0"],
    "the same time again": [f"{START + 3600},10"],
    "out of order": [f"{START + 60},10"],
    "another number of cells": [f"{START + 7200},10,3", f"{START + 7200}"],
}  # fmt: skip


@pytest.mark.parametrize(("said", "line"), [(k, v) for k, each in BAD.items() for v in each])
def test_a_bad_row_is_refused_with_its_line_or_left_out_and_still_named(file, said, line):
    lines = hours(10, 11, 12, 13)
    name = file("time,price", *lines[:2], line, *lines[2:])
    with pytest.raises(hc.SpecError, match=rf"1 bad row: h\.csv, line 4: .*{said}"):
        Replay(files=name, asset="WETH").times()
    path = Replay(files=name, asset="WETH", bad_rows="leave-out")
    assert rows(path)[0][:, 0].tolist() == [10, 11, 12, 13]
    [fault] = path.history.faults
    assert (fault.file, fault.line) == ("h.csv", 4)
    assert said in fault.what


def test_a_gap_is_a_long_step_and_named(file):
    lines = hours(10, 11, 12, 13, 14, 15)
    path = Replay(files=file("time,price", *lines[:3], *lines[5:]), asset="WETH")
    assert np.allclose(np.diff(path.times()) * 8760, [1, 1, 3], rtol=1e-12)
    [gap] = path.history.gaps
    assert str(gap) == "h.csv, line 5: a gap of 10800 seconds: 2 rows are missing"
    assert path.history.faults == ()


def test_many_faults_are_counted_and_the_first_are_shown(file):
    name = file("time,price", *hours(*([0] * 9)))
    with pytest.raises(hc.SpecError, match=r"9 bad rows: .*line 6: .*and 4 more\. Mend them"):
        Replay(files=name, asset="WETH").times()


def test_columns_are_mapped_and_kept_together(file):
    head = "when;ignored".replace(";", ",") + ",px,btc,f,vol"
    lines = [f"{START + 60 * i},x,{10 + i},{100 + i},{i}e-4,{i}" for i in range(4)]
    path = Replay(
        files=file(head, *lines),
        asset="WETH",
        columns={
            "time": "when",
            "price": "px",
            "price:WBTC": "btc",
            "funding": "f",
            "volume": "vol",
        },
    )
    _, frames = rows(path)
    moved = {name: np.concatenate([f.rows[name] for f in frames])[:, 0] for name in frames[0].rows}
    assert moved["volume:WETH"].tolist() == [1, 2, 3]
    assert np.allclose(moved["funding:WETH"], [1e-4, 2e-4, 3e-4], rtol=1e-15)
    assert frames[0].market.price("WBTC")[:, 0].tolist() == [101, 102]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"price": "prise"}, "no column 'prise'; did you mean 'price'"),
        ({"prise": "price"}, "'prise' is none of time, price.*did you mean 'price'"),
        ({"time": "t"}, "no column 't'"),
    ],
)
def test_a_wrong_column_is_named_with_the_nearest(file, columns, said):
    name = file("time,price", *hours(1, 2, 3))
    with pytest.raises(hc.SpecError, match=said):
        Replay(files=name, asset="WETH", columns=columns).times()


def test_files_follow_one_another_and_faults_name_theirs(file):
    one = file("time,price", *hours(10, 11, 12), name="one.csv")
    two = file("time,price", *hours(13, -1, 15, start=START + 3 * 3600), name="two.csv")
    with pytest.raises(hc.SpecError, match=r"two\.csv, line 3"):
        Replay(files=[one, two], asset="WETH").times()
    path = Replay(files=[one, two], asset="WETH", bad_rows="leave-out")
    assert rows(path)[0][:, 0].tolist() == [10, 11, 12, 13, 15]
    with pytest.raises(hc.SpecError, match="out of order"):
        Replay(files=[two, one], asset="WETH").times()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([""], "is empty"),
        (["time,price"], "0 good rows"),
        (["time,price", *hours(1, 2)], "2 good rows"),
        (["a,price", *hours(1, 2, 3)], "no column for time"),
        (["1709251200,3000", "1709254800,3010"], "no header: name columns by their numbers"),
        (["time,closeTick", *hours(1, 2)], "It has ticks: say layout = 'uniswap-minutes'"),
        (["time;price", "2024-03-01;3000"], "separated by ';', and not by commas"),
        (["time,price,price"], "two columns called 'price'"),
    ],
)
def test_a_file_that_is_no_history_is_refused(file, lines, said):
    with pytest.raises(hc.SpecError, match=said):
        Replay(files=file(*lines), asset="WETH").times()


@pytest.mark.parametrize("tick", [201_101, -201_101, 3])
def test_a_column_of_ticks_that_is_named_as_the_price_is_refused(file, tick):
    lines = [f"{START + 60 * i},{tick + i}" for i in range(3)]
    path = file("time,closeTick", *lines)
    named = Replay(files=path, asset="WETH", columns={"price": "closetick"}, bad_rows="leave-out")
    with pytest.raises(hc.SpecError, match=r"'closetick' holds ticks, .* layout = 'uniswap-min"):
        named.times()


@pytest.mark.parametrize(
    ("name", "first"), [("tick", 3000.25), ("tick_price", 3000.0), ("Ticker", 3000.0)]
)
def test_prices_in_a_column_whose_name_has_tick_in_it_are_prices(file, name, first):
    lines = [f"{START + 60 * i},{first + i}" for i in range(3)]
    path = Replay(files=file(f"time,{name}", *lines), asset="X", columns={"price": name})
    assert path.history.prices["X"].tolist() == [first, first + 1.0, first + 2.0]


def test_a_file_that_is_not_there_or_of_another_sort_is_refused(tmp_path):
    with pytest.raises(hc.SpecError, match="No such file"):
        Replay(files=tmp_path / "none.csv", asset="WETH").times()
    with pytest.raises(hc.SpecError, match=r"a \.csv or a \.parquet file"):
        Replay(files="book.toml", asset="WETH").times()


def test_other_moments_than_its_own_are_refused(file):
    path = Replay(files=file("time,price", *hours(1, 2, 3)), asset="WETH")
    with pytest.raises(hc.SpecError, match="has its own times"):
        next(path.sample(MARKET, np.linspace(0, 1, 3), 1, np.random.default_rng(0), 8))


def test_parquet_is_read_like_csv(tmp_path):
    arrow = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    from pyarrow import parquet  # noqa: PLC0415 - an extra

    moments = arrow.array([START, START + 60, START + 120], arrow.timestamp("s"))
    table = arrow.table({"time": moments, "price": [1.0, 2.0, None], "volume": [5, 6, 7]})
    parquet.write_table(table, tmp_path / "h.parquet")
    with pytest.raises(hc.SpecError, match="line 3: price of WETH is no finite number"):
        Replay(files=tmp_path / "h.parquet", asset="WETH").times()
    parquet.write_table(table.slice(0, 2), tmp_path / "a.parquet")
    later = arrow.table({"time": [START + 120, START + 180], "price": [3.0, 4.0], "volume": [7, 8]})
    parquet.write_table(later, tmp_path / "b.parquet")
    path = Replay(files=[tmp_path / "a.parquet", tmp_path / "b.parquet"], asset="WETH")
    prices, frames = rows(path)
    assert prices[:, 0].tolist() == [1, 2, 3, 4]
    assert frames[0].rows["volume:WETH"][:, 0].tolist() == [6, 7]


def test_raw_columns_of_a_pool_become_price_volume_and_liquidity(file):
    head = "timestamp,closeTick,inAmount0,inAmount1,currentLiquidity"
    lines = [f"{START + 60 * i},201101,2000000,{10**18},{10**18}" for i in range(3)]
    path = Replay(files=file(head, *lines), asset="WETH", layout="uniswap-minutes", quote="USDC")
    price = 1.0001**-201101 * 1e12
    assert np.isclose(rows(path)[0][0, 0], price, rtol=1e-12)
    row = rows(path)[1][0].rows
    assert np.isclose(row["volume:WETH"][0, 0], 2.0 + price, rtol=1e-12)
    assert np.isclose(row["liquidity:WETH"][0, 0], 1e6, rtol=1e-12)


@pytest.mark.skipif(not MINUTES.is_dir(), reason="the real minutes are not on this machine")
def test_the_real_minutes_of_five_days_are_read_with_their_one_gap():
    files = sorted(MINUTES.glob("*2023-08-1[3-7].csv"))
    path = Replay(files=files, asset="WETH", layout="uniswap-minutes", quote="USDC")
    prices = rows(path)[0][:, 0]
    assert len(prices) == 5 * 1440 - 1
    assert [(g.line, g.file[-14:]) for g in path.history.gaps] == [(2, "2023-08-14.csv")]
    day = prices[-1440:]
    assert 0.86 < day.min() / day[0] < 0.89
    assert 0.92 < day[-1] / day[0] < 0.94
