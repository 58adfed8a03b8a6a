"""ammbt: reserves of a Uniswap v2 pool after each of many trades, in its compiled loop."""

# ruff: noqa: ANN001, ANN201, ANN202 - a script of another environment

import numpy as np
import pandas as pd
from ammbt.amms.univ2 import UniswapV2Simulator
from timed import answer

STRATEGY = [("initial_capital", "f8"), ("rebalance_threshold", "f8"), ("rebalance_frequency", "i4")]


def prepare(trades, reserves):
    swaps = pd.DataFrame(trades, columns=["amount0", "amount1"])
    simulator = UniswapV2Simulator(*reserves, fee_rate=0.0)
    strategy = np.array([(1.0, 1e9, 10**9)], dtype=STRATEGY)
    positions = simulator.initialize_positions(1, len(swaps), strategy)

    def call():
        _, told = simulator.simulate(swaps, positions, strategy)
        return np.stack([told["reserve0_history"], told["reserve1_history"]], axis=1).tolist()

    return call


answer(prepare)
