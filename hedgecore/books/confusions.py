"""Confusions: what of a book is recognisably a mistake, and refused unless it is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgecore.books.plausibility import (
    MEANT,
    pool_confusion,
    range_confusion,
)
from hedgecore.books.stated_prices import stated_confusion, stated_distance
from hedgecore.errors import SpecError
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Tradable
from hedgecore.market.terms import SupportsNotional, SupportsStatedPrices
from hedgecore.pools.mispricing import Mispricing, mispricing
from hedgecore.pools.model import PoolModel

if TYPE_CHECKING:
    from hedgecore.books.positions import Position

MATERIAL = 1e-3
"""Positions below this part of the gross worth of a book are dust: whatever their pools say."""


def confusions(
    positions: Sequence[Position], instruments: Iterable[Instrument], market: Market
) -> dict[str, str]:
    """Name → what of it is recognisably a mistake: of positions that weigh, and of instruments."""
    found = {each.name: _confusion(each.model, each.standing, market) for each in positions}
    traded = {each.name: _confusion(*_standing(each, market), market) for each in instruments}
    said = {name: why for name, why in traded.items() if why}
    return said | material(found, positions, market)


def material(
    found: Mapping[str, str | None], positions: Sequence[Position], market: Market
) -> dict[str, str]:
    """Sentences on positions, by name, of those that weigh in the book: none on dust."""
    said = {name: why for name, why in found.items() if why}
    if not said:
        return {}
    worths = {each.name: weight(each, market) for each in positions}
    least = MATERIAL * sum(worths.values())
    return {name: why for name, why in said.items() if worths[name] > least}


def off_market(positions: Sequence[Position], market: Market) -> dict[str, str]:
    """Name → warning that the market is outside its pool's fee band, of positions that weigh."""
    return material({each.name: each.warning(market) for each in positions}, positions, market)


def far_prices(things: Iterable[tuple[str, Any]], market: Market) -> Iterator[str]:
    """Sentences on prices in fields, an entry or a strike, that are far from those of today.

    Args:
        things: name and model of each.
        market: of today.

    """
    for name, model in things:
        if isinstance(model, SupportsStatedPrices):
            for field, stated in model.stated_prices(market).items():
                far = stated_distance(field, stated, market)
                if far is not None:
                    yield f"{name}: {far}."


def refuse_confusions(
    positions: Sequence[Position], instruments: Iterable[Instrument], market: Market
) -> None:
    """Raise a SpecError on the first thing that is recognisably mistaken, saying how."""
    offered = list(instruments)
    traded = {each.name for each in offered}
    for name, why in confusions(positions, offered, market).items():
        what = "instrument" if name in traded else "position"
        raise SpecError(f"{why}. {MEANT}", kind=f"{what} {name!r:.80}")


def _standing(instrument: Instrument, market: Market) -> tuple[Any, Mispricing | None]:
    """Model of an instrument, and where that stands against the market, if it is a pool."""
    priced = instrument.priced if isinstance(instrument, Tradable) else instrument
    return priced, mispricing(priced, market) if isinstance(priced, PoolModel) else None


def _confusion(model: Any, standing: Mispricing | None, market: Market) -> str | None:
    return next(filter(None, _doubts(model, standing, market)), None)


def _doubts(model: Any, standing: Mispricing | None, market: Market) -> Iterator[str | None]:
    """Sentences on what may be mistaken: a pool's own price, a range, prices in fields."""
    if standing is not None:
        yield pool_confusion(standing, market)
    elif isinstance(model, PoolModel) and len(model.assets) == 2:  # noqa: PLR2004 - a pair
        base, quote = model.assets
        price = float(market.price(base)) / float(market.price(quote))
        yield range_confusion(model.breakpoints(), price, (base, quote))
    if isinstance(model, SupportsStatedPrices):
        for field, stated in model.stated_prices(market).items():
            yield stated_confusion(field, stated, market)


def weight(position: Position, market: Market) -> float:
    """Worth of a position, or notional if more, numeraire, at its own state or at the market."""
    states = {position.priced, position.model} if position.standing else {position.priced}
    with np.errstate(all="ignore"):
        sizes = [float(each.worth(market)) for each in states]
        if isinstance(position.model, SupportsNotional):
            sizes.append(float(position.model.notional(market)))
    worths = [abs(position.amount * size) for size in sizes]
    return max(worth if np.isfinite(worth) else np.inf for worth in worths)
