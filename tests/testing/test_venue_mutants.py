"""The laws of venues hold for a venue at a faked exchange, and catch its mutants."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve, frozen

import hedgecore as hc
from hedgecore.testing import (
    CannotBeTold,
    FakeBench,
    FakeSession,
    FakeVenue,
    LawBroken,
    VenueCase,
    check_venue,
    checks_of,
    parametrize_with_checks,
    venue_checks,
)
from hedgecore.testing.fake_exchange import FakeExchange
from hedgecore.testing.laws import VALUES
from mutants import mutant_into

CASE = VenueCase(FakeBench.opened)
MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)


@parametrize_with_checks([FakeVenue(exchange="bench")], at=CASE)
def test_a_venue_at_the_faked_exchange_breaks_no_law(model, check):
    check(model)


def test_without_a_world_nothing_can_be_told():
    check_venue(FakeVenue(exchange="bench"), None)
    for check in checks_of(FakeVenue(exchange="bench")):
        if check not in VALUES:
            with pytest.raises(CannotBeTold, match="VenueCase"):
                check(FakeVenue(exchange="bench"), None)


class Mutant(FakeVenue):
    """A venue whose session has one thing wrong."""

    example = {"exchange": "bench"}
    session: type[FakeSession]

    def open(self, *, seconds=10.0):
        right = super().open(seconds=seconds)
        return self.session(right._exchange, right._key)


def wrong(law):
    """Make a venue of a session that breaks a law."""

    def into(session):
        made = type(f"Of{session.__name__}", (Mutant,), {"session": session, "__doc__": "Wrong."})
        mutant(law)(frozen(kw_only=True)(made))
        return session

    return into


@wrong("unreadable_is_an_error")
class FlatWhereUnreadable(FakeSession):
    def account(self, cursor=None):
        try:
            return super().account(cursor)
        except hc.VenueError:
            return hc.Account(time=0.0, balances={}, positions={}, cursor=cursor or "0")


@wrong("unreadable_is_an_error")
class RaisesWhatItMet(FakeSession):
    def time(self):
        _, text = self._exchange.exchange(json.dumps({"method": "time"}), "")
        return json.loads(text)["time"]


@wrong("unreadable_is_an_error")
class NoMarkIsTheMiddle(FakeSession):
    def book(self, symbol):
        try:
            return super().book(symbol)
        except hc.VenueError:
            ten = Decimal(10)
            return hc.TopOfBook(bid=ten, ask=ten, mark=ten, index=ten, time=0.0)


@wrong("ambiguous_is_not_rejected")
class TimeoutIsFailure(FakeSession):
    def place(self, receipt):
        try:
            super().place(receipt)
        except hc.VenueError as error:
            raise hc.RejectedError(str(error)) from error


@wrong("absent_is_proven")
class NotFoundIsAbsent(FakeSession):
    def resolve(self, receipt):
        found = super().resolve(receipt)
        return hc.Absent("not found") if isinstance(found, hc.Unknown) else found


@wrong("absent_is_proven")
class UnreadableIsAbsent(FakeSession):
    def resolve(self, receipt):
        try:
            return super().resolve(receipt)
        except hc.VenueError:
            return hc.Absent("no answer")


@wrong("placed_twice_trades_once")
class AnIdForEachSending(FakeSession):
    def place(self, receipt):
        count = self._exchange.requests
        its = evolve(receipt.intent, client_id=f"{receipt.intent.client_id}-{count}")
        super().place(evolve(receipt, intent=its))


@wrong("prepared_is_not_sent")
class SendsAsItPrepares(FakeSession):
    def prepare(self, intent):
        receipt = super().prepare(intent)
        self.place(receipt)
        return receipt


@wrong("sent_as_asked")
class LosesALotToFloats(FakeSession):
    def place(self, receipt):
        lots = int(float(receipt.intent.contracts) / 0.001 * (1 - 1e-12))
        its = evolve(receipt.intent, contracts=lots * Decimal("0.001"))
        super().place(evolve(receipt, intent=its))


@wrong("no_lot_no_order")
class MakesTheLeastOfDust(FakeSession):
    def prepare(self, intent):
        least = Decimal("0.002")
        small = intent.contracts.is_finite() and abs(intent.contracts) < least
        return super().prepare(evolve(intent, contracts=least) if small else intent)


@wrong("limit_honoured")
class SendsNoLimit(FakeSession):
    def place(self, receipt):
        anything = Decimal(10**9 if receipt.intent.contracts > 0 else 0)
        super().place(evolve(receipt, intent=evolve(receipt.intent, limit_price=anything)))


@wrong("reduce_only_honoured")
class SendsWhatTurnsToo(FakeSession):
    def place(self, receipt):
        super().place(evolve(receipt, intent=evolve(receipt.intent, reduce_only=False)))


@wrong("expiry_honoured")
class SendsNoExpiry(FakeSession):
    def place(self, receipt):
        super().place(evolve(receipt, intent=evolve(receipt.intent, expires=1e12)))


@wrong("fills_are_the_accounts")
class AnswersWhatWasAsked(FakeSession):
    def resolve(self, receipt):
        found = super().resolve(receipt)
        return evolve(found, contracts=receipt.intent.contracts) if found.contracts else found


@wrong("account_explained")
class TellsNoFunding(FakeSession):
    def account(self, cursor=None):
        found = super().account(cursor)
        told = (e for e in found.events if e.kind is not hc.EventKind.FUNDING)
        return evolve(found, events=tuple(told))


@wrong("account_explained")
class TellsProfitWithoutFees(FakeSession):
    def account(self, cursor=None):
        found = super().account(cursor)
        fee = Decimal("0.01")
        told = (evolve(e, changes={n: x + fee for n, x in e.changes.items()}) for e in found.events)
        return evolve(found, events=tuple(told))


@wrong("events_told_again_are_the_same")
class NamesEventsByTheirPlace(FakeSession):
    def account(self, cursor=None):
        found = super().account(cursor)
        told = (evolve(e, id=f"{cursor}-{n}") for n, e in enumerate(found.events))
        return evolve(found, events=tuple(told), cursor=str(max(int(found.cursor) - 1, 0)))


@wrong("foreign_trades_are_seen")
class TakesAllForOurs(FakeSession):
    def account(self, cursor=None):
        found = super().account(cursor)
        ours = [e.client_id for e in found.events if e.client_id]
        told = (evolve(e, client_id=ours[0] if ours else None) for e in found.events)
        return evolve(found, events=tuple(told))


@wrong("prices_and_terms_hold")
class SidesSwapped(FakeSession):
    def book(self, symbol):
        top = super().book(symbol)
        return evolve(top, bid=top.ask, ask=top.bid)


@wrong("calls_within_budget")
class Polls(FakeSession):
    def time(self):
        return [super(Polls, self).time() for _ in range(200)][-1]


@wrong("no_key_is_shown")
class KeepsItsKeyAsText(FakeSession):
    def __init__(self, exchange, key):
        super().__init__(exchange, key)
        self.header = {"X-Key": key.reveal()}


@wrong("no_key_is_shown")
class ShowsWhatTheExchangeSays(FakeSession):
    def time(self):
        try:
            _, text = self._exchange.exchange(json.dumps({"method": "time"}), self._key.reveal())
            return json.loads(text)["time"]
        except (TimeoutError, ValueError, LookupError, TypeError) as error:
            raise hc.VenueError(f"no time in {text if 'text' in locals() else error}") from None


@wrong("closing_is_harmless")
class ClosesOnce(FakeSession):
    closed = False

    def close(self):
        if self.closed:
            raise hc.VenueError("it is closed")
        self.closed = True


LAWS = {check.__name__: check for check in venue_checks() if check not in VALUES}


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    with pytest.raises(LawBroken) as caught:
        LAWS[law](cls(**cls.example), CASE)
    assert caught.value.law == law
    assert not isinstance(caught.value, CannotBeTold)


def test_each_law_of_venues_has_a_mutant():
    assert {each.values[1] for each in MUTANTS} == {*LAWS}


def test_a_venue_whose_exchange_does_not_run_or_whose_key_is_missing_says_so(monkeypatch):
    with pytest.raises(hc.VenueError, match="no exchange is called 'nowhere'"):
        FakeVenue(exchange="nowhere").open()
    FakeExchange("here")
    monkeypatch.delenv("HEDGECORE_FAKE_KEY", raising=False)
    with pytest.raises(hc.VenueError, match="set HEDGECORE_FAKE_KEY"):
        FakeVenue(exchange="here").open()
