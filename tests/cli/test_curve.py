"""`hedgecore curve`: the numbers, before and after the hedge, and the picture."""

import csv

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

import hedgecore as hc
from books import RANGE, written

PERP = """
[[instrument]]
name = "ETH-PERP"
kind = "perp"
underlying = "WETH"
fee = 0
funding_rate = 0
"""


@pytest.fixture
def ranged(tmp_path):
    return written(tmp_path, RANGE.replace("USDC = 1.0", "USDC = 1.0\nUSDT = 1.0") + PERP)


def test_a_curve_is_the_pool_as_a_function_of_the_price(document, ranged):
    given = document(
        "curve", ranged, "--position", "range", "--asset", "WETH", "--from", 1000, "--to", 3000
    )
    pool = next(each.model for each in hc.Book.load(ranged).positions if each.name == "range")
    prices = np.array(given["prices"])
    assert prices.tolist() == np.linspace(1000, 3000, 21).tolist()
    for name, due in zip(("worth", "delta", "gamma"), pool.greeks(prices)[:3], strict=True):
        np.testing.assert_allclose(given["before"][name], due, rtol=1e-13, err_msg=name)
    assert given["breaks"] == [1500.0, 2500.0]


def test_a_curve_after_the_hedge_has_the_profit_of_its_contracts_since(document, ranged):
    given = document("curve", ranged, "--asset", "WETH", "--from", 1000, "--to", 3000)
    before, after = given["before"], given["after"]
    sold = given["quantities"]["ETH-PERP"]
    assert sold < 0
    profit = sold * (np.array(given["prices"]) - 2000.0)
    np.testing.assert_allclose(after["worth"], before["worth"] + profit, rtol=1e-13)
    np.testing.assert_allclose(after["delta"], np.array(before["delta"]) + sold, atol=1e-12)
    here = given["prices"].index(2000.0)
    assert after["worth"][here] == before["worth"][here] == given["worth"]
    assert after["delta"][here] == pytest.approx(0.0, abs=1e-12)
    assert max(after["worth"]) == after["worth"][here]


@pytest.mark.parametrize("settlement", ["", 'settlement = "USDC"\n'])
def test_a_perp_that_is_held_is_entered_at_the_books_price(document, ranged, settlement):
    held = PERP.replace("instrument", "position").replace("ETH-PERP", "held") + settlement
    book = written(ranged.parent, ranged.read_text(encoding="utf-8") + held, "held.toml")
    given = document("curve", book, "--asset", "WETH", "--position", "held", "--steps", 3)
    assert given["before"]["worth"] == [-1000.0, 0.0, 1000.0]


def test_spot_in_a_hedge_is_paid_for(document, ranged):
    text = ranged.read_text(encoding="utf-8").replace('"perp"', '"spot"')
    text = text.replace("underlying", "asset").replace("funding_rate = 0\n", "")
    book = written(ranged.parent, text, "spot.toml")
    given = document("curve", book, "--asset", "WETH", "--steps", 3)
    assert given["after"]["worth"][1] == given["before"]["worth"][1]
    profit = given["quantities"]["ETH-PERP"] * (np.array(given["prices"]) - 2000.0)
    np.testing.assert_allclose(given["after"]["worth"], given["before"]["worth"] + profit)


def test_a_pool_without_the_asset_stays_as_the_book_takes_it(document, ranged):
    given = document("curve", ranged, "--asset", "WETH", "--position", "idle", "--steps", 2)
    assert given["before"]["worth"] == [200.0, 200.0]  # its 50 and 150, not what arbitrage leaves
    assert given["before"]["delta"] == [0.0, 0.0]


def test_a_curve_may_be_unhedged(document, ranged):
    given = document("curve", ranged, "--asset", "WETH", "--unhedged")
    assert given["after"] is given["quantities"] is None


def test_a_book_without_instruments_has_a_curve_and_no_hedge(call, document, tmp_path):
    book = written(tmp_path, RANGE.replace("USDT", "WETH"))
    assert document("curve", book, "--asset", "WETH")["after"] is None
    done = call("hedge", book)
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)


def test_csv_has_the_numbers_of_the_json(output, document, ranged):
    given = document("curve", ranged, "--asset", "WETH", "--steps", 5)
    rows = list(
        csv.DictReader(
            output("curve", ranged, "--asset", "WETH", "--steps", 5, "--csv").splitlines()
        )
    )
    assert [float(row["price"]) for row in rows] == given["prices"]
    for side in ("before", "after"):
        for name, column in given[side].items():
            assert [float(row[f"{name}_{side}"]) for row in rows] == column


def test_csv_of_an_unhedged_curve_has_the_same_columns_empty(output, ranged):
    lines = output("curve", ranged, "--asset", "WETH", "--csv", "--unhedged").splitlines()
    rows = list(csv.DictReader(lines))
    assert all(row[f"{name}_after"] == "" for row in rows for name in ("worth", "delta", "gamma"))


@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
@pytest.mark.sample(1)
def test_a_plot_is_written_whatever_the_names(call, ranged, suffix, start):
    pytest.importorskip("matplotlib")
    odd = "$x^2$ 長い [b] " * 9
    text = ranged.read_text(encoding="utf-8").replace('name = "range"', f'name = "{odd}"')
    book, plot = written(ranged.parent, text), ranged.parent / f"curve.{suffix}"
    done = call("curve", book, "--asset", "WETH", "--position", odd, "--plot", plot)
    assert (done.exit_code, done.stdout) == (0, "")
    assert plot.read_bytes().startswith(start)


def test_a_curve_steps_down_at_both_sides_of_a_break_when_it_is_drawn(ranged):
    pytest.importorskip("matplotlib")
    from hedgecore.analysis.sweep import breaks, price_grid, sweep  # noqa: PLC0415
    from hedgecore.report.charts.sweep import draw  # noqa: PLC0415

    book = hc.Book.load(ranged)
    prices = price_grid(1000.0, 3000.0, 11, breaks(book.positions, "WETH", book.market))
    swept = sweep(book, "WETH", prices)
    assert len(prices) == 15
    panels = draw(swept).axes
    assert [each.texts[0].get_text().split(",")[0] for each in panels] == [
        "Change of worth",
        "Delta",
        "Gamma: change of cash delta per 1 % move",
    ]
    assert panels[0].texts[1].get_text() == "The book"
    assert all(text.get_clip_path() is None for each in panels for text in each.texts)
    density, drawn = swept.before.gamma, panels[2].lines[1].get_ydata()
    jump = np.searchsorted(prices, 1500.0)
    assert density[jump - 1] == 0.0 > density[jump]
    assert drawn[jump - 2] == 0.0 > drawn[jump - 1]  # 1 % either way reaches across the edge
    assert drawn[jump - 1] == pytest.approx(drawn[jump], rel=1e-6)
