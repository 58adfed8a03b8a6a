"""Deribit as a venue: what its table says."""

from __future__ import annotations

from attrs import frozen

from hedgecore import fields
from hedgecore_ccxt_venues.client import Client
from hedgecore_ccxt_venues.deribit.session import DeribitSession
from hedgecore_ccxt_venues.keys import Keys
from hedgecore_ccxt_venues.venue import PROOF, CcxtVenue, key_in


@frozen(kw_only=True)
class Deribit(CcxtVenue):
    """Perpetuals, futures and options of Deribit that are settled in one currency.

    Contracts are the venue's own amounts: dollars of inverse perpetuals and futures, coins of
    options and linear contracts. A coin that margins them is a balance, and so exposure. Margin
    must be segregated by currency. An order is immediate or cancelled, its client id is the label.
    """

    kind = "deribit"
    exchange = "deribit"
    example = {"account": "12354", "currency": "BTC"}
    scope = (
        "perpetuals, futures and options settled in the venue's `currency`; of another currency"
        " take another venue, and combos and spot have no table"
    )
    proof = PROOF.format(how="`valid_until`, in what is signed")

    currency: str = fields.name("settlement currency of what is held and traded", default="BTC")
    key: str = fields.name("environment variable of the client id", default="HEDGECORE_DERIBIT_KEY")
    secret: str = fields.name(
        "environment variable of the client secret", default="HEDGECORE_DERIBIT_SECRET"
    )

    def keys(self) -> Keys:
        """Client id and client secret."""
        return Keys(key_in(self.key, "client id"), key_in(self.secret, "client secret"))

    def session(self, client: Client) -> DeribitSession:
        """Session by a client."""
        return DeribitSession(self, client)
