"""`hedgecore backtest`: a history replayed, its rows judged, its report adding up."""

import csv

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("hedgecore_derivatives")
pytest.importorskip("hedgecore_uniswap_v3")

from rich.cells import cell_len

import hedgecore as hc
import runs
from books import written
from hedgecore.simulation import COLUMNS, Simulation, simulate


@pytest.fixture
def book(tmp_path):
    return written(tmp_path, runs.BOOK)


@pytest.fixture
def prices(tmp_path):
    return runs.history(tmp_path)


def replayed(book, prices, **more):
    path = {"kind": "replay", "files": [str(prices)], **more}
    return simulate(Simulation.from_book(hc.Book.load(book), {"price_model": path, "paths": 1}))


def columns(path):
    with path.open() as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def test_its_figures_are_those_of_the_api(document, book, prices):
    given, run = document("backtest", book, "--prices", prices), replayed(book, prices)
    assert {n: x["value"] for n, x in given["metrics"].items()} == {
        n: x.value for n, x in run.metrics.items()
    }
    assert all(each["error"] is None for each in given["metrics"].values())
    assert (given["steps"], given["paths"]) == (199, 1)
    total = sum(given["ledger"][name]["value"] for name in COLUMNS)
    assert total == pytest.approx(float(run.pnl[0]), rel=1e-9)
    assert (given["start"], given["end"]) == ("2023-07-22 04:26:40", "2023-07-22 07:45:40")


def test_a_pool_against_holding_is_its_formula_at_both_ends(document, book, prices):
    given = document("backtest", book, "--prices", prices)["pools"]["range"]
    first, last = columns(prices)["price"][[0, -1]]
    liquidity, low, high = 5000.0, 1700.0**0.5, 2400.0**0.5

    def held(price):
        root = np.clip(price**0.5, low, high)
        return liquidity * (1 / root - 1 / high), liquidity * (root - low)

    (x0, y0), (x1, y1) = held(first), held(last)
    assert given["worth"] == pytest.approx(x0 * first + y0)
    assert given["change"] == pytest.approx(x1 * last + y1 - x0 * first - y0, rel=1e-8)
    assert given["kept"] == pytest.approx(x0 * (last - first), rel=1e-8)
    assert given["against_holding"] == pytest.approx(given["change"] - given["kept"])
    assert given["against_holding"] < 0 < given["lvr"]
    assert given["inside"] == 1.0


def test_several_files_are_one_history_however_they_are_named(document, book, tmp_path):
    whole = runs.history(tmp_path).read_text().splitlines(keepends=True)
    parts = [tmp_path / "a.csv", tmp_path / "b.csv"]
    parts[0].write_text("".join(whole[:101]))
    parts[1].write_text("".join([whole[0], *whole[101:]]))
    one = document("backtest", book, "--prices", tmp_path / "prices.csv")
    for words in (("--prices", *parts), ("--prices", parts[0], "--prices", parts[1])):
        two = document("backtest", book, *words)
        assert two["metrics"] == one["metrics"]


def test_funding_is_paid_at_its_own_moments_at_its_own_rates(document, tmp_path):
    text = runs.BOOK.replace("funding_rate = 0.0001", "funding_hours = 1")
    book = written(tmp_path, text + '[simulation.policy]\nkind = "never"\nat_start = true\n')
    prices, funding = runs.history(tmp_path), runs.rates(tmp_path)
    given = document("backtest", book, "--prices", prices, "--funding", funding)
    price = columns(prices)["price"]
    sold = 5000.0 * (price[0] ** -0.5 - 2400.0**-0.5)
    due = sum(sold * price[60 * i] * 1e-4 * (i + 1) for i in (1, 2, 3))
    assert given["ledger"]["funding"]["value"] == pytest.approx(due, rel=1e-12)


