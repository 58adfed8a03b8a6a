"""A world that breaks as a seed says, and checks what a loop may never do as it does it."""

from decimal import Decimal
from random import Random

from attrs import Factory, define, evolve

from hedgecore.errors import JournalError, LeaseError, ReaderError, RejectedError, VenueError
from hedgecore.interfaces.account import EventKind
from hedgecore.interfaces.orders import Absent
from hedgecore.live.events import AccountReconciled, DifferenceAdopted, OrderIntended, OrderResolved
from hedgecore.live.gates import LONGEST
from live_world import CAPS, World

READS = ("ReadChain", "ReadIdentity", "ReadTerms", "ReadAccount", "ReadTop", "ReadVenueTime")
NAN = Decimal("nan")
LIMITS = {"ETH": (2200.0, 3800.0), "XBT": (45_000.0, 80_000.0)}
"""Symbol → prices between which its market stays, so that the pools are in their ranges."""
MOST, WORST = Decimal(repr(CAPS["max_order_notional"])), Decimal("0.003")


class Kill(BaseException):
    """The end of a process, anywhere."""


class Violation(BaseException):
    """Something that a loop may never do: no loop may catch it."""


def never(what, text):
    """Raise a Violation where something is so that may not be."""
    if what:
        raise Violation(text)


def older(reading, seconds):
    return evolve(reading, time=reading.time - seconds)


ACCOUNT_LIES = {
    "an empty account": lambda a: evolve(a, positions={}),
    "NaN in cash": lambda a: evolve(a, balances=dict.fromkeys(a.balances, NAN)),
    "NaN in margin": lambda a: evolve(a, margin=evolve(a.margin, equity=NAN)),
    "an old account": lambda a: older(a, 100.0),
    "an account of the future": lambda a: older(a, -3600.0),
}
TOP_LIES = {
    "no bid": lambda t: evolve(t, bid=Decimal(0)),
    "NaN as a mark": lambda t: evolve(t, mark=NAN),
    "another index": lambda t: evolve(t, index=t.index * 2),
    "a mark far away": lambda t: evolve(t, mark=t.mark * Decimal("1.1")),
    "an old book": lambda t: older(t, 3600.0),
}
TERMS_LIES = {
    "another lot": lambda t: {s: evolve(e, lot=e.lot * 10) for s, e in t.items()},
    "contracts ten times the size": lambda t: {
        s: evolve(e, contract_size=e.contract_size * 10) for s, e in t.items()
    },
    "no such contract": lambda t: {},  # noqa: ARG005
}
CHAIN_LIES = {"a reorganisation": lambda b: evolve(b, reorganised=True)}
LIES = {"ReadAccount": ACCOUNT_LIES, "ReadTop": TOP_LIES, "ReadTerms": TERMS_LIES,
        "ReadChain": CHAIN_LIES}  # fmt: skip


