"""Prices that contracts state in fields: whether one is mistaken, or far from those of today.

An asset's is of another time than the market's; one with a range of its own, as a premium has, is
mistaken where that is left, and what people write instead would bring it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from math import log

from hedgecore.books.plausibility import OLD, SAME, TOO_FAR, past_price_confusion
from hedgecore.market.market import Market
from hedgecore.market.stated import StatedPrice

RAW = {f"with {n} decimals more, a number of smallest units": 10.0**n for n in (6, 8, 18, 27)}
"""Decimals by which chains and tokens count: a number as it is stored, read as it is meant."""
BELOW, ABOVE = 2.5, 5.0
"""Factors by which the range has to be left before another reading of a price counts."""
NEAR = 3.0
"""Factor from the mark of today up to which another reading of a small price counts."""
ENDLESS = 1e9
"""Factor over the most that is usual beyond which a price was never paid."""


def stated_confusion(field: str, stated: StatedPrice, market: Market) -> str | None:
    """Probable meaning of a stated price that is mistaken, a sentence; None where none is.

    Args:
        field: where it stands.
        stated: the price; a plain tuple will do.
        market: of today.

    """
    its = StatedPrice(*stated)
    found = _asset_confusion(its, market) if its.ordinary is None else _misread(its, market)
    return None if found is None else f"its {field} is {_beside(its, market)}: {found}"


def stated_distance(field: str, stated: StatedPrice, market: Market) -> str | None:
    """Sentence on a price further from those of today than prices move; None on others."""
    its = StatedPrice(*stated)
    if its.ordinary is None:
        here, _ = _of_today(its, market)
        times = max(its.price / here, here / its.price)
        far = log(times) > OLD
        return f"its {field} is {_beside(its, market)}, {times:.3g} times off" if far else None
    low, high = its.ordinary
    if low <= its.price <= high:
        return None
    units = _units(its) if its.price < low else ()
    reading = next(chain(_assets(its, market), units), None)
    return f"its {field} is {_beside(its, market)}{f': {reading}' if reading else ''}"


def _asset_confusion(its: StatedPrice, market: Market) -> str | None:
    here, unit = _of_today(its, market)
    return past_price_confusion(its.price, here, (its.base, its.quote), prices_in(market, unit))


def _misread(its: StatedPrice, market: Market) -> str | None:
    """Meaning of a price outside its range: one that is written otherwise, or of an asset."""
    low, high = its.ordinary or (0.0, 0.0)
    if low <= its.price <= high:
        return None
    endless = TOO_FAR if its.price / high > ENDLESS else None
    if low / BELOW <= its.price <= high * ABOVE:
        return None
    return next(chain(_assets(its, market), _units(its)), endless)


def _assets(its: StatedPrice, market: Market) -> Iterator[str]:
    """Assets whose price a number may be."""
    if its.quote in (market.numeraire, *market.prices):
        others = prices_in(market, float(market.price(its.quote)))
        for asset, price in others.items():
            if asset != its.quote and abs(log(its.price) - log(price)) <= SAME:
                yield f"it is near the price of {asset}, {price:.6g}"


def _units(its: StatedPrice) -> Iterator[str]:
    """Units in which a number would be usual; where it is small, near that of today."""
    low, high = its.ordinary or (0.0, 0.0)
    if its.price < low and its.today:
        low, high = its.today / NEAR, its.today * NEAR
    for words, times in {**its.instead, **RAW}.items():
        if low <= its.price / times <= high:
            yield f"it is probably {words}, and {its.price / times:.6g} is meant"


def _beside(its: StatedPrice, market: Market) -> str:
    """The price in words, and what it is compared with."""
    if its.ordinary is None:
        here, _ = _of_today(its, market)
        return f"{its.price:.7g}, and {its.base} costs {here:.7g} {its.quote}"
    low, high = its.ordinary
    return f"{its.price:.7g} {its.quote} for {its.base}, and {low:.3g} to {high:.3g} is usual"


def prices_in(market: Market, unit: float) -> Mapping[str, float]:
    """Asset → price today, in an asset of which one costs `unit` in the numeraire."""
    return {asset: float(price) / unit for asset, price in market.prices.items()}


def _of_today(its: StatedPrice, market: Market) -> tuple[float, float]:
    """Price of the base in the quote, and of the quote in the numeraire."""
    unit = float(market.price(its.quote))
    return float(market.price(its.base)) / unit, unit
