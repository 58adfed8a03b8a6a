"""Hedges at arrays of prices: a range, a grid of two prices, lots at each point by itself."""

import json
import sys

import numpy as np

import hedgecore as hc

range_ = hc.build(
    {"kind": "uniswap-v3", "assets": ["WETH", "USDC"], "liquidity": 5000.0, "lower": 2500.0,
     "upper": 3500.0}
)  # fmt: skip
basket = hc.build(
    {"kind": "balancer-weighted", "assets": ["WBTC", "WETH"], "weights": [0.5, 0.5],
     "balances": [10.0, 300.0]}
)  # fmt: skip
eth = {"kind": "perp", "name": "ETH", "underlying": "WETH", "fee": 0.0005}
perps = [
    hc.build({**eth, "lot": 0.01, "min_size": 0.07}),
    hc.build(
        {
            "kind": "inverse-perp",
            "name": "BTC",
            "underlying": "WBTC",
            "contract_size": 10.0,
            "fee": 0.0,
        }
    ),
]
prices = {
    "WBTC": np.array([60e3, 70e3, 80e3])[:, None],
    "WETH": np.linspace(2250.0, 3750.0, 7),
    "USDC": 1.0,
}
book = hc.Portfolio([("range", range_), ("basket", basket)])
grid = hc.hedge(book, with_=perps, market=hc.Market(prices=prices, numeraire="USD"))
line = hc.hedge(
    range_,
    with_=[hc.build(eth)],
    market=hc.Market(prices={**prices, "WBTC": 60e3}),
)
sys.stdout.write(
    json.dumps(
        {
            name: {
                "quantities": {key: each.tolist() for key, each in answer.quantities.items()},
                "cost": np.asarray(answer.cost).tolist(),
                "value": answer.after.value.tolist(),
                "delta": answer.after.delta_cash.tolist(),
                "gamma": answer.after.gamma_cash.tolist(),
            }
            for name, answer in (("grid", grid), ("line", line))
        }
    )
)