def test_funding_that_begins_within_an_interval_is_paid_when_it_was(document, tmp_path):
    text = runs.BOOK.replace("funding_rate = 0.0001", "funding_hours = 1")
    book = written(tmp_path, text + '[simulation.policy]\nkind = "never"\nat_start = true\n')
    head, *rows = runs.history(tmp_path).read_text().splitlines(keepends=True)
    late = tmp_path / "late.csv"
    late.write_text("".join([head, *rows[25:]]))
    given = document("backtest", book, "--prices", late, "--funding", runs.rates(tmp_path))
    price = columns(tmp_path / "prices.csv")["price"]
    sold = 5000.0 * (price[25] ** -0.5 - 2400.0**-0.5)
    due = sum(sold * price[60 * i] * 1e-4 * (i + 1) for i in (1, 2, 3))
    assert given["ledger"]["funding"]["value"] == pytest.approx(due, rel=1e-12)


def test_funding_that_is_not_known_is_refused(call, tmp_path):
    book = written(tmp_path, runs.BOOK.replace("funding_rate = 0.0001", "funding_hours = 1"))
    prices, short = runs.history(tmp_path), runs.rates(tmp_path, count=2)
    done = call("backtest", book, "--prices", prices, "--funding", short)
    assert done.exit_code == 2
    assert "there is no funding rate for 2023-07-22 06:26:40 UTC" in done.stderr


def test_payments_are_made_when_they_were_whatever_interval_the_perpetual_has(document, tmp_path):
    book = written(tmp_path, runs.BOOK + '[simulation.policy]\nkind = "never"\nat_start = true\n')
    prices, funding = runs.history(tmp_path), runs.rates(tmp_path, 1800, 7)
    given = document("backtest", book, "--prices", prices, "--funding", funding)
    price = columns(prices)["price"]
    sold = 5000.0 * (price[0] ** -0.5 - 2400.0**-0.5)
    due = sum(sold * price[30 * i] * 1e-4 * (i + 1) for i in range(1, 7))
    assert given["ledger"]["funding"]["value"] == pytest.approx(due, rel=1e-12)


def test_a_bad_row_is_named_by_its_line_and_left_out_only_where_asked(call, document, tmp_path):
    book, prices = written(tmp_path, runs.BOOK), runs.history(tmp_path, bad=42)
    done = call("backtest", book, "--prices", prices)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "prices.csv, line 42: price of WETH is -5" in done.stderr
    given = document("backtest", book, "--prices", prices, "--bad-rows", "leave-out")
    assert given["bad_rows"] == ["prices.csv, line 42: price of WETH is -5"]
    assert given["gaps"] == ["prices.csv, line 43: a gap of 120 seconds: 1 rows are missing"]
    assert given["steps"] == 198


BAD = {
    "no prices": ((), "--prices"),
    "a file that is not there": (("--prices", "none.csv"), "none.csv cannot be read"),
    "no history": (("--prices", "book.toml"), "history is a .csv or a .parquet file"),
    "no such layout": (("--prices", "{}", "--layout", "uniswap"), "uniswap-minutes"),
    "no such column": (("--prices", "{}", "--column", "price=cloze"), "no column 'cloze'"),
    "no role": (("--prices", "{}", "--column", "price"), "ROLE=NAME"),
    "no such role": (("--prices", "{}", "--column", "prize=x"), "did you mean 'price'"),
    "no such policy": (("--prices", "{}", "--policy", "clok,hours=1"), "did you mean 'clock'"),
    "no funding": (("--prices", "{}", "--funding", "none.csv"), "none.csv cannot be read"),
    "prices without their option": (("x.csv",), "--prices"),
}


