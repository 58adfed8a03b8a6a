"""demeter: delta and gamma of a Uniswap v3 range that is worth 1 at a price of 1."""

# ruff: noqa: ANN001, ANN201, ANN202 - a script of another environment

from decimal import Decimal

from demeter.uniswap.helper import get_greeks
from timed import answer


def prepare(prices, lower, upper):
    low, high, points = Decimal(lower), Decimal(upper), [Decimal(price) for price in prices]

    def call():
        found = [get_greeks(price, low, high) for price in points]
        return [[float(each.delta), float(each.gamma)] for each in found]

    return call


answer(prepare)
