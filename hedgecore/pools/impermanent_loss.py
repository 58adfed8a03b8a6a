"""Impermanent loss: a position against what was put in, just held."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.market.labels import refuse_misaligned

PAIR = 2


class _Pool(Protocol):
    assets: tuple[str, ...]

    def value(self, price: ArrayLike) -> Any: ...
    def greeks(self, price: ArrayLike) -> Any: ...


def impermanent_loss(model: _Pool, entry: ArrayLike, price: ArrayLike) -> Any:
    """Impermanent loss ``V(p) / (x(entry)·p) − 1``, S: the position against what was put in, held.

    Never positive, since V is concave and touches the hold value at the entry price; good to
    1e-14 absolute. Fees are not in it.

    Args:
        model: a pool model.
        entry: the price at entry; S, or S+(m,) for m + 1 > 2 assets.
        price: the price now, likewise; the two broadcast.

    Raises:
        SpecError: both are labelled series, and by other labels.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> round(float(hc.impermanent_loss(pool, 3000.0, 12_000.0)), 9)
        -0.2

    """
    refuse_misaligned(price={"entry": entry, "now": price})
    held = model.greeks(entry).holdings
    prices = (
        np.asarray(price, dtype=np.float64)
        if len(model.assets) > PAIR
        else np.asarray(price, dtype=np.float64)[..., None]
    )
    hold_value = np.sum(held[..., :-1] * prices, axis=-1) + held[..., -1]
    return (model.value(price) - hold_value) / hold_value
