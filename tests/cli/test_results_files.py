"""Results as CSV, and all missing extras in one message."""

import csv

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")

import hedgecore as hc
from books import BOOK
from hedgecore.cli.terminal import extras
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


def test_all_missing_extras_are_named_at_once(call, tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    files = ("--results", tmp_path / "x.parquet", "--plot", tmp_path / "x.png")
    done = call("simulate", BOOK, *RUN, *files)
    assert done.exit_code == 2
    assert "matplotlib and pyarrow: pip install 'hedgecore[plot,parquet]'" in done.stderr
