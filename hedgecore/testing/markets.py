"""Markets to try an instrument in: prices for every name in it, near, far, and where it bends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.portfolio import enter
from hedgecore.numerics.arrays import Array
from hedgecore.registry.specs import schema
from hedgecore.testing.answers import UNIT, Answer, answers_or_nan
from hedgecore.testing.bends import HIGH, LOW, ROUNDS, Course, course

PRICE = 1987.31
"""No round one, where an expired option would have its strike."""
VOL, RATE, LEFT = 0.8, 0.04, 0.25
SPREADS = (1e-3, 0.05, 0.5)
DRAWS = 6
WIDE = 10.0 ** np.linspace(-12, 12, 241)
BENT = 9
"""Number of prices of each asset to try where the instrument bends."""
SEED = 20210423


@frozen(eq=False)
class Setting:
    """Many markets that differ in prices alone.

    Attributes:
        base: the market that they are like.
        assets: whose prices move: those that the instrument depends on, without the numeraire.
        points: prices (N, k) to check at; the first is the base's own.

    """

    base: Market
    assets: tuple[str, ...]
    points: Array = field(repr=False)

    def market(self, points: Array) -> Market:
        """Market at `points` (…, k)."""
        moved = dict(zip(self.assets, np.moveaxis(points, -1, 0), strict=True))
        return evolve(self.base, prices={**self.base.prices, **moved})

    def column(self, exposure: Exposure, asset: str) -> Array:
        """Delta to one asset, (N,); zero where the exposure leaves it out."""
        if asset not in exposure.assets:
            return np.zeros(np.shape(exposure.delta)[:-1])
        return np.asarray(exposure.delta[..., exposure.assets.index(asset)])

    def at(self, point: Array) -> Setting:
        """Course round another market: the one at `point` (k,)."""
        return evolve(self, base=self.market(point), points=point[None])

    def course(self, instrument: Any, axis: int, rounds: int = ROUNDS) -> Course:
        """Holdings of an instrument as one price moves from the base's over all decades."""

        def gauge(points: Array) -> tuple[Array, Array]:
            return self.numbers(instrument, points)

        return course(gauge, self.points[0], axis, rounds)

    def numbers(self, instrument: Any, points: Array) -> tuple[Array, Array]:
        """Worth (N,) and delta (N, k); nan where it raises."""

        def numbers(part: Array) -> Answer:
            exposure = instrument.exposure(self.market(part))
            held = [self.column(exposure, asset) for asset in self.assets]
            return np.broadcast_to(exposure.value, len(part)), np.stack(held, axis=-1)

        worth, *delta = answers_or_nan(numbers, points)
        return worth, delta[0] if delta else np.full(points.shape, np.nan)


def setting(instrument: Any, market: Market | Setting | None = None) -> Setting:
    """Markets to check in: round `market`, or round where the instrument bends.

    Args:
        instrument: what is to be checked.
        market: a scalar one; by default it has a price for every name in the instrument, and is
            moved to where that bends. A setting is returned as it is.

    """
    if isinstance(market, Setting):
        return market
    if market is not None:
        return _with_prices(instrument, _plain(market))
    there = _near_expiry(instrument, _plain(_everywhere(instrument)))
    there = _at_bend(_extreme_entries(instrument, there), there)
    return _with_prices(instrument, _at_bend([enter(instrument, there.base)], there))


def _extreme_entries(instrument: Any, there: Setting) -> list[Any]:
    """Instrument as entered where the cost is least, and most: at one the worth is the mark.

    Until it is entered it is worth nothing, and what is owed for it moves with every price.
    """
    axis, held = there.assets.index(instrument.hedges[0]), []
    for decade in (LOW, HIGH):
        point = there.points[0].copy()
        point[axis] = 10.0**decade
        held.append(_enter(instrument, there.market(point)))
    return held


def _enter(instrument: Any, market: Market) -> Any:
    try:
        return enter(instrument, market)
    except Exception:  # noqa: BLE001 - a price that far may be refused; the laws say what may not
        return instrument


