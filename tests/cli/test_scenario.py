"""`hedgecore scenario`: what is asked, what is said, and the pictures."""

import csv
import json

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("hedgecore_derivatives")

from rich.cells import cell_len

import hedgecore as hc
from books import BOOK, RANGE, written
from hedgecore.tables.render import cash

MORE = """
[vols]
WETH = 0.8
[[position]]
name = "call"
kind = "option"
underlying = "WETH"
strike = 2200.0
expiry_years = 0.25
entry_price = 0
amount = 5
[[instrument]]
name = "ETH-PERP"
kind = "perp"
underlying = "WETH"
funding_rate = 0.0001
fee = 0
"""
TEXT = RANGE.replace("USDC = 1.0", "USDC = 1.0\nUSDT = 1.0\nSTETH = 1990.0") + MORE


@pytest.fixture
def ranged(tmp_path):
    return written(tmp_path, TEXT)


@pytest.mark.parametrize("dots", ["..", "...", "…"])
def test_a_range_is_full_revaluation_at_its_prices(document, ranged, dots):
    given = document("scenario", ranged, "--move", f"WETH=-30%{dots}+30%", "--steps", 5)
    book = hc.Book.load(ranged)
    (axis,) = given["axes"]
    assert axis["assets"] == ["WETH"]
    np.testing.assert_allclose(axis["moves"], [-0.3, -0.15, 0.0, 0.15, 0.3], atol=1e-15)
    np.testing.assert_allclose(axis["levels"]["WETH"], [1400, 1700, 2000, 2300, 2600], rtol=1e-15)
    for i, price in enumerate(axis["levels"]["WETH"]):
        table = TEXT.replace("WETH = 2000.0", f"WETH = {price}")
        there = hc.Book.load(written(ranged.parent, table, "there.toml"))
        gain = sum(
            here.amount * (there_.priced.worth(there.market) - here.priced.worth(book.market))
            for here, there_ in zip(book.positions, there.positions, strict=True)
        )
        assert given["before"]["profit"][i] == pytest.approx(float(gain), rel=1e-9, abs=1e-7)
        sold = given["quantities"]["ETH-PERP"]
        assert given["after"]["profit"][i] == pytest.approx(gain + sold * (price - 2000), abs=1e-6)
    assert given["worth"] == pytest.approx(book.portfolio.worth(book.market))


FORMS = {
    "WETH=-10%,0,+10%": [1800.0, 2000.0, 2200.0],
    "WETH=+10%,-10%,0": [1800.0, 2000.0, 2200.0],
    "WETH=-10..10%": [1800.0, 2000.0, 2200.0],
    "WETH=1500..2500": [1500.0, 2000.0, 2500.0],
    "WETH=1.5e3…2.5e3": [1500.0, 2000.0, 2500.0],
    "WETH=\N{MINUS SIGN}50%": [1000.0],
    "WETH=5%": [2100.0],
    "WETH=1234.5": [1234.5],
    " WETH = -10% .. 10% ": [1800.0, 2000.0, 2200.0],
}


@pytest.mark.parametrize(("asked", "due"), FORMS.items(), ids=FORMS)
def test_every_form_of_a_move_is_read(document, ranged, asked, due):
    given = document("scenario", ranged, "--move", asked, "--steps", 3)
    np.testing.assert_allclose(given["axes"][0]["levels"]["WETH"], due, rtol=1e-14)


VOLS = {
    "WETH=+25%": [1.0],
    "WETH=-10pt..+10pt": [0.7, 0.8, 0.9],
    "WETH=5 points": [0.85],
    "WETH=0.5,1.1": [0.5, 1.1],
    "WETH=0": [0.0],
}


@pytest.mark.parametrize(("asked", "due"), VOLS.items(), ids=VOLS)
def test_every_form_of_a_volatility_is_read(document, ranged, asked, due):
    given = document("scenario", ranged, "--vol", asked, "--steps", 3)
    np.testing.assert_allclose(given["axes"][0]["levels"]["WETH"], due, rtol=1e-14)
    worth = []
    for vol in [0.8, *due]:
        text = TEXT.replace("WETH = 0.8", f"WETH = {vol}")
        book = hc.Book.load(written(ranged.parent, text, "vol.toml"))
        worth.append(float(book.portfolio.worth(book.market)))
    np.testing.assert_allclose(
        given["before"]["profit"], np.array(worth[1:]) - worth[0], rtol=1e-9, atol=1e-8
    )


