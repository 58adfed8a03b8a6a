"""JSON documents: the same keys always, and every number finite or null."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from hedgecore.errors import SpecError
from hedgecore.hedging.result import Hedge
from hedgecore.market.exposure import Exposure
from hedgecore.pools.mispricing import Mispricing


def jsonable(value: Any) -> Any:
    """Value in what JSON has; NaN and infinities, a gamma of −inf among them, are null."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(each) for key, each in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return jsonable(value.tolist())
    if isinstance(value, list | tuple):
        return [jsonable(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


ENDLESS = ("gamma", "gamma_cash")
"""Keys of densities, which are infinite where a delta jumps."""


def refuse_endless(value: Any, place: tuple[str, ...] = ()) -> None:
    """Raise a SpecError on a number in a document that is not finite, unless it is a gamma.

    Args:
        value: document, or a part of it.
        place: keys that lead there.

    """
    if isinstance(value, Mapping):
        for key, each in value.items():
            refuse_endless(each, (*place, str(key)))
    elif isinstance(value, list | tuple):
        for each in value:
            refuse_endless(each, place)
    elif isinstance(value, float | np.ndarray | np.floating) and place[-1] not in ENDLESS:
        bad = ~np.isfinite(value)
        if np.any(bad):
            what = f"is {np.asarray(value)[bad].flat[0]}, and no answer"
            reason = f"{what}: a number is too large, or too small, to compute with"
            raise SpecError(reason, field=".".join(place))


def exposure(given: Exposure) -> dict[str, dict[str, Any]]:
    """Asset → delta (units), delta_cash, gamma_cash (per 1 % move of its own price).

    The gamma is what the exposure has: of reports, effective over `gamma_move`, where that is said.
    """
    return {
        asset: {"delta": its.delta, "delta_cash": its.delta_cash, "gamma_cash": its.gamma_cash}
        for asset, its in given.items()
    }


def hedge(answer: Hedge) -> dict[str, Any]:
    """Orders, exposure before and after, cost, and what stays."""
    return {
        "numeraire": answer.before.numeraire,
        "worth": answer.before.value,
        "quantities": answer.quantities,
        "target": answer.target,
        "held": answer.held,
        "trade": answer.trade,
        "hedge_ratios": answer.hedge_ratios,
        "cost": answer.cost,
        "before": exposure(answer.effective.before),
        "after": exposure(answer.effective.after),
        "gamma_move": answer.effective.move,
        "unhedged": answer.unhedged,
        "notes": answer.notes,
        "warnings": answer.warnings,
        "certificate": None if answer.certificate is None else attrs.asdict(answer.certificate),
        "margin": answer.margin,
    }


def mispricing(given: Mispricing | None) -> dict[str, Any] | None:
    """Pool's own prices beside the market's, both in its quote asset."""
    if given is None:
        return None
    return {
        "quote": given.assets[-1],
        "spot": dict(zip(given.assets, given.spot, strict=True)),
        "market": dict(zip(given.assets, given.market, strict=True)),
        "distance": given.distance,
        "fee": given.fee,
        "inside": given.inside,
    }
