"""A venue whose books are the truth: its account, its orders, and its clock."""

from decimal import Decimal

from attrs import Factory, define

from hedgecore.interfaces.account import (
    Account,
    AccountEvent,
    AccountMargin,
    ContractPosition,
    ContractTerms,
    EventKind,
    TopOfBook,
)
from hedgecore.interfaces.orders import Absent, Filled, Unknown

START = 1.8e9
FEE = Decimal("0.0005")
NONE = Decimal(0)


@define
class SimVenue:
    """A venue of one contract; an inverse one is margined and paid in the coin itself."""

    price: float = 3000.0
    time: float = START
    cash: Decimal = Decimal(1_000_000)
    held: Decimal = NONE
    entry: Decimal | None = None
    events: list = Factory(list)
    orders: dict = Factory(dict)
    waiting: dict = Factory(dict)
    maintenance: Decimal = Decimal("0.01")
    past: tuple = ()
    symbol: str = "ETH"
    coin: str = "USDC"
    size: Decimal = Decimal(1)
    lot: Decimal = Decimal("0.01")
    least: Decimal = NONE
    inverse: bool = False

    @property
    def mark(self):
        return Decimal(repr(self.price))

    @property
    def dollar(self):
        """So much of the coin is worth one, or a little less."""
        return 1 / self.mark if self.inverse else Decimal(1)

    def worth(self, contracts):
        """Notional of contracts, in the coin."""
        return abs(contracts) * self.size * (1 / self.mark if self.inverse else self.mark)

    @property
    def profit(self):
        """Profit of what is held, in the coin."""
        if self.entry is None:
            return NONE
        each = 1 / self.entry - 1 / self.mark if self.inverse else self.mark - self.entry
        return self.held * self.size * each

    def happen(self, kind, contracts=NONE, paid=NONE, client_id=None, price=None):
        self.cash += paid
        if contracts:
            self.held += contracts
            self.entry = self.mark if self.held else None
        event = AccountEvent(
            id=f"e{len(self.events)}", kind=kind, time=self.time, contracts=contracts,
            symbol=self.symbol if contracts else None, changes={self.coin: paid} if paid else {},
            client_id=client_id, price=price,
        )  # fmt: skip
        self.events.append(event)

    def fill(self, intent, part=Decimal(1)):
        """Execute an order, or part of it, at the mark."""
        lots = (intent.contracts * part / self.lot).to_integral_value(rounding="ROUND_DOWN")
        contracts, price = lots * self.lot, self.mark
        bad = (price - intent.limit_price) * intent.contracts > 0
        if bad or self.time > intent.expires:
            contracts = NONE
        if contracts:
            self.past = self.cash, self.held, len(self.events)
            paid = -self.worth(contracts) * FEE
            self.happen(EventKind.FILL, contracts, paid, intent.client_id, price)
        self.orders[intent.client_id] = Filled(contracts=contracts, price=price, fee=NONE)
        self.waiting.pop(intent.client_id, None)

    def resolve(self, intent):
        if intent.client_id in self.orders:
            return self.orders[intent.client_id]
        if self.time > intent.expires and intent.client_id not in self.waiting:
            return Absent("its time is over")
        return Unknown("nothing is known of it yet")

    def account(self, cursor):
        since = len(self.events) if cursor is None else int(cursor)
        position = ContractPosition(contracts=self.held, entry_price=self.entry)
        return Account(
            time=self.time, balances={self.coin: self.cash},
            positions={self.symbol: position} if self.held else {},
            margin=AccountMargin(asset=self.coin, equity=self.cash + self.profit,
                                 maintenance=self.worth(self.held) * self.maintenance),
            open_orders=tuple(self.waiting), events=tuple(self.events[since:]),
            cursor=str(len(self.events)),
        )  # fmt: skip

    def top(self):
        mark = self.mark
        return TopOfBook(bid=mark - Decimal("0.1"), ask=mark + Decimal("0.1"), mark=mark,
                         index=mark, funding_rate=Decimal("0.0001"), time=self.time)  # fmt: skip

    def terms(self):
        return {self.symbol: ContractTerms(
            symbol=self.symbol, contract_size=self.size, lot=self.lot, tick=Decimal("0.01"),
            min_order=self.least, fee=FEE, settlement=self.coin, inverse=self.inverse,
            maintenance=Decimal("0.01"),
        )}  # fmt: skip
