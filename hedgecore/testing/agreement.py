"""The laws by which one answer is had in many ways: other calls, other units, the state."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.portfolio import SupportsAggregation
from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.registry.specs import schema
from hedgecore.testing import answers as said
from hedgecore.testing.grids import prices_to_try
from hedgecore.testing.law import compare, law

SOLVED = 1e-10
"""Tolerance of two ways to one number, of its terms, where a formula solves on the way."""
ROUNDED = 1e-4
"""The part of that which a small holding may be off by, as a part of the whole worth."""
SHAKEN = 8.0
"""Tolerance in multiples of the move by two units in the last place of the price."""
STATE = 2e-5
"""Tolerance of the state off the curve, of the worth: the chain's integers near MIN_TICK."""
SPOT = 2.0**10
"""Rounding of the spot itself, in the same measure: it is a ratio of what may be solved for."""
RESERVES = ("reserves", "balances")


@law
def numeraire_does_not_matter(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """In the base asset as numeraire: value divided by its price, delta the same, gamma times it.

    Source: a change of unit, V' = V/u, P' = P/u, so Δ' = Δ and Γ' = uΓ.
    """
    points = prices_to_try(model, prices)
    _same_in(model, points, points[:, 0], numeraire=model.assets[0])


@law
def homogeneous(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """With all prices k-fold, value is k-fold, delta the same, and gamma 1/k of it.

    Source: ``V(kP) = kV(P)``, from ``V(P) = min P·x``: degrees 1, 0 and −1.
    """
    points = prices_to_try(model, prices)
    for quote in (2.0**-20, 3.0 * 2.0**10):
        _same_in(model, points, np.full(len(points), 1.0 / quote), quote=quote)


def _same_in(model: PoolModel, points: Array, unit: Array, **elsewhere: Any) -> None:
    """Require the exposure in a market of another unit to be this one, translated."""
    here, there = said.exposure_at(model, points), said.exposure_at(model, points, **elsewhere)
    loose = _tolerance(model, points)
    scales = (1.0 / unit, np.ones_like(unit)[:, None], unit[:, None, None], 1.0 / unit)
    for name, at, other, scale, size in zip(here._fields, here, there, scales, loose, strict=True):
        compare(points, other, at * scale, size * scale, f"{name} depends on the numeraire")


def _tolerance(model: PoolModel, points: Array) -> said.Exposed:
    """Tolerance of the difference of two exposures at the same prices, cash, asset units, gamma."""
    at = said.exposure_at(model, points)
    moved = said.Exposed(
        *said.rounding_sensitivity(lambda near: said.exposure_at(model, near), points)
    )
    total = said.gross(points, at.delta)
    worth = SOLVED * total + SHAKEN * moved.value
    held = SOLVED * (np.abs(at.delta) + ROUNDED * total[:, None] / said.full(points))
    pairs = said.full(points)[:, :, None] * said.full(points)[:, None, :]
    bent = SOLVED * (said.bends(at.gamma) + ROUNDED * total[:, None, None] / pairs)
    bent = bent + SHAKEN * moved.gamma
    return said.Exposed(worth, held + SHAKEN * moved.delta, bent, worth)


@law
def holdings_at_spot_are_reserves(model: PoolModel, prices: ArrayLike | None = None) -> None:  # noqa: ARG001
    """At its own price, the curve holds what the state says; `at_state` says the same.

    A field `reserves` or `balances`, one number per asset, is what the whole pool holds: holdings
    are one part of them, the same of each asset. Source: the state is on its own curve.
    """
    spot = said.spot_of(model)
    if spot is None:
        return
    points = spot[None]
    held = said.greeks_at(model, points).holdings
    moved = said.rounding_sensitivity(lambda near: (said.greeks_at(model, near).holdings,), points)[
        0
    ]
    cash, total = said.full(points), said.gross(points, held)[:, None]
    allowed = STATE * total + SPOT * np.max(moved * cash)
    now = np.asarray(model.at_state().exposure(said.market_at(model, points)).delta)
    compare(points, cash * now, cash * held, allowed, "at_state's cash delta is not the curve's")
    for name in set(RESERVES) & schema(type(model)).keys():
        reserves = np.array(getattr(model, name), dtype=float)[None]
        parts = cash * reserves * total / said.gross(points, reserves)[:, None]
        compare(points, cash * held, parts, allowed, f"what is held at spot() is not its {name}")


@law
def answers_agree(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """`value`, `delta`, `gamma`, `greeks`, `worth` and `exposure` say the same.

    So does `aggregate` of copies, where the kind offers it. Source: one answer, in parts.
    """
    points = prices_to_try(model, prices)
    found, exposed = said.greeks_at(model, points), said.exposure_at(model, points)
    alone, loose = said.parts_at(model, points), _tolerance(model, points)
    m = points.shape[1]
    inner = (loose.value, loose.delta[:, :m], loose.gamma[:, :m, :m])
    for name, part, whole, size in zip(found._fields, alone, found, inner, strict=False):
        compare(points, part, whole, size, f"{name}() is not what greeks() says")
    theirs = (exposed.value, exposed.delta[:, :m], exposed.gamma[:, :m, :m])
    for name, part, whole, size in zip(found._fields, theirs, found, inner, strict=False):
        compare(points, part, whole, size, f"{name} is not what exposure() says")
    compare(points, exposed.delta, found.holdings, loose.delta, "the exposure is of other holdings")
    compare(points, exposed.worth, exposed.value, loose.value, "worth() is not exposure()'s value")
    if issubclass(type(model), SupportsAggregation):
        together = said.exposure_at(_Copies(model), points)
        for name, whole, part, size in zip(exposed._fields, together, exposed, loose, strict=True):
            compare(points, whole, sum(COPIES) * part, 8.0 * size, f"{name} is not aggregate()'s")


COPIES = (3.0, -1.0, 0.5)


class _Copies:
    """Copies of a model in one aggregate, some short."""

    def __init__(self, model: Any) -> None:
        columns = {
            name: [getattr(model, each.name)] * 3 for name, each in schema(type(model)).items()
        }
        self.assets, self.whole = model.assets, type(model).aggregate(columns, COPIES)

    def worth(self, market: Market) -> Array:
        return np.asarray(self.whole.worth(market))

    def exposure(self, market: Market) -> Exposure:
        exposure: Exposure = self.whole.exposure(market).over(self.assets)
        return exposure
