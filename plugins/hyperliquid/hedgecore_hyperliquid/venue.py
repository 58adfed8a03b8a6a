"""Hyperliquid as a venue: what its table says, and how a session is opened."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen

from hedgecore import AbstractVenue, fields
from hedgecore_hyperliquid.client import NETWORKS, Client
from hedgecore_hyperliquid.session import HyperliquidSession
from hedgecore_hyperliquid.wire import Signer

ADDRESS = re.compile("0x[0-9a-fA-F]{40}")


def _address(model: Any, its: Any, given: str) -> None:
    if not ADDRESS.fullmatch(given):
        raise fields.wrong(model, its.name, f"must be 0x and 40 hexadecimal digits, not {given!r}")


@frozen(kw_only=True)
class Hyperliquid(AbstractVenue):
    """Perpetual futures of Hyperliquid, by its official SDK: no builder's fee, no referrer.

    The key is best that of an agent ("API wallet"), who may trade and not withdraw; `account` is
    the address that has the positions, never the agent's own. An order is immediate or cancelled.
    Positions are on cross margin, on the venue's own exchange: builders' exchanges are not read.
    """

    kind = "hyperliquid"
    example = {"account": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"}
    scope = (
        "perpetuals of the venue's own exchange; those of builders' exchanges, and spot, have no"
        " table"
    )
    proof = (
        "An order carries the last millisecond in which it may be executed, in what is signed. It"
        " is absent where the venue knows no order of its client id, asked once the venue's own"
        " time was 5 s past that."
    )
    calls_per_minute = 300
    order_seconds = 5.0
    funding_hours = 1.0

    account: str = fields.name("address that has the positions", validator=_address)
    network: str = fields.choice("which network", tuple(NETWORKS), default="mainnet")
    key: str = fields.name("environment variable of the private key", default="HEDGECORE_KEY")
    url: str | None = fields.url("address instead of the network's own")

    def open(self, *, seconds: float = 10.0) -> HyperliquidSession:
        """Open a session; see `AbstractVenue.open`."""
        signer = Signer.from_environment(self.key, mainnet=self.network == "mainnet")
        return self._session(seconds, signer)

    def watch(self, *, seconds: float = 10.0) -> HyperliquidSession:
        """Open a session that only reads, without a key; see `AbstractVenue.watch`."""
        return self._session(seconds, None)

    def _session(self, seconds: float, signer: Signer | None) -> HyperliquidSession:
        client = Client(self.url or NETWORKS[self.network], seconds)
        session = HyperliquidSession(self.account.lower(), self.network, client, signer)
        try:
            session.identity()
            session.check_elsewhere()
        except BaseException:
            session.close()
            raise
        return session
