"""Orders on the wire: what is signed, and that it is what was meant."""

from __future__ import annotations

import json
from decimal import Context, Decimal
from typing import Any, NamedTuple

from hedgecore import Intent, ReaderError, RejectedError, Secret, VenueError

PERP_DECIMALS, DIGITS = 6, 5
"""Of a price: decimals and those of the size together, and significant figures."""
ROOM = Decimal("1.1")
"""Over the mark, within which each price on the tick is still one of the venue's."""
THOUSAND = 1000
EXACT = Context(prec=120)
"""Digits that hold any size."""


class Listing(NamedTuple):
    """A contract as it is listed: its number, the decimals of its sizes, its greatest leverage."""

    asset: int
    decimals: int
    leverage: int

    @property
    def lot(self) -> Decimal:
        """Step of sizes."""
        return Decimal(1).scaleb(-self.decimals)

    def tick(self, price: Decimal) -> Decimal:
        """Step of prices near a price: 5 significant figures, 6 decimals less those of sizes."""
        figures = (price * ROOM).adjusted() - DIGITS + 1
        return Decimal(1).scaleb(min(0, max(figures, self.decimals - PERP_DECIMALS)))

    def has_price(self, price: Decimal) -> bool:
        """True if an order can name a price; whole ones always can be named."""
        if not price.is_finite() or price <= 0:
            return False
        digits = price.normalize().as_tuple()
        exponent = int(digits.exponent)
        short = len(digits.digits) <= DIGITS and exponent >= self.decimals - PERP_DECIMALS
        return exponent >= 0 or short


def check_intent(intent: Intent, listing: Listing) -> None:
    """Refuse an order that cannot be sent as it is meant.

    Raises:
        RejectedError: its size is no whole number of lots, or its price none of the venue's.

    """
    size = intent.contracts
    if not size.is_finite() or not size or not is_whole(size.scaleb(listing.decimals, EXACT)):
        raise RejectedError(f"{size} contracts are no whole number of lots of {listing.lot}")
    if not listing.has_price(intent.limit_price):
        decimals = PERP_DECIMALS - listing.decimals
        rule = f"{DIGITS} significant figures and {decimals} decimals at most, or a whole number"
        raise RejectedError(f"a limit of {intent.limit_price} is no price there: {rule}")


def is_whole(number: Decimal) -> bool:
    """True of a whole number."""
    return number == number.to_integral_value()


def order_action(intent: Intent, listing: Listing) -> dict[str, Any]:
    """Action of an order: immediate or cancelled; no builder, no referrer.

    Raises:
        RejectedError: what the client would send is not what was meant.

    """
    from hyperliquid.utils import signing  # noqa: PLC0415
    from hyperliquid.utils.types import Cloid  # noqa: PLC0415

    check_intent(intent, listing)
    size, limit = abs(intent.contracts), intent.limit_price
    try:
        wire = signing.order_request_to_order_wire(
            {
                "coin": intent.symbol,
                "is_buy": intent.contracts > 0,
                "sz": float(size),
                "limit_px": float(limit),
                "order_type": {"limit": {"tif": "Ioc"}},
                "reduce_only": intent.reduce_only,
                "cloid": Cloid(cloid(intent)),
            },
            listing.asset,
        )
    except (ValueError, TypeError) as error:
        raise RejectedError(f"the client cannot send {size} at {limit}: {error}") from None
    if (Decimal(wire["s"]), Decimal(wire["p"])) != (size, limit):
        raise RejectedError(f"the client would send {wire['s']} at {wire['p']}: {size} at {limit}")
    action: dict[str, Any] = signing.order_wires_to_order_action([wire])
    return action


def cloid(intent: Intent) -> str:
    """Client id as the venue has it: 16 bytes."""
    return f"0x{intent.client_id}"


def expiry(intent: Intent) -> int:
    """Last millisecond in which an order may be executed."""
    return int(intent.expires * THOUSAND)


class Signer:
    """Key of an account, or of an agent that may trade for it and withdraw nothing."""

    def __init__(self, key: Secret, *, mainnet: bool) -> None:
        self._key, self._mainnet = key, mainnet
        self.address = str(_account(key).address).lower()

    @classmethod
    def from_environment(cls, variable: str, *, mainnet: bool) -> Signer:
        """Signer with the key in an environment variable.

        Raises:
            VenueError: the variable is not set, or holds no key.

        """
        try:
            key = Secret.from_environment(variable, what="private key")
        except ReaderError as error:
            raise VenueError(f"hyperliquid: {error}") from None
        return cls(key, mainnet=mainnet)

    def payload(self, action: dict[str, Any], nonce: int, expires: int) -> str:
        """Body of the request, signed: the venue takes it once, and not after its expiry."""
        from hyperliquid.utils.signing import sign_l1_action  # noqa: PLC0415

        wallet = _account(self._key)
        signature = sign_l1_action(wallet, action, None, nonce, expires, self._mainnet)
        body = {"action": action, "nonce": nonce, "signature": signature}
        return json.dumps({**body, "vaultAddress": None, "expiresAfter": expires})

    def __repr__(self) -> str:
        return f"Signer({self.address})"


def _account(key: Secret) -> Any:
    from eth_account import Account  # noqa: PLC0415 - half a second, and only where it signs

    try:
        return Account.from_key(key.reveal())
    except (ValueError, TypeError):
        fault = "hyperliquid: the private key must be 32 bytes, as 64 hexadecimal digits"
    raise VenueError(fault)  # from here: what eth-account says has the key in it
