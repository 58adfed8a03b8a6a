"""[{fields, steps}, ...] → what curvesim's CryptoSwap pools are at first and after each step.

Of each state: what a contract would say, what the step gave, and what a seventh of all shares is
paid then, with what admins have earned left for later, and with it claimed first; and the prices of
all coins in the first.
"""

import json
import sys
from copy import deepcopy

from folders import alone

alone("curvesim", "curvesim.pool")

from curvesim.pool.cryptoswap.pool import CurveCryptoPool  # noqa: E402 - once it is alone

STATE = ("A", "gamma", "D", "balances", "price_scale", "tokens")
PART, BLOCKS = 7, 50


def played(fields: dict, steps: list) -> list:
    """States of a pool at first and after each step."""
    pool = CurveCryptoPool(**fields)
    states = [state(pool)]
    for action, *given in steps:
        pool._increment_timestamp(blocks=BLOCKS)
        states.append(state(pool, **{action: getattr(pool, action)(*given)}))
    return states


def state(pool: CurveCryptoPool, **gave) -> dict:
    """State of a pool, its fee now, and what a part of all shares is paid, either way."""
    its = {name: getattr(pool, name) for name in STATE}
    exits = {"exit": leave(pool, claims=False), "exit_that_claims": leave(pool, claims=True)}
    prices = [float(pool.dydx(i, 0)) for i in range(1, pool.n)]
    more = {"fee": pool._fee(pool._xp()), "prices": prices, "gave": gave}
    return deepcopy({**its, **exits, **more})


def leave(pool: CurveCryptoPool, *, claims: bool) -> dict:
    """Pay of a part of all shares, and all shares then: with those that admins have claimed."""
    after, shares = deepcopy(pool), pool.tokens // PART
    if not claims:  # as twocrypto-ng's exits are, and tricrypto-ng's that say so
        after._claim_admin_fees = tuple
    paid = after.remove_liquidity(shares)
    return {"paid": paid, "supply": after.tokens + shares}


json.dump([played(**each) for each in json.load(sys.stdin)], sys.stdout, default=int)
