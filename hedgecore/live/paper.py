"""`paper`: a venue that fills orders on paper, at the costs that a simulation charges.

Prices are those of the book as it was last read, or a real venue's where that is looked at. The
account lives in the process; a restart begins from the one that the journal has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from attrs import define, field, frozen

import hedgecore.fields as fields
from hedgecore.books.book import Book
from hedgecore.books.positions import number
from hedgecore.errors import RejectedError, SpecError, VenueError
from hedgecore.interfaces.account import (
    Account,
    AccountEvent,
    ContractPosition,
    ContractTerms,
    EventKind,
    Identity,
    TopOfBook,
)
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.orders import Absent, Filled, Intent, Outcome, Receipt
from hedgecore.interfaces.venue import AbstractSession, AbstractVenue
from hedgecore.live.book_terms import book_terms
from hedgecore.live.paper_market import PaperMarket

NONE = Decimal(0)
LOST = "orders on paper are filled as they are placed, and this one was not"


def _balances(given: Any) -> Mapping[str, float]:
    if not isinstance(given, Mapping):
        raise SpecError("must be a table: asset = amount", kind="paper", field="balances")
    return {str(asset): number(each, f"balances.{asset}") for asset, each in given.items()}


@frozen(kw_only=True)
class Paper(AbstractVenue):
    """A venue on paper: orders are filled at the book's prices, at the costs of a simulation.

    What names no venue is traded at `paper`, which need not be described.
    """

    kind = "paper"
    example: ClassVar[Mapping[str, Any]] = {"balances": {"USDC": 100_000.0}}
    proof: ClassVar[str] = (
        "An order is filled as it is placed, at its limit or better, or it never is."
    )
    calls_per_minute: ClassVar[int] = 1_000_000

    balances: Mapping[str, float] = field(
        factory=dict, converter=_balances,
        metadata={
            "about": "what the account begins with; without any, no margin is reckoned",
            "unit": "asset = amount", "rule": "finite",
        },
    )  # fmt: skip
    maintenance: float = fields.number(
        "margin below which positions are liquidated", "fraction of the notional", fields.FRACTION,
        default=0.005,
    )  # fmt: skip

    def open(self, *, seconds: float = 10.0) -> PaperSession:  # noqa: ARG002 - nothing takes time
        """Open an account on paper; `PaperSession.see` tells what the market is like."""
        return self.account("paper")

    def account(self, name: str, costs: Sequence[AbstractCost] = ()) -> PaperSession:
        """Account on paper of a venue of that name, where trading costs something."""
        amounts = {asset: Decimal(repr(each)) for asset, each in self.balances.items()}
        return PaperSession(venue=self, name=name, costs=costs, balances=amounts)


@frozen(eq=False)
class OnPaper(AbstractVenue):
    """A venue whose orders are filled on paper, at its real prices where there are some.

    Attributes:
        session: the account, which outlives the looks at the real venue.
        real: whose prices and terms are taken; the book's if None.

    """

    kind = "on-paper"

    session: PaperSession
    real: AbstractVenue | None = None

    def open(self, *, seconds: float = 10.0) -> PaperSession:
        """Open the account, and the real venue to look at."""
        if self.real is not None:
            self.session.prices = self.real.open(seconds=seconds)
        return self.session


@define(kw_only=True, eq=False)
class PaperSession(AbstractSession):
    """An account on paper.

    Attributes:
        venue: its settings.
        name: of the venue in the book.
        costs: what trading costs.
        balances: asset → amount.
        positions: symbol → contracts.
        prices: a real venue's session, which prices and terms are taken from; the book's if None.
        market: as it was last seen.
        events: since the account begins.
        before: number of the first of them.
        fills: client id → order that was filled.

    """

    venue: Paper
    name: str = "paper"
    costs: Sequence[AbstractCost] = ()
    balances: dict[str, Decimal]
    positions: dict[str, ContractPosition] = field(factory=dict)
    prices: AbstractSession | None = None
    market: PaperMarket | None = None
    events: list[AccountEvent] = field(factory=list)
    before: int = 0
    fills: dict[str, Filled] = field(factory=dict)

    def see(self, book: Book, time: float) -> None:
        """Take prices from a book at a moment, seconds since 1970; what is held earns its carry."""
        last, self.market = self.market, PaperMarket(book, self.name, time)
        if last is None:
            return
        for symbol, earned in self.market.carry(self.positions, time - last.time).items():
            self._happen(EventKind.FUNDING, earned, symbol=symbol)

    def restore(self, account: Account) -> None:
        """Go on with an account as it was."""
        self.balances, self.positions = dict(account.balances), dict(account.positions)
        self.before = int(account.cursor)

    def identity(self) -> Identity:
        """Account of this name, on paper."""
        return Identity(account=self.name, network="paper", permissions=("trade",))

    def terms(self) -> Mapping[str, ContractTerms]:
        """Terms of the book's instruments, or of a real venue."""
        if self.prices is not None:
            return self.prices.terms()
        seen = self._market_now()
        return {
            symbol: book_terms(each, symbol, seen.book.market)
            for symbol, each in seen.instruments.items()
        }

    def account(self, cursor: str | None = None) -> Account:
        """Account as it stands, with the events since a cursor."""
        at = self.before + len(self.events)
        since = at if cursor is None else int(cursor)
        if not self.before <= since <= at:
            raise VenueError(f"the account on paper begins after {cursor}")
        return Account(
            time=self.time(), balances=dict(self.balances), positions=dict(self.positions),
            margin=self._market_now().margin(self.balances, self.positions, self.venue.maintenance)
            if self.venue.balances else None,
            events=tuple(self.events[since - self.before :]), cursor=str(at),
        )  # fmt: skip

    def book(self, symbol: str) -> TopOfBook:
        """Best prices: the book's and half the spread that trading costs, or a real venue's."""
        if self.prices is not None:
            return self.prices.book(symbol)
        return self._market_now().top(symbol, self.costs)

    def time(self) -> float:
        """Moment at which the market was last seen, or a real venue's."""
        return self._market_now().time if self.prices is None else self.prices.time()

    def prepare(self, intent: Intent) -> Receipt:
        """Receipt of an order, which its client id is enough for."""
        return Receipt(intent=intent)

    def place(self, receipt: Receipt) -> None:
        """Fill an order at its cost, or not at all where its limit is passed."""
        intent = receipt.intent
        if intent.client_id in self.fills:
            return
        self._check(intent)
        mark, seen = self.book(intent.symbol).mark, self._market_now()
        terms = self.terms()[intent.symbol]
        price, fee = seen.price(intent, mark, terms, self.costs)
        if (price - intent.limit_price) * intent.contracts > 0:
            self.fills[intent.client_id] = Filled(contracts=NONE)
            return
        held = self.positions.get(intent.symbol)
        after, changes = seen.fill(held, intent, price, fee, terms)
        self.positions[intent.symbol] = after
        if not after.contracts:
            del self.positions[intent.symbol]
        self._happen(
            EventKind.FILL, changes, symbol=intent.symbol, contracts=intent.contracts,
            price=price, client_id=intent.client_id,
        )  # fmt: skip
        self.fills[intent.client_id] = Filled(
            contracts=intent.contracts, price=price, fee=fee, fee_asset=terms.settlement
        )

    def resolve(self, receipt: Receipt) -> Outcome:
        """Outcome of an order: it is filled, or never will be."""
        return self.fills.get(receipt.intent.client_id, Absent(LOST))

    def cancel(self, receipt: Receipt) -> None:
        """Leave all as it is: nothing rests."""

    def close(self) -> None:
        """Close the real venue's session, where there is one."""
        if self.prices is not None:
            self.prices.close()

    def _market_now(self) -> PaperMarket:
        if self.market is None:
            raise VenueError("nothing is known of the market yet")
        return self.market

    def _check(self, intent: Intent) -> None:
        """Refuse what a venue would."""
        terms = self.terms().get(intent.symbol)
        if terms is None:
            raise RejectedError(f"there is no contract {intent.symbol!r:.80}")
        if terms.lot and intent.contracts % terms.lot:
            raise RejectedError(f"{intent.contracts} is no whole number of lots, {terms.lot}")
        if self.time() > intent.expires:
            raise RejectedError("the order has expired")
        held = self.positions.get(intent.symbol, ContractPosition(contracts=NONE)).contracts
        if intent.reduce_only and abs(held + intent.contracts) > abs(held):
            raise RejectedError(f"it would not reduce {held}")

    def _happen(self, kind: EventKind, changes: Mapping[str, Decimal], **named: Any) -> None:
        """Change balances, and remember why."""
        for asset, amount in changes.items():
            self.balances[asset] = self.balances.get(asset, NONE) + amount
        event = AccountEvent(
            id=f"{self.name}-{self.before + len(self.events)}", kind=kind, time=self.time(),
            changes=dict(changes), **named,
        )  # fmt: skip
        self.events.append(event)
