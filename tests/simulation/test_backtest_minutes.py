"""A range hedged through the fall of WETH on 2023-08-17, on the real minutes of its pool.

Each line of the report is computed again here, from the rows of the files by NumPy alone. The
files are no part of the project: they are looked for in the folder that HEDGECORE_MINUTES names,
and beside the project in ``../shared/data/uniswap-v3-minutes``; without them these tests skip.
"""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("hedgecore_derivatives")
pytest.importorskip("hedgecore_uniswap_v3")

import hedgecore as hc
from hedgecore.simulation import Simulation, simulate

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "examples" / "backtest.toml"
PAGE = ROOT / "docs" / "how-to" / "backtest-a-range.md"
BESIDE = ROOT.parent / "shared" / "data" / "uniswap-v3-minutes"
FOLDER = Path(os.environ.get("HEDGECORE_MINUTES", BESIDE))
FILES = [FOLDER / f"polygon-usdc-weth-500-2023-08-{day}.csv" for day in range(13, 18)]

pytestmark = pytest.mark.skipif(
    not all(file.is_file() for file in FILES),
    reason="needs the minutes of a Uniswap v3 pool, which are not copied into the project: name "
    "their folder in HEDGECORE_MINUTES",
)
LIQUIDITY, LOW, HIGH, FEE = 20_000.0, 1600.0, 2000.0, 0.0005


def minutes():
    """Return closing price, volume in USDC and active liquidity of each row, by the README."""
    rows = []
    for file in FILES:
        with file.open() as text:
            rows += list(csv.DictReader(text))
    tick, usdc, weth, active = (
        np.array([float(row[name]) for row in rows])
        for name in ("closeTick", "inAmount0", "inAmount1", "currentLiquidity")
    )
    price = 1.0001**-tick * 1e12
    return price, usdc / 1e6 + weth / 1e18 * price, active / 1e12


def held(price):
    """Return what the position holds: WETH, and USDC."""
    root = np.sqrt(np.clip(price, LOW, HIGH))
    return LIQUIDITY * (1 / root - HIGH**-0.5), LIQUIDITY * (root - LOW**0.5)


def worth(price):
    base, quote = held(price)
    return base * price + quote


@pytest.fixture(scope="module")
def rows():
    return minutes()


@pytest.fixture(scope="module")
def report(document):
    return document("backtest", BOOK, "--prices", *FILES)


@pytest.fixture(scope="module")
def run():
    book = hc.Book.load(BOOK)
    path = {**book.simulation["price_model"], "files": [str(file) for file in FILES]}
    return simulate(Simulation.from_book(book, {"price_model": path}))


def of(report, leg, column):
    return report["attribution"][leg][column]["value"]


def test_the_history_is_the_days_with_the_minute_that_is_missing(report, rows):
    assert report["steps"] == len(rows[0]) - 1 == 7198
    assert (report["start"], report["end"]) == ("2023-08-13 00:00:00", "2023-08-17 23:59:00")
    assert len(report["gaps"]) == 1
    assert "2023-08-14.csv, line 2: a gap of 120 seconds" in report["gaps"][0]
    price = rows[0]
    assert (price[0], price.min(), price[-1]) == pytest.approx((1848.1244, 1595.1666, 1683.6702))


def test_the_position_is_worth_what_its_coins_are_at_both_ends(report, rows):
    price, pool = rows[0], report["pools"]["WETH/USDC"]
    assert pool["worth"] == pytest.approx(worth(price[0]), rel=1e-12)
    assert pool["change"] == pytest.approx(worth(price[-1]) - worth(price[0]), rel=1e-9)
    assert pool["kept"] == pytest.approx(held(price[0])[0] * (price[-1] - price[0]), rel=1e-9)
    assert pool["against_holding"] == pytest.approx(-1782.24, abs=0.01)


def test_its_fees_are_its_share_of_those_of_each_minute_in_range(report, rows):
    price, volume, active = rows
    inside = (price >= LOW) & (price < HIGH)
    part = 0.5 * (inside[1:].astype(float) + inside[:-1])
    due = FEE * volume[1:] * LIQUIDITY / (LIQUIDITY + active[1:]) * part
    assert report["pools"]["WETH/USDC"]["fees"] == pytest.approx(due.sum(), rel=1e-12)
    whole = FEE * volume[1:].sum()
    assert due.sum() / whole == pytest.approx(0.01746, abs=1e-5)
    assert due.sum() / whole > np.mean(LIQUIDITY / (LIQUIDITY + active[1:]))


