"""A world for loops, of a chain, a venue and a disk that fail as a seed says; it knows the truth.

`SeededWorld.answer` answers each effect: with what is so, with a fault, or with a kill. Whatever it
answers, what a loop may never do is checked there and then, against the venue's own books.
"""

import json
import os
from decimal import Decimal

from attrs import Factory, define, evolve

import hedgecore as hc
from hedgecore.interfaces.account import Identity
from hedgecore.interfaces.orders import Receipt
from hedgecore.live.changes import restore_state
from hedgecore.live.client_ids import run_tag
from hedgecore.live.cycle import Status, cycle, status
from hedgecore.live.events import KIND_OF, body_of, event_of
from hedgecore.live.loop import drive
from hedgecore.live.opening import plan_of
from hedgecore.live.plain import to_plain
from hedgecore.live.plan import Mode
from hedgecore.live.settings import LiveSettings
from hedgecore.live.snapshot import BookReading
from hedgecore.live.state import LoopState
from live_venue import START, SimVenue

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


def two_tables(price=3000.0, coin=60_000.0, **live):
    """Tables of a book of two pools, hedged at two venues, one of which is margined in its coin."""
    found = tables(price, **live)
    found["prices"]["WBTC"] = coin
    found["position"].append(
        {
            **POOL,
            "name": "coins",
            "assets": ["WBTC", "USDC"],
            "lower": 40_000.0,
            "upper": 90_000.0,
            "liquidity": 50_000.0,
        }
    )
    inverse = {"kind": "inverse-perp", "underlying": "WBTC", "contract_size": 10.0, "lot": 1.0}
    place = {"name": "BTC-INV", "venue": "coin", "symbol": "XBT", "fee": 0.0005}
    found["instrument"].append({**inverse, **place})
    found["venues"]["coin"] = {"kind": "paper"}
    return found


def coin_venue(price=60_000.0):
    """The second venue of `two_tables`."""
    return SimVenue(price=price, cash=Decimal(5), symbol="XBT", coin="WBTC", size=Decimal(10),
                    lot=Decimal(1), inverse=True)  # fmt: skip


def open_delta(world, asset="WETH"):
    """Delta of the pools and of what the venues hold in truth, their coins included."""
    prices = {"WETH": world.venue.price, "USDC": 1.0}
    prices |= {each.coin: each.price for each in world.others.values()}
    exposure = hc.Book.from_tables({**world.book, "prices": prices}).portfolio.exposure(
        hc.Market(prices=prices, numeraire="USD")
    )
    held = {"WETH": float(world.venue.held)}
    for its in world.others.values():
        held[its.coin] = float(its.cash + (its.held * its.size / its.entry if its.entry else 0))
    return exposure.delta[exposure.assets.index(asset)] + held[asset]


@define
class Disk:
    """What survives a kill: the journal, as plain text, and the halt flag."""

    lines: list = Factory(list)
    halt: str | None = None
    _read: list = Factory(list)

    def append(self, event):
        self.lines.append((KIND_OF[type(event)], json.dumps(to_plain(body_of(event)))))

    def events(self):
        """All events, from their text; what was read once is kept."""
        for kind, text in self.lines[len(self._read) :]:
            self._read.append(event_of(kind, json.loads(text)))
        return self._read

    def of(self, kind):
        return [e for e, (its, _) in zip(self.events(), self.lines, strict=True) if its == kind]


@define
class World:
    """A world in which all goes well; subclasses break it."""

    book: dict = Factory(tables)
    venue: SimVenue = Factory(SimVenue)
    others: dict = Factory(dict)
    disk: Disk = Factory(Disk)
    clock: float = START
    placed: list = Factory(list)
    alerts: list = Factory(list)
    asked: list = Factory(list)
    mode: Mode = Mode.TRADE
    adopt: bool = False
    unarmed: str | None = None
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

    @property
    def venues(self):
        """Venues by name."""
        return {"sim": self.venue, **self.others}

    def look_again(self, times):
        """Look so often again, a cycle every twelve seconds."""
        for _ in range(times):
            self.passing(12.0)
            self.cycle()

    def passing(self, seconds, price=None):
        """Let time pass, and the price become another."""
        self.clock += seconds
        for each in self.venues.values():
            each.time += seconds
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

    def ReadTerms(self, effect):  # noqa: N802
        return self.venues[effect.venue].terms()

    def ReadAccount(self, effect):  # noqa: N802
        return self.venues[effect.venue].account(effect.cursor)

    def ReadTop(self, effect):  # noqa: N802
        return self.venues[effect.venue].top()

    def ReadVenueTime(self, effect):  # noqa: N802
        return self.venues[effect.venue].time

    def ReadArming(self, effect):  # noqa: ARG002, N802
        return self.unarmed

    def Prepare(self, effect):  # noqa: N802
        return Receipt(intent=effect.intent, proof={"nonce": "7"})

    def Place(self, effect):  # noqa: N802
        self.placed.append(effect.receipt.intent)
        self.venues[effect.venue].fill(effect.receipt.intent)

    def Resolve(self, effect):  # noqa: N802
        return self.venues[effect.venue].resolve(effect.receipt.intent)

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
