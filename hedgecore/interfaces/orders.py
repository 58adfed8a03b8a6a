"""Orders at a venue: what is meant, what proves it was sent, and what became of it.

Amounts are decimals here, so that a lot is a lot; they are floats inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from attrs import field, frozen


@frozen(kw_only=True)
class Intent:
    """One order that is meant: immediate or cancelled, so that nothing rests.

    Attributes:
        client_id: one per intent, and never a second one for the same.
        symbol: what the venue calls the contract.
        contracts: to buy; negative to sell; a whole number of lots.
        limit_price: worst price that is taken, per unit of the underlying, a whole number of ticks.
        reduce_only: whether it may only bring the position nearer to nothing.
        expires: last moment at which it may be executed, seconds since 1970 by the venue's clock.

    """

    client_id: str
    symbol: str
    contracts: Decimal
    limit_price: Decimal
    reduce_only: bool = False
    expires: float


@frozen(kw_only=True)
class Receipt:
    """Identity of an order at its venue, known before its first byte is sent.

    Attributes:
        intent: what it is of.
        proof: texts by which the venue finds it again: a nonce, the hash of what was signed, a
            place in an order book. No secret is among them: they are written down.

    """

    intent: Intent
    proof: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class Filled:
    """An order that is done: executed in full, in part, or, with 0 contracts, cancelled.

    Attributes:
        contracts: bought; negative where sold, 0 where nothing was.
        price: average, per unit of the underlying; None where nothing was.
        fee: paid, in units of `fee_asset`; negative is received; None where the venue tells later.
        fee_asset: what it is paid in; None where nothing was.
        venue_id: what the venue calls the order.

    """

    contracts: Decimal
    price: Decimal | None = None
    fee: Decimal | None = None
    fee_asset: str | None = None
    venue_id: str | None = None


@frozen
class Absent:
    """An order that was not and will not be executed, with the venue's own proof of it.

    Attributes:
        proof: a sentence: its expiry has passed by the venue's clock, its nonce was used by
            something else, the list of ids is complete by contract, it was refused.

    """

    proof: str


@frozen
class Unknown:
    """An order of which nothing is proven yet, and why; it is asked about again."""

    reason: str


Outcome: TypeAlias = Filled | Absent | Unknown
