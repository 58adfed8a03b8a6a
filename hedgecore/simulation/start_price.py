"""The price at which a history begins, beside that of the book: two sources of one number."""

from __future__ import annotations

from collections.abc import Iterator

from hedgecore.books.book import Book
from hedgecore.books.plausibility import MEANT, past_price_confusion
from hedgecore.errors import SpecError
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.market.market import Market


def start_confusions(model: AbstractPriceModel, market: Market) -> Iterator[str]:
    """Probable mistakes in the prices at which a model starts, a sentence each."""
    if model.times() is None:
        return
    for asset, price in model.start(market).prices.items():
        first, today = float(price), float(market.prices.get(asset, price))
        found = past_price_confusion(first, today, (asset, market.numeraire))
        if found is not None:
            yield f"{asset} begins at {first:.7g}, and the book says {today:.7g}: {found}"


def check_start(model: AbstractPriceModel, market: Market, book: Book) -> None:
    """Refuse a history whose first prices are recognisably mistaken, unless the book accepts."""
    why = None if book.accept else next(start_confusions(model, market), None)
    if why is not None:
        raise SpecError(f"{why}. {MEANT}", kind=model.kind, field="files")
