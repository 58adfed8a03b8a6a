"""What to doubt of a run: numbers in per cent, and two sources of one funding rate."""

import re

import pytest

import hedgecore as hc
from hedgecore.simulation import Simulation, simulate
from hedgecore.simulation.price_models.replay import Replay
from payments import DAY, START, every, file, paid, walk

BOOK = {
    "numeraire": "USD",
    "prices": {"WETH": 3134.0},
    "vols": {"WETH": 0.6},
    "position": [{"name": "coins", "kind": "spot", "asset": "WETH", "amount": 2.0}],
    "instrument": [
        {"name": "P", "kind": "perp", "underlying": "WETH", "fee": 0.0005, "funding_rate": 0}
    ],
    "simulation": {"paths": 2, "days": 1.0, "steps": 2, "policy": "never"},
}
GBM = {"kind": "gbm", "asset": "WETH"}


PER_CENT = {
    "a vol": ({"price_model": {**GBM, "vol": 60}}, "gbm: vol is 60"),
    "a drift": ({"price_model": {**GBM, "drift": 20}}, "gbm: drift is 20"),
    "a part's vol": (
        {"price_model": {"kind": "correlated", "parts": [{**GBM, "vol": 60}]}}, "gbm: vol is 60"
    ),
    "a move": ({"policy": {"kind": "price-move", "move": 5}}, "price-move: move is 5"),
    "a spread": ({"costs": [{"kind": "half-spread", "fraction": 0.3}]}, "fraction is 0.3"),
    "a fee of all": ({"costs": [{"kind": "fee", "rate_of_all": 0.3}]}, "fee: rate_of_all is 0.3"),
    "a yield": ({"income": {"coins": {"kind": "fee-rate", "per_year": 25}}}, "per_year is 25"),
}  # fmt: skip


@pytest.mark.parametrize("name", PER_CENT)
def test_a_setting_that_looks_like_per_cent_is_warned_of(name):
    settings, said = PER_CENT[name]
    run = simulate(Simulation.from_book(hc.Book.from_tables(BOOK), settings))
    assert any(said in line for line in run.warnings)


def test_usual_settings_are_not_warned_of():
    settings = {
        "price_model": {**GBM, "vol": 0.8, "drift": -0.5},
        "policy": {"kind": "price-move", "move": 0.05},
        "costs": [{"kind": "half-spread", "fraction": 1e-4}],
    }
    assert not simulate(Simulation.from_book(hc.Book.from_tables(BOOK), settings)).warnings


@pytest.mark.parametrize("share", [5.0, 1.0000001, -0.1])
def test_nobody_has_more_than_all_of_a_pools_fees(share):
    with pytest.raises(hc.SpecError, match=r"share: must be a part of the whole.*5 % is 0.05"):
        hc.build({"kind": "fee-volume", "fee": 0.003, "share": share})


def replayed(folder, *, column=None, payments=None):
    """Return a run, short one bitcoin, over daily rows with rates beside them or in a file."""
    seconds = every(DAY, 7)
    cells = column or [""] * len(seconds)
    head = "time,price" if column is None else "time,price,funding"
    rows = [(s, p, c)[: head.count(",") + 1]
            for s, p, c in zip(seconds, walk(len(seconds)), cells, strict=True)]  # fmt: skip
    rates = () if payments is None else file(folder, "rates.csv", "time,rate", payments)
    path = Replay(files=file(folder, "p.csv", head, rows), asset="BTC", funding=rates)
    perp = hc.build({"kind": "perp", "name": "P", "underlying": "BTC", "fee": 0})
    return simulate(
        hc.Portfolio([("short", perp, -1.0)]), path, policy=hc.build({"kind": "never"}),
        market=hc.Market(prices={"BTC": 60_000.0}),
    )  # fmt: skip


def test_two_sources_of_one_rate_are_warned_of_and_the_file_is_paid(tmp_path):
    due = paid(8, 168, 8)
    alone = replayed(tmp_path, payments=due)
    both = replayed(tmp_path, column=[5e-4] * 8, payments=due)
    assert both.ledger["funding"].value == alone.ledger["funding"].value
    assert not alone.warnings
    assert "two sources of one number: the column is left aside" in " ".join(both.warnings)


def test_rates_in_per_cent_are_warned_of(tmp_path):
    due = [(START + 28_800 * i, 0.01) for i in range(1, 22)]
    said = "the funding rates of BTC are 0.01 on average, which is unlikely: 0.0001 is 0.01 %."
    assert said in replayed(tmp_path, payments=due).warnings
    assert said in replayed(tmp_path, column=[0.01] * 8).warnings


def test_a_column_of_blanks_is_not_a_funding_of_zero(tmp_path):
    with pytest.raises(hc.SpecError, match=re.escape("blank, and unknown is not zero")):
        replayed(tmp_path, column=[""] * 8)
