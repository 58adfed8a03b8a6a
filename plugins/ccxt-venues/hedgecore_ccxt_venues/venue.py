"""Venues of ccxt's exchanges: what their tables say, and how a session is opened."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from attrs import frozen

from hedgecore import AbstractVenue, ReaderError, Secret, VenueError, fields
from hedgecore_ccxt_venues.client import Client
from hedgecore_ccxt_venues.keys import Keys
from hedgecore_ccxt_venues.session import CcxtSession

PROOF = (
    "An order carries the last moment at which it may be executed: {how}. It is absent where the"
    " venue knows no order of its client id, asked once the venue's own time was 5 s past that."
    " A session sends an order once."
)


@frozen(kw_only=True)
class CcxtVenue(AbstractVenue):
    """One exchange of ccxt's, that has a table of its own.

    Attributes:
        exchange: name that ccxt has for it.

    """

    exchange: ClassVar[str]
    calls_per_minute = 300
    order_seconds = 5.0
    funding_hours = 8.0

    account: str = fields.name("number of the account, as the venue has it")
    network: str = fields.choice("which network", ("mainnet", "testnet"), default="mainnet")
    url: str | None = fields.url("address instead of the network's own")

    @abstractmethod
    def keys(self) -> Keys:
        """Keys of the account, from the environment."""

    @abstractmethod
    def session(self, client: Client) -> CcxtSession:
        """Session of the exchange's table, by a client."""

    def open(self, *, seconds: float = 10.0) -> CcxtSession:
        """Open a session; see `AbstractVenue.open`."""
        client = Client(
            self.exchange, self.keys(), network=self.network, url=self.url, seconds=seconds
        )
        session = self.session(client)
        try:
            session.time()
            session.identity()
        except BaseException:
            session.close()
            raise
        return session


def key_in(variable: str, what: str) -> Secret:
    """Key in an environment variable, or in the file of its owner that ``VARIABLE_FILE`` names.

    Raises:
        VenueError: neither is set, or others may read the file.

    """
    try:
        return Secret.from_environment(variable, what=what)
    except ReaderError as error:
        raise VenueError(str(error)) from None
