"""A record of each class that a notebook shows, of one small book."""

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.analysis.axes import axis
from hedgecore.analysis.book_performance import performance
from hedgecore.analysis.greeks import book_greeks
from hedgecore.analysis.stress import stress
from hedgecore.analysis.sweep import price_grid, sweep
from hedgecore.simulation import Simulation, simulate
from hedgecore.simulation.comparison import compare

TABLES = {
    "numeraire": "USD",
    "as_of": "2026-07-01",
    "prices": {"WETH": 2000.0, "USDC": 1.0},
    "vols": {"WETH": 0.7},
    "position": [
        {"name": "lp", "kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 2e4]}
    ],
    "holding": [{"name": "coins", "asset": "WETH", "amount": 2.5}],
    "flow": [{"date": "2026-01-01", "asset": "USDC", "amount": 35_000.0, "price": 1.0}],
    "instrument": [
        {
            "name": "ETH-PERP",
            "kind": "perp",
            "underlying": "WETH",
            "fee": 5e-4,
            "lot": 0.01,
            "funding_rate": 1e-4,
        }
    ],
}
FEW = {"policy": "never", "paths": 8, "steps": 4}


@pytest.fixture(scope="session")
def book():
    pytest.importorskip("hedgecore_uniswap_v2")
    pytest.importorskip("hedgecore_derivatives")
    return hc.Book.from_tables(TABLES)


@pytest.fixture(scope="session")
def records(book):
    """Name → a record; each class once, and more where its numbers have other shapes."""
    hedge, market = book.hedge(), book.market
    line = market.shifted(prices={"WETH": [1500.0, 2000.0, 2600.0]})
    grid = market.shifted(prices={"WETH": [[1500.0], [2600.0]]}, vols={"WETH": [0.5, 0.7, 0.9]})
    policies = {"never": "never", "daily": {"kind": "clock", "hours": 24}}
    runs = {
        name: Simulation.from_book(book, {**FEW, "policy": policy, "ledger": False})
        for name, policy in policies.items()
    }
    return {
        "book": book,
        "greeks": book_greeks(book),
        "market": market,
        "markets": line,
        "portfolio": book.portfolio,
        "exposure": hedge.before,
        "exposures": book.portfolio.exposure(line),
        "hedge": hedge,
        "hedges": hc.hedge(book.portfolio, with_=book.instruments, market=line),
        "sweep": sweep(book, "WETH", price_grid(1500.0, 2500.0, 5)),
        "scenario": hc.scenario(book, line, hedge=hedge),
        "scenario-grid": hc.scenario(book, grid, hedge=hedge),
        "stress": stress(book, [axis(market, ["WETH"], np.array([-0.3, 0.0, 0.3]))], hedge=hedge),
        "paths": simulate(Simulation.from_book(book, FEW)),
        "path": simulate(Simulation.from_book(book, {**FEW, "paths": 1})),
        "comparison": compare(runs),
        "performance": performance(book),
        "pool": book["lp"].model,
    }


RECORDS = (
    *("book", "greeks", "market", "markets", "portfolio", "exposure", "exposures", "hedge"),
    *("hedges", "sweep", "scenario", "scenario-grid", "stress", "paths", "path", "comparison"),
    *("pool", "performance"),
)


@pytest.fixture(params=RECORDS)
def record(request, records):
    """Each of them."""
    return records[request.param]
