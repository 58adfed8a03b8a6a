"""Checks of a book against itself: confusions are refused, the unlikely is warned of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgecore.books.as_of import apart_warning
from hedgecore.books.assets import basis_warnings
from hedgecore.books.confusions import confusions, far_prices, off_market
from hedgecore.books.held import is_premium_unknown
from hedgecore.books.sources import chain_moments, unread_of
from hedgecore.errors import SpecError, did_you_mean
from hedgecore.fields import VOL, unlikely
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.pools.model import PoolModel

if TYPE_CHECKING:
    from hedgecore.books.positions import Position

MOST_VOL, MOST_RATE = 5.0, 1.0
"""Volatilities above 500 % and rates beyond 100 % a year are unlikely."""
WRAPPED = 0.1
"""Largest distance of a wrapper's price from the price of the wrapped asset, relative."""


def distances(
    positions: Sequence[Position],
    instruments: Iterable[Instrument],
    market: Market,
    stated_prices: Mapping[str, float],
) -> Iterator[str]:
    """Sentences on sources of one number that disagree: positions, contracts, prices, [assets]."""
    mistaken = confusions(positions, instruments, market)
    yield from (f"{name}: {why}." for name, why in mistaken.items())
    things = {each.name: each for each in instruments} | {
        each.name: each.model for each in positions
    }
    sound = [(name, model) for name, model in things.items() if name not in mistaken]
    yield from far_prices(sound, market)
    yield from basis_warnings(stated_prices, market)
    yield from off_market(positions, market).values()
    yield from dependences(positions)
    yield from unknown_premiums(positions, market)


def dependences(positions: Iterable[Position]) -> Iterator[str]:
    """Sentences on positions that are others at each price of the book, and on what to write."""
    for each in positions:
        if each.follows_price is not None:
            yield (
                f"{each.name}: its {each.follows_price} counts from whatever price the book has,"
                " and so moves with it: state in its table the price at which it was entered."
            )


def unknown_premiums(positions: Iterable[Position], market: Market) -> Iterator[str]:
    """Sentences on options whose price is not stated: each is worth nothing, as a new one is."""
    for each in positions:
        if is_premium_unknown(each.model, market):
            yield (
                f"{each.name}: what was paid for it is unknown, and so it is worth nothing here, as"
                " a new one is: state entry_price, 0 where it is owned outright."
            )


def doubts(
    source: Mapping[str, Any],
    positions: Sequence[Position],
    instruments: Iterable[Instrument],
    market: Market,
    stated_prices: Mapping[str, float],
) -> Iterator[str]:
    """Sentences on what is unknown, of several moments, and on sources that disagree."""
    yield from unknown_parts(source)
    yield from filter(None, [apart_warning(chain_moments(source))])
    yield from distances(positions, instruments, market, stated_prices)


def unknown_parts(source: Mapping[str, Any]) -> Iterator[str]:
    """Sentences on what was found and could not be read or priced: no figure has it."""
    for name, row in unread_of(source).items():
        yield f"{name} is unknown, and in no figure: {row.get('reason', '')}"


def warnings(
    lines: Iterable[tuple[str, Any]], market: Market, *, elsewhere: str = ""
) -> Iterator[str]:
    """Sentences on what is legal and hardly meant: numbers, and names that nothing uses.

    Args:
        lines: name and model of each position and instrument.
        market: of the book.
        elsewhere: text in which names may stand too: settings of runs.

    """
    pairs = list(lines)
    yield from concerns(pairs, market, {*market.vols, *market.rates})
    if pairs:
        used = used_names([model for _, model in pairs], market)
        yield from _unused(market, used, elsewhere)


def concerns(
    lines: Sequence[tuple[str, Any]], market: Market, besides: Iterable[str] = ()
) -> Iterator[str]:
    """Sentences on numbers of some positions and instruments, and of the assets that they use.

    Args:
        lines: name and model of each.
        market: of the book.
        besides: further names whose volatility and rate are looked at.

    """
    for name, model in lines:
        yield from (f"{name}: {sentence}." for sentence in unlikely(model))
    used = used_names([model for _, model in lines], market) if lines else set()
    yield from _unlikely_market(market, used | {*besides})
    yield from unrelated_wrappers(used, market)


def refuse_vols(vols: Mapping[str, float]) -> None:
    """Raise a SpecError on a volatility that none has."""
    for asset, vol in vols.items():
        if not VOL.holds(vol):
            raise SpecError(f"must be {VOL.says}, not {vol:g}", field=f"vols.{asset}")


def _unlikely_market(market: Market, names: set[str]) -> Iterator[str]:
    for asset, vol in market.vols.items():
        if asset in names and np.any(np.asarray(vol) > MOST_VOL):
            yield f"vols.{asset} is {float(np.max(vol)):g}, which is unlikely: 0.8 is 80 % a year."
    for name, rate in market.rates.items():
        if name in names and np.any(np.abs(rate) > MOST_RATE):
            yield f"rates.{name} is {float(np.max(rate)):g}, which is unlikely: 0.05 is 5 % a year."


def used_names(models: Iterable[Any], market: Market) -> set[str]:
    """Names that something in the book depends on, of assets and of prices."""
    found = {market.numeraire}
    for model in models:
        pool = isinstance(model, PoolModel)
        found.update(model.assets if pool else model.exposure(market).assets)
        found.update(name for name in vars_of(model) if isinstance(name, str))
    for _ in market.assets:
        found.update(a for c in market.assets if c in found for a in market.assets[c].assets)
    return found


def unrelated_wrappers(used: Iterable[str], market: Market) -> Iterator[str]:
    """Sentences on a chain's currency and its wrapper that nothing relates: ETH and WETH, say."""
    priced = {*market.prices, *market.assets} & {*used}
    for asset in sorted(priced):
        wrapper = f"W{asset}"
        roots = [{*market.assets.underlying([each])} for each in (asset, wrapper)]
        if wrapper not in priced or roots[0] & roots[1]:
            continue
        if abs(float(market.price(wrapper) / market.price(asset)) - 1.0) <= WRAPPED:
            yield (
                f"{asset} and {wrapper} are two assets here, and neither offsets the other. If one "
                f'is worth the other, add under [assets]: {asset} = {{ same_as = "{wrapper}" }}'
            )


def vars_of(model: Any) -> list[Any]:
    """Values of the fields of a model, those of what it wraps too."""
    own = [getattr(model, each.name) for each in getattr(type(model), "__attrs_attrs__", ())]
    return [*own, *(value for each in own for value in vars_of(each))]


def _unused(market: Market, used: set[str], elsewhere: str) -> Iterator[str]:
    own = [asset for asset in market.vols if asset not in market.assets]
    tables: Mapping[str, Iterable[str]] = {
        "prices": market.prices, "assets": market.assets, "vols": own, "rates": market.rates
    }  # fmt: skip
    for table, names in tables.items():
        for name in names:
            if name not in used and f"'{name}'" not in elsewhere:
                near = did_you_mean(name, used - {name})
                yield f"{table}.{name} is used by nothing in the book{near or '.'}"
