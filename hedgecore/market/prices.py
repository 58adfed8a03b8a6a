"""Prices of named assets as arrays: positive, finite, and not to be written into."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.errors import PriceError
from hedgecore.market.labels import by_name
from hedgecore.numerics.arrays import Array, is_masked


def price_array(asset: str, given: ArrayLike) -> Array:
    """Price of an asset, S, a copy.

    Raises:
        PriceError: it is masked, no number, not positive or not finite.

    """
    if is_masked(given):
        message = f"the price of {asset!r:.80} is masked, and unknown is no number: drop or fill it"
        raise PriceError(message)
    try:
        array = np.array(given)
    except ValueError:
        array = np.array(None)
    if array.dtype.kind not in "iuf":
        message = f"the price of {asset!r:.80} is {given!r:.80}: it must be a number or an array"
        raise PriceError(message)
    return positive_price(asset, array.astype(np.float64, copy=False))


def positive_price(asset: str, price: Array) -> Array:
    """Price of an asset, S, itself: not to be written into from now on.

    Raises:
        PriceError: it is not positive and finite.

    """
    if price.size and not (price.min() > 0 and price.max() < np.inf):
        good = (price > 0) & (price < np.inf)
        message = (
            f"the price of {asset!r:.80} is {price[~good].flat[0]}: it must be positive and finite"
        )
        raise PriceError(message)
    price.flags.writeable = False
    return price


def named_prices(given: Mapping[str, ArrayLike]) -> Mapping[str, Array]:
    """Asset → price, S, of a mapping, a series labelled by asset or a frame of columns by asset."""
    named = by_name(given, "prices").items()
    return MappingProxyType({asset: price_array(asset, price) for asset, price in named})
