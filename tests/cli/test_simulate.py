"""`hedgecore simulate`: its figures are the API's, its files repeat it, errors are sentences."""

import json
import sys
import tomllib

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("hedgecore_derivatives")
pytest.importorskip("hedgecore_uniswap_v3")

from rich.cells import cell_len

import hedgecore as hc
import runs
from books import BOOK, written
from hedgecore.cli.options.simulation import spec_of_words
from hedgecore.simulation import COLUMNS, Simulation, simulate
from hedgecore.simulation.saved import load, table_of


@pytest.fixture
def book(tmp_path):
    return written(tmp_path, runs.BOOK)


def of(estimates):
    return {name: {"value": each.value, "error": each.error} for name, each in estimates.items()}


@pytest.mark.parametrize(
    ("text", "number"), [(".6", 0.6), ("5.", 5.0), ("-.5e-1", -0.05), ("1e-3", 1e-3), ("08", 8.0)]
)
def test_numbers_in_one_word_are_written_as_people_write_them(text, number):
    assert spec_of_words(f"gbm,vol={text},asset=ETH.e") == {
        "kind": "gbm", "vol": number, "asset": "ETH.e",
    }  # fmt: skip


def test_its_figures_are_those_of_the_api(document, book):
    given, run = document("simulate", book), simulate(load(book))
    assert given["metrics"] == of(run.metrics)
    assert given["ledger"] == of(run.ledger)
    assert given["legs"] == of(run.attribution())
    assert (given["paths"], given["steps"], given["days"]) == (60, 20, 5.0)
    assert sum(given["ledger"][n]["value"] for n in COLUMNS) == pytest.approx(run.pnl.mean())
    for leg, columns in given["attribution"].items():
        assert sum(x["value"] for x in columns.values()) == pytest.approx(
            given["legs"][leg]["value"]
        )


def test_options_take_the_place_of_what_the_book_says(document, book):
    words = ("--policy", "band,half_width=0.02,of=worth,to=centre", "--paths", 9, "--days", 3)
    given = document("simulate", book, *words, "--steps", 6, "--seed", 1, "--model", "gbm,vol=0.3")
    policy = {"kind": "band", "half_width": 0.02, "of": "worth", "to": "centre"}
    over = {"policy": policy, "paths": 9, "days": 3, "steps": 6, "seed": 1}
    over["price_model"] = {"kind": "gbm", "asset": "WETH", "vol": 0.3}
    run = simulate(Simulation.from_book(hc.Book.load(book), over))
    assert given["metrics"] == of(run.metrics)
    assert given["settings"] == json.loads(json.dumps(table_of(run.settings)))


def test_each_figure_of_many_paths_has_its_standard_error(output, book):
    text = output("simulate", book)
    run = simulate(load(book))
    assert text.count("± s.e.") == 5
    mean = run.metrics["mean"]
    assert f"{mean.value:,.2f}" in text
    assert f"{run.metrics['std'].value:,.2f}" in text
    assert all(each.error is not None for each in run.metrics.values())


def test_what_is_not_known_is_said(output, book):
    text = " ".join(output("simulate", book).split())
    assert "These prices stay: USDC." in text
    assert "The book is looked at every 6 h." in text
    idle = runs.BOOK.replace("[[instrument]]", "[[position]]")
    said = " ".join(output("simulate", written(book.parent, idle, "idle.toml")).split())
    assert "The book has no instruments: nothing is hedged." in said
    bare = written(book.parent, runs.BOOK.partition("[simulation.income]")[0], "bare.toml")
    said = " ".join(output("simulate", bare).split())
    assert "Fees that these pools earn are unknown, and left out: range." in said


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_a_saved_run_gives_the_same_numbers_to_the_last_bit(document, book, suffix):
    saved = book.with_name(f"run{suffix}")
    words = ("--policy", "clock,hours=7.3", "--model", "merton,jumps_per_year=30,jump_std=0.01")
    first = document("simulate", book, *words, "--seed", 5, "--save", saved)
    again = document("simulate", saved)
    assert again == first
    assert (simulate(load(saved)).pnl == simulate(load(saved), workers=2).pnl).all()


def test_a_saved_run_names_its_versions_and_warns_where_they_differ(output, document, book):
    saved = book.with_name("run.toml")
    output("simulate", book, "--save", saved)
    versions = tomllib.loads(saved.read_text())["simulation"]["versions"]
    assert versions["numpy"] == np.__version__
    assert {"python", "hedgecore", "hedgecore-uniswap-v3", "hedgecore-derivatives"} <= {*versions}
    saved.write_text(saved.read_text().replace(f'"{np.__version__}"', '"1.0.0"'))
    notes = " ".join(document("simulate", saved)["notes"])
    assert f"saved with numpy 1.0.0, and {np.__version__} is installed" in notes


def test_every_path_is_in_the_parquet_file_with_the_settings(output, book):
    parquet = pytest.importorskip("pyarrow.parquet")
    out = book.with_name("paths.parquet")
    output("simulate", book, "--results", out)
    table, run = parquet.read_table(out), simulate(load(book))
    for name, numbers in run.outcome.tallies.items():
        np.testing.assert_array_equal(table[name].to_numpy(), numbers)
    assert json.loads(table.schema.metadata[b"hedgecore"])["seed"] == 7


