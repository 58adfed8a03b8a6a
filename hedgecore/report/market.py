"""A market as tables, columns and JSON: prices, and volatilities beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hedgecore.market.market import Market
from hedgecore.report.frames import Columns, named_columns
from hedgecore.tables.render import Table, amount, percent


def tables(market: Market) -> list[Table]:
    """Table of prices, with the volatilities where the market has any."""
    vols = bool(market.vols)
    heads = ("asset", f"price, {market.numeraire}", *(["volatility per year"] if vols else []))
    rows = [
        (asset, amount(price), *([percent(market.vols.get(asset))] if vols else []))
        for asset, price in market.items()
    ]
    return [Table(f"Market, in {market.numeraire}", heads, rows)]


def remarks(market: Market) -> Iterator[str]:
    """Sentences on time, rates, and assets that follow from others."""
    if market.time is not None:
        yield f"Time {amount(market.time)} years."
    for name, rate in market.rates.items():
        yield f"Interest rate of {name}: {percent(rate)} per year."
    for asset, claim in market.assets.items():
        yield f"The price of {asset} follows from {' and '.join(claim.assets)}."


def columns(market: Market) -> Columns:
    """Columns of price and volatility, a row for each asset."""
    parts = {asset: (price, market.vols.get(asset)) for asset, price in market.items()}
    return named_columns("asset", parts, ("price", "volatility"), market.shape)


def document(market: Market) -> dict[str, Any]:
    """Mapping for JSON."""
    return {
        "numeraire": market.numeraire, "time": market.time, "prices": dict(market.items()),
        "vols": market.vols, "rates": market.rates,
    }  # fmt: skip
