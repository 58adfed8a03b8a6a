"""Answers of a model at many points: always arrays (N, …), NaN where it refuses."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeVar

import numpy as np

from hedgecore.errors import SpecError
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import Greeks, PoolModel

UNIT = "unit of account"
"""A numeraire that is no asset."""
ULPS = 2.0**-51
"""Rounding that a price may always suffer, relative: two units in the last place."""

T = TypeVar("T")
Answer = tuple[Array, ...]


class Exposed(NamedTuple):
    """An exposure's numbers: value (N,), delta (N, n), gamma (N, n, n), and worth (N,)."""

    value: Array
    delta: Array
    gamma: Array
    worth: Array


_KEPT: ContextVar[dict[Hashable, tuple[Any, Any]] | None] = ContextVar("kept", default=None)


@contextmanager
def kept_answers() -> Iterator[None]:
    """Context in which a model is asked once at the same prices, however many laws want to know.

    That it answers alike each time, and alike in each way, has laws of its own: they ask it anew.
    """
    before = _KEPT.get()
    token = _KEPT.set({} if before is None else before)
    try:
        yield
    finally:
        _KEPT.reset(token)


def _once(ask: Callable[[], T], model: Any, points: Array, *how: Hashable) -> T:
    """Answer to a question about a model at points, as it was before in this context."""
    kept = _KEPT.get()
    if kept is None:
        return ask()
    key = (id(model), points.shape, points.tobytes(), *how)
    if key not in kept:
        kept[key] = (model, ask())  # a model that is gone would leave its id to another
    answer: T = kept[key][1]
    return answer


def answers_or_nan(function: Callable[[Array], Answer], points: Array) -> Answer:
    """Values of function(points), NaN in the rows of those points at which it raises."""
    pieces = _pieces(function, points)
    known = [piece for piece in pieces if piece is not None]
    like = known[0] if known else (np.empty(1),)
    blank = tuple(np.full((1, *part.shape[1:]), np.nan) for part in like)
    filled = [blank if piece is None else piece for piece in pieces]
    return tuple(np.concatenate(column) for column in zip(*filled, strict=True))


def _pieces(function: Callable[[Array], Answer], points: Array) -> list[Answer | None]:
    """Answers to parts of `points`, in order; None for a point that has none."""
    try:
        return [function(points)]
    except Exception:  # noqa: BLE001 - one law asks why, the others go by what is answered
        if len(points) == 1:
            return [None]
    half = len(points) // 2
    return [*_pieces(function, points[:half]), *_pieces(function, points[half:])]


def answers_by_part(
    method: Callable[[Any], Any], model: PoolModel, points: Array
) -> Iterator[tuple[Array, Any]]:
    """Parts of `points`, (K, m), and what a method says of each, or the error of a point alone.

    One by one where a model has formulas for floats; else all at once, and by halves where that
    raises: each point is answered as if it were alone, which is a law of its own.
    """
    for part in np.array_split(points, max(len(points), 1)) if model.accepts_floats else [points]:
        yield from _answers_by_halves(lambda its: method(as_given(model, its)), part)


def _answers_by_halves(ask: Callable[[Array], Any], points: Array) -> Iterator[tuple[Array, Any]]:
    try:
        answer = ask(points)
    except Exception as error:  # noqa: BLE001 - it is the answer
        answer = error
    if not isinstance(answer, Exception) or len(points) == 1:
        yield points, answer
        return
    for half in np.array_split(points, 2):
        yield from _answers_by_halves(ask, half)


def as_given(model: PoolModel, points: Array) -> Any:
    """Points (N, m) as `price` is given to public methods: (N,) for a pair."""
    return points[:, 0] if len(model.assets) == 2 else points  # noqa: PLR2004


def greeks_at(model: PoolModel, points: Array) -> Greeks:
    """Value (N,), delta (N, m), gamma (N, m, m) and holdings (N, n)."""
    return _once(lambda: _greeks_at(model, points), model, points, "greeks")


def _greeks_at(model: PoolModel, points: Array) -> Greeks:
    count, m = len(points), points.shape[1]
    value, delta, gamma, held = _whole(
        answers_or_nan(lambda part: model.greeks(as_given(model, part)), points),
        ((), (m,), (m, m), (m + 1,)),
    )
    return Greeks(value, delta.reshape(count, m), gamma.reshape(count, m, m), held)


