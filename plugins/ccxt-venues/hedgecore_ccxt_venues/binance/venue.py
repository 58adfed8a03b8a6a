"""Binance as a venue: what its table says."""

from __future__ import annotations

from attrs import frozen

from hedgecore import fields
from hedgecore_ccxt_venues.binance.session import BinanceSession
from hedgecore_ccxt_venues.client import Client
from hedgecore_ccxt_venues.keys import Keys
from hedgecore_ccxt_venues.venue import PROOF, CcxtVenue, key_in


@frozen(kw_only=True)
class Binance(CcxtVenue):
    """Perpetuals and futures of Binance that are margined in dollars (USDⓈ-M).

    The account is in one-way mode, on cross margin of one asset. An order is immediate or
    cancelled; no client id with a broker's prefix is ever sent. There is no expiry of an order that
    does not rest: the request itself is one only until its end, by `timestamp` and `recvWindow`.
    """

    kind = "binance"
    exchange = "binance"
    example = {"account": "354937868"}
    scope = (
        "perpetuals and futures margined in dollars (USDⓈ-M); those margined in coins (COIN-M) and"
        " options have no table: trade them at deribit or okx"
    )
    proof = PROOF.format(how="`timestamp` and `recvWindow`, in what is signed, end there")

    network: str = fields.choice("which network", ("mainnet", "demo"), default="mainnet")
    currency: str = fields.name("asset whose margin is told", default="USDT")
    key: str = fields.name("environment variable of the key", default="HEDGECORE_BINANCE_KEY")
    secret: str = fields.name(
        "environment variable of its secret", default="HEDGECORE_BINANCE_SECRET"
    )

    def keys(self) -> Keys:
        """Key and secret."""
        return Keys(key_in(self.key, "key"), key_in(self.secret, "secret"))

    def session(self, client: Client) -> BinanceSession:
        """Session by a client."""
        return BinanceSession(self, client)
