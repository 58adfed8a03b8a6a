"""Runs of every kind of pool: without a ledger or with one, they say the same."""

from contextlib import suppress

import numpy as np
import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.decisions.costs.fee import Fee
from hedgecore.decisions.costs.gas import Gas
from hedgecore.simulation.band_engine import eligibility
from hedgecore.simulation.blocks import blocks
from hedgecore.simulation.engine import engine
from hedgecore.simulation.settings import Simulation
from hedgecore.testing.grids import centre
from pool_draws import POOLS, judge_draws

pytest.importorskip("hedgecore_derivatives", reason="the hedges are its contracts")

DRAWS = 2
MOVE, DAYS = 0.04, 30.0
"""Deviation of the log price over a run, and its length."""


def build(kind, **table):
    return hc.build({"kind": kind, **table})


POLICIES = {
    "band": lambda width, _: build("band", half_width=width),
    "centre": lambda width, _: build("band", half_width=width, to="centre"),
    "whalley-wilmott": lambda _, worth: build("whalley-wilmott", absolute=3e4 / worth),
}


def asked(pool, policy, **more):
    """Return a run of a pool from where it stands; None where nothing is hedged there."""
    moving, price = pool.assets[0], centre(pool)
    market = hc.Market(
        prices=dict(zip(pool.assets, [*price.tolist(), 1.0], strict=True)),
        vols={moving: MOVE * (365.0 / DAYS) ** 0.5}, time=0.0,
    )  # fmt: skip
    low, here, high = (abs(delta_at(pool, market, moving, move)) for move in (-MOVE, 0.0, MOVE))
    width = 0.05 * max(low, here, high)
    if not 0.0 < width < np.inf:
        return None
    hedge = build("perp", name="H", underlying=moving, fee=5e-4, funding_rate=0.0)
    return Simulation(
        book=hc.Portfolio([("pool", pool, 1.0), ("short", hc.Balance(moving), -0.9 * here)]),
        market=market, instruments=hedge, price_model=build("gbm", asset=moving), days=DAYS,
        policy=POLICIES[policy](width, width * float(market.price(moving))), steps=60, paths=16,
        seed=5, costs=(Fee(), Gas(amount=1e-3 * width * float(market.price(moving)))), **more,
    )  # fmt: skip


def delta_at(pool, market, asset, move):
    """Return the delta of a pool where the log of a price has moved."""
    price = float(market.price(asset)) * np.exp(move)
    there = pool.exposure(evolve(market, prices={**market.prices, asset: price}))
    return float(there[asset].delta)


def same(pool, judge, **more):
    """Have `judge` look at runs of a pool under every policy, where they can be asked for."""
    for policy in POLICIES:
        with suppress(hc.HedgecoreError):  # a market that has expired, a price beyond the curve
            settings = asked(pool, policy, **more)
            if settings is not None:
                judge(settings)


def alike(one, other):
    """Orders are the same, and cash to a billionth of what was turned over or held."""
    scale = np.maximum(other.scale, other.tallies["turnover"])
    np.testing.assert_array_equal(one.tallies["orders"], other.tallies["orders"])
    for name in ("pnl", "unhedged", "costs", "gas", "turnover"):
        assert np.all(np.abs(one.tallies[name] - other.tallies[name]) <= 1e-9 * scale), name


def without_a_ledger(settings):
    """A run is as the general engine has it, path by path."""
    [block] = blocks(settings.paths)
    if eligibility.is_eligible(settings):
        [fast] = eligibility.simulate_blocks(settings, [block])
        alike(fast, engine.simulate_block(settings, block))


@pytest.mark.parametrize("kind", POOLS)
@pytest.mark.sample(3)
def test_a_run_without_a_ledger_has_the_numbers_of_one_with(kind):
    judge_draws(kind, DRAWS, lambda pool, _: same(pool, without_a_ledger))
