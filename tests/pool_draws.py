"""Draws of every kind of pool that is shipped, by its name."""

import pytest
from hypothesis import HealthCheck, given, settings

import hedgecore as hc
import pool_strategies as pools
from hedgecore.testing.grids import prices_to_try

POOLS = {
    "balancer-weighted": pools.weighted(),
    "concentrated-positions": pools.v3_positions(),
    "concentrated-ranges": pools.v3_ranges(),
    "curve-cryptoswap": pools.cryptoswap(),
    "curve-stableswap": pools.stableswap(),
    "example-curve": pools.example_curve(),
    "gyro-2clp": pools.gyro("gyro-2clp", pools.two_clp_edges()),
    "gyro-eclp": pools.gyro("gyro-eclp", pools.e_clp_edges()),
    "liquidity-bins": pools.bins(),
    "lmsr": pools.lmsr(),
    "lmsr-binary": pools.lmsr_binary(),
    "pendle-v2": pools.pendle(),
    "pmm": pools.pmm(),
    "solidly-stable": pools.solidly(),
    "uniswap-v2": pools.v2(),
    "uniswap-v3": pools.v3(),
    "uniswap-v3-position": pools.v3_position(),
}


def flat(points):
    """Return prices as a model takes them: (N, m), and a pair's (N,)."""
    return points[:, 0] if points.shape[1] == 1 else points


def judge_draws(kind, count, judge):
    """Have `judge` look at models of a kind that are drawn, each with prices to try."""
    if kind not in hc.default_registry():
        pytest.skip(f"{kind} is not installed")

    @settings(max_examples=count, derandomize=True, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(POOLS[kind])
    def judged(table):
        try:
            model = hc.build(table)
        except hc.SpecError:
            return
        judge(model, flat(prices_to_try(model)))

    judged()
