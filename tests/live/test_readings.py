"""Readings at the border: 1 a number that is none is no reading, and 16 calls keep to a budget."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from itertools import product

import attrs
import pytest

from hedgecore.errors import RejectedError, VenueError
from hedgecore.interfaces.account import Account, ContractTerms, Debt, EventKind, TopOfBook
from hedgecore.live.gates import unreadable
from hedgecore.live.snapshot import BookReading, Snapshot, VenueReading
from hedgecore.live.venues import AskedVenue
from live_venue import SimVenue
from live_world import World

NUMBERS = (Decimal("nan"), Decimal("inf"), Decimal("-inf"), Decimal("sNaN"))
OTHERS = ("<html>", {}, [], (), range(2), float("nan"), float("inf"), b"1", True)


class Given:
    """A venue whose session says what it is given to say."""

    calls_per_minute = 10

    def __init__(self, answer):
        self.answer = answer

    def open(self, *, seconds):  # noqa: ARG002
        return self

    def close(self):
        raise ConnectionError("gone")


def asked(answer, cls, **more):
    clock = {"now": lambda: 0.0, "sleep": lambda seconds: None, **more}  # noqa: ARG005
    venue = AskedVenue(name="sim", venue=Given(answer), calls=10, **clock)
    return venue.ask(lambda session: session.answer, cls)


def sample():
    venue = SimVenue()
    venue.happen(EventKind.LIQUIDATION, contracts=Decimal(-2), paid=Decimal(5))
    debts = {"DAI": Debt(scaled=Decimal(3), index=Decimal("1.1"))}
    account = attrs.evolve(venue.account("0"), debts=debts)
    return {"account": account, "top": venue.top(), "terms": venue.terms()}


CLASSES = {"account": Account, "top": TopOfBook, "terms": Mapping[str, ContractTerms]}


def leaves(value, way=()):
    """Yield the ways to all numbers within a record."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, (*way, key))
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from leaves(each, (*way, index))
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from leaves(getattr(value, field.name), (*way, field.name))
    elif isinstance(value, Decimal | float) and not isinstance(value, Enum):
        yield way


def replaced(value, way, new):
    """Record with another thing at the end of a way."""
    if not way:
        return new
    first, rest = way[0], way[1:]
    if isinstance(value, Mapping):
        return {**value, first: replaced(value[first], rest, new)}
    if isinstance(value, tuple):
        return (*value[:first], replaced(value[first], rest, new), *value[first + 1 :])
    return attrs.evolve(value, **{first: replaced(getattr(value, first), rest, new)})


def is_refused(parts):
    """Whether a reading is refused at the border, or is no basis for anything after it."""
    try:
        read = {name: asked(parts[name], CLASSES[name]) for name in parts}
    except VenueError:
        return True
    reading = VenueReading(
        identity=World().ReadIdentity(None), terms=read["terms"], account=read["account"],
        tops={"ETH": read["top"]},
    )  # fmt: skip
    book = BookReading(tables={})
    return bool(unreadable(Snapshot(began=0.0, time=0.0, book=book, venues={"sim": reading})))


def test_1_whatever_stands_in_the_place_of_a_number_is_no_reading():
    parts = sample()
    assert not is_refused(parts)
    ways = [(name, way) for name, part in parts.items() for way in leaves(part)]
    assert len(ways) == 24
    for (name, way), new in product(ways, [*NUMBERS, *OTHERS]):
        assert is_refused({**parts, name: replaced(parts[name], way, new)}), (name, way, new)


@pytest.mark.parametrize("new", [*NUMBERS, *OTHERS, None], ids=repr)
def test_1_each_number_of_each_reading_is_looked_at(new):
    parts = sample()
    nullable = {"entry_price", "price", "funding_rate", "fee", "maintenance"} if new is None else {}
    for name, part in parts.items():
        for way in leaves(part):
            if way[-1] not in nullable or way[:2] == ("margin", "maintenance"):
                assert is_refused({**parts, name: replaced(part, way, new)}), (name, way)


def test_1_prices_of_nothing_and_turned_books_are_no_readings():
    parts = sample()
    for price in ("0", "-1"):
        for field in ("bid", "mark", "index"):
            changed = attrs.evolve(parts["top"], **{field: Decimal(price)})
            assert is_refused({**parts, "top": changed})
    assert is_refused({**parts, "top": attrs.evolve(parts["top"], ask=Decimal(1))})


@pytest.mark.parametrize("answer", [None, {}, [], "<html>", 7, SimVenue()], ids=repr)
def test_1_what_is_no_account_at_all_is_a_venue_error(answer):
    with pytest.raises(VenueError, match="sim answers what cannot be"):
        asked(answer, Account)


@pytest.mark.parametrize(
    ("error", "cls"),
    [
        (RejectedError("no"), RejectedError),
        (TypeError("no"), VenueError),
        (OSError("x"), VenueError),
    ],
    ids=repr,
)
def test_5_only_a_refusal_that_is_said_to_be_one_is_one(error, cls):
    venue = AskedVenue("sim", Given(None), 10, lambda: 0.0, lambda seconds: None)  # noqa: ARG005

    def failing(session):  # noqa: ARG001
        raise error

    with pytest.raises(VenueError) as raised:
        venue.tell(failing)
    assert type(raised.value) is cls


def test_16_calls_are_spread_over_each_minute_and_none_queues():
    now, calls = [0.0], []

    def sleep(seconds):
        now[0] += seconds

    venue = AskedVenue("sim", Given(Decimal(1)), 10, lambda: now[0], sleep)
    for _ in range(35):
        venue.ask(lambda session: calls.append(now[0]) or session.answer, Decimal)
        now[0] += 0.1
    for start in calls:
        assert len([each for each in calls if start <= each < start + 60.0]) <= 10
    assert now[0] > 180.0
    venue.close()


def test_16_a_slow_cycle_makes_the_next_one_late_and_no_more(monkeypatch):
    from hedgecore.live import loop  # noqa: PLC0415

    began, now = [], [0.0]

    class Clock:
        def monotonic(self):
            return now[0]

        def sleep(self, seconds):
            now[0] += max(seconds, 0.0)

    def slow(plan, state):  # noqa: ARG001
        began.append(now[0])
        now[0] += 100.0 if len(began) == 2 else 1.0
        return state
        yield

    world = World()
    world.restart()
    monkeypatch.setattr(loop, "cycle", slow)
    loop.keep(world.plan, world.state, world, Clock(), is_over=lambda state: len(began) == 5)  # noqa: ARG005
    assert began == [0.0, 12.0, 112.0, 124.0, 136.0]
