"""The laws of instruments, one function each; each says the law and where it comes from."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio, enter
from hedgecore.numerics.arrays import Array
from hedgecore.testing.answers import Answer, answers_or_nan, bends, rounding_sensitivity
from hedgecore.testing.differences import judge, log_slope
from hedgecore.testing.law import compare, law, require
from hedgecore.testing.markets import Setting, setting

CLOSE = 1e-12
"""Tolerance of two ways to one number: rounding, of the terms that it is summed from."""
FLAT = 1e-8
"""Tolerance of gamma off symmetry, of its diagonal."""
SHAKEN = 8.0
"""Tolerance in multiples of the move by two units in the last place of the price."""
FAR = (1e-9, 1e9)
"""Factors of a price, at one of which a contract costs next to nothing."""
NUMBERS = ("value", "delta", "gamma")


@law
def terms_sensible(instrument: Any, market: Market | None = None) -> None:
    """The instrument has a name, sensible rules of order, and a delta in what it is there to hedge.

    Source: the protocol `Instrument`; a hedge is computed from these.
    """
    it, hedges = instrument, instrument.hedges
    require(isinstance(it.name, str) and it.name, "it has no name", got=it.name)
    require(0 < it.contract_size < np.inf, "contract_size must be positive", got=it.contract_size)
    for name, step in (("lot", it.lot), ("min_size", it.min_size)):
        require(0 <= step < np.inf, f"{name} must be 0 or more, and finite", got=step)
    require(it.fee is None or 0 <= it.fee < 1, "fee must be a fraction, or None", got=it.fee)
    require(isinstance(hedges, tuple) and hedges, "hedges must name assets, in a tuple", got=hedges)
    there = setting(instrument, market)
    exposure = it.exposure(there.market(there.points))
    for asset in hedges:
        known = asset in exposure.assets and np.any(there.column(exposure, asset) != 0)
        require(known, f"it is there to hedge {asset}, but has no delta in it", got=exposure.assets)


@law
def exposure_finite(instrument: Any, market: Market | None = None) -> None:
    """Value, delta, gamma and all other sensitivities are finite.

    Source: a hedge with a number that is not finite is no hedge.
    """
    there = setting(instrument, market)
    exposure = instrument.exposure(there.market(there.points))
    parts = {name: getattr(exposure, name) for name in NUMBERS} | dict(exposure.other)
    for name, part in parts.items():
        fine = np.isfinite(part)
        require(np.all(fine), f"{name} is not finite", got=part[~fine][:3], expected="numbers")


@law
def worth_is_value(instrument: Any, market: Market | None = None) -> None:
    """``worth(market) == exposure(market).value``, new and once entered.

    Source: the protocol `Priced`; simulations ask for the worth alone.
    """
    there = setting(instrument, market)
    here, terms = there.market(there.points), CLOSE * _terms(instrument, there, there.points)
    for each in (instrument, _enter(instrument, there)):
        found = each.exposure(here)
        worth = np.broadcast_to(each.worth(here), found.value.shape)
        allowed = np.maximum(terms, CLOSE * _gross(found))
        compare(there.points, worth, found.value, allowed, "worth() is not the value")


@law
def entering_keeps_risk(instrument: Any, market: Market | None = None) -> None:
    """Entering an instrument keeps its exposure, and entering again changes nothing.

    Source: `hedgecore.enter`; the hedge is computed before the trade, and holds after it.
    """
    there = setting(instrument, market)
    held, own = _enter(instrument, there), there.points[:1]
    before, after = (each.exposure(there.market(own)) for each in (instrument, held))
    require(before.assets == after.assets, "other assets once entered", got=after.assets)
    value, delta, gamma = _tolerance(held, there, own)
    value = np.maximum(value, CLOSE * _terms(instrument, there, own))
    for name, allowed in zip(NUMBERS, (value, delta, gamma), strict=True):
        got, expected = getattr(after, name), getattr(before, name)
        compare(own, got, expected, allowed, f"{name} changes as it is entered")
    again = enter(held, there.market(there.points[-1]))
    require(again == held, "entered again, elsewhere, it is another", got=again, expected=held)


@law
def delta_is_d_worth(instrument: Any, market: Market | None = None) -> None:
    """Delta is the derivative of worth to each price, once entered; in no asset is one left out.

    Source: the definition of delta.
    """
    there = setting(instrument, market)
    held = _enter(instrument, there)
    exposure = held.exposure(there.market(there.points))

    def worth(points: Array) -> Answer:
        here = there.market(points)
        found = held.exposure(here)
        value = np.broadcast_to(held.worth(here), found.value.shape)
        return value[:, None], _gross(found)[:, None]

    for axis, asset in enumerate(there.assets):
        truth = log_slope(worth, there.points, axis).per(there.points[:, axis])
        got = there.column(exposure, asset)[:, None]
        judge(there.points, got, truth, f"delta to {asset} is not d worth/d price")


@law
def exposure_gamma_is_d_delta(instrument: Any, market: Market | None = None) -> None:
    """Gamma is the derivative of delta to each price, once entered.

    Source: the definition of gamma.
    """
    there = setting(instrument, market)
    held = _enter(instrument, there)
    exposure = held.exposure(there.market(there.points))

    def delta(points: Array) -> Answer:
        found = held.exposure(there.market(points))
        return found.delta, np.abs(found.delta) + _gross(found)[:, None] / found.known_prices

    for axis, asset in enumerate(there.assets):
        truth = log_slope(delta, there.points, axis).per(there.points[:, axis])
        known = asset in exposure.assets
        column = exposure.assets.index(asset) if known else 0
        got = exposure.gamma[..., column] * float(known)
        judge(there.points, got, truth, f"gamma to {asset} is not d delta/d price", floor=FLAT)


@law
def exposure_gamma_symmetric(instrument: Any, market: Market | None = None) -> None:
    """Gamma is symmetric.

    Source: it is a Hessian (Schwarz).
    """
    there = setting(instrument, market)
    cash = instrument.exposure(there.market(there.points)).gamma_cash
    turned = np.swapaxes(cash, -1, -2)
    compare(there.points, cash, turned, FLAT * bends(cash), "gamma (in cash) is not symmetric")


@law
def arrays_equal_pointwise(instrument: Any, market: Market | None = None) -> None:
    """In a market of arrays it says, at each place, what it says there alone; shapes are S+(…).

    Source: the protocol `Priced`.
    """
    there = setting(instrument, market)
    points = there.points
    whole = instrument.exposure(there.market(points))
    alone = [instrument.exposure(there.market(point)) for point in points]
    for name, allowed in zip(NUMBERS, _tolerance(instrument, there, points), strict=True):
        got, each = getattr(whole, name), np.stack([getattr(one, name) for one in alone])
        require(got.shape == each.shape, f"{name}'s shape", got=got.shape, expected=each.shape)
        compare(points, got, each, allowed, f"{name} in an array market is not that of one price")
    worth = instrument.worth(there.market(points))
    require(np.shape(worth) == (len(points),), "worth's shape", got=np.shape(worth))


@law
def linear(instrument: Any, market: Market | None = None) -> None:
    """Three less one of it are two of it, by the names of its assets in any order.

    Source: an exposure is a vector, and a portfolio a sum.
    """
    there = setting(instrument, market)
    here = there.market(there.points)
    one = instrument.exposure(here)
    amounts = (("bought", instrument, 3.0), ("sold", instrument, -1.0))
    turned = one.assets[::-1]
    sums = (Portfolio(amounts).exposure(here), Exposure.sum([(3.0, one.over(turned)), (-1.0, one)]))
    for both in sums:
        found, size = both.over(one.assets), CLOSE * 10 * _gross(one)
        compare(there.points, found.value, 2 * one.value, size, "value does not add")
        compare(
            there.points,
            found.delta,
            2 * one.delta,
            CLOSE * 10 * np.abs(one.delta),
            "delta does not add",
        )


@law
def market_untouched(instrument: Any, market: Market | None = None) -> None:
    """Nothing that it is given changes, and nothing that came back changes later.

    Source: a contract is a value, and so is a market.
    """
    there = setting(instrument, market)
    here = there.market(there.points)
    before = {asset: np.array(price) for asset, price in here.prices.items()}
    first = instrument.exposure(here)
    kept = [np.array(getattr(first, name)) for name in NUMBERS]
    instrument.worth(here)
    instrument.exposure(here)
    for asset, price in before.items():
        require(np.array_equal(here.prices[asset], price), f"it changes the price of {asset}")
    for name, old in zip(NUMBERS, kept, strict=True):
        same = np.array_equal(getattr(first, name), old)
        require(same, f"the {name} that it returned changed later")


def _enter(instrument: Any, there: Setting) -> Any:
    return enter(instrument, there.market(there.points[0]))


def _gross(exposure: Exposure) -> Array:
    """Gross worth Σ P|Δ| + |V|, (N,), that rounding is measured by."""
    cash = np.sum(np.abs(exposure.delta_cash), axis=-1)
    return np.asarray(cash + np.abs(exposure.value))


def _terms(instrument: Any, there: Setting, points: Array) -> Array:
    """Terms that the worth at `points` is the difference of, (N,), as far as entries show.

    What is entered just here is worth nothing, whatever its mark and its entry are worth. What is
    bought far away, where it is cheap, is worth more, but never more than its mark.
    """
    axis = there.assets.index(instrument.hedges[0])
    terms = np.zeros(len(points))
    for factor in FAR:
        far = there.points[0].copy()
        far[axis] *= factor
        terms = np.fmax(terms, _worth_after_entry(instrument, there, far, points))
    return terms


def _worth_after_entry(instrument: Any, there: Setting, far: Array, points: Array) -> Array:
    """Worth at `points`, (N,), of what was entered at `far`; nan where it refuses."""

    def worth(part: Array) -> Answer:
        held = enter(instrument, there.market(far))
        return (np.broadcast_to(held.worth(there.market(part)), len(part)),)

    return answers_or_nan(worth, points)[0]


def _tolerance(instrument: Any, there: Setting, points: Array) -> Answer:
    """Tolerance of value, delta and gamma at the same prices."""

    def numbers(at: Array) -> Answer:
        found = instrument.exposure(there.market(at))
        return found.value, found.delta, found.gamma

    found = instrument.exposure(there.market(points))
    sizes = (_gross(found), np.abs(found.delta), bends(found.gamma))
    moved = rounding_sensitivity(numbers, points)
    return tuple(CLOSE * size + SHAKEN * part for size, part in zip(sizes, moved, strict=True))