@pytest.mark.parametrize(("words", "said"), BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(call, book, prices, words, said):
    done = call("backtest", book, *(word.format(prices) for word in words))
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_saved_backtest_is_repeated_from_one_file(document, book, prices):
    folder = book.parent / "runs"
    folder.mkdir()
    first = document("backtest", book, "--prices", prices, "--save", folder / "run.toml")
    for command in ("simulate", "backtest"):
        again = document(command, folder / "run.toml")
        assert again["metrics"] == first["metrics"]
        assert again["notes"] == first["notes"]
    prices.write_text(prices.read_text().replace("2000", "2001"))
    changed = document("simulate", folder / "run.toml")
    assert "../prices.csv is not the file that the run was saved with" in changed["notes"][-1]


def test_every_step_is_in_the_parquet_file(output, book, prices):
    parquet = pytest.importorskip("pyarrow.parquet")
    out = book.with_name("steps.parquet")
    output("backtest", book, "--prices", prices, "--results", out)
    table, run = parquet.read_table(out).to_pydict(), replayed(book, prices)
    assert len(table["time"]) == 200
    assert table["time"][0].timestamp() == runs.START or table["time"][0].year == 2023
    for name in ("equity", "unhedged"):
        np.testing.assert_array_equal(table[name], getattr(run.series, name))
    np.testing.assert_array_equal(table["price:WETH"], run.series.prices[:, 0])
    np.testing.assert_array_equal(table["held:ETH-PERP"], run.series.held[:, 0])
    whole = sum(np.array(table[name]) for name in COLUMNS)
    equity = np.array(table["equity"])
    np.testing.assert_allclose(np.diff(equity), whole[1:], atol=1e-8)


@pytest.mark.parametrize("name", ["time.png", "time.svg"])
@pytest.mark.sample(1)
def test_a_picture_of_equity_exposure_and_attribution_is_written(call, book, prices, name):
    pytest.importorskip("matplotlib")
    path = book.with_name(name)
    assert call("backtest", book, "--prices", prices, "--plot", path).exit_code == 0
    assert path.read_bytes().startswith(b"\x89PNG" if path.suffix == ".png" else b"<?xml")


def test_the_picture_ends_where_the_report_does(book, prices):
    pytest.importorskip("matplotlib")
    from hedgecore.report.charts.backtest import draw  # noqa: PLC0415

    run = replayed(book, prices)
    _, profit, exposure, added = draw(run).axes
    assert profit.lines[1].get_ydata()[-1] == pytest.approx(run.pnl[0])
    assert profit.lines[0].get_ydata()[-1] == pytest.approx(run.unhedged[0])
    assert exposure.lines[1].get_ydata()[-1] == pytest.approx(run.series.delta[-1, 0])
    ends = sum(line.get_ydata()[-1] for line in added.lines if len(line.get_ydata()) > 2)
    assert ends == pytest.approx(run.pnl[0])


def test_its_tables_fit_80_columns_and_add_up(output, book, prices, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    text = output("backtest", book, "--prices", prices)
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    rows = [line.split() for line in text.partition("Pools,")[0].splitlines()]
    numbers = {
        row[0]: [0.0 if cell == "–" else float(cell.replace(",", "")) for cell in row[1:]]
        for row in rows
        if len(row) == 4 and row[0] in {*COLUMNS, "total"}
    }
    total = numbers.pop("total")
    np.testing.assert_allclose(np.sum([*numbers.values()], axis=0), total, atol=0.06)
    assert total[0] + total[1] == pytest.approx(total[2], abs=0.011)


def test_a_history_within_another_path_is_found_and_saved_too():
    from hedgecore.simulation.saved import histories, relocate  # noqa: PLC0415

    inner = {"kind": "replay", "files": "a.csv", "funding": ["b.csv"], "asset": "WETH"}
    model = {"kind": "premium", "path": inner}
    table = {"price_model": model, "funding": {"clamp": 0.1}, "days": 3}
    assert histories(table) == ["a.csv", "b.csv"]
    moved = relocate(table, lambda name: f"x/{name}")
    assert moved["price_model"]["path"] == {**inner, "files": ["x/a.csv"], "funding": ["x/b.csv"]}
    assert (moved["funding"], moved["days"]) == ({"clamp": 0.1}, 3)
