"""Rules of venues about an option's price: a cap on the fee, and the margin of one that is sold.

Deribit's, which others copy: the fee is a fraction of the underlying, and never more than 12.5 % of
the option's price; who sells deposits its mark, and 15 % of the underlying less the part by which
it is out of the money, but 10 % at least: ``fee_cap = 0.125``, ``margin_tiers = [[null, 0.15]]``,
``margin_floor = 0.1``. Source: the venue's documentation of fees and of initial margin.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hedgecore import Market, fields

Array: TypeAlias = NDArray[np.float64]


def fee_cap() -> Any:
    """Field for the cap on the fee."""
    about = "the most that the fee is of the option's mark; none unless given"
    return fields.number(about, "fraction of the mark", fields.FRACTION, optional=True)


def margin_floor() -> Any:
    """Field for the least margin of what is sold out of the money."""
    about = (
        "the least that is deposited for one sold, however far out of the money; where it is not"
        " given, being out of the money is no discount"
    )
    return fields.number(about, "fraction of the notional", fields.FRACTION, optional=True)


def capped_fee(model: Any, market: Market) -> Array | None:
    """Fee of one contract in cash, S: of its notional, and no more than its cap."""
    if model.fee is None:
        return None
    fee = model.fee * model.notional(market)
    if model.fee_cap is None:
        return np.asarray(fee)
    return np.asarray(np.minimum(fee, model.fee_cap * model.mark(market).value))


def discounted_deposit(
    deposit: ArrayLike, contracts: ArrayLike, out: Array, floor: float | None
) -> Array:
    """Deposit on what is sold, in notionals of one contract, less the discount.

    Args:
        deposit: without it, for all contracts.
        contracts: how many, of any sign.
        out: by which part of the underlying's price it is out of the money, 0 or more.
        floor: the least per contract; None where there is no discount.

    """
    if floor is None:
        return np.asarray(deposit, dtype=np.float64)
    size = np.abs(np.asarray(contracts, dtype=np.float64))
    return np.asarray(np.maximum(np.asarray(deposit) - size * out, floor * size))
