"""Two sources of one number that disagree: which confusion is recognisable, and what is meant.

A pool says its own price, a market another; a range lies where no price of today is. A distance is
news, and a book warns of it. But a pair that is turned round, a price in other decimals, or one of
another asset is a mistake of whoever wrote the book, and a hedge of it is one too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, inf, log, log10

from hedgecore.market.market import Market
from hedgecore.pools.mispricing import Mispricing

ORDINARY = log(2.0)
"""Prices apart by less than this, in logarithms, are no confusion, whatever they are near to."""
SWAPPED = 0.3
"""Log distance within which a price is taken for the inverse: moves of some days."""
DECIMALS, NEAR_POWER = 2, 0.02
"""From how many decimals on, and how near to a power of ten, prices differ by their decimals."""
SAME = 0.02
"""Log distance within which a price is taken for another asset's."""
PAST, OLD, ANCIENT = log(10.0), log(100.0), log(1e9)
"""Distances of an old price from today's: may be another's from here, a mistake, and no price."""
TOO_FAR = "no price is ever so far from another: it is in other decimals, or of another asset"
MEANT = "Correct it; or, if it is meant, take it as it is with --accept (accept=True in Python)"
DECIMALS_APART = (0, 2, -2, 10, -10, 12, -12)
"""Decimals by which the two tokens of a pair are apart, most often."""
NARROW = 1.5
"""Factor between the edges up to which numbers are taken for ticks."""
FAR = 1000.0
"""Factor to the nearest edge above which nobody meant the range."""
TICK = log(1.0001)
"""Logarithm of the factor from one tick to the next."""


def price_confusion(
    stated: float, market: float, pair: tuple[str, str], others: Mapping[str, float] | None = None
) -> str | None:
    """Probable meaning of a pair's stated price, a clause; None where nothing tells.

    Args:
        stated: of the base in the quote, by one source.
        market: the same by another.
        pair: base and quote.
        others: asset → its price in the quote, of all others.

    >>> price_confusion(1 / 2500.0, 2510.0, ("WETH", "USDC"))
    'it is near 1/2510, that of USDC in WETH: the assets, or the price, are the other way round'
    >>> price_confusion(3.0e9, 3000.0, ("WETH", "USDC"))
    'it is 10^6 times the market: a price in other decimals'
    >>> price_confusion(2200.0, 3000.0, ("WETH", "USDC")) is None
    True

    """
    apart = abs(log(stated) - log(market))
    if apart <= ORDINARY:
        return None
    return (
        _inverse(stated, market, pair)
        or _of_another(stated, market, pair, others or {})
        or _power(stated, market)
        or _decimals(stated, market)
        or (None if apart <= ANCIENT else TOO_FAR)
    )


def past_price_confusion(
    stated: float, today: float, pair: tuple[str, str], others: Mapping[str, float] | None = None
) -> str | None:
    """Probable meaning of a price of some other time, a clause; None where it may be an old price.

    Args:
        stated: of the base in the quote: where a history begins, an entry, a strike.
        today: the same in the book.
        pair: base and quote.
        others: asset → its price in the quote, of all others, where one may stand for another.

    >>> past_price_confusion(1 / 3134.0, 3134.0, ("WETH", "USD"))
    'it is near 1/3134, that of USD in WETH: the assets, or the price, are the other way round'
    >>> past_price_confusion(3134.0 / 15.0, 3134.0, ("WETH", "USD")) is None
    True
    >>> past_price_confusion(64_000.0, 3134.0, ("WETH", "USD"), {"WBTC": 64_300.0})
    'it is near the price of WBTC, 64300'

    """
    apart = abs(log(stated) - log(today))
    if apart <= OLD:
        return _of_another(stated, today, pair, others or {}) if apart > PAST else None
    return price_confusion(stated, today, pair, others)


def tick_confusion(first: float, today: float) -> str | None:
    """Probable meaning of a column of whole numbers as ticks, a clause; None where they are prices.

    Args:
        first: of the column.
        today: price of the asset in the book.

    >>> tick_confusion(201_900.0, 1700.0)
    'it is whole, and 1.0001^-201900 in whole units is 1706.21: probably a tick, and no price'
    >>> tick_confusion(1695.0, 1700.0) is None
    True

    """
    apart = abs(log(first) - log(today))
    if apart <= PAST:
        return None
    readings = [(sign, n) for sign in (1.0, -1.0) for n in DECIMALS_APART]
    distances = [abs(sign * first * TICK + n * log(10.0) - log(today)) for sign, n in readings]
    nearest = min(distances)
    if nearest > min(PAST, apart / 4):
        return None
    sign, n = readings[distances.index(nearest)]
    price = exp(sign * first * TICK + n * log(10.0))
    power = f"1.0001^{sign * first:.9g} in whole units is {price:.6g}"
    return f"it is whole, and {power}: probably a tick, and no price"


