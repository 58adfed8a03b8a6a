"""Whole lots and orders, against trying them all."""

import os
from itertools import product

import numpy as np
import pytest
from hedgecore_convex_solver import Convex

import hedgecore as hc

DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "20"))


@pytest.mark.parametrize("seed", range(DRAWS))
def test_lots_orders_and_minimum_sizes_are_the_best_of_all(fake, market, seed):
    """A priced residual, so that all of the grid may be had; three instruments of 13 lots each."""
    rng = np.random.default_rng(seed)
    lots = rng.choice([0.1, 0.25, 0.5], 3)
    least = lots * rng.integers(0, 4, 3)
    beta = rng.uniform(0.3, 1.2, 3)
    fee, fixed = 10.0 ** rng.uniform(-4, -3, 3), rng.choice([0.0, 0.5, 2.0], 3)
    other = rng.uniform(-0.02, 0.02, 3)
    with_ = [
        fake(
            name=f"I{i}", delta={"WETH": beta[i], "WBTC": other[i]}, fee=fee[i],
            lot=lots[i], min_size=least[i],
        )
        for i in range(3)
    ]  # fmt: skip
    held = {"WETH": rng.uniform(-2, 2), "WBTC": rng.uniform(-0.05, 0.05)}
    orders = int(rng.integers(1, 4))
    soft = 10.0 ** rng.uniform(-3, 0)
    solver = Convex(
        soft={"delta": soft}, fixed={f"I{i}": fixed[i] for i in range(3)}, orders=orders,
        position={f"I{i}": 6 * lots[i] for i in range(3)}, time_limit=10.0,
    )  # fmt: skip
    answer = hc.hedge(fake(delta=held), with_=with_, market=market, solver=solver)
    grid = np.array(list(product(*(np.arange(-6, 7) * lot for lot in lots))))
    legal = np.all((grid == 0) | (np.abs(grid) >= least * (1 - 1e-9)), axis=1)
    grid = grid[legal & (np.count_nonzero(grid, axis=1) <= orders)]
    notional = 3000 * beta + 60000 * np.abs(other)
    weth = np.abs(3000 * (held["WETH"] + grid @ beta))
    wbtc = np.abs(60000 * (held["WBTC"] + grid @ other))
    cost = np.abs(grid) @ (fee * notional) + (grid != 0) @ fixed
    best = np.min(soft * (weth + wbtc) + cost)
    assert answer.certificate.tier == "exact", answer
    assert answer.certificate.objective == pytest.approx(best, rel=1e-7)
    x = np.array(list(answer.quantities.values()))
    assert np.any(np.all(np.isclose(grid, x, rtol=1e-12, atol=1e-12), axis=1))


@pytest.mark.parametrize("seed", range(max(2, DRAWS // 4)))
def test_curved_and_whole_is_the_best_of_all(fake, market, seed):
    rng = np.random.default_rng(seed)
    lots, fee = rng.choice([0.1, 0.25, 0.5], 2), 10.0 ** rng.uniform(-4, -3, 2)
    beta, impact = rng.uniform(0.3, 1.2, 2), 10.0 ** rng.uniform(-7, -5, 2)
    with_ = [fake(name=f"I{i}", delta={"WETH": beta[i]}, fee=fee[i], lot=lots[i]) for i in range(2)]
    held, weight = rng.uniform(-5, 5), 10.0 ** rng.uniform(-6, -3)
    solver = Convex(
        minimise={"cost": 1.0, "variance": weight}, covariance={"WETH:WETH": 0.04},
        soft={"delta": 0.0}, impact={f"I{i}": impact[i] for i in range(2)}, time_limit=10.0,
    )  # fmt: skip
    answer = hc.hedge(fake(delta={"WETH": held}), with_=with_, market=market, solver=solver)
    grid = np.array(list(product(*(np.arange(-200, 201) * lot for lot in lots))))
    cash = np.abs(grid) * 3000 * beta
    risk = 0.5 * weight * 0.04 * (3000 * (held + grid @ beta)) ** 2
    best = np.min(cash @ fee + cash**1.5 @ impact + risk)
    assert answer.certificate.objective == pytest.approx(best, rel=2e-6)
    assert answer.certificate.gap <= 1e-5 * best
