"""curvesim: balances of a StableSwap pair at a price, by the root of its `dydx`, as it trades."""

# ruff: noqa: ANN001, ANN201, ANN202, SLF001, FBT003 - a script of another environment

from curvesim.pool.stableswap.pool import CurvePool
from scipy.optimize import brentq
from timed import answer

WAD = 10**18


def prepare(prices, amplification, balances):
    pool = CurvePool(amplification, [int(each) * WAD for each in balances], 2, fee=0)
    least, most = sum(pool.balances) // 1000, sum(pool.balances)

    def held(price):
        def off(x):
            return (
                pool._dydx(0, 1, [int(x), pool.get_y(0, 1, int(x), pool.balances)], False) - price
            )

        x = int(brentq(off, least, most, xtol=1e3, rtol=1e-15))
        return [x / WAD, pool.get_y(0, 1, x, pool.balances) / WAD]

    return lambda: [held(price) for price in prices]


answer(prepare)
