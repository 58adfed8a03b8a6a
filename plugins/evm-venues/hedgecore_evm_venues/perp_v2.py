"""Perpetual Protocol v2 as a venue: what its table says, and how a session is opened."""

from __future__ import annotations

from attrs import frozen
from hedgecore_evm_readers.base import address_field, addresses_field

from hedgecore import AbstractVenue, ReaderError, Secret, VenueError, fields
from hedgecore_evm_venues.contracts import Contracts
from hedgecore_evm_venues.node import Node
from hedgecore_evm_venues.session import PerpSession
from hedgecore_evm_venues.signer import Signer

EXAMPLE_HOUSE = "0x82ac2CE43e33683c58BE4cDc40975E73aA50f459"
EXAMPLE_MARKET = "0x8C835DFaA34e2AE61775e80EE29E2c724c6AE2BB"


@frozen(kw_only=True)
class PerpV2(AbstractVenue):
    """Perpetual futures of Perpetual Protocol v2, each order a transaction with a deadline.

    The key is the account's own, or better that of a delegate, who may trade and not withdraw.
    An order is executed whole, at its limit on average before the fee, or reverts. That it only
    reduces is checked as it is prepared: the contracts have no such order.
    """

    kind = "perp-v2"
    example = {
        "clearing_house": EXAMPLE_HOUSE,
        "account": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "markets": [EXAMPLE_MARKET],
    }
    proof = (
        "Each order is one transaction with a nonce and a deadline. It is absent where a block that"
        " is confirmed holds another transaction of that nonce, or this one reverted, or where the"
        " time of such a block is past the deadline and the nonce is unused."
    )
    calls_per_minute = 600
    order_seconds = 60.0
    funding_hours = 24.0

    clearing_house: str = address_field("the ClearingHouse")
    account: str = address_field("whose positions and margin")
    markets: tuple[str, ...] = addresses_field("base tokens of the markets")
    rpc: str = fields.name("environment variable of the node's URL", default="HEDGECORE_RPC")
    key: str = fields.name("environment variable of the private key", default="HEDGECORE_KEY")
    confirmations: int = fields.integer(
        "blocks, the one of the transaction counted, until it stands", "blocks", 1, 1000, default=2
    )
    gas: int = fields.integer(
        "limit of a transaction", "gas", 100_000, 30_000_000, default=2_000_000
    )

    def open(self, *, seconds: float = 10.0) -> PerpSession:
        """Open a session; see `AbstractVenue.open`."""
        return self._session(seconds, Signer.from_environment(self.key))

    def watch(self, *, seconds: float = 10.0) -> PerpSession:
        """Open a session that only reads, without a key; see `AbstractVenue.watch`."""
        return self._session(seconds, None)

    def _session(self, seconds: float, signer: Signer | None) -> PerpSession:
        try:
            node = Node(Secret.from_environment(self.rpc), seconds)
        except ReaderError as error:
            raise VenueError(f"{self.kind}: {error}") from None
        with node.chain() as chain:
            contracts = Contracts.behind(chain, self.clearing_house)
        return PerpSession(self, node, signer, contracts)