def test_lvr_is_what_rebalancing_each_minute_would_have_gained_over_the_position(report, rows):
    price = rows[0]
    rebalanced = np.sum(held(price[:-1])[0] * np.diff(price))
    lvr = rebalanced - (worth(price[-1]) - worth(price[0]))
    taylor = report["pools"]["WETH/USDC"]["lvr"] - of(report, "WETH/USDC", "residual")
    assert taylor == pytest.approx(lvr, rel=1e-9)
    root = np.sqrt(price[:-1])
    inside = (price[:-1] >= LOW) & (price[:-1] < HIGH)
    bent = 0.5 * np.sum(inside * LIQUIDITY / (2 * root**3) * np.diff(price) ** 2)
    assert report["pools"]["WETH/USDC"]["lvr"] == pytest.approx(bent, rel=1e-9)


def test_the_hedge_gains_what_it_held_times_each_move(run, report, rows):
    sold = run.series.held[:-1, 0]
    assert np.all(sold <= 0)
    gained = np.sum(sold * np.diff(rows[0]))
    assert of(report, "ETH-PERP", "delta") == pytest.approx(gained, rel=1e-9)
    assert gained > 3000


def test_it_pays_the_fee_and_half_the_spread_of_all_that_it_trades(run, report, rows):
    traded = np.abs(run.series.orders[:, 0]) * rows[0]
    assert report["metrics"]["turnover"]["value"] == pytest.approx(traded.sum(), rel=1e-12)
    assert of(report, "ETH-PERP", "costs") == pytest.approx(-(FEE + 1e-4) * traded.sum(), rel=1e-12)
    lots = run.series.orders[:, 0] / 0.001
    np.testing.assert_allclose(lots, np.round(lots), atol=1e-6)
    assert np.all(traded[traded > 0] >= 10)


def test_funding_is_received_by_the_short_every_eight_hours(run, report, rows):
    """The minute of the third payment is missing: it is on the price of the last before it."""
    clock = np.round(run.series.times * 365 * 24 * 60).astype(int)
    due = 480 * np.arange(1, 15)
    known = np.searchsorted(clock, due, side="right") - 1
    assert clock[known].tolist() == [at if at != 1440 else 1439 for at in due.tolist()]
    held = run.series.held[np.searchsorted(clock, due) - 1, 0]
    cash = np.sum(-held * rows[0][known] * 1e-4)
    assert of(report, "ETH-PERP", "funding") == pytest.approx(cash, rel=1e-9)


def test_all_of_it_adds_up_to_the_change_of_the_accounts(run, report):
    total = sum(each["value"] for each in report["legs"].values())
    equity = run.series.equity[-1] - report["worth"]
    assert total == pytest.approx(equity, rel=1e-9)
    lines = [x["value"] for columns in report["attribution"].values() for x in columns.values()]
    assert sum(lines) == pytest.approx(equity, rel=1e-9)


def test_the_hedge_leaves_a_sixth_of_the_loss_and_a_hundredth_of_the_variance(report):
    hedged = sum(each["value"] for each in report["legs"].values())
    unhedged = report["legs"]["WETH/USDC"]["value"]
    assert hedged == pytest.approx(-775.7, abs=0.1)
    assert unhedged == pytest.approx(-4348.0, abs=0.1)
    assert report["metrics"]["variance_reduction"]["value"] > 0.99


@pytest.fixture
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")


def shown(start):
    """Return the lines of a block of the page, from a line that starts so."""
    _, found, rest = PAGE.read_text(encoding="utf-8").partition(f"\n{start}")
    assert found
    return [line.rstrip() for line in (start + rest.partition("\n```")[0]).splitlines()]


@pytest.mark.usefixtures("narrow")
def test_the_page_shows_what_it_prints(output):
    printed = output("backtest", BOOK, "--prices", *FILES).partition("•")[0]
    assert [line.rstrip() for line in printed.rstrip().splitlines()] == shown("Profit over 5 days")


@pytest.mark.usefixtures("narrow")
def test_the_page_compares_as_it_prints(output, tmp_path):
    saved = tmp_path / "run.toml"
    output("backtest", BOOK, "--prices", *FILES, "--save", saved)
    names = ("never", "clock,hours=1", "whalley-wilmott", "band,half_width=1")
    policies = [word for name in names for word in ("--policy", name)]
    printed = output("compare", saved, *policies).partition("• Risk")[0]
    lines = [line.rstrip() for line in printed.rstrip().splitlines()]
    assert lines[1:] == shown(" policy ")
