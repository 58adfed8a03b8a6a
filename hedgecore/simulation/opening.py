"""Opening of a run: the contracts that are held before its first decision."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from hedgecore.hedging.held import HeldContracts, contracts_held
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.legs.setup import Legs


@frozen(eq=False, kw_only=True)
class Opening:
    """Hedge that is held as a run starts, of k instruments.

    A leg is a contract as entered at the start; one that was entered before differs from it by its
    profit until then, which is owed in its coin, or in cash.

    Attributes:
        contracts: (k,).
        coins: (k,), what each is owed in the coin it is settled in; 0 where that is the numeraire.
        cash: what all others are owed, in the numeraire.
        profit: of all of them since they were entered, the coins at their prices at the start.
        worth: of all of them at the start, in cash: the profit, and what is owned outright.
        scale: gross worth of all that is added up to it.

    """

    contracts: Array
    coins: Array
    cash: float
    profit: float
    worth: float
    scale: float


def opening(held: Mapping[str, HeldContracts | float], legs: Legs, market: Market) -> Opening:
    """Opening of a run at the start's market, whose prices are scalars."""
    own = contracts_held(held, legs.traded)
    contracts, coins = np.zeros(len(legs.traded)), np.zeros(len(legs.traded))
    cash, profits, worths = 0.0, [0.0], [0.0]
    for k, (leg, coin) in enumerate(zip(legs.instruments, legs.coins, strict=True)):
        if leg.name not in own:
            continue
        contracts[k], fresh = own[leg.name].contracts, float(leg.priced.worth(market))
        profits.append(contracts[k] * (float(own[leg.name].contract.worth(market)) - fresh))
        worths.append(contracts[k] * fresh)
        if coin is None:
            cash += profits[-1]
        else:
            coins[k] = profits[-1] / float(market.price(legs.assets[coin]))
    parts = [*profits, *worths]
    return Opening(
        contracts=contracts, coins=coins, cash=cash, profit=sum(profits), worth=sum(parts),
        scale=sum(map(abs, parts)),
    )  # fmt: skip
