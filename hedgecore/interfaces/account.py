"""An account at a venue: what it holds and owes, what happened to it, and the terms it trades on.

A reading is complete, or it is an error: a position that is left out would be taken for none.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen


@frozen(kw_only=True)
class Identity:
    """Identity of an account: its owner, its network, and the permissions of its key.

    Attributes:
        account: its address or name.
        network: "mainnet", "testnet", "paper", a chain's id.
        hedge_mode: whether a long and a short of one contract stand side by side.
        cross_margin: whether one margin bears all positions.
        permissions: what the key may do, as the venue says; None where it does not say.

    """

    account: str
    network: str
    hedge_mode: bool = False
    cross_margin: bool = True
    permissions: tuple[str, ...] | None = None


@frozen(kw_only=True)
class ContractTerms:
    """Terms of one contract, as the venue has them now.

    Attributes:
        symbol: what the venue calls it.
        contract_size: of one contract, units of the underlying; of an inverse one, of the quote.
        lot: step of orders, contracts.
        tick: step of prices; 0 where any price can be named.
        min_order: fewest contracts of one order.
        min_notional: least notional of one order, in units of the quote.
        fee: of a taker, a fraction of the notional; None where unknown.
        settlement: asset in which profit and margin are paid.
        inverse: whether one contract is worth a fixed amount of the quote, paid in the underlying.
        expiry: seconds since 1970; None for a perpetual.
        maintenance: margin below which a position is liquidated, a fraction of its notional; None
            where the venue does not say.
        underlying: coin that it is on, as the venue calls it; None where that is the symbol.
        quote: coin or currency that prices are in; None where that is `settlement`.
        strike: of an option, in units of the quote; None for anything else.
        option_type: "call" or "put"; None for anything else.

    """

    symbol: str
    contract_size: Decimal = Decimal(1)
    lot: Decimal
    tick: Decimal
    min_order: Decimal
    min_notional: Decimal = Decimal(0)
    fee: Decimal | None
    settlement: str
    inverse: bool = False
    expiry: float | None = None
    maintenance: Decimal | None = None
    underlying: str | None = None
    quote: str | None = None
    strike: Decimal | None = None
    option_type: str | None = None


@frozen(kw_only=True)
class ContractPosition:
    """Contracts held of one kind.

    Attributes:
        contracts: negative where short.
        entry_price: average price they were entered at.
        notional: by the venue's own reckoning, at its mark, in units of the quote; of an option,
            its premium, in units of the settlement coin; None where it does not say.
        mark: price that `notional` is at; None where the venue says it with the prices alone.

    """

    contracts: Decimal
    entry_price: Decimal | None = None
    notional: Decimal | None = None
    mark: Decimal | None = None


@frozen(kw_only=True)
class Debt:
    """Debt in one asset: ``scaled · index``, so that interest moves the index alone."""

    scaled: Decimal
    index: Decimal

    @property
    def amount(self) -> Decimal:
        """Amount owed, in units of the asset."""
        return self.scaled * self.index


@frozen(kw_only=True)
class AccountMargin:
    """Margin of an account, in units of `asset`.

    Attributes:
        asset: of all three.
        equity: what stands behind the positions, their unrealised profit included.
        maintenance: below so much, positions are liquidated.
        initial: so much is bound by the positions; None where the venue does not say.

    """

    asset: str
    equity: Decimal
    maintenance: Decimal
    initial: Decimal | None = None


class EventKind(StrEnum):
    """Kinds of events that can happen to an account."""

    FILL = "fill"
    FUNDING = "funding"
    INTEREST = "interest"
    LIQUIDATION = "liquidation"
    DELEVERAGING = "auto-deleveraging"
    EXPIRY = "expiry"
    TRANSFER = "transfer"
    FEE = "fee"


@frozen(kw_only=True)
class AccountEvent:
    """Something that happened to an account, and what it changed.

    Attributes:
        id: unique at the venue, so that one told twice counts once.
        kind: of what.
        time: seconds since 1970 by the venue's clock.
        symbol: contract whose position it changed; None where none.
        contracts: added to that position.
        price: of a fill or an expiry, per unit of the underlying.
        changes: asset → amount added to its balance, fees and realised profit included.
        debts: asset → amount added to what is owed, in units of the index (`Debt.scaled`).
        client_id: of the order behind it; None where there is none of ours.

    """

    id: str
    kind: EventKind
    time: float
    symbol: str | None = None
    contracts: Decimal = Decimal(0)
    price: Decimal | None = None
    changes: Mapping[str, Decimal] = field(factory=dict)
    debts: Mapping[str, Decimal] = field(factory=dict)
    client_id: str | None = None


@frozen(kw_only=True)
class Account:
    """An account at one moment: complete.

    Attributes:
        time: seconds since 1970 by the venue's clock.
        balances: asset → amount, without unrealised profit; what is missing is 0.
        positions: symbol → contracts; what is missing is flat, proven so by the venue.
        debts: asset → what is owed.
        margin: None where nothing is held on margin.
        open_orders: client ids of orders that may still be executed.
        events: since the cursor that was given, oldest first.
        cursor: from which the next reading goes on.

    """

    time: float
    balances: Mapping[str, Decimal]
    positions: Mapping[str, ContractPosition]
    debts: Mapping[str, Debt] = field(factory=dict)
    margin: AccountMargin | None = None
    open_orders: tuple[str, ...] = ()
    events: tuple[AccountEvent, ...] = ()
    cursor: str


@frozen(kw_only=True)
class TopOfBook:
    """Best prices of one contract, per unit of the underlying, in units of the quote.

    Those of an option are what its premium is: units of the settlement coin.

    Attributes:
        bid: best price at which it can be sold.
        ask: best price at which it can be bought.
        mark: by which positions are valued.
        index: of the underlying itself, from elsewhere.
        funding_rate: of the interval that runs now; None where there is none.
        next_funding: seconds since 1970; None where there is none.
        volatility: that the mark of an option implies, a fraction per square root of a year; None
            where the venue does not say.
        time: of all these, seconds since 1970 by the venue's clock.

    """

    bid: Decimal
    ask: Decimal
    mark: Decimal
    index: Decimal
    funding_rate: Decimal | None = None
    next_funding: float | None = None
    volatility: Decimal | None = None
    time: float
