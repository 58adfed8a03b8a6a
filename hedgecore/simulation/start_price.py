"""The price at which a history begins, beside that of the book: two sources of one number."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hedgecore.books.book import Book
from hedgecore.books.plausibility import MEANT, past_price_confusion, tick_confusion
from hedgecore.errors import SpecError
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.market.market import Market

ROWS = 1000
"""Rows of a history that are looked at: ticks are whole in all, prices hardly in any."""


def start_confusions(model: AbstractPriceModel, market: Market) -> Iterator[str]:
    """Probable mistakes in the prices at which a model starts, a sentence each."""
    if model.times() is None:
        return
    start = model.start(market)
    for asset, price in start.prices.items():
        first, today = float(price), float(market.prices.get(asset, price))
        found = past_price_confusion(first, today, (asset, market.numeraire))
        ticks = tick_confusion(first, today)
        if ticks is not None and _is_whole(model, start, asset):
            found = ticks
        if found is not None:
            yield f"{asset} begins at {first:.7g}, and the book says {today:.7g}: {found}"


def _is_whole(model: AbstractPriceModel, start: Market, asset: str) -> bool:
    """True if the first prices of an asset are whole numbers, as ticks are."""
    times = model.times()
    if times is None:
        return False
    chunk = next(model.sample(start, times, 1, np.random.default_rng(0), ROWS))
    rows = np.append(chunk.market.prices[asset], start.prices[asset])
    return bool(np.all(rows == np.round(rows)))


def check_start(model: AbstractPriceModel, market: Market, book: Book) -> None:
    """Refuse a history whose first prices are recognisably mistaken, unless the book accepts."""
    why = None if book.accept else next(start_confusions(model, market), None)
    if why is not None:
        raise SpecError(f"{why}. {MEANT}", kind=model.kind, field="files")
