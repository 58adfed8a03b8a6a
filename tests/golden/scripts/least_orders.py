"""Hedges of a growing balance, in contracts of several lots and least orders."""

import json
import sys

import numpy as np

import hedgecore as hc

PRICE = 2000.0
AMOUNTS = np.round(np.concatenate([np.arange(0.0, 0.2, 0.005), np.arange(0.2, 3.0, 0.173)]), 6)
RULES = {
    "any": {},
    "lot 0.01": {"lot": 0.01},
    "lot 0.01, least 0.07": {"lot": 0.01, "min_size": 0.07},
    "lot 0.1, least 0.3": {"lot": 0.1, "min_size": 0.3},
    "lot 0.03, least 0.1": {"lot": 0.03, "min_size": 0.1},
    "lot 1": {"lot": 1.0, "min_size": 1.0},
    "lot 0.001, least 25 USD": {"lot": 0.001, "min_notional": 25.0},
}

market = hc.Market(prices={"WETH": PRICE}, numeraire="USD")


def orders(rule):
    """Return the contracts for each amount, long and short."""
    perp = hc.build({"kind": "perp", "name": "P", "underlying": "WETH", "fee": 5e-4, **rule})
    books = [
        hc.Portfolio([("coins", hc.Balance("WETH"), sign * amount)])
        for sign in (1.0, -1.0)
        for amount in AMOUNTS.tolist()
    ]
    found = [hc.hedge(book, with_=[perp], market=market).quantities["P"] for book in books]
    return [float(each) for each in found]


sys.stdout.write(json.dumps({name: orders(rule) for name, rule in RULES.items()}))
