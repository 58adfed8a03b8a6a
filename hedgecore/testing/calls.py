"""The laws of calling a pool: what may be asked, and in what shape the answer comes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.errors import PriceError
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.bisection import bisect
from hedgecore.pools.model import PoolModel
from hedgecore.testing import answers as said
from hedgecore.testing.grids import grid, prices_to_try, spread_over
from hedgecore.testing.law import LawBroken, compare, law, place, require

EXHAUSTED = 1e-2
"""The part of the worth below which an asset has run out."""
REFUSED = 8
HALVINGS = 48
ALONE = 24
"""Number of prices of a batch that are asked one by one too."""
SHAPES: tuple[tuple[int, ...], ...] = ((), (1,), (3,), (2, 3), (0,), (2, 0))
BAD = (0.0, -1.0, np.nan, np.inf, -np.inf)
NO_PRICE: tuple[Any, ...] = ("3000", None, 1j, {}, True)
METHODS = ("value", "delta", "gamma", "greeks")


@law
def answers(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """The model answers at its own price, and at some of those tried.

    Refusing a price by PriceError or ConvergenceError is legal; refusing all is no model.
    Source: ``V(p) = min { p·x : φ(x) ≥ k }`` exists for every p > 0 (Angeris, Evans, Chitra 2021).
    """
    spot = said.spot_of(model)
    if spot is not None:
        model.greeks(said.as_given(model, spot[None]))
    points = grid(model)
    if prices is not None or not np.isnan(said.greeks_at(model, points).value).all():
        return
    first = points[:1]
    try:
        model.greeks(said.as_given(model, first))
    except Exception as error:
        what = f"it refuses every price: {type(error).__name__}: {error}"
        raise LawBroken(what, price=place(first, 0)) from error


@law
def refusals_are_unreachable(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """A price that a model refuses by PriceError lies beyond one where an asset has run out.

    A curve reaches every price until it is out of an asset. Calling a price unreachable that
    arbitrage reaches leaves a book unhedged in just the crash that it is hedged against. What may
    be short never runs out: where it ends, such as at a certain outcome, is for it to say.
    Source: the same minimum, attained inside the curve wherever all xᵢ > 0.
    """
    if model.may_be_short:
        return
    known = prices_to_try(model)
    wanted = grid(model) if prices is None else prices_to_try(model, prices)
    refused = _refused_points(model, wanted)
    for point in spread_over(refused, REFUSED):
        nearest = known[np.argmin(np.abs(np.log(known / point)).sum(axis=1))]
        edge = _edge(model, nearest, point)[None]
        held = said.greeks_at(model, edge).holdings
        least = np.min(said.full(edge) * np.abs(held) / said.gross(edge, held)[:, None])
        if least > EXHAUSTED:
            what = "it refuses a price that the curve reaches: it holds all its assets this near"
            raise LawBroken(what, price=place(edge, 0), got=least, expected=0.0)


def _refused_points(model: PoolModel, points: Array) -> Array:
    """Points that the model refuses by PriceError, (K, m); what is no claim is for other laws."""
    pieces = said.answers_by_part(model.value, model, points)
    refused = [part for part, answer in pieces if isinstance(answer, PriceError)]
    return np.concatenate([points[:0], *refused])


def _refuses(model: PoolModel, point: Array) -> bool:
    return bool(len(_refused_points(model, point[None])))


def _edge(model: PoolModel, near: Array, far: Array) -> Array:
    """Last point answered on the way from `near` to `far`, both (m,)."""

    def point(part: float) -> Array:
        return np.asarray(near * (far / near) ** part)

    return point(bisect(lambda part: not _refuses(model, point(part)), 1.0, 0.0, HALVINGS))


@law
def shapes(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """Prices of shape S+(m,), a pair's S, give value S, delta S+(m,), gamma S+(m, m), in float64.

    Scalars, lists, whole arrays and empty ones. Source: the interface (`PoolModel`).
    """
    points = prices_to_try(model, prices)
    n, m = len(model.assets), points.shape[1]
    inner = () if n == PAIR else (m,)
    for shape in SHAPES:
        count = int(np.prod(shape))
        price = np.resize(points, (count, m)).reshape(shape + inner)
        given = price.tolist() if count else price
        found = model.greeks(given)
        due = (shape, shape + inner, shape + inner * 2, (*shape, n))
        for name, part, its in zip(found._fields, found, due, strict=True):
            _check_shape(f"greeks().{name}", part, its)
        for name, its in zip(METHODS, due[:3], strict=False):
            _check_shape(f"{name}()", getattr(model, name)(given), its)
        _check_exposure(model, price.reshape(*shape, m), shape)


PAIR = 2


def _check_exposure(model: PoolModel, price: Array, shape: tuple[int, ...]) -> None:
    market, n = said.market_at(model, price), len(model.assets)
    exposure = model.exposure(market)
    _check_shape("worth()", model.worth(market), shape)
    _check_shape("exposure().value", exposure.value, shape)
    _check_shape("exposure().delta", exposure.delta, (*shape, n))
    _check_shape("exposure().gamma", exposure.gamma, (*shape, n, n))


def _check_shape(name: str, part: Any, due: tuple[int, ...]) -> None:
    got, wanted = (np.shape(part), getattr(part, "dtype", type(part))), (due, np.dtype(float))
    require(got == wanted, f"{name} has the wrong shape or type", got=got, expected=wanted)


@law
def batch_equals_pointwise(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """Each price of an array is answered as if it were alone, in whatever order.

    Source: a pool model is a function of the price.
    """
    points = spread_over(prices_to_try(model, prices), ALONE)
    loose = _loosely(model, points)
    whole = model.greeks(said.as_given(model, points))
    turned = model.greeks(said.as_given(model, points[::-1]))
    alone = [model.greeks(said.as_given(model, point[None])[0]) for point in points]
    for name, part, back, each, size in zip(
        whole._fields, whole, turned, zip(*alone, strict=True), loose, strict=True
    ):
        due = np.stack(each)
        allowed = size.reshape(due.shape)
        compare(points, part, due, allowed, f"{name} in an array is not that of the price alone")
        compare(points, back[::-1], due, allowed, f"{name} depends on the other prices")


def _loosely(model: PoolModel, points: Array) -> said.Answer:
    """Tolerance of greeks at one price: rounding, and what a price's rounding does."""
    found = said.greeks_at(model, points)
    moved = said.rounding_sensitivity(lambda near: said.greeks_at(model, near), points)
    total = said.gross(points, found.holdings)
    terms = total[:, None] / said.full(points)
    scales = (total, terms[:, :-1], said.bends(found.gamma), terms)
    return tuple(CLOSE * size + SHAKEN * part for size, part in zip(scales, moved, strict=True))


