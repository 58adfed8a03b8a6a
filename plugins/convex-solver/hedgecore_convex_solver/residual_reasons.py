"""Reasons for delta that stays: the part of the request that leaves it, asset by asset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hedgecore_convex_solver.problem_data import Limits, Rows

REFUSED = "nothing is traded: the notes say why"
UNASKED = "the request does not ask for a neutral delta"
SUMMED = "only the sum over all assets was asked for"
BANDED = "within the band that was asked for"
AIMED = "a target was asked for"
PRICED = "left by what the solver weighs and limits"
NEAREST = "as near as the limits allow: {}"
ROUNDED = "left by lots, minimum sizes and the number of orders"
ROUNDING = "left by rounding"


def residual_reasons(
    rows: Rows,
    limits: Limits,
    assets: Sequence[str],
    unmet: NDArray[np.bool_],
    blocked: Sequence[str],
) -> dict[str, str]:
    """Reason why some delta stays, by asset: of each asset of the request, if any does.

    Args:
        rows: the Greeks of the request.
        limits: of positions and orders.
        assets: of the request.
        unmet: of the rows, those that the trades do not meet, (r,).
        blocked: limits within which the nearest hedge was taken.

    """
    stepped = limits.orders is not None or bool((limits.lot + limits.least).any())
    found = {asset: _reason(rows, f"delta of {asset}", stepped=stepped) for asset in assets}
    near = NEAREST.format(", ".join(blocked))
    held = {label for label, off in zip(rows.labels, unmet, strict=True) if off and blocked}
    return found | {asset: near for asset in assets if f"delta of {asset}" in held}


def _reason(rows: Rows, label: str, *, stepped: bool) -> str:
    if label not in rows.labels:
        return SUMMED if "delta of all assets" in rows.labels else UNASKED
    i = rows.labels.index(label)
    whys = {
        PRICED: np.isfinite(rows.price[i]),
        BANDED: rows.low[i] < rows.high[i],
        AIMED: rows.low[i] != 0,
        ROUNDED: stepped,
    }
    return next((why for why, holds in whys.items() if holds), ROUNDING)
