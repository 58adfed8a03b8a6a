"""Each exchange with its venue: what the tests of all of them go over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import hedgecore_ccxt_venues as venues
from attrs import evolve, frozen

from exchanges import binance, deribit, deribit_linear, okx, okx_options
from exchanges.bench import ExchangeBench
from hedgecore.testing import Loopback


@frozen
class Place:
    """An exchange, its venue, and where its order is in a request."""

    name: str
    make: Callable[[], Any]
    venue: Callable[..., Any]
    keys: dict[str, str]
    symbol: str
    size: str

    def loopback(self):
        """A server that answers for it."""
        pattern = self.make.order_path
        secret = [*self.keys.values()][-1]
        return Loopback(
            lambda _: (200, "{}"),
            lambda asked: bool(pattern.search(f"{asked.method} {asked.path}")),
            secret,
        )

    def bench(self, server):
        """A context with a bench behind a server."""
        return ExchangeBench.opened(
            self.make, server, symbol=self.symbol, size=self.size, secrets=self.keys.values()
        )


PLACES = [
    Place(
        "deribit",
        deribit.Deribit,
        partial(venues.Deribit, account=deribit.ACCOUNT),
        {"HEDGECORE_DERIBIT_KEY": deribit.ID, "HEDGECORE_DERIBIT_SECRET": deribit.SECRET},
        deribit.SYMBOL,
        "1000",
    ),
    Place(
        "okx",
        okx.Okx,
        partial(venues.Okx, account=okx.ACCOUNT),
        {"HEDGECORE_OKX_KEY": okx.KEY, "HEDGECORE_OKX_PASSPHRASE": okx.PASSPHRASE,
         "HEDGECORE_OKX_SECRET": okx.SECRET},
        okx.SYMBOL,
        "2",
    ),
    Place(
        "binance",
        binance.Binance,
        partial(venues.Binance, account=binance.ACCOUNT),
        {"HEDGECORE_BINANCE_KEY": binance.KEY, "HEDGECORE_BINANCE_SECRET": binance.SECRET},
        binance.SYMBOL,
        "1.5",
    ),
]  # fmt: skip

OPTIONS = evolve(
    PLACES[1],
    name="okx options",
    make=okx_options.OkxOptions,
    venue=partial(
        venues.Okx, account=okx.ACCOUNT, option_family=okx_options.FAMILY, currency=okx_options.COIN
    ),
    symbol=okx_options.SYMBOL,
)
LINEAR = evolve(
    PLACES[0],
    name="deribit linear",
    make=deribit_linear.DeribitLinear,
    venue=partial(venues.Deribit, account=deribit.ACCOUNT, currency=deribit_linear.COIN),
    symbol=deribit_linear.SYMBOL,
    size="0.02",
)
ACCOUNTS = [*PLACES, LINEAR, OPTIONS]
"""Each exchange, and the kinds of accounts that one of them has beside it."""