def test_results_are_the_same_for_any_number_of_workers(document, book):
    words = ("--paths", 4200, "--steps", 2)
    one, two = (document("simulate", book, *words, "--workers", n) for n in (1, 2))
    assert one == two


def test_quick_has_the_same_profit_without_the_ledger(document, book):
    text = runs.BOOK.partition("[simulation.income]")[0].replace(
        "funding_rate = 0.0001", "funding_rate = 0"
    )
    plain = written(book.parent, text, "plain.toml")
    words = ("--policy", "band,half_width=0.5")
    quick, whole = (document("simulate", plain, *words, *q) for q in (["--no-ledger"], []))
    assert quick["ledger"] is None
    for name in ("mean", "std", "cost", "orders", "turnover"):
        assert quick["metrics"][name]["value"] == pytest.approx(
            whole["metrics"][name]["value"], rel=1e-9
        )


BAD = {
    "no such policy": (("--policy", "bnd,half_width=1"), "did you mean 'band'"),
    "no such field": (("--policy", "band,halfwidth=1"), "did you mean 'half_width'"),
    "a missing field": (("--policy", "clock"), "hours"),
    "a wrong value": (("--policy", "clock,hours=-1"), "hours"),
    "no such path": (("--model", "gmb"), "did you mean 'gbm'"),
    "not a path": (("--model", "band,half_width=1"), "is no price model"),
    "no paths": (("--paths", "0"), "--paths"),
    "no days": (("--days", "0"), "days"),
    "days of nan": (("--days", "nan"), "days"),
    "no picture": (("--plot", "x.doc"), ".png or .svg"),
    "no Parquet": (("--results", "x.xls"), ".parquet"),
    "no run": (("--save", "x.yaml"), ".toml or .json"),
    "a folder that is not there": (
        ("--paths", "2", "--results", "/no/such/x.parquet"),
        "x.parquet",
    ),
    "a cluster beside workers": (("--workers", "2", "--cluster", "tcp://x:1"), "cluster"),
}


@pytest.mark.parametrize(("words", "said"), BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(call, book, words, said):
    done = call("simulate", book, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


TABLES = {
    "no vols": (("[vols]\nWETH = 0.8\n", ""), "under [vols], WETH = 0.8"),
    "a setting that is none": (("seed = 7", "sed = 7"), "did you mean 'seed'"),
    "an income of no position": (("range = {", "rang = {"), "did you mean 'range'"),
    "days of text": (("days = 5", "days = '5'"), "must be a number"),
}


@pytest.mark.parametrize(("change", "said"), TABLES.values(), ids=TABLES)
def test_a_wrong_book_is_told_what_to_write(call, tmp_path, change, said):
    assert change[0] in runs.BOOK
    book = written(tmp_path, runs.BOOK.replace(*change))
    done = call("simulate", book)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_two_assets_need_their_correlation_and_get_the_line(call, tmp_path):
    text = runs.BOOK.replace("USDC = 1.0", "USDC = 1.0\nWBTC = 30000.0")
    text = text.replace("WETH = 0.8", "WETH = 0.8\nWBTC = 0.6")
    perp = '[[instrument]]\nname = "BTC-PERP"\nkind = "perp"\nunderlying = "WBTC"\nfee = 0\n'
    perp += "funding_rate = 0\n"
    held = '[[holding]]\nasset = "WBTC"\namount = 1\n[simulation]'
    text = text.replace("[simulation]", perp + held)
    done = call("simulate", written(tmp_path, text))
    assert done.exit_code == 2
    line = 'correlations = { "WETH:WBTC" = 0.8 }'
    assert line in done.stderr
    mended = written(tmp_path, text.replace("[simulation]", f"[simulation]\n{line}"))
    assert call("simulate", mended).exit_code == 0


@pytest.mark.parametrize("name", ["spread.png", "spread.svg"])
@pytest.mark.sample(1)
def test_a_picture_is_written(call, book, name):
    pytest.importorskip("matplotlib")
    path = book.with_name(name)
    assert call("simulate", book, "--plot", path).exit_code == 0
    assert path.read_bytes().startswith(b"\x89PNG" if path.suffix == ".png" else b"<?xml")


def test_without_pyarrow_out_says_what_to_install(call, book, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    done = call("simulate", book, "--results", book.with_name("x.parquet"))
    assert done.exit_code == 2
    assert "hedgecore[parquet]" in done.stderr


def test_its_tables_fit_80_columns(output, book, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    name = "a position whose name is much longer than a column can be " * 2
    text = runs.BOOK.replace("range", name).replace(f"{name} = {{", f'"{name}" = {{')
    for line in output("simulate", written(book.parent, text, "long.toml")).splitlines():
        assert cell_len(line) <= 80
        assert "…" not in line


def test_the_example_has_all_that_a_simulation_needs(document):
    given = document("simulate", BOOK, "--paths", 20, "--steps", 5)
    assert given["metrics"]["variance_reduction"]["value"] > 0.9
    assert given["paths"] == 20
