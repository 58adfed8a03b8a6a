"""`hedgecore compare`: policies on the same paths, and which of them no other beats."""

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
from hedgecore.simulation import Simulation, simulate

NAMES = (
    "never",
    "never,at_start=true",
    "clock,hours=48",
    "clock,hours=6",
    "band,half_width=0.01,of=worth",
    "whalley-wilmott",
    "whalley-wilmott,aversion=30,to=centre",
)


def policies(*names):
    """Return the words of the command line that name each policy."""
    return tuple(word for name in names for word in ("--policy", name))


@pytest.fixture
def book(tmp_path):
    return written(tmp_path, runs.BOOK)


@pytest.fixture(scope="module")
def compared(document, tmp_path_factory):
    book = written(tmp_path_factory.mktemp("compared"), runs.BOOK)
    return document("compare", book, *policies(*NAMES), "--paths", 300)


def test_each_policy_has_the_figures_of_its_own_run(compared, book):
    for each in compared["policies"]:
        over = {"policy": each["policy"], "paths": 300, "ledger": False}
        run = simulate(Simulation.from_book(hc.Book.load(book), over))
        for name, figure in (("risk", "std"), ("cost", "cost"), ("profit", "mean")):
            estimate = run.metrics[figure]
            assert each[name] == {"value": estimate.value, "error": estimate.error}
    assert [each["name"] for each in compared["policies"]] == list(NAMES)


def test_the_frontier_is_what_no_other_policy_beats(compared):
    points = {e["name"]: (e["risk"]["value"], e["cost"]["value"]) for e in compared["policies"]}
    for name, (risk, cost) in points.items():
        beaten = any(r <= risk and c <= cost and (r, c) != (risk, cost) for r, c in points.values())
        assert (name in compared["frontier"]) == (not beaten)
    costs = [points[name][1] for name in compared["frontier"]]
    assert costs == sorted(costs)
    assert compared["frontier"][0] == "never"


def test_all_policies_go_along_the_same_paths(compared):
    bare = {each["metrics"]["unhedged_std"]["value"] for each in compared["policies"]}
    assert len(bare) == 1


def test_each_policy_has_an_option_of_its_own_and_they_keep_their_order(document, book):
    given = document("compare", book, *policies("never", "clock,hours=6"), "--paths", 5)
    assert [each["name"] for each in given["policies"]] == ["never", "clock,hours=6"]


def test_without_policies_it_compares_some_of_each_kind(document, book):
    given = document("compare", book, "--paths", 20, "--steps", 6)
    kinds = {each["policy"]["kind"] for each in given["policies"]}
    assert kinds == {"never", "clock", "price-move", "band", "whalley-wilmott"}


def test_a_history_is_one_path(document, book, tmp_path):
    saved = tmp_path / "run.toml"
    prices = runs.history(tmp_path)
    first = document("backtest", book, "--prices", prices, "--save", saved)
    given = document("compare", saved, *policies("whalley-wilmott", "never"))
    assert given["paths"] == 1
    assert given["policies"][0]["cost"] == first["metrics"]["cost"]
    assert given["policies"][0]["profit"]["value"] == pytest.approx(
        sum(each["value"] for each in first["legs"].values())
    )


BAD = {
    "no such policy": (policies("never", "clok,hours=1"), "did you mean 'clock'"),
    "a bad field": (policies("clock,hours=x"), "hours"),
    "no such book": (policies("never"), "none.toml"),
    "no Parquet": ((*policies("never"), "--results", "x.toml"), ".parquet"),
    "no picture": ((*policies("never"), "--plot", "x.txt"), ".png or .svg"),
}


@pytest.mark.parametrize(("words", "said"), BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(call, book, words, said):
    done = call("compare", "none.toml" if said == "none.toml" else book, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_every_path_of_every_policy_is_in_the_parquet_file(output, book):
    parquet = pytest.importorskip("pyarrow.parquet")
    out = book.with_name("compared.parquet")
    output("compare", book, *policies("never", "clock,hours=6"), "--paths", 7, "--results", out)
    table = parquet.read_table(out).to_pydict()
    assert table["policy"] == ["never"] * 7 + ["clock,hours=6"] * 7
    run = simulate(Simulation.from_book(hc.Book.load(book), {"policy": "never", "paths": 7}))
    np.testing.assert_array_equal(table["pnl"][:7], run.pnl)


@pytest.mark.parametrize("name", ["frontier.png", "frontier.svg"])
@pytest.mark.sample(1)
def test_the_frontier_is_drawn(call, book, name):
    pytest.importorskip("matplotlib")
    path = book.with_name(name)
    words = (*policies("never", "clock,hours=6", "whalley-wilmott"), "--paths", 50)
    assert call("compare", book, *words, "--plot", path).exit_code == 0
    assert path.read_bytes().startswith(b"\x89PNG" if path.suffix == ".png" else b"<?xml")


def test_words_beside_points_cover_neither_points_nor_one_another():
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure  # noqa: PLC0415

    from hedgecore.report.charts.labels import Label, place_labels  # noqa: PLC0415

    figure = Figure(figsize=(6, 4))
    axes = figure.subplots()
    points = [(1.0 + 0.02 * i, 1.0 + 0.001 * i) for i in range(5)]
    axes.plot(*zip(*points, strict=True), "o")
    axes.set(xlim=(0, 2), ylim=(0, 2))
    place_labels(figure, axes, [Label(f"word {i}", p, "k") for i, p in enumerate(points)])
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in axes.texts]
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[:i])


def test_its_table_fits_80_columns(output, book, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    text = output("compare", book, *policies(*NAMES), "--paths", 300)
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    assert "…" not in text