def test_two_ranges_make_a_grid_and_several_assets_move_together(document, ranged):
    given = document("scenario", ranged, "--move", "WETH,STETH=-20%..20%", "--vol", "WETH=0.5..0.9")
    first, second = given["axes"]
    assert (len(first["moves"]), len(second["moves"])) == (7, 5)
    assert first["levels"]["STETH"][0] == pytest.approx(0.8 * 1990.0)
    assert np.shape(given["before"]["profit"]) == (7, 5)
    assert given["before"]["profit"][3][3] == pytest.approx(
        document("scenario", ranged, "--vol", "WETH=0.8")["before"]["profit"][0], abs=1e-9
    )


def test_days_decay_and_accrue_and_both_are_said(output, document, ranged):
    given = document("scenario", ranged, "--days", 10)
    sold = given["quantities"]["ETH-PERP"]
    assert given["before"]["accrued"] == 0.0
    assert given["after"]["accrued"] == pytest.approx(-10 * 3 * 1e-4 * 2000.0 * sold)
    text = TEXT.replace("expiry_years = 0.25", f"expiry_years = {0.25 - 10 / 365}")
    book, later = hc.Book.load(ranged), hc.Book.load(written(ranged.parent, text, "l.toml"))
    decay = float(later.portfolio.worth(later.market) - book.portfolio.worth(book.market))
    assert given["before"]["profit"] == pytest.approx(decay, rel=1e-9)
    said = " ".join(output("scenario", ranged, "--days", 10).split())
    assert "10 days pass" in said
    assert cash(given["after"]["accrued"]) in said
    assert "What pools earn in fees is unknown" in said


def test_csv_has_the_numbers_of_the_json(output, document, ranged):
    words = ("scenario", ranged, "--move", "WETH=-10%,10%", "--move", "STETH=1900,2000")
    given, text = document(*words), output(*words, "--csv")
    rows = list(csv.DictReader(text.splitlines()))
    for name in ("profit", "taylor", "difference"):
        for side in ("before", "after"):
            flat = np.ravel(given[side][name]).tolist()
            assert [float(row[f"{name}_{side}"]) for row in rows] == flat
    assert [float(row["WETH"]) for row in rows] == [1800.0, 1800.0, 2200.0, 2200.0]
    unhedged = output(*words, "--csv", "--unhedged").splitlines()
    assert {row["profit_after"] for row in csv.DictReader(unhedged)} == {""}


def test_a_table_shows_the_numbers_and_what_is_left_out(output, document, ranged):
    words = ("scenario", ranged, "--move", "WETH=-30%..30%")
    given, text = document(*words), output(*words)
    for side in ("before", "after"):
        for name in ("profit", "taylor", "difference"):
            assert all(cash(x) in text for x in given[side][name])
    joined = " ".join(text.split())
    assert "All other prices stay: USDC, USDT." in joined
    assert "staking token" in joined


