"""[{fields, steps}, ...] → what curvesim's StableSwap pools are at first and after each step.

Of each state: what a contract would say, D of balances that were asked for, what the step gave,
what a seventh of all shares is paid then; and the prices of all coins in the last, at their rates.
A step may be a re-peg: new rates. With `base`, fields of another pool, it is a metapool of that.
"""

import json
import sys
from copy import deepcopy

from folders import alone

alone("curvesim", "curvesim.pool", "curvesim.pool.stableswap")

from curvesim.pool.stableswap.metapool import CurveMetaPool  # noqa: E402 - once it is alone
from curvesim.pool.stableswap.pool import CurvePool  # noqa: E402 - once it is alone

STATE = ("A", "balances", "admin_balances", "rates", "tokens", "fee")
PART = 7


def played(fields: dict, steps: list, far: list, base: dict | None = None) -> list:
    """States of a pool at first and after each step."""
    if base is None:
        pool = CurvePool(**fields)
    else:
        pool = CurveMetaPool(**fields, basepool=CurvePool(**base))
    states = [state(pool, far)]
    for action, *given in steps:
        if action == "rates":
            pool.rates = given[0]
            gave = {action: None}
        else:
            gave = {action: getattr(pool, action)(*given)}
        states.append(state(pool, far, **gave))
    return states


def state(pool: CurvePool | CurveMetaPool, far: list, **gave) -> dict:
    """State of a pool, and what a part of all shares is paid: by a metapool as by another pool."""
    its = {name: getattr(pool, name) for name in STATE}
    same = CurvePool(its["A"], [*its["balances"]], pool.n, its["rates"], its["tokens"])
    prices = [same.dydx(i, pool.n - 1) for i in range(pool.n - 1)]
    same.remove_liquidity(pool.tokens // PART)
    more = {
        "virtual_price": pool.get_virtual_price(),
        "D": pool.D(),
        "far": pool.get_D(far, pool.A),
        "prices": prices,
        "paid": [had - has for had, has in zip(pool.balances, same.balances, strict=True)],
        "gave": gave,
    }
    return deepcopy({**its, **more})


json.dump([played(**each) for each in json.load(sys.stdin)], sys.stdout, default=int)
