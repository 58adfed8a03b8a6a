"""An account on the node becomes a book whose hedge orders only what is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from perp.bench import venue

import hedgecore as hc
from hedgecore.readers.venue_accounts import AccountRequest, read_account

pytest.importorskip("hedgecore_derivatives", reason="the contract is its instrument")


@pytest.fixture
def read(bench, monkeypatch):
    """Read the account, without a key."""
    monkeypatch.delenv("HEDGECORE_KEY")
    request = AccountRequest(name="perp", venue=venue(bench.perp), underlyings={"vETH": "WETH"})
    return lambda: read_account(request)


def test_the_hedge_orders_only_the_difference(bench, read):
    held = {"holding": [{"name": "cold", "asset": "WETH", "amount": 10.0}]}
    for traded, left in ((-4, -6.0), (-6, 0.0)):
        bench.trade(Decimal(traded))
        bench.advance(10)
        book = hc.Book.from_tables(read().into(held))
        assert book.hedge().quantities["vETH at perp"] == pytest.approx(left, abs=1e-9)


def test_positions_have_entries_collateral_and_margin_of_the_contracts(bench, read):
    bench.trade(Decimal(-4))
    bench.advance(10)
    found = read()
    [row], [cash] = found.instruments, found.holdings
    assert row["held"] == -4
    assert 1990 < row["entry_price"] < 2000
    assert (cash["asset"], row["settlement"]) == ("USDC", "USDC")
    assert cash["amount"] == pytest.approx(100_000, abs=1)
    assert "margin" in found.notes[0]
    assert row["funding_hours"] == 24
