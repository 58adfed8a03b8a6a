"""A history that begins where no price of the book can have been is refused; an old one is not."""

import re

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.books.plausibility import past_price_confusion, tick_confusion
from hedgecore.simulation import Simulation, simulate
from hedgecore.simulation.price_models.replay import Replay

BOOK = {
    "numeraire": "USD",
    "prices": {"WETH": 3134.0, "WBTC": 60_000.0},
    "position": [{"name": "coins", "kind": "spot", "asset": "WETH", "amount": 2.0}],
    "instrument": [
        {"name": "P", "kind": "perp", "underlying": "WETH", "fee": 0.0005, "funding_rate": 0}
    ],
}


def history(folder, first):
    """Return the table of a replay of three rows, 1 % apart, that begins at a price."""
    rows = [f"{1_700_000_000 + 3600 * i},{first * 1.01**i!r}" for i in range(3)]
    path = folder / "h.csv"
    path.write_text("\n".join(["time,price", *rows]) + "\n", encoding="utf-8")
    return {"kind": "replay", "files": [str(path)], "asset": "WETH"}


WRONG = {
    "decimals": (3134e12, "it is 10^12 times the market: a price in other decimals"),
    "raw": (3.2e20, "no price is ever so far from another"),
    "the other way round": (1 / 3134.0, "it is near 1/3134, that of USD in WETH"),
    "some days from that": (1 / 2600.0, "it is near 1/3134, that of USD in WETH"),
    "in cents of a cent": (0.3134, "it is 10^-4 times the market: a price in other decimals"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_history_in_other_units_is_refused_with_what_is_probably_meant(tmp_path, name):
    first, said = WRONG[name]
    table = history(tmp_path, first)
    said = rf"WETH begins at {re.escape(f'{first:.7g}')}, and the book says 3134: {re.escape(said)}"
    with pytest.raises(hc.SpecError, match=said) as caught:
        Simulation.from_book(hc.Book.from_tables(BOOK), {"price_model": table})
    assert caught.value.field == "files"
    assert "--accept" in str(caught.value)
    with pytest.raises(hc.SpecError, match=said):
        simulate(hc.Book.from_tables(BOOK), hc.build(table))


def test_what_is_accepted_runs_and_still_warns(tmp_path):
    table = history(tmp_path, 3.2e20)
    settings = Simulation.from_book(hc.Book.from_tables(BOOK, accept=True), {"price_model": table})
    run = simulate(settings)
    assert run.series.prices[0, 0] == 3.2e20
    assert any("WETH begins at 3.2e+20" in line for line in run.warnings)


@pytest.mark.parametrize("factor", [1.0, 15.0, 1 / 15, 1 / 60, 90.0])
def test_an_old_history_stays_quiet(tmp_path, factor):
    table = history(tmp_path, 3134.0 * factor)
    Simulation.from_book(hc.Book.from_tables(BOOK), {"price_model": table})
    assert simulate(hc.Book.from_tables(BOOK), hc.build(table)).pnl.shape == (1,)


KNOWN = {
    "BTC, 2011": (0.3, 60_000.0),
    "BTC, 2013": (118.0, 97_000.0),
    "ETH, 2015": (0.71, 3134.0),
    "XRP, 2024": (0.5, 2.2),
    "DOGE, 2020": (0.0023, 0.19),
    "SHIB, 2020": (1e-10, 1.2e-5),
    "LUNA, 2022": (80.0, 6e-5),
    "PEPE in WETH": (1e-9, 4e-9),
    "a coin near 1": (1.002, 0.998),
}


@pytest.mark.parametrize("name", KNOWN)
def test_where_known_assets_once_stood_is_no_confusion(name):
    first, today = KNOWN[name]
    assert past_price_confusion(first, today, ("X", "USD")) is None


def test_a_thousand_old_histories_of_all_magnitudes_are_quiet():
    rng = np.random.default_rng(12)
    today = 10.0 ** rng.uniform(-8, 5, 1000)
    first = today * np.exp(rng.normal(-0.5, 1.2, 1000))  # a year or three ago
    refused = [
        (a, b)
        for a, b in zip(first, today, strict=True)
        if past_price_confusion(a, b, ("X", "USD"))
    ]
    assert refused == []


def test_a_column_of_ticks_is_no_column_of_prices(tmp_path):
    """WETH at 1.0001^-201900 · 10^12 USDC: whole numbers, 60 times the price of today."""
    rows = [f"{1_700_000_000 + 60 * i},{201_900 + i}" for i in range(3)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["time,price", *rows]) + "\n", encoding="utf-8")
    table = {"kind": "replay", "files": [str(path)], "asset": "WETH"}
    with pytest.raises(hc.SpecError, match=r"1\.0001\^-201900 in whole units is 1706\.21"):
        simulate(hc.Book.from_tables(BOOK), hc.build(table))
    path.write_text(path.read_text().replace("201901", "201901.5"), encoding="utf-8")
    assert simulate(hc.Book.from_tables(BOOK), hc.build(table)).pnl.shape == (1,)


@pytest.mark.parametrize("first", [300.0, 5000.0, 10_000.0, 60_000.0])
def test_whole_prices_of_some_other_year_are_no_ticks(first):
    assert tick_confusion(first, 97_000.0) is None


def test_a_model_that_starts_at_the_books_prices_is_not_asked():
    book = hc.Book.from_tables({**BOOK, "vols": {"WETH": 0.8}})
    gbm = hc.build({"kind": "gbm", "asset": "WETH"})
    assert simulate(book, gbm, days=1, steps=2, paths=3).pnl.shape == (3,)


def test_as_many_paths_are_run_in_python_as_from_a_table(tmp_path):
    """512 unless another number is given; a history is one path."""
    book = hc.Book.from_tables({**BOOK, "vols": {"WETH": 0.8}})
    gbm = hc.build({"kind": "gbm", "asset": "WETH"})
    own = Simulation(book=book, market=book.market, instruments=(), price_model=gbm)
    assert own.paths == Simulation.from_book(book).paths == 512
    past = Replay(**{k: v for k, v in history(tmp_path, 2000.0).items() if k != "kind"})
    assert Simulation(book=book, market=book.market, instruments=(), price_model=past).paths == 1


def test_a_portfolio_has_no_price_of_its_own_to_contradict(tmp_path):
    """A market beside a portfolio may say 1: a history brings its prices."""
    path = Replay(**{k: v for k, v in history(tmp_path, 1000.0).items() if k != "kind"})
    held = hc.Portfolio([("coins", hc.Balance("WETH"), 1.0)])
    market = hc.Market(prices={"WETH": 1.0})
    assert simulate(held, path, market=market).outcome.worth == 1000.0
