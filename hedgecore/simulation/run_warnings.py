"""Warnings of a run: those of its book, and a history that does not fit to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np

from hedgecore.books.book import Book
from hedgecore.fields import unlikely
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.simulation.price_models.replay import Replay
from hedgecore.simulation.settings import Simulation
from hedgecore.simulation.start_price import start_confusions

MOST_FUNDING = 0.002
"""Mean size of a history's funding rates above which they are likely in percent."""


def run_warnings(its: Simulation) -> Iterator[str]:
    """Sentences on what to doubt of a run; the age of its prices where any of them is used."""
    if isinstance(its.book, Book):
        yield from its.book.warnings if _is_priced_today(its) else its.book.timeless_warnings
    yield from (f"{each}." for each in start_confusions(its.price_model, its.market))
    yield from _unlikely_settings(its)
    if isinstance(its.price_model, Replay):
        yield from _rates(its.price_model)


def _unlikely_settings(its: Simulation) -> Iterator[str]:
    """Sentences on numbers of the settings that are legal and hardly meant, by their kind."""
    models = _with_parts(its.price_model)
    parts: tuple[Any, ...] = (*models, its.policy, *its.costs, *its.income.values())
    for each in parts:
        yield from (f"{each.kind}: {sentence}." for sentence in unlikely(each))


def _with_parts(model: Any) -> Iterator[Any]:
    """Price model, and those that its fields hold."""
    yield model
    for value in attrs.astuple(model, recurse=False) if attrs.has(type(model)) else ():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, AbstractPriceModel):
                yield from _with_parts(each)


def _rates(path: Replay) -> Iterator[str]:
    """Sentences on funding rates of a history: in percent, or from two places that disagree."""
    column = path.history.rows.get(f"funding:{path.asset}")
    rates = column if path.payments is None else path.payments.rates
    if rates is not None and np.mean(np.abs(rates)) > MOST_FUNDING:
        mean = float(np.mean(np.abs(rates)))
        yield (
            f"the funding rates of {path.asset} are {mean:.2g} on average, which is unlikely: "
            "0.0001 is 0.01 %."
        )
    if path.funding and path.has_rates_of_rows:
        yield (
            f"{', '.join(path.funding)} and the column of funding beside the prices are two "
            "sources of one number: the column is left aside."
        )


def _is_priced_today(its: Simulation) -> bool:
    """True if a price of the book has a part in the run: a history may bring all of them."""
    if its.price_model.times() is None:
        return True
    start, own = its.price_model.start(its.market).prices, its.market.prices
    return any(start[asset] == own[asset] for asset in own if asset != its.market.numeraire)
