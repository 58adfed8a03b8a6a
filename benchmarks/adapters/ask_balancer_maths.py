"""balancer-maths: what a weighted pool holds after a trade of an exact amount in."""

# ruff: noqa: ANN001, ANN201, ANN202, E402 - a script of another environment

import sys
from importlib.util import find_spec
from types import ModuleType

sys.modules["src"] = ModuleType("src")  # the name by which its wheel of 0.1.2 imports itself
sys.modules["src"].__path__ = find_spec("balancer_maths").submodule_search_locations

from src.pools.weighted.weighted_math import compute_out_given_exact_in
from timed import answer

WAD = 10**18


def prepare(amounts, balances, weights):
    held = [round(each * WAD) for each in balances]
    parts, trades = [round(each * WAD) for each in weights], [round(a * WAD) for a in amounts]

    def call():
        outs = [
            compute_out_given_exact_in(held[0], parts[0], held[1], parts[1], trade)
            for trade in trades
        ]
        return [
            [(held[0] + trade) / WAD, (held[1] - out) / WAD]
            for trade, out in zip(trades, outs, strict=True)
        ]

    return call


answer(prepare)