def _at_bend(held: list[Any], there: Setting) -> Setting:
    """Setting with the price that is to be hedged moved to where one of them bends."""
    axis = there.assets.index(held[0].hedges[0])
    found = max((there.course(each, axis) for each in held), key=lambda each: each.bends.sum())
    bent, point = found.spread(2), there.points[0].copy()
    if bent.size:
        point[axis] = np.clip(point[axis], *bent)
    return there.at(point)


def _plain(market: Market) -> Setting:
    assets = tuple(asset for asset in market.prices if asset != market.numeraire)
    return Setting(market, assets, market.vector(assets).reshape(-1, len(assets))[:1])


def _everywhere(instrument: Any) -> Market:
    """Market with a price, a volatility and a rate for every name in the instrument."""
    names = tuple(dict.fromkeys([*instrument.hedges, *_names(instrument)]))
    return Market(
        prices=dict(zip(names, PRICE / 10.0 ** np.arange(len(names)), strict=True)),
        numeraire=UNIT,
        time=0.0,
        vols=dict.fromkeys(names, VOL),
        rates=dict.fromkeys((*names, UNIT), RATE),
    )


def _near_expiry(instrument: Any, there: Setting) -> Setting:
    """Setting at the time when holdings change most: shortly before an expiry.

    An expiry is a moment on a clock that only the instrument knows; it is one of its numbers.
    """
    moments = [0.0, *(number - LEFT for number in _numbers(instrument))]
    each = [evolve(there, base=evolve(there.base, time=moment)) for moment in moments]
    ageing = [_time_turnover(instrument, at) for at in each]
    return each[int(np.argmax(ageing))]


def _time_turnover(instrument: Any, there: Setting) -> float:
    """Most that is traded in half of `LEFT` at prices far and wide, of all held."""
    later = evolve(there, base=evolve(there.base, time=there.base.time + LEFT / 2))
    points = np.repeat(there.points[:1], WIDE.size, axis=0)
    points[:, there.assets.index(instrument.hedges[0])] *= WIDE
    (_, now), (_, then) = (at.numbers(instrument, points) for at in (there, later))
    fine = np.isfinite(now) & np.isfinite(then)
    now, then = np.where(fine, now, 0.0), np.where(fine, then, 0.0)
    most = np.maximum(np.abs(now), np.abs(then)).max(axis=0)
    return float((np.abs(then - now).max(axis=0) / np.where(most > 0, most, 1.0)).max())


def _with_prices(instrument: Any, there: Setting) -> Setting:
    """Setting with all its prices, of the assets that the instrument depends on."""
    held = enter(instrument, there.base)
    courses = [there.course(held, axis) for axis in range(len(there.assets))]
    kept = [
        axis
        for axis, asset in enumerate(there.assets)
        if asset in instrument.hedges or courses[axis].moves
    ]
    own = there.points[0]
    random = np.random.default_rng(SEED)
    steps = [spread * random.standard_normal((DRAWS, len(own))) for spread in SPREADS]
    parts = [own[None], own * np.exp(np.concatenate(steps))]
    for axis in kept:
        bent = courses[axis].spread(BENT)
        parts.append(np.repeat(own[None], len(bent), axis=0))
        parts[-1][:, axis] = bent
    assets = tuple(there.assets[axis] for axis in kept)
    return Setting(there.base, assets, np.concatenate(parts)[:, kept])


def _names(instrument: Any) -> Iterator[str]:
    """Texts in the instrument's fields: the names of its assets are among them."""
    for name in schema(type(instrument)):
        yield from _texts(getattr(instrument, name))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    if isinstance(value, tuple | list | Mapping):
        for each in value:
            yield from _texts(each)


def _numbers(instrument: Any) -> Iterator[float]:
    """Numbers in the instrument's fields, flags apart."""
    for name in schema(type(instrument)):
        value = getattr(instrument, name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield float(value)
