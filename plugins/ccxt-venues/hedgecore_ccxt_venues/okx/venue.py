"""OKX as a venue: what its table says."""

from __future__ import annotations

from attrs import frozen

from hedgecore import fields
from hedgecore_ccxt_venues.client import Client
from hedgecore_ccxt_venues.keys import Keys
from hedgecore_ccxt_venues.okx.session import OkxSession
from hedgecore_ccxt_venues.venue import PROOF, CcxtVenue, key_in


@frozen(kw_only=True)
class Okx(CcxtVenue):
    """Swaps, futures and options of OKX, in net mode and on cross margin.

    Contracts are the venue's own, of so many coins, or dollars where they are inverse. An order is
    immediate or cancelled; no `tag` of a broker is ever sent.
    """

    kind = "okx"
    exchange = "okx"
    calls_per_minute = 400
    example = {"account": "44705892343619584"}
    scope = (
        "swaps, futures and, of the family that `option_family` names, options; nothing margined in"
        " USDC on a dollar pair (_UM), and no spot on margin"
    )
    proof = PROOF.format(how="the header `expTime`")

    currency: str = fields.name("coin whose margin is told, in futures mode", default="USDT")
    option_family: str | None = fields.name(
        "family of options that are traded, as BTC-USD; none unless given", optional=True
    )
    key: str = fields.name("environment variable of the key", default="HEDGECORE_OKX_KEY")
    secret: str = fields.name("environment variable of its secret", default="HEDGECORE_OKX_SECRET")
    passphrase: str = fields.name(
        "environment variable of its passphrase", default="HEDGECORE_OKX_PASSPHRASE"
    )

    def keys(self) -> Keys:
        """Key, secret and passphrase."""
        named = (self.key, "key"), (self.secret, "secret"), (self.passphrase, "passphrase")
        return Keys(*(key_in(variable, what) for variable, what in named))

    def session(self, client: Client) -> OkxSession:
        """Session by a client."""
        return OkxSession(self, client)
