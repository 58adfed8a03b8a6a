"""The laws of a pool's numbers, one function each; each says the law and where it comes from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.errors import ConvergenceError, PriceError
from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.testing import answers as said
from hedgecore.testing.differences import judge, log_slope
from hedgecore.testing.grids import grid, moderate, prices_to_try
from hedgecore.testing.law import LawBroken, compare, law, place

CLOSE = 1e-12
"""Tolerance of two ways to one number: rounding, of the terms that it is summed from."""
SUMMED = 1e-10
"""Likewise where a formula solves or inverts on the way."""
FLAT = 1e-8
"""Tolerance of a matrix off its structure, of its diagonal."""


@law
def finite(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """All numbers are finite, but for a gamma of −∞ at a price that `breaks()` names.

    Source: V is concave and positively homogeneous, so finite, with finite holdings, at p > 0;
    delta may have a vertical tangent (Solidly at 1), and then the model says where.
    """
    points = grid(model) if prices is None else prices_to_try(model, prices)
    breaks = model.breakpoints()
    for part, found in said.answers_by_part(model.greeks, model, points):
        if isinstance(found, (PriceError, ConvergenceError)):
            continue
        if isinstance(found, Exception):
            what = f"it raises {type(found).__name__}: {found}"
            raise LawBroken(what, price=place(part, 0)) from found
        _finite(part, found, np.isin(part[:, 0], breaks) & (part.shape[1] == 1))


_TOLD = "if the curve is vertical there, let `_breakpoints` return it; if not, gamma is wrong"


def _finite(points: Array, found: Any, singular: Array) -> None:
    """Require each number to be finite, but for gammas of −∞ where `singular`, (N,)."""
    for name, given in zip(found._fields, found, strict=True):
        part = given.reshape(len(points), -1)
        fine = np.isfinite(part) | (singular[:, None] & (name == "gamma") & (part == -np.inf))
        if fine.all():
            continue
        row = int(fine.all(axis=1).argmin())
        what = f"{name} is not finite"
        if name == "gamma" and (part[row] == -np.inf).all():
            what = f"gamma is −inf at a price that breaks() does not name: {_TOLD}"
        raise LawBroken(what, price=place(points, row), got=given[row], expected="finite numbers")


@law
def delta_is_d_value(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """Delta is the derivative of value.

    Source: the envelope theorem on ``V(p) = min p·x``: ``∇V = x`` (Angeris, Evans, Chitra 2021).
    """
    points, breaks = moderate(model, prices), said.breaks_at(model, grid(model))
    delta = said.greeks_at(model, points).delta

    def value(at: Array) -> said.Answer:
        found = said.greeks_at(model, at)
        return found.value[:, None], said.gross(at, found.holdings)[:, None]

    for i, asset in enumerate(model.assets[:-1]):
        truth = log_slope(value, points, i, breaks).per(points[:, i])
        judge(points, delta[:, i : i + 1], truth, f"delta of {asset} is not d value/d price")


@law
def gamma_is_d_delta(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """Gamma is the derivative of delta, wherever that is no break.

    Source: ``Γ = ∂x/∂p = ∇²V`` (the same).
    """
    points, breaks = moderate(model, prices), said.breaks_at(model, grid(model))
    gamma = said.greeks_at(model, points).gamma

    def delta(at: Array) -> said.Answer:
        found = said.greeks_at(model, at).delta
        return found, np.abs(found)

    for j, asset in enumerate(model.assets[:-1]):
        truth = log_slope(delta, points, j, breaks).per(points[:, j])
        reason = f"gamma to {asset} is not d delta/d price"
        judge(points, gamma[:, :, j], truth, reason, floor=SUMMED)


@law
def gamma_symmetric(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """Gamma over all assets is symmetric.

    Source: it is a Hessian, ``∇²V`` (Schwarz).
    """
    points = prices_to_try(model, prices)
    cash, least = _cash_gamma(model, points)
    allowed = FLAT * said.bends(cash) + least[:, None, None]
    turned = np.swapaxes(cash, 1, 2)
    compare(points, cash, turned, allowed, "gamma (in cash) is not symmetric")


@law
def gamma_nonpositive(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """Gamma is never positive: no direction in which a pool's position is long convexity.

    Source: V is a minimum of linear functions of p, so concave (Angeris, Evans, Chitra 2021).
    """
    points = prices_to_try(model, prices)
    cash, least = _cash_gamma(model, points)
    largest = np.linalg.eigvalsh((cash + np.swapaxes(cash, 1, 2)) / 2).max(axis=1)
    allowed = FLAT * np.abs(cash).max(axis=(1, 2)) + least
    positive = np.maximum(largest, 0.0)
    compare(points, positive, 0.0, allowed, "gamma (in cash) has a positive eigenvalue")


@law
def holdings_nonnegative(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """Nothing held is negative, unless the class says ``may_be_short = True``.

    Source: a pool holds tokens; reserves are what a contract has (an LMSR's are claims, and may).
    """
    points = prices_to_try(model, prices)
    if model.may_be_short:
        return
    held = said.greeks_at(model, points).holdings
    short = np.minimum(said.full(points) * held, 0.0)
    allowed = CLOSE * said.gross(points, held)[:, None]
    compare(points, short, 0.0, allowed, "something held is negative (its worth is got)")


@law
def euler(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """Value is what is held, at its prices: ``V = P·Δ``.

    Source: V is homogeneous of degree 1 in all prices (Euler).
    """
    points = prices_to_try(model, prices)
    found, exposed = said.greeks_at(model, points), said.exposure_at(model, points)
    prices_, allowed = said.full(points), CLOSE * said.gross(points, found.holdings)
    worth = np.sum(prices_ * found.holdings, axis=1)
    compare(points, found.value, worth, allowed, "value is not the worth of what is held")
    worth = np.sum(prices_ * exposed.delta, axis=1)
    compare(points, exposed.value, worth, allowed, "the exposure's value is not P·Δ")


@law
def gamma_annihilates_prices(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """``ΓP = 0``: if all prices move alike, nothing is traded.

    Source: holdings are homogeneous of degree 0 in all prices (Euler, on each).
    """
    points = prices_to_try(model, prices)
    cash, least = _cash_gamma(model, points)
    allowed = FLAT * said.bends(cash).sum(axis=2) + least[:, None]
    compare(points, cash.sum(axis=2), 0.0, allowed, "ΓP is not 0 (in cash)")


def _cash_gamma(model: PoolModel, points: Array) -> tuple[Array, Array]:
    """Cash gamma PᵢPⱼΓᵢⱼ, (N, n, n), zero where it is infinite, and the rounding of it, (N,)."""
    exposed, prices = said.exposure_at(model, points), said.full(points)
    with np.errstate(invalid="ignore"):
        cash = prices[:, :, None] * prices[:, None, :] * exposed.gamma
    singular = np.isinf(cash).any(axis=(1, 2), keepdims=True)
    return np.where(singular, 0.0, cash), CLOSE * said.gross(points, exposed.delta)
