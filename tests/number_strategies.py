"""Numbers, amounts and names that tables of all kinds are made of, as strategies of hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = ("WBTC", "WETH", "DAI", "USDT", "GHO", "BAL", "CRV", "USDC")
PAIR = ["WETH", "USDC"]


def logs(low, high):
    """Return numbers from 10^low to 10^high, evenly in their logarithms."""
    return st.floats(low, high, allow_nan=False).map(lambda x: 10.0**x)


def fees():
    return st.none() | st.sampled_from([0.0, 0.0001, 0.003, 0.01, 0.9])


shares = st.just(1.0) | logs(-12, 0)
counts = st.integers(2, 8)
