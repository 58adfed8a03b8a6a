"""degenbot: what a Uniswap v3 range holds, by the integers of the contract."""

# ruff: noqa: ANN001, ANN201, ANN202 - a script of another environment

from degenbot.uniswap.v3_libraries.sqrt_price_math import get_amount0_delta, get_amount1_delta
from timed import answer

base, quote = get_amount0_delta.__wrapped__, get_amount1_delta.__wrapped__
"""Without the cache of what was asked before: a repeated call would time that alone."""


def prepare(roots, lower, upper, liquidity):
    def amount(function, one, other):
        return function(
            sqrt_ratio_a_x96=one, sqrt_ratio_b_x96=other, liquidity=liquidity, round_up=False
        )

    def call():
        at = [min(max(root, lower), upper) for root in roots]
        return [[amount(base, root, upper), amount(quote, lower, root)] for root in at]

    return call


answer(prepare)
