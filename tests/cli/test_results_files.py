"""Results as CSV, and all missing extras in one message."""

import csv
import re
from importlib.metadata import metadata, requires

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")

import hedgecore as hc
from books import BOOK
from hedgecore import extras
from hedgecore.simulation import Simulation, simulate

RUN = ("--paths", "5", "--steps", "3", "--days", "1", "--seed", "7")


def test_results_as_csv_have_every_digit_of_the_run(call, tmp_path):
    file = tmp_path / "results.csv"
    done = call("simulate", BOOK, *RUN, "--results", file)
    assert done.exit_code == 0, done.output
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    given = {"paths": 5, "steps": 3, "days": 1.0, "seed": 7}
    run = simulate(Simulation.from_book(hc.Book.load(BOOK), given))
    assert [int(row["path"]) for row in rows] == [0, 1, 2, 3, 4]
    for name, numbers in run.outcome.tallies.items():
        np.testing.assert_array_equal([float(row[name]) for row in rows], numbers)


PICTURE, TABLE = ("--plot", "x.png"), ("--results", "x.parquet")


@pytest.fixture
def bare(monkeypatch):
    """Have no extra installed."""
    monkeypatch.setattr(extras, "find_spec", lambda _: None)


@pytest.mark.parametrize(
    ("words", "modules", "names"),
    [
        (("simulate", BOOK, *PICTURE, *TABLE), "matplotlib and pyarrow", "plot,parquet"),
        (
            ("simulate", BOOK, *PICTURE, *TABLE, "--cluster", "tcp://x:1"),
            "matplotlib and pyarrow and distributed",
            "plot,parquet,cluster",
        ),
        (("compare", BOOK, "--cluster", "tcp://x:1"), "distributed", "cluster"),
        (("backtest", BOOK, "--prices", "x.parquet", *PICTURE), "matplotlib and", "plot,parquet"),
        (("backtest", BOOK, "--funding", "rates.PARQUET"), "pyarrow", "parquet"),
    ],
    ids=lambda given: given if isinstance(given, str) else given[0],
)
@pytest.mark.usefixtures("bare")
def test_all_missing_extras_are_named_at_once(call, words, modules, names):
    done = call(*words)
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    assert f"this command needs {modules}" in said
    assert f"pip install 'hedgecore[{names}]'" in said


@pytest.mark.usefixtures("bare")
def test_extras_are_those_of_a_books_own_histories_too(call, tmp_path):
    own = '[simulation]\nprice_model = { kind = "replay", files = ["old.parquet"] }\n'
    book = tmp_path / "book.toml"
    book.write_text(f"[prices]\nWETH = 2000.0\n{own}")
    done = call("simulate", book, *PICTURE)
    assert "pip install 'hedgecore[plot,parquet]'" in " ".join(done.stderr.split())


def test_every_extra_brings_the_module_that_is_looked_for():
    """All of them are installed where these tests run, and each is one of the core's own."""
    declared = set(metadata("hedgecore").get_all("Provides-Extra"))
    assert {*extras.MODULES} == declared - {"plugins"}
    for name, module in extras.MODULES.items():
        needed = [r for r in requires("hedgecore") if f'extra == "{name}"' in r.replace("'", '"')]
        assert any(re.match(rf"{module}\b", each) for each in needed), name
