"""Draws of every kind of pool that is shipped, by its name."""

import pool_strategies as pools

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
