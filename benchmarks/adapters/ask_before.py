"""hedgecore of an earlier commit: delta and gamma of a Uniswap v3 range, from an array."""

# ruff: noqa: ANN001, ANN201, ANN202 - a script of another environment
import numpy as np
from timed import answer

import hedgecore as hc


def prepare(prices, table):
    pool, points = hc.build(table), np.array(prices)

    def call():
        found = pool.greeks(points)
        return np.stack([found.delta, found.gamma], axis=1)

    return call


answer(prepare)