CLOSE = 1e-12
"""Tolerance of two values of one formula, of its terms: library functions differ by rounding."""
SHAKEN = 8.0
"""Tolerance in multiples of the move by two units in the last place of the price."""


@law
def bad_prices_rejected(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """A price that is not positive and finite, or of the wrong shape, raises PriceError.

    Alone, and among good ones. Source: the interface; a NaN that passes through is a NaN hedged.
    """
    points, m = prices_to_try(model, prices), len(model.assets) - 1
    good = points[0]
    wrong: list[Any] = list(NO_PRICE)
    for bad in BAD:
        point = np.append(good[:-1], bad)
        wrong += [
            said.as_given(model, point[None])[0],
            said.as_given(model, np.stack([good, point])),
        ]
    if m > 1:
        wrong += [1.0, np.ones(m + 1), np.ones((2, m - 1))]
    for price in wrong:
        for name in METHODS:
            _check_rejection(model, name, price)


def _check_rejection(model: PoolModel, name: str, price: Any) -> None:
    try:
        got = getattr(model, name)(price)
    except PriceError:
        return
    except Exception as error:  # noqa: BLE001 - which one is what is wrong
        got = error
    raise LawBroken(f"{name}() takes a bad price", price=price, got=got, expected="PriceError")


@law
def inputs_untouched(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """No array that is given is changed, and none that came back changes later.

    Source: a model is a value, and so are prices.
    """
    points = spread_over(prices_to_try(model, prices) if prices is not None else grid(model), ALONE)
    _check_inputs_untouched(model, np.concatenate([points, points]))


def _check_inputs_untouched(model: PoolModel, points: Array) -> None:
    """Check prices all at once, and by halves where they are not all answered."""
    price = np.array(said.as_given(model, points))
    market, before = said.market_at(model, points), price.copy()
    try:
        first = model.greeks(price)
        kept = [np.array(part) for part in first]
        for name in (*METHODS, "greeks"):
            getattr(model, name)(price)
        model.exposure(market)
        model.worth(market)
    except Exception as error:
        if "read-only" not in str(error):
            for half in np.array_split(points, 2) if len(points) > 1 else ():
                _check_inputs_untouched(model, half)
            return
        what = f"it writes into the prices: {error}"
        raise LawBroken(what, price=place(points, 0)) from error
    same = all(np.array_equal(part, old) for part, old in zip(first, kept, strict=True))
    require(same, "numbers that it returned changed later", got=first, expected=kept)
    reason = "it changes the array of prices that it is given"
    require(np.array_equal(price, before), reason, got=price, expected=before)