WORDS = {
    "one": ("--move", "WETH=-30%..+30%"),
    "two": ("--move", "WETH=-30%..+30%", "--move", "WBTC=-30%..+30%"),
    "many": ("--move", "WETH=-30%..+30%", "--move", "WBTC=-30%..+30%", "--steps", "21"),
    "together": ("--move", "WETH,wstETH=-30%..+30%", "--move", "USDC=-30%..+30%"),
    "none": ("--days", "1"),
    "point": ("--move", "WETH=1"),
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_every_report_fits_80_columns(output, monkeypatch, words):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    text = output("scenario", BOOK, *words)
    assert "…" not in text
    assert max(map(cell_len, text.splitlines())) <= 80


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_json_is_whole_numbers_of_the_same_shape(document, words):
    given = document("scenario", BOOK, *words)
    shape = tuple(len(axis["moves"]) for axis in given["axes"])
    for side in ("before", "after"):
        assert np.shape(given[side]["profit"]) == shape
        assert np.isfinite(np.array(given[side]["profit"], dtype=float)).all()


BAD = {
    "nothing": (),
    "an unknown asset": ("--move", "WTH=-10%"),
    "the numeraire": ("--move", "USD=0.5..2"),
    "a price of 0": ("--move", "WETH=0"),
    "a negative price": ("--move", "WETH=-1500"),
    "all of it": ("--move", "WETH=-100%"),
    "more than all": ("--move", "WETH=-130%..0%"),
    "downwards": ("--move", "WETH=10%..-10%"),
    "an empty range": ("--move", "WETH=.."),
    "half a range": ("--move", "WETH=-10%.."),
    "three ends": ("--move", "WETH=1..2..3"),
    "no number": ("--move", "WETH=x"),
    "nan": ("--move", "WETH=nan"),
    "infinite": ("--move", "WETH=1e999"),
    "no equals": ("--move", "WETH"),
    "no asset": ("--move", "=5%"),
    "twice in one": ("--move", "WETH,WETH=5%"),
    "twice": ("--move", "WETH=5%", "--move", "WETH=6%"),
    "together in prices": ("--move", "WETH,STETH=1500"),
    "points of a price": ("--move", "WETH=5pt"),
    "mixed": ("--vol", "WETH=5%,5pt"),
    "no volatility": ("--vol", "STETH=5%"),
    "a negative volatility": ("--vol", "WETH=-90pt"),
    "negative days": ("--days", "-1"),
    "days of nan": ("--days", "nan"),
    "one step": ("--move", "WETH=-1%..1%", "--steps", "1"),
    "two formats": ("--move", "WETH=1%", "--csv", "--json"),
    "too many": (*("--move", "WETH=-1%..1%", "--vol", "WETH=1..2"), "--steps", "9999", "--json"),
    "three ranges": (
        *("--move", "WETH=-1%..1%", "--move", "STETH=-1%..1%", "--move", "USDT=-1%..1%"),
    ),
    "a plot of a point": ("--move", "WETH=1%", "--plot", "x.png"),
    "no picture": ("--move", "WETH=-1%..1%", "--plot", "x.doc"),
    "no folder": ("--move", "WETH=-1%..1%", "--plot", "/no/such/folder/x.png"),
}


@pytest.mark.parametrize("words", BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(call, ranged, words):
    done = call("scenario", ranged, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_an_unknown_asset_is_told_the_nearest(call, ranged):
    assert "did you mean 'WETH'" in call("scenario", ranged, "--move", "WTH=1%").stderr


PICTURES = {
    "lines.png": ("--move", "WETH=-30%..30%"),
    "map.svg": ("--move", "WETH=-30%..30%", "--vol", "WETH=0.4..1.2"),
    "together.png": ("--move", "WETH,STETH=-10%,10%", "--days", "3"),
    "still.png": ("--move", "USDT=1..2", "--move", "STETH=1..2", "--unhedged"),
}


@pytest.mark.parametrize(("name", "words"), PICTURES.items(), ids=PICTURES)
@pytest.mark.sample(1)
def test_a_picture_is_written(call, ranged, name, words):
    pytest.importorskip("matplotlib")
    path = ranged.parent / name
    done = call("scenario", ranged, *words, "--steps", 7, "--plot", path)
    assert (done.exit_code, done.stdout) == (0, "")
    assert path.read_bytes().startswith(b"\x89PNG" if path.suffix == ".png" else b"<?xml")


def test_a_heat_map_has_one_scale_around_0_and_the_books_market(ranged):
    pytest.importorskip("matplotlib")
    from hedgecore.analysis.axes import VOLATILITY, axis  # noqa: PLC0415
    from hedgecore.analysis.stress import stress  # noqa: PLC0415
    from hedgecore.report.charts.scenario import heat_map  # noqa: PLC0415

    book = hc.Book.load(ranged)
    axes = [
        axis(book.market, ["WETH"], np.linspace(-0.3, 0.3, 5)),
        axis(book.market, ["WETH"], np.linspace(0.4, 1.2, 5), what=VOLATILITY, by=""),
    ]
    tested = stress(book, axes, hedge=book.hedge())
    found = tested.result
    left, right, _ = heat_map(tested).axes
    scales = [panel.collections[0].norm for panel in (left, right)]
    assert scales[0].vcenter == 0.0
    assert scales[0].vmax == scales[1].vmax == max(abs(found.before.full).max(), 0)
    assert left.lines[0].get_xydata() == pytest.approx(np.array([[80.0, 2000.0]]))


def test_the_example_is_read_as_the_issue_writes_it(output):
    text = output("scenario", BOOK, "--move", "WETH=-30%…+30%", "--json")
    assert len(json.loads(text)["before"]["profit"]) == 13
