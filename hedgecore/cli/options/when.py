"""Answer to `hedge --policy`: a band's timing in a book, its kinds those of the simulation."""

from __future__ import annotations

import typer

from hedgecore.analysis.trade_timing import TradeTiming, trade_timing
from hedgecore.books.book import Book
from hedgecore.books.kinds import policy_of
from hedgecore.cli.options.simulation import spec_of_words
from hedgecore.cli.terminal.failures import usage_errors
from hedgecore.decisions.policies.abstract_band import AbstractBand


def timing_of(book: Book, text: str) -> TradeTiming:
    """Timing of a book by the band that an option describes.

    Raises:
        BadParameter: no such policy, or one that asks when the last trade was.

    """
    return trade_timing(book, _band(text))


def _band(text: str) -> AbstractBand:
    """Band that an option describes; other policies ask when the last trade was."""
    with usage_errors("--policy: "):
        found = policy_of(spec_of_words(text))
    if not isinstance(found, AbstractBand):
        reason = f"{found.kind} depends on the last trade, which no book says: give a band"
        raise typer.BadParameter(f"--policy: {reason} (band, whalley-wilmott)")
    return found
