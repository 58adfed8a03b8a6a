"""The ledger of an exchange: one account, one contract; each exchange writes it its own way."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from attrs import define, field

START = 1_700_000_000_000
LEVELS, NONE = 5, Decimal(0)
UNIT = Decimal("1e-8")


def rounded(amount):
    """Amount as it is booked."""
    return amount.quantize(UNIT, ROUND_HALF_EVEN)


class RefusedError(Exception):
    """An order is refused, in a word."""


@define
class Order:
    """An order as it is kept."""

    number: int
    client: str
    contracts: Decimal
    limit: Decimal
    time: int
    filled: Decimal = NONE
    cost: Decimal = NONE
    fee: Decimal = NONE

    @property
    def price(self):
        """Average price."""
        return (self.cost / self.filled).quantize(Decimal("1e-6")) if self.filled else None


@define(kw_only=True)
class Row:
    """Something that happened, and what there was after it."""

    id: int
    kind: str
    time: int
    change: Decimal
    balance: Decimal
    position: Decimal
    contracts: Decimal = NONE
    price: Decimal = NONE
    fee: Decimal = NONE
    profit: Decimal = NONE
    order: Order | None = None


@define
class Ledger:
    """Account, market and history; time passes where somebody says so, 1 ms for each act.

    Attributes:
        inverse: whether a contract is an amount of the quote.
        daily: whether profit is paid at a settlement, and not as it is made.
        prepaid: whether a contract is paid for as it is bought, as an option is.
        size: of a contract.

    """

    price: Decimal
    cash: Decimal
    tick: Decimal
    lot: Decimal
    depth: Decimal
    inverse: bool = False
    daily: bool = False
    prepaid: bool = False
    size: Decimal = Decimal(1)
    rate: Decimal = Decimal("0.0005")
    least: Decimal = NONE
    now: int = START
    held: Decimal = NONE
    entry: Decimal = NONE
    session: Decimal = NONE
    rows: list[Row] = field(factory=list)
    orders: list[Order] = field(factory=list)

    def worth(self, contracts, price):
        """Coins that contracts are on."""
        return contracts * self.size * (1 / price if self.inverse else price)

    def profit(self, contracts, entry, price):
        """Profit of contracts from one price to another."""
        gain = self.worth(contracts, price) - self.worth(contracts, entry)
        return rounded(-gain if self.inverse else gain)

    @property
    def floating(self):
        """Profit that is not made yet."""
        at_stake = self.held and not self.prepaid
        return self.profit(self.held, self.entry, self.price) if at_stake else NONE

    def level(self, side, number):
        """Price of a level of a side."""
        return self.price + side * self.tick * (1 + number)

    def place(self, client, contracts, limit, *, reduce_only=False):
        """Match an order that must not rest, and keep it; RefusedError where it is none."""
        self.now += 1
        if contracts % self.lot or abs(contracts) < self.lot or not contracts:
            raise RefusedError("size")
        if limit % self.tick or limit <= 0:
            raise RefusedError("price")
        if abs(self.worth(contracts, limit)) < self.least:
            raise RefusedError("notional")
        side = 1 if contracts > 0 else -1
        left = abs(contracts)
        if reduce_only:
            if side * self.held >= 0:
                raise RefusedError("reduce")
            left = min(left, abs(self.held))
        if 20 * self.cash < abs(self.worth(abs(self.held) + left, self.price)):
            raise RefusedError("funds")
        order = Order(len(self.orders) + 1, client, contracts, limit, self.now)
        self.orders.append(order)
        for number in range(LEVELS):
            price = self.level(side, number)
            part = min(left, self.depth)
            if part and side * (price - limit) <= 0:
                left -= part
                self.fill(side * part, price, order)
        return order

    def fill(self, contracts, price, order, kind="trade"):
        """Book a fill."""
        fee = rounded(abs(self.worth(contracts, price)) * self.rate)
        closed = min(abs(contracts), abs(self.held)) if contracts * self.held < 0 else NONE
        profit = (
            self.profit(closed if self.held > 0 else -closed, self.entry, price) if closed else NONE
        )
        before, self.held = self.held, self.held + contracts
        if before * self.held <= 0:
            self.entry = price
        elif abs(self.held) > abs(before):
            self.entry = self.mean(before, contracts, price)
        order.filled += abs(contracts)
        order.cost += abs(contracts) * price
        order.fee += fee
        paid = NONE if self.daily else profit
        if self.prepaid:
            paid = -rounded(self.worth(contracts, price))
        self.session += profit if self.daily else NONE
        self.book(
            kind, paid - fee, contracts=contracts, price=price, fee=fee, profit=profit, order=order
        )

    def mean(self, before, contracts, price):
        """Entry of what was held and what was added."""
        if self.inverse:
            return self.held / (before / self.entry + contracts / price)
        return (before * self.entry + contracts * price) / self.held

    def trade(self, contracts):
        """Trade by another client of the account."""
        self.now += 1
        order = Order(len(self.orders) + 1, "", contracts, self.price, self.now)
        self.orders.append(order)
        self.fill(contracts, self.price, order)

    def accrue(self, rate=Decimal("0.0001")):
        """Pay funding, and what the session has made."""
        self.now += 1
        paid = rounded(-self.worth(self.held, self.price) * rate)
        if self.daily:
            paid += self.session + self.floating
            self.session, self.entry = NONE, self.price
        self.book("funding", paid)

    def transfer(self, amount):
        """Pay in, or out what is negative."""
        self.now += 1
        self.book("transfer", amount)

    def book(self, kind, change, **more):
        """Change the cash, and write it down."""
        self.cash += change
        made = Row(id=len(self.rows) + 1, kind=kind, time=self.now, change=change,
                   balance=self.cash, position=self.held, **more)  # fmt: skip
        self.rows.append(made)

    def named(self, client):
        """Orders of a client id."""
        return [each for each in self.orders if each.client == client]
