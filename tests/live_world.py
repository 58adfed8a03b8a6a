"""A world for loops, of a chain, a venue and a disk that fail as a seed says; it knows the truth.

`SeededWorld.answer` answers each effect: with what is so, with a fault, or with a kill. Whatever it
answers, what a loop may never do is checked there and then, against the venue's own books.
"""

import json
import os
from decimal import Decimal

from attrs import Factory, define, evolve

import hedgecore as hc
from hedgecore.interfaces.account import (
    Account,
    AccountEvent,
    AccountMargin,
    ContractPosition,
    ContractTerms,
    EventKind,
    Identity,
    TopOfBook,
)
from hedgecore.interfaces.orders import Absent, Filled, Receipt, Unknown
from hedgecore.live.changes import restore_state
from hedgecore.live.client_ids import run_tag
from hedgecore.live.cycle import Status, cycle, status
from hedgecore.live.events import KINDS, body_of, event_of
from hedgecore.live.loop import drive
from hedgecore.live.opening import plan_of
from hedgecore.live.plain import to_plain
from hedgecore.live.plan import Mode
from hedgecore.live.settings import LiveSettings
from hedgecore.live.snapshot import BookReading
from hedgecore.live.state import LoopState

START = 1.8e9
PERP = {"name": "ETH-PERP", "kind": "perp", "underlying": "WETH", "settlement": "USDC", "lot": 0.01,
        "fee": 0.0005, "venue": "sim", "symbol": "ETH"}  # fmt: skip
POOL = {"name": "lp", "kind": "uniswap-v3", "assets": ["WETH", "USDC"], "liquidity": 5000.0,
        "lower": 2000.0, "upper": 4000.0}  # fmt: skip
CAPS = {"max_order_notional": 1e6, "max_hourly_turnover": 1e8, "max_daily_turnover": 1e9}


def night(count, at_night):
    """How many of something: more of it where HEDGECORE_NIGHT is set."""
    return at_night if os.environ.get("HEDGECORE_NIGHT") else count


def tables(price=3000.0, **live):
    """Tables of a book of one pool, hedged by one perpetual at the venue ``sim``."""
    caps = {**CAPS, **live.pop("caps", {})}
    return {
        "numeraire": "USD", "prices": {"WETH": price, "USDC": 1.0}, "position": [dict(POOL)],
        "instrument": [dict(PERP)], "venues": {"sim": {"kind": "paper"}},
        "live": {"policy": {"kind": "band", "half_width": 0.3}, "every_seconds": 12.0,
                 "max_age": 30.0, "caps": caps, **live},
    }  # fmt: skip


def open_delta(world):
    """Delta of the pool and the contracts that the venue holds in truth."""
    market = hc.Market(prices={"WETH": world.venue.price, "USDC": 1.0}, numeraire="USD")
    exposure = hc.Book.from_tables(tables(world.venue.price)).portfolio.exposure(market)
    return exposure.delta[exposure.assets.index("WETH")] + float(world.venue.held)


@define
class SimVenue:
    """A venue: its account, its orders, and its clock; what it does is always the truth."""

    price: float = 3000.0
    time: float = START
    cash: Decimal = Decimal(1_000_000)
    held: Decimal = Decimal(0)
    entry: Decimal | None = None
    events: list = Factory(list)
    orders: dict = Factory(dict)
    waiting: dict = Factory(dict)
    maintenance: Decimal = Decimal("0.01")
    past: tuple = ()

    def happen(self, kind, contracts=Decimal(0), paid=Decimal(0), client_id=None, price=None):
        self.cash += paid
        if contracts:
            self.held += contracts
            self.entry = Decimal(repr(self.price)) if self.held else None
        event = AccountEvent(
            id=f"e{len(self.events)}", kind=kind, time=self.time, contracts=contracts,
            symbol="ETH" if contracts else None, changes={"USDC": paid} if paid else {},
            client_id=client_id, price=price,
        )  # fmt: skip
        self.events.append(event)

    def fill(self, intent, part=Decimal(1)):
        """Execute an order, or part of it, at the mark."""
        lots = (intent.contracts * part / Decimal("0.01")).to_integral_value(rounding="ROUND_DOWN")
        contracts, price = lots * Decimal("0.01"), Decimal(repr(self.price))
        bad = (price - intent.limit_price) * intent.contracts > 0
        if bad or self.time > intent.expires:
            contracts = Decimal(0)
        if contracts:
            self.past = self.cash, self.held, len(self.events)
            paid = -abs(contracts) * price * Decimal("0.0005")
            self.happen(EventKind.FILL, contracts, paid, intent.client_id, price)
        self.orders[intent.client_id] = Filled(contracts=contracts, price=price, fee=Decimal(0))
        self.waiting.pop(intent.client_id, None)

    def resolve(self, intent):
        if intent.client_id in self.orders:
            return self.orders[intent.client_id]
        if self.time > intent.expires and intent.client_id not in self.waiting:
            return Absent("its time is over")
        return Unknown("nothing is known of it yet")

    def account(self, cursor):
        since = len(self.events) if cursor is None else int(cursor)
        mark = Decimal(repr(self.price))
        profit = Decimal(0) if self.entry is None else self.held * (mark - self.entry)
        position = ContractPosition(contracts=self.held, entry_price=self.entry)
        return Account(
            time=self.time, balances={"USDC": self.cash},
            positions={"ETH": position} if self.held else {},
            margin=AccountMargin(asset="USDC", equity=self.cash + profit,
                                 maintenance=abs(self.held) * mark * self.maintenance),
            open_orders=tuple(self.waiting), events=tuple(self.events[since:]),
            cursor=str(len(self.events)),
        )  # fmt: skip

    def top(self):
        mark = Decimal(repr(self.price))
        return TopOfBook(bid=mark - Decimal("0.1"), ask=mark + Decimal("0.1"), mark=mark,
                         index=mark, funding_rate=Decimal("0.0001"), time=self.time)  # fmt: skip

    def terms(self):
        return {"ETH": ContractTerms(
            symbol="ETH", lot=Decimal("0.01"), tick=Decimal("0.01"), min_order=Decimal(0),
            fee=Decimal("0.0005"), settlement="USDC", maintenance=Decimal("0.01"),
        )}  # fmt: skip


