"""Why some delta stays: what of the request leaves it, asset by asset, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgecore_convex_solver.problem_data import Limits, Rows

REFUSED = "nothing is traded: the notes say why"
UNASKED = "the request does not ask for a neutral delta"
SUMMED = "only the sum over all assets was asked for"
BANDED = "within the band that was asked for"
AIMED = "a target was asked for"
PRICED = "left by what the solver weighs and limits"
ROUNDED = "left by lots, minimum sizes and the number of orders"
ROUNDING = "left by rounding"


def residual_reasons(
    rows: Rows, limits: Limits, assets: Sequence[str], *, found: bool
) -> dict[str, str]:
    """Reason why some delta stays, by asset: of each asset of the request, if any does."""
    if not found:
        return dict.fromkeys(assets, REFUSED)
    stepped = limits.orders is not None or bool((limits.lot + limits.least).any())
    return {asset: _reason(rows, f"delta of {asset}", stepped=stepped) for asset in assets}


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