@define
class FaultyWorld(World):
    """A world that breaks as a seed says; `rate` is how often, and 0 from then on nothing does."""

    rng: Random = Factory(Random)
    rate: float = 0.1
    fault: str | None = None
    absent: set = Factory(set)
    held: dict = Factory(dict)
    marks: dict = Factory(dict)

    def chance(self, part):
        return self.rng.random() < part * self.rate

    def cycle(self):
        """One cycle, whatever its end: the process is begun again where it has ended."""
        self.fault = None
        try:
            return super().cycle()
        except (Kill, LeaseError, JournalError):
            self.state = None
            return None

    def recover(self):
        """Nothing fails any more, a person takes the account as it is, and the loop goes on."""
        self.rate = 0.0
        for _ in range(12):
            self.happen()
            self.cycle()
        self.adopt, self.disk.halt, self.state = True, None, None
        self.passing(LONGEST)
        self.look_again(12)

    def answer(self, effect):
        name = type(effect).__name__
        if self.chance(0.015):
            raise Kill
        if name in READS and self.chance(0.2):
            self.fault = f"{name} fails"
            raise self.rng.choice([VenueError, ReaderError, TypeError])("it does not answer")
        if name in ("AssertLease", "Record") and self.chance(0.02):
            raise {"AssertLease": LeaseError, "Record": JournalError}[name]("gone")
        if name != "Place" and self.chance(0.02):
            self.disk.halt = self.disk.halt or "by hand, in the middle"
        found = super().answer(effect)
        if name in LIES and not self.adopt and self.chance(0.2):
            told, lie = self.rng.choice(list(LIES[name].items()))
            self.fault, found = told if lie(found) != found else self.fault, lie(found)
        if self.chance(0.015):
            raise Kill
        return found

    def ReadAccount(self, effect):  # noqa: N802
        venue = self.venues[effect.venue]
        if not venue.past or self.adopt or not self.chance(0.3):
            return World.ReadAccount(self, effect)
        self.fault = "an account as it was before its last fill"
        now, venue.events = venue.events, venue.events[: venue.past[2]]
        kept = venue.cash, venue.held
        venue.cash, venue.held = venue.past[:2]
        try:
            return World.ReadAccount(self, effect)
        finally:
            (venue.cash, venue.held), venue.events = kept, now

    def ReadTop(self, effect):  # noqa: N802
        self.marks[effect.venue] = self.venues[effect.venue].mark
        return World.ReadTop(self, effect)

    def ConfirmChain(self, effect):  # noqa: ARG002, N802
        if self.chance(0.3):
            raise ReaderError("the block is gone")

    def Place(self, effect):  # noqa: N802
        intent, venue = effect.receipt.intent, self.venues[effect.venue]
        self.may_be_placed(intent, effect.venue)
        self.placed.append(intent)
        if self.chance(0.5):
            raise RejectedError("no")
        if self.chance(0.5):
            raise VenueError("lost on the way there")
        if self.chance(1.0):
            venue.waiting[intent.client_id] = intent
        else:
            part = Decimal("0.5") if self.chance(1.0) else Decimal(1)
            venue.fill(intent, part)
        if self.chance(1.0):
            raise self.rng.choice([VenueError, ConnectionError])("lost on the way back")

    def Resolve(self, effect):  # noqa: N802
        if self.chance(1.0):
            raise VenueError("busy")
        return World.Resolve(self, effect)

    @property
    def flying(self):
        """Orders that may still be filled, of all venues."""
        return {name: i for each in self.venues.values() for name, i in each.waiting.items()}

    def Record(self, effect):  # noqa: N802
        event = effect.event
        if isinstance(event, OrderResolved) and isinstance(event.outcome, Absent):
            never(event.client_id in self.flying, "6: absent, and it may still be filled")
            self.absent.add(event.client_id)
        if isinstance(event, AccountReconciled | DifferenceAdopted):
            self.held[event.venue] = self.venues[event.venue].held
        World.Record(self, effect)

    def may_be_placed(self, intent, name):
        """What a loop may never do, by the number of the invariant in the design."""
        known = [each.order for each in self.disk.of("intent") if isinstance(each, OrderIntended)]
        names = [each.intent.client_id for each in known]
        mark, venue = self.marks[name], self.venues[name]
        cash = venue.worth(intent.contracts) / venue.dollar
        never(self.fault, f"1: an order, and {self.fault}")
        never(self.held[name] != venue.held, "2: an order from a position that is not so")
        never(names[-1] != intent.client_id, "3: an order that is not written down")
        never(known[-1].venue != name, "3: an order that is written down for another venue")
        never(intent.client_id in [i.client_id for i in self.placed], "4: one id, sent twice")
        never(names.count(intent.client_id) != 1, "4: one id for two intents")
        never(self.flying, "5: an order beside another that is not done")
        never(self.disk.halt, "20: an order after a halt")
        never(cash > MOST, "15: an order above its cap")
        never(abs(intent.limit_price / mark - 1) > WORST, "15: a price beyond the bound")
        never(intent.contracts % venue.lot, "no whole lots")

    def happen(self):
        """What happens between two cycles: time, prices, orders in flight, others, people."""
        self.passing(self.rng.choice([1.0, 12.0, 40.0]))
        for venue in self.venues.values():
            self._happen_at(venue)
        if self.chance(0.1):
            self.disk.halt = self.disk.halt or "by hand"
        self.people()

    def _happen_at(self, venue):
        low, high = LIMITS[venue.symbol]
        price = venue.price * (1.0 + 0.004 * self.rng.gauss(0.0, 1.0))
        venue.price = min(max(price, low), high)
        for intent in list(venue.waiting.values()):
            never(intent.client_id in self.absent, "6: filled after it was proven absent")
            if venue.time > intent.expires:
                del venue.waiting[intent.client_id]
            elif self.rng.random() < 0.5:
                venue.fill(intent)
        cash = venue.dollar
        venue.happen(EventKind.FUNDING, paid=Decimal("-0.25") * cash)
        if self.chance(0.1):
            venue.happen(EventKind.LIQUIDATION, contracts=-venue.held, paid=-9 * cash)
        if self.chance(0.1):
            venue.happen(EventKind.FILL, contracts=venue.lot * 100, client_id="web-1")

    def people(self):
        """A person who sees that it is halted lets it go on, sometimes taking what there is."""
        self.adopt = False
        if self.disk.halt is not None and self.rng.random() < 0.3:
            self.adopt, self.disk.halt, self.state = True, None, None
