"""The laws of instruments, one function each; each says the law and where it comes from."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgecore.market import Market
from hedgecore.testing.law import compare, law, require

CLOSE = 1e-12
FLAT = 1e-8
SHAKEN = 8.0
BASE = 2000.0
SPREADS = (0.0, 1e-3, 0.05, 0.5)
DRAWS = 6
SEED = 20210423


@law
def terms_sensible(instrument: Any, market: Market | None = None) -> None:
    """It has a name, hedges assets that its exposure has a delta in, and rules of order that make sense.

    Source: the protocol `Instrument`; the hedge is computed from these.
    """
    terms = instrument
    require(isinstance(terms.name, str) and terms.name, "it has no name", got=terms.name)
    require(0 < terms.contract_size < np.inf, "contract_size is not positive", got=terms.contract_size)
    for name in ("lot", "min_size"):
        step = getattr(terms, name)
        require(0 <= step < np.inf, f"{name} must be 0 or more, and finite", got=step)
    require(terms.fee is None or 0 <= terms.fee < 1, "fee is no fraction", got=terms.fee)
    hedges = terms.hedges
    require(isinstance(hedges, tuple) and hedges, "hedges must name assets, in a tuple", got=hedges)
    exposure = terms.exposure(_here(instrument, market))
    for asset in hedges:
        known = asset in exposure.assets
        require(known, f"it is there to hedge {asset}, of which it has no delta", got=exposure.assets)
        delta = exposure.delta[..., exposure.assets.index(asset)]
        require(np.all(delta != 0), f"it is there to hedge {asset}; its delta is 0", got=delta)


@law
def exposure_finite(instrument: Any, market: Market | None = None) -> None:
    """Value, delta, gamma and all other sensitivities are finite.

    Source: a contract's worth is a smooth function of positive prices, but for finitely many.
    """
    points, make = _markets(instrument, market)
    exposure = instrument.exposure(make(points))
    parts = {"value": exposure.value, "delta": exposure.delta, "gamma": exposure.gamma}
    for name, part in (parts | dict(exposure.other)).items():
        require(np.all(np.isfinite(part)), f"{name} is not finite", got=part)


@law
def worth_is_value(instrument: Any, market: Market | None = None) -> None:
    """``worth(market) == exposure(market).value``.

    Source: the protocol `Priced`; simulations ask for the worth alone.
    """
    points, make = _markets(instrument, market)
    for each in (instrument, _entered(instrument, market)):
        found = each.exposure(make(points))
        size = CLOSE * _gross(found)
        compare(points, _flat(each.worth(make(points)), points), found.value, size, "worth is not value")
