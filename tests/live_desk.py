"""A venue with a session, over `live_world.SimVenue`, and a clock that both of them go by."""

from attrs import define, evolve, field, frozen

from books import written
from hedgecore.errors import VenueError
from hedgecore.interfaces.account import Identity
from hedgecore.interfaces.orders import Receipt
from hedgecore.interfaces.venue import AbstractSession, AbstractVenue
from hedgecore.tables.secret import Secret
from live_venue import START, SimVenue

KEY = "canary-0123456789abcdef"


@define
class DeskClock:
    """A clock that moves when it is told to, or when somebody sleeps."""

    venue: SimVenue
    passed: float = 0.0

    def now(self):
        return START + self.passed

    def monotonic(self):
        return self.passed

    def sleep(self, seconds):
        self.passed += max(seconds, 0.0)
        self.venue.time = START + self.passed


@define
class DeskSession(AbstractSession):
    """A session of an account; `fault` is raised by each call whose name is in `failing`."""

    desk: "Desk"

    def _called(self, name):
        if name in self.desk.failing:
            raise self.desk.fault

    def identity(self):
        self._called("identity")
        return self.desk.owner

    def terms(self):
        self._called("terms")
        return self.desk.venue.terms()

    def account(self, cursor=None):
        self._called("account")
        return self.desk.venue.account(cursor)

    def book(self, symbol):  # noqa: ARG002 - there is one
        self._called("book")
        return self.desk.venue.top()

    def time(self):
        self._called("time")
        return self.desk.venue.time

    def prepare(self, intent):
        self._called("prepare")
        return Receipt(intent=intent, proof={"nonce": "7"})

    def place(self, receipt):
        self.desk.placed.append(receipt.intent)
        self._called("place")
        self.desk.venue.fill(receipt.intent)

    def resolve(self, receipt):
        self._called("resolve")
        return self.desk.venue.resolve(receipt.intent)

    def cancel(self, receipt):
        pass

    def close(self):
        self._called("close")


@frozen(eq=False)
class Desk(AbstractVenue):
    """A venue of one account, whose key is a canary."""

    kind = "desk"
    calls_per_minute = 1_000_000

    venue: SimVenue = field(factory=SimVenue)
    owner: Identity = field(
        factory=lambda: Identity(account="0xAb", network="simnet", permissions=("trade",))
    )
    key: Secret = field(factory=lambda: Secret(KEY))
    placed: list = field(factory=list)
    failing: set = field(factory=set)
    fault: Exception = field(factory=lambda: VenueError(f"401 for {KEY}"))

    def open(self, *, seconds=10.0):  # noqa: ARG002 - nothing takes time
        if "open" in self.failing:
            raise self.fault
        return DeskSession(self)


def used(monkeypatch, desk):
    """Let books find this venue by any name, and loops go by its clock."""
    clock = DeskClock(desk.venue)
    for module in ("opening", "run", "rehearsal"):
        for name, instead in (("venue_of", lambda *_: desk), ("LoopClock", lambda: clock)):
            monkeypatch.setattr(f"hedgecore.live.{module}.{name}", instead, raising=False)
    return clock


def withdrawing(desk):
    """The same venue, whose key may withdraw."""
    return evolve(desk, owner=evolve(desk.owner, permissions=("trade", "withdraw")))


PAPER = """
numeraire = "USD"
[prices]
WETH = 3000.0
USDC = 1.0
[[position]]
name = "lp"
kind = "uniswap-v3"
assets = ["WETH", "USDC"]
liquidity = 5000.0
lower = 2500.0
upper = 3500.0
[[instrument]]
name = "ETH-PERP"
kind = "perp"
underlying = "WETH"
settlement = "USDC"
lot = 0.01
fee = 0.0005
[venues.paper]
kind = "paper"
balances = { USDC = 50000.0 }
[live]
policy = { kind = "band", half_width = 0.2 }
[live.caps]
max_order_notional = 50000.0
max_hourly_turnover = 100000.0
max_daily_turnover = 500000.0
"""
"""A range, hedged on paper by one perpetual."""
AT_DESK = PAPER.replace("[venues.paper]", 'venue = "desk"\nsymbol = "ETH"\n[venues.desk]')
DEPOSIT = """
[[flow]]
date = 2026-01-01
asset = "USDC"
amount = 40000.0
price = 1.0
"""


def paper_book(folder, price=3000.0):
    """A book's file of one range, put in once, and hedged on paper at a price."""
    return written(folder, AT_DESK.replace("WETH = 3000.0", f"WETH = {price!r}") + DEPOSIT)
