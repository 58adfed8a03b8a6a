"""Records of what is read at a source: tokens, stated prices, a position with its balances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen


@frozen
class Token:
    """Asset as the source knows it.

    Attributes:
        id: unique at the source, an address say; tables that are read name assets so.
        symbol: what people call it; two may share one.
        decimals: digits after the point of a raw amount.
        claim: another token that it is exchanged for by contract: the wrapped one of a chain's own
            currency. A book says so in its table [assets].
        rate: how many of the claim one token is exchanged for at the source's moment.
        notes: what else it does that a person should know, takes a part of transfers say.

    """

    id: str
    symbol: str
    decimals: int = 0
    claim: Token | None = None
    rate: float = 1.0
    notes: tuple[str, ...] = ()


@frozen
class PriceQuote:
    """A price that somebody states: so many `unit` for one `asset`, both as the book names them."""

    asset: str
    price: float
    unit: str


@frozen(kw_only=True)
class Reading:
    """Result of one reader; assets are named by the ids of their tokens.

    Attributes:
        name: what a person would call it.
        position: kind and fields of a position, at its state; None where there is none.
        held: whether the position is in the book; where not, only its prices are used.
        owner: account whose the position is; None where nobody says.
        size: raw units of the position that its owner alone changes, liquidity or shares; None
            where nobody says.
        holdings: token id → amount in whole units: uncollected fees, a wallet's balances.
        holdings_name: what people call the holdings: "fees", "wallet".
        tokens: id → Token, of all that is named.
        depth: token id → how much of it the whole pool trades near its price, for each asset of the
            position; which of two pools a price is taken from depends on it.
        receipts: ids of tokens whose balance is this position, which a wallet leaves out.
        quotations: prices that are stated, by an oracle say.
        notes: sentences that a person should read.
        unknown: token id → why what is held of it could not be read, and is in no holding.

    """

    name: str
    position: Mapping[str, Any] | None = None
    held: bool = True
    owner: str | None = None
    size: int | None = None
    holdings: Mapping[str, float] = field(factory=dict)
    holdings_name: str = "balance"
    tokens: Mapping[str, Token] = field(factory=dict)
    depth: Mapping[str, float] = field(factory=dict)
    receipts: tuple[str, ...] = ()
    quotations: tuple[PriceQuote, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(factory=dict)