@define
class Disk:
    """What survives a kill: the journal, as plain text, and the halt flag."""

    lines: list = Factory(list)
    halt: str | None = None

    def append(self, event):
        self.lines.append((KINDS[type(event)], json.dumps(to_plain(body_of(event)))))

    def events(self):
        return [event_of(kind, json.loads(text)) for kind, text in self.lines]

    def of(self, kind):
        return [event for each, event in zip(self.lines, self.events(), strict=True)
                if each[0] == kind]  # fmt: skip


@define
class World:
    """A world in which all goes well; subclasses break it."""

    book: dict = Factory(tables)
    venue: SimVenue = Factory(SimVenue)
    disk: Disk = Factory(Disk)
    clock: float = START
    placed: list = Factory(list)
    alerts: list = Factory(list)
    asked: list = Factory(list)
    mode: Mode = Mode.TRADE
    adopt: bool = False
    runs: int = 0
    state: LoopState | None = None

    _plan: object = None

    def restart(self):
        """Begin a new run, which knows what the disk has kept."""
        self.runs += 1
        tags = frozenset(run_tag(f"run{n}") for n in range(self.runs + 1))
        start = LoopState(tag=run_tag(f"run{self.runs}"), tags=tags)
        self.state = restore_state(start, self.disk.events())

    @property
    def plan(self):
        if self._plan is None:
            book = hc.Book.from_tables(self.book)
            self._plan = plan_of(book, LiveSettings.from_book(book), mode=self.mode)
        return evolve(self._plan, adopt=self.adopt)

    def cycle(self):
        """One cycle; the state of the loop after it."""
        if self.state is None:
            self.restart()
        self.asked = []
        self.state = drive(cycle(self.plan, self.state), self)
        return self.state

    def passing(self, seconds, price=None):
        """Let time pass, and the price become another."""
        self.clock += seconds
        self.venue.time += seconds
        if price is not None:
            self.venue.price = price

    def answer(self, effect):
        self.asked.append(effect)
        return getattr(self, type(effect).__name__)(effect)

    def AssertLease(self, effect):  # noqa: ARG002, N802
        return None

    def ReadHalt(self, effect):  # noqa: ARG002, N802
        return self.disk.halt

    def RaiseHalt(self, effect):  # noqa: N802
        self.disk.halt = self.disk.halt or effect.reason

    def ReadClock(self, effect):  # noqa: ARG002, N802
        return self.clock

    def ReadChain(self, effect):  # noqa: ARG002, N802
        return BookReading(tables=self.book)

    def ConfirmChain(self, effect):  # noqa: ARG002, N802
        return None

    def ReadIdentity(self, effect):  # noqa: ARG002, N802
        return Identity(account="0x1", network="simnet")

    def ReadTerms(self, effect):  # noqa: ARG002, N802
        return self.venue.terms()

    def ReadAccount(self, effect):  # noqa: N802
        return self.venue.account(effect.cursor)

    def ReadTop(self, effect):  # noqa: ARG002, N802
        return self.venue.top()

    def ReadVenueTime(self, effect):  # noqa: ARG002, N802
        return self.venue.time

    def Prepare(self, effect):  # noqa: N802
        return Receipt(intent=effect.intent, proof={"nonce": "7"})

    def Place(self, effect):  # noqa: N802
        self.placed.append(effect.receipt.intent)
        self.venue.fill(effect.receipt.intent)

    def Resolve(self, effect):  # noqa: N802
        return self.venue.resolve(effect.receipt.intent)

    def Record(self, effect):  # noqa: N802
        self.disk.append(effect.event)

    def KeepState(self, effect):  # noqa: ARG002, N802 - the disk has all of its events
        return None

    def Alert(self, effect):  # noqa: N802
        self.alerts.append((effect.level, effect.text))

    def Beat(self, effect):  # noqa: ARG002, N802
        return None


@define
class Altered(World):
    """A world that answers one effect in another way."""

    ways: dict = Factory(dict)

    def answer(self, effect):
        found = World.answer(self, effect)
        way = self.ways.get(type(effect).__name__)
        return found if way is None else way(found)


def altered(**ways):
    return Altered(ways=ways)


def raising(error):
    def way(found):  # noqa: ARG001
        raise error

    return way


def waits(world, *words):
    """The loop waits, says why, and sends nothing."""
    world.cycle()
    assert world.placed == []
    assert status(world.state) is Status.WAITING
    assert all(word in " ".join(world.state.reasons) for word in words), world.state.reasons
    return True