def parts_at(model: PoolModel, points: Array) -> Answer:
    """Value (N,), delta (N, m) and gamma (N, m, m), each by its own method."""

    def parts(part: Array) -> Answer:
        price, (count, m) = as_given(model, part), part.shape
        delta, gamma = model.delta(price), model.gamma(price)
        return model.value(price), delta.reshape(count, m), gamma.reshape(count, m, m)

    m = points.shape[1]
    return _whole(answers_or_nan(parts, points), ((), (m,), (m, m)))


def exposure_at(
    model: Any, points: Array, quote: float = 1.0, numeraire: str | None = None
) -> Exposed:
    """Exposure where the quote costs `quote`, in a unit of account or in an asset."""

    def exposed(part: Array) -> Answer:
        market = market_at(model, part, quote, numeraire)
        exposure = model.exposure(market)
        return exposure.value, exposure.delta, exposure.gamma, np.asarray(model.worth(market))

    def whole() -> Exposed:
        return Exposed(*_whole(answers_or_nan(exposed, points), ((), (n,), (n, n), ())))

    n = len(model.assets)
    return _once(whole, model, points, "exposure", quote, numeraire)


def market_at(
    model: Any, points: Array, quote: float = 1.0, numeraire: str | None = None
) -> Market:
    """Market of prices S+(m,), in which one quote costs `quote`."""
    prices = full(points) * quote
    if numeraire is not None:
        index = model.assets.index(numeraire)
        prices = prices / prices[..., index : index + 1]
    named = dict(zip(model.assets, np.moveaxis(prices, -1, 0), strict=True))
    return Market(prices=named, numeraire=UNIT if numeraire is None else numeraire)


def full(points: Array) -> Array:
    """Prices S+(n,) of all assets in the quote, of S+(m,)."""
    return np.concatenate([points, np.ones((*points.shape[:-1], 1))], axis=-1)


def gross(points: Array, holdings: Array) -> Array:
    """Gross worth Σ pᵢ|xᵢ|, (N,), that rounding is measured by."""
    return np.asarray(np.sum(full(points) * np.abs(holdings), axis=1))


def bends(gamma: Array) -> Array:
    """Size of each entry that rounding is measured by, √(ΓᵢᵢΓⱼⱼ) + |Γᵢⱼ|."""
    diagonal = np.sqrt(np.abs(np.diagonal(gamma, axis1=1, axis2=2)))
    return np.asarray(np.abs(gamma) + diagonal[:, :, None] * diagonal[:, None, :])


def breaks_at(model: PoolModel, points: Array) -> tuple[float, ...]:
    """Breaks: those that a pair names, and those of the points where gamma is −inf.

    That it names the latter too is a law; the slopes beside them are judged by their own.
    """
    named = model.breakpoints()
    if points.shape[1] > 1:
        return named
    singular = np.isneginf(greeks_at(model, points).gamma[:, 0, 0])
    return tuple(sorted({*named, *points[singular, 0].tolist()}))


def rounding_sensitivity(answers: Callable[[Array], Answer], points: Array) -> Answer:
    """Sensitivity of each answer to prices that move by two units in the last place.

    No formula can be held to more than that, and a steep one moves far: what A = 1e6 holds at the
    peg moves by 1e-10 of itself. Where a break is that near, its jump is in it.
    """
    signs = 1.0 - 2.0 * (np.arange(points.shape[1]) % 2)
    here, up, down = (answers(points * (1.0 + ULPS * way * signs)) for way in (0, 1, -1))
    with np.errstate(invalid="ignore"):
        moved = (
            np.fmax(np.abs(more - at), np.abs(less - at))
            for at, more, less in zip(here, up, down, strict=True)
        )
        return tuple(np.where(np.isnan(part), np.inf, part) for part in moved)


def spot_of(model: PoolModel) -> Array | None:
    """Model's own price as (m,), or None where it does not know it."""
    try:
        return np.atleast_1d(np.asarray(model.spot(), dtype=np.float64))
    except SpecError:
        return None


def _whole(answer: Answer, shapes: tuple[tuple[int, ...], ...]) -> Answer:
    """Answer, or NaN of the due shapes where no point was answered at all."""
    if len(answer) == len(shapes):
        return answer
    return tuple(np.full((len(answer[0]), *shape), np.nan) for shape in shapes)
