"""At the edges of a range, through a market whose quote is not worth 1."""

from __future__ import annotations

import numpy as np
import pytest
from hedgecore_uniswap_v3 import UniswapV3Position

from hedgecore import Market

NARROW = UniswapV3Position(
    tokens=("WETH", "USDC"), liquidity=10**27, tick_lower=0, tick_upper=1, decimals=(0, 0)
)


@pytest.mark.parametrize("edge", [0, 1])
def test_holdings_never_fall_below_zero(edge):
    """Half an ulp of the ratio of two prices may lead across the edge, but not beyond empty."""
    price = NARROW.breakpoints()[edge]
    quotes = np.random.default_rng(7).uniform(0.5, 2.0, 20_000)
    ulps = np.spacing(price) * np.random.default_rng(8).integers(-3, 4, quotes.size)
    exposure = NARROW.exposure(Market(prices={"WETH": (price + ulps) * quotes, "USDC": quotes}))
    assert (exposure.delta >= 0).all()
    assert (exposure.delta[:, edge] > 0).all()
