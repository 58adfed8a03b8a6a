"""A number of lots is the decimal that a venue takes, and dust is no order."""

from decimal import Decimal

import numpy as np
import pytest
from hedgecore_convex_solver import Convex

import hedgecore as hc

MARKET = hc.Market(prices={"WETH": 3000.0})


def hedged(eth, *tools, **settings):
    held = hc.Portfolio([("eth", hc.Balance("WETH"), eth)])
    built = [hc.build({"kind": "perp", "underlying": "WETH", **tool}) for tool in tools]
    return hc.hedge(held, with_=built, market=MARKET, solver=Convex(**settings))


@pytest.mark.parametrize(
    ("eth", "lot", "sold"),
    [(0.08, 0.01, -0.08), (3250.0, 1.0, -3250.0), (0.07, 0.01, -0.07), (138.896, 0.001, -138.896)],
)
def test_the_orders_of_an_answer_are_decimals(eth, lot, sold):
    answer = hedged(eth, {"name": "P", "lot": lot, "min_size": lot, "fee": 0.0005})
    assert answer.quantities == {"P": sold}


def test_the_orders_of_random_answers_are_decimals():
    rng = np.random.default_rng(2)
    for lot in ("1e-8", "0.001", "0.05", "0.25", "1", "1000"):
        for eth in 10.0 ** rng.uniform(-2, 5, 6):
            tools = [
                {"name": n, "lot": float(lot), "fee": f} for n, f in (("P", 1e-4), ("Q", 3e-4))
            ]
            size = float(lot) * max(1.0, np.floor(eth / float(lot) / 3))
            answer = hedged(eth, *tools, position_limits={"P": size})
            for number in answer.quantities.values():
                assert Decimal(repr(number)) % Decimal(lot) == 0


def test_a_least_order_is_met_by_as_many_lots_and_not_one_more():
    tool = {"name": "P", "lot": 0.01, "min_size": 0.07, "fee": 0.0005}
    assert hedged(0.07, tool).quantities == {"P": -0.07}
    assert hedged(0.0651, tool).quantities == {"P": -0.07}


@pytest.mark.parametrize("eth", [20 + 4e-15, 20 - 4e-15, 20.000000000000004])
def test_dust_is_no_order_and_pays_no_cost(eth):
    """20 ETH are hedged by 20 sold already: what is left of the sum is its rounding."""
    coins, held = hc.Portfolio([("eth", hc.Balance("WETH"), eth)]), {"P": -20.0}
    perp = hc.build({"kind": "perp", "name": "P", "underlying": "WETH", "fee": 0.0005})
    solver = Convex(fixed_cost={"P": 5.0})
    answer = hc.hedge(coins, with_=[perp], market=MARKET, held=held, solver=solver)
    assert (answer.quantities, answer.cost) == ({"P": 0.0}, 0.0)
    assert answer.certificate.objective == 0.0


def test_dust_of_one_asset_beside_another_is_no_order():
    market = hc.Market(prices={"WETH": 3000.0, "WBTC": 60_000.0})
    held = hc.Portfolio([("e", hc.Balance("WETH"), 10.0), ("b", hc.Balance("WBTC"), 1e-15)])
    tools = [
        hc.build({"kind": "perp", "name": name, "underlying": asset, "fee": 0.0005})
        for name, asset in (("E", "WETH"), ("B", "WBTC"))
    ]
    answer = hc.hedge(held, with_=tools, market=market, solver=Convex(fixed_cost={"B": 5.0}))
    assert answer.quantities == {"E": -10.0, "B": 0.0}
    assert answer.certificate.status == "exact"
