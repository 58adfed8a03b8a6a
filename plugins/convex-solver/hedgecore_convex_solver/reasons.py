"""Why some delta stays: what of the request leaves it, asset by asset, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgecore import HedgeProblem
from hedgecore_convex_solver.question import Limits

if TYPE_CHECKING:
    from hedgecore_convex_solver.convex import Convex

REFUSED = "nothing is traded: the notes say why"
UNASKED = "the request does not ask for a neutral delta"
SUMMED = "only the sum over all assets was asked for"
BANDED = "within the band that was asked for"
AIMED = "a target was asked for"
PRICED = "left by what the solver weighs and limits"
ROUNDED = "left by lots, minimum sizes and the number of orders"
ROUNDING = "left by rounding"


def reasons(
    options: Convex, problem: HedgeProblem, limits: Limits, *, found: bool
) -> dict[str, str]:
    """Return asset → why some of its delta stays, of each asset of the request; if any does."""
    if not found:
        return dict.fromkeys(problem.hedged_assets, REFUSED)
    stepped = limits.orders is not None or bool((limits.lot + limits.least).any())
    return {
        asset: _reason(options, problem, asset, stepped=stepped) for asset in problem.hedged_assets
    }


def _reason(options: Convex, problem: HedgeProblem, asset: str, *, stepped: bool) -> str:
    label = f"delta:{asset}"
    whys = {
        UNASKED: "delta" not in problem.request.neutral,
        SUMMED: "delta" in options.aggregate,
        PRICED: "delta" in options.soft,
        BANDED: label in options.bands,
        AIMED: label in options.targets,
        ROUNDED: stepped,
    }
    return next((why for why, holds in whys.items() if holds), ROUNDING)
