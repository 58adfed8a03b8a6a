"""A small book to simulate, and histories of prices and of funding to replay."""

import numpy as np

BOOK = """
numeraire = "USD"
[prices]
WETH = 2000.0
USDC = 1.0
[vols]
WETH = 0.8
[[position]]
name = "range"
kind = "uniswap-v3"
assets = ["WETH", "USDC"]
liquidity = 5000.0
lower = 1700.0
upper = 2400.0
fee = 0.0005
[[instrument]]
name = "ETH-PERP"
kind = "perp"
underlying = "WETH"
fee = 0.0005
funding_rate = 0.0001
[simulation]
days = 5
steps = 20
paths = 60
seed = 7
[simulation.income]
range = { kind = "fee-rate", per_year = 0.2 }
"""
START = 1_690_000_000


def history(folder, rows=200, name="prices.csv", bad=None):
    """Write a history of one price a minute, with a bad row where that is asked for."""
    prices = 2000.0 * np.exp(np.cumsum(np.random.default_rng(3).normal(0, 2e-3, rows)))
    lines = [f"{START + 60 * i},{price!r}" for i, price in enumerate(prices.tolist())]
    if bad is not None:
        lines[bad - 2] = f"{START + 60 * (bad - 2)},-5"
    path = folder / name
    path.write_text("\n".join(["time,price", *lines]) + "\n", encoding="utf-8")
    return path


def rates(folder, every=3600, count=6, name="funding.csv"):
    """Write funding rates, the first of them paid at the start."""
    lines = [f"{START + every * i},{1e-4 * (i + 1)!r}" for i in range(count)]
    path = folder / name
    path.write_text("\n".join(["time,funding", *lines]) + "\n", encoding="utf-8")
    return path