def _inverse(stated: float, market: float, pair: tuple[str, str]) -> str | None:
    apart, base, quote = abs(log(stated) - log(market)), *pair
    if abs(log(stated) + log(market)) > min(SWAPPED, apart / 4):
        return None
    inverse = f"near 1/{market:.6g}, that of {quote} in {base}"
    return f"it is {inverse}: the assets, or the price, are the other way round"


def _of_another(
    stated: float, market: float, pair: tuple[str, str], others: Mapping[str, float]
) -> str | None:
    for asset, price in others.items():
        if asset in pair:
            continue
        if abs(log(stated) - log(price)) <= SAME:
            return f"it is near the price of {asset}, {price:.6g}"
        if abs(log(stated) + log(price) - log(market)) <= SAME:
            return f"it is near the price of {pair[0]} in {asset}, {market / price:.6g}"
    return None


def _power(stated: float, market: float) -> str | None:
    if abs(log(stated) - log(market)) > PAST:
        if abs(log(stated) - 2 * log(market)) <= SAME:
            return f"it is near {market:.6g}², the square of the market's"
        if abs(2 * log(stated) - log(market)) <= SAME:
            return f"it is near √{market:.6g}, the root of the market's"
    return None


def _decimals(stated: float, market: float) -> str | None:
    power = round(log10(stated / market)) if 0.0 < stated / market < inf else 0
    off = abs(log(stated) - log(market) - power * log(10.0))
    if abs(power) < DECIMALS or off > NEAR_POWER:
        return None
    return f"it is 10^{power} times the market: a price in other decimals"


def pool_confusion(stands: Mispricing, market: Market) -> str | None:
    """Probable meaning of a pool's own price that contradicts the market, a sentence; or None."""
    base, quote = (stands.assets.index(asset) for asset in stands.far)
    spot, here = (float(p[base] / p[quote]) for p in (stands.spot, stands.market))
    unit = float(market.price(stands.far[1]))
    others = {asset: float(price) / unit for asset, price in market.prices.items()}
    found = price_confusion(spot, here, stands.far, others)
    if found is None:
        return None
    pair = f"{stands.far[0]} in {stands.far[1]}"
    return f"the pool's own price of {pair} is {spot:.7g}, the market's {here:.7g}: {found}"


def _ticks(edges: Sequence[float], price: float) -> str | None:
    """Sentence on edges that are ticks: powers of 1.0001, of raw units."""
    low, high = min(edges), max(edges)
    here = (log(price * 10.0**n) / TICK for n in DECIMALS_APART)
    tick = next((abs(t) for t in here if low <= abs(t) <= high), None)
    if tick is None or high > NARROW * low:
        return None
    said = f"its edges are {low:.6g} and {high:.6g}, between which is {tick:.6g}, the tick of today"
    return f"{said}: probably they are ticks, and a price is 1.0001^tick, in whole units"


def range_confusion(edges: Sequence[float], price: float, pair: tuple[str, str]) -> str | None:
    """Probable meaning of a range far from the market, a sentence; None where the range is near.

    Args:
        edges: the prices where the position's gamma begins or ends.
        price: the market's, of the base in the quote.
        pair: base and quote.

    """
    if not edges or min(edges) <= price <= max(edges):
        return None
    nearest = min(edges, key=lambda edge: abs(log(edge) - log(price)))
    times = max(nearest / price, price / nearest)
    if times < FAR:
        return _ticks(edges, price) if log(times) > PAST else None
    base, quote = pair
    where = f"its nearest edge is {nearest:.6g}, and {base} costs {price:.6g} {quote}"
    turned = min(edges) / 2 <= 1.0 / price <= max(edges) * 2
    hint = "the assets, or the edges, are the other way round" if turned else "other decimals"
    return f"{where}, a factor of {times:.3g} away: probably {hint}"
