"""A pool as tables and JSON: its fields, and its Greeks where it stands."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgecore.analysis.sweep import Sweep, picture_prices, sweep
from hedgecore.books.book import Book
from hedgecore.books.positions import Position
from hedgecore.hedging.problem import HedgeRequest
from hedgecore.market.market import Market
from hedgecore.pools.model import PoolModel
from hedgecore.registry.specs import spec_of
from hedgecore.tables.render import Table, amount, cash

LONG = 60
"""Characters of a field; of a longer list the rest is left out."""


def tables(pool: PoolModel) -> list[Table]:
    """Tables of the fields, and of holdings with delta and gamma at the pool's own price."""
    fields = [(name, _short(each)) for name, each in spec_of(pool).items() if name != "kind"]
    here = _spot(pool)
    return [
        Table(pool.kind, ("field", ""), fields),
        *([] if here is None else [_greeks(pool, here)]),
    ]


def _short(value: Any) -> str:
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return said if len(said) <= LONG else f"{said[: LONG - 1]}…"


def _spot(pool: PoolModel) -> Any:
    """Pool's own prices, (m,); None where it does not know them."""
    given = pool._spot()  # noqa: SLF001 - spot() raises where there is none
    return None if given is None else np.atleast_1d(pool.spot())


def _greeks(pool: PoolModel, spot: Any) -> Table:
    quote, m = pool.assets[-1], len(spot)
    found = pool.greeks(spot if m > 1 else spot[0])
    gamma = np.atleast_1d(np.diagonal(found.gamma) if m > 1 else found.gamma)
    rows = [
        (asset, amount(price), amount(held), amount(bend))
        for asset, price, held, bend in zip(
            pool.assets, (*spot, 1.0), found.holdings, (*gamma, np.nan), strict=True
        )
    ]
    heads = ("asset", f"price, {quote}", "held, which is delta", "gamma")
    rows[-1] = (*rows[-1][:3], "–")
    return Table(f"At its own price, worth {cash(found.value)} {quote}", heads, rows)


def document(pool: PoolModel) -> dict[str, Any]:
    """Mapping for JSON: the table that builds the pool."""
    return spec_of(pool)


def pool_sweep(pool: PoolModel) -> Sweep:
    """Sweep of a pool over half to one and a half times its own price of its first asset.

    Raises:
        SpecError: the pool does not know its own price.

    """
    spot = np.atleast_1d(pool.spot())
    first, quote = pool.assets[0], pool.assets[-1]
    prices = {**dict(zip(pool.assets[:-1], spot.tolist(), strict=True)), quote: 1.0}
    market = Market(prices=prices, numeraire=quote)
    line = Position(name=pool.kind, model=pool)
    book = Book(market=market, positions=(line,), instruments=(), request=HedgeRequest())
    return sweep(book, first, picture_prices(book, first), pool.kind, hedging=False)
