"""What a hedged position loses: by its gamma, by a rule of its own, or unknown."""

import pytest

import hedgecore as hc
from hedgecore.analysis.greeks import book_greeks
from hedgecore.analysis.hedge_report import hedge_report
from hedgecore.analysis.loss_rates import loss_rates, net_losses
from hedgecore.analysis.stress import stress
from hedgecore.report import costs, explain, greeks, scenario

pytest.importorskip("hedgecore_llamma")

VOL, PRICE, UPPER, A = 0.6, 1_985.0, 2_000.0, 100
LOAN = {
    "name": "loan",
    "kind": "llamma",
    "collateral": "WETH",
    "borrowed": "crvUSD",
    "bands": [[0, 0.0, 2.0]],
    "amplification": A,
    "base_price": UPPER,
    "oracle_price": 2_050.0,
}
POOL = {"name": "v2", "kind": "uniswap-v2", "assets": ["WETH", "crvUSD"], "reserves": [1.0, PRICE]}
RANGE = {**LOAN, "name": "frozen", "oracle": "frozen", "oracle_price": PRICE}


def book_of(*rows, **more):
    tables = {"numeraire": "crvUSD", "prices": {"WETH": PRICE}, "vols": {"WETH": VOL}, **more}
    spot = {"name": "WETH", "kind": "spot", "asset": "WETH", "fee": 0}
    return hc.Book.from_tables({**tables, "position": rows, "instrument": [spot]})


def closed_form():
    """(1 − m) σ² P² Γ a day of 2 WETH in one band whose upper price is 2000."""
    lower = UPPER * (1 - 1 / A)
    whole = UPPER**2 - A * (UPPER - PRICE) ** 2
    m = 3 * A * (PRICE - lower) * (UPPER - PRICE) / whole
    gamma = 2.0 * UPPER**2 * A * (1 - m) / whole**1.5
    return (1 - m) * (VOL * PRICE) ** 2 * gamma / 365


def test_a_tracking_loan_loses_its_net_loss_and_gains_no_gamma():
    book = book_of({**LOAN, "amount": 3.0}, POOL)
    found = loss_rates(book)
    assert found["loan"] == pytest.approx(3.0 * closed_form(), rel=1e-12)
    assert found["loan"] > 0
    by_gamma = book.positions[0].model.exposure(book.market).lvr_rate({("WETH", "WETH"): 1.0})
    assert by_gamma < 0  # what the gamma alone would print: a gain
    assert net_losses(book) == {"loan": found["loan"]}


def test_a_pool_loses_versus_rebalancing_and_a_frozen_loan_as_its_range():
    book = book_of(POOL, RANGE)
    found = loss_rates(book)
    assert found["v2"] == pytest.approx(2 * PRICE * VOL**2 / 8 / 365, rel=1e-12)
    bend = book.positions[1].model.exposure(book.market).gamma[0, 0]
    assert found["frozen"] == pytest.approx(-0.5 * (VOL * PRICE) ** 2 * bend / 365, rel=1e-12)


def test_what_is_unknown_is_none():
    other = {**POOL, "name": "pair", "assets": ["WETH", "WBTC"], "reserves": [30.0, 1.0]}
    prices = {"prices": {"WETH": PRICE, "WBTC": 30 * PRICE}}
    assert loss_rates(book_of(other, **prices)) == {"pair": None}
    still = loss_rates(book_of(other, **prices, vols={"WETH": VOL, "WBTC": 0.0}))
    assert still["pair"] == pytest.approx(60 * PRICE * VOL**2 / 8 / 365, rel=1e-12)
    assert loss_rates(book_of(LOAN, vols={})) == {"loan": None}


def test_bins_lose_by_what_a_move_does():
    rows = [[i, 0.0, 1.0] for i in range(3_600, 4_000)]
    bins = {"name": "bins", "kind": "liquidity-bins", "assets": ["WETH", "crvUSD"], "bin_step": 20}
    book = book_of({**bins, "bins": rows, "zero_id": 0})
    assert loss_rates(book)["bins"] > 0
    assert book.positions[0].priced.exposure(book.market).gamma.any() == 0


@pytest.mark.parametrize("row", [LOAN, RANGE])
def test_answers_state_the_net(row):
    book = book_of(row)
    rate = loss_rates(book)[row["name"]]
    said = f"{row['name']} is not all: while its delta is hedged it loses {rate:,.2f} crvUSD a day"
    report = hedge_report(book)
    assert any(said in line for line in explain.sections(report)["What is left"])
    assert any(f"{row['name']} {rate:,.2f}" in line for line in costs.costs(report))
    assert any(said in line for line in greeks.remarks(book_greeks(book)))
    assert any(said in line for line in scenario.remarks(stress(book, [], days=1.0)))


def test_a_volatility_that_nobody_gave_is_asked_for():
    lines = greeks.remarks(book_greeks(book_of(LOAN, vols={})))
    assert any("loses an amount that is unknown" in line for line in lines)
