"""The market of a book: its prices, volatilities and rates, and what is worth what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from hedgecore.books import checks
from hedgecore.books import positions as rows
from hedgecore.books.assets import asset_map
from hedgecore.errors import PriceError, SpecError
from hedgecore.market.market import Market
from hedgecore.registry.registry import Registry

MARKET = ("numeraire", "prices", "time", "assets", "vols", "rates")
OWN = ("prices", "assets")


def market_of(tables: Mapping[str, Any], registry: Registry) -> tuple[Market, dict[str, float]]:
    """Market of a book, and the prices that it states of what follows from [assets] too."""
    prices = tables.get("prices")
    if not isinstance(prices, Mapping):
        raise SpecError(
            "a book has a table [prices]: asset = price in the numeraire", field="prices"
        )
    numbers = {asset: rows.number(price, f"prices.{asset}") for asset, price in prices.items()}
    rest = {key: tables[key] for key in MARKET if key in tables and key not in OWN}
    if not isinstance(rest.get("numeraire", ""), str):
        raise SpecError(f"must be a name, not {rest['numeraire']!r:.80}", field="numeraire")
    if "time" in rest:
        rest["time"] = rows.number(rest["time"], "time")
    for name in {"vols", "rates"} & rest.keys():
        if not isinstance(rest[name], Mapping):
            raise SpecError(f"must be a table: write [{name}]", field=name)
        rest[name] = {key: rows.number(x, f"{name}.{key}") for key, x in rest[name].items()}
    checks.refuse_vols(rest.get("vols", {}))
    plain = _built(numbers, rest)
    model = partial(rows.position_model, tables, plain, registry)
    assets = asset_map(tables.get("assets", {}), (*numbers, plain.numeraire), model)
    own = {asset: price for asset, price in numbers.items() if asset not in assets}
    stated = {asset: price for asset, price in numbers.items() if asset in assets}
    if "vols" in rest:
        rest["vols"] = assets.underlying_vols(rest["vols"])
    return _built(own, {**rest, "assets": assets}), stated


def _built(prices: Mapping[str, float], rest: Mapping[str, Any]) -> Market:
    try:
        return Market(prices=prices, **rest)
    except PriceError as error:
        raise SpecError(str(error), field="prices") from error
