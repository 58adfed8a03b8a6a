"""Orders: the table of what can happen to one, its id, its lots and its price bound."""

from decimal import Decimal
from itertools import product
from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from hedgecore.errors import RejectedError, VenueError
from hedgecore.interfaces.account import TopOfBook
from hedgecore.interfaces.orders import Absent, Filled, Intent, Receipt, Unknown
from hedgecore.live.client_ids import client_id, run_tag, tag_of
from hedgecore.live.legs import price_bound, whole_lots
from hedgecore.live.loop import drive
from hedgecore.live.orders import TERMINAL, TRANSITIONS, Order, OrderError, OrderState, Sign
from hedgecore.live.resolve import resolve_pending
from hedgecore.live.state import LoopState
from hedgecore.live.trading import send
from live_world import night

LOT = Decimal("0.01")


def order(contracts=Decimal(-3), name="a" * 32):
    intent = Intent(
        client_id=name, symbol="ETH", contracts=contracts, limit_price=Decimal(1), expires=0.0
    )
    return Order(
        venue="v", instrument="P", receipt=Receipt(intent=intent), notional=300.0, time=0.0
    )


@pytest.mark.parametrize(("state", "sign"), [*product(OrderState, Sign)])
def test_5_what_is_done_stays_and_what_is_unknown_is_never_refused(state, sign):
    end = TRANSITIONS.get((state, sign))
    assert (end is None) == (state in TERMINAL or (sign is Sign.TAKEN and state != "intended"))
    if sign is Sign.UNANSWERED and end is not None:
        assert end is OrderState.UNKNOWN
    if state in TERMINAL:
        with pytest.raises(OrderError, match="cannot happen"):
            evolve(order(), state=state).after(sign)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Filled(contracts=Decimal(-3)), OrderState.FILLED),
        (Filled(contracts=Decimal(-1)), OrderState.CANCELLED),
        (Filled(contracts=Decimal(0)), OrderState.CANCELLED),
        (Absent("it is over"), OrderState.ABSENT),
        (Unknown("busy"), OrderState.UNKNOWN),
    ],
)
def test_an_outcome_ends_an_order_or_leaves_it_unknown(outcome, state):
    after = order().resolve(outcome)
    assert after.state is state
    part = float(after.filled) / -3.0 if after.done else 1.0
    assert after.turnover == pytest.approx(300.0 * part)


@pytest.mark.parametrize("filled", [Decimal("-3.01"), Decimal(1)])
def test_more_than_was_ordered_or_the_other_side_is_an_error(filled):
    with pytest.raises(OrderError, match="were filled"):
        order().resolve(Filled(contracts=filled))


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**16 - 1), st.sampled_from(["", "a", "4f2e9c01"]))
def test_4_an_id_is_one_of_each_run_cycle_and_leg(cycle, leg, run):
    name = client_id(run_tag(run), cycle, leg)
    assert len(name) == 32
    assert tag_of(name) == tag_of(f"0x{name}") == run_tag(run)
    assert name != client_id(run_tag(run), cycle + 1, leg)


@given(st.decimals(-1000, 1000, places=6), st.sampled_from(["0.01", "0.3", "1", "25"]))
def test_whole_lots_are_never_more_than_was_decided(contracts, lot):
    found = whole_lots(contracts, Decimal(lot))
    assert found % Decimal(lot) == 0
    assert abs(found) <= abs(contracts) * (1 + Decimal("1e-8"))
    assert abs(contracts - found) < Decimal(lot)


@pytest.mark.parametrize("count", range(1, 60))
def test_a_whole_number_of_lots_stays_though_its_double_is_beside_it(count):
    assert whole_lots(Decimal(repr(count * 0.1 + 1e-13)), Decimal("0.1")) == Decimal(count) / 10


@given(
    st.decimals("0.01", 1_000_000, places=4),
    st.sampled_from(["0", "0.0001", "0.05", "0.5", "10"]),
    st.floats(0.0, 0.05),
    st.booleans(),
)
def test_15_a_price_bound_on_the_tick_is_never_beyond_the_slippage(mark, tick, slippage, buys):
    top = TopOfBook(bid=mark, ask=mark, mark=mark, index=mark, time=0.0)
    found = price_bound(Decimal(1 if buys else -1), top, Decimal(tick), slippage)
    assert not Decimal(tick) or found % Decimal(tick) == 0
    part = Decimal(repr(slippage))
    assert found <= mark * (1 + part) if buys else found >= mark * (1 - part)


class Submits:
    """A venue that fills, loses and answers as a seed says, and counts what it has filled."""

    def __init__(self, seed):
        self.rng, self.filled, self.sent, self.now = Random(seed), {}, {}, 0.0  # noqa: S311

    def answer(self, effect):
        name = type(effect).__name__
        known = {"Place", "Resolve", "ReadClock"}
        return getattr(self, name)(effect) if name in known else None

    def ReadClock(self, effect):  # noqa: ARG002, N802
        return self.now

    def Place(self, effect):  # noqa: N802
        intent = effect.receipt.intent
        name, how = intent.client_id, self.rng.random()
        self.sent[name] = self.sent.get(name, 0) + 1
        if how < 0.1:
            raise RejectedError("no")
        if how > 0.4:
            self.filled[name] = self.filled.get(name, Decimal(0)) + intent.contracts
        if how < 0.7:
            raise VenueError("no answer")

    def Resolve(self, effect):  # noqa: N802
        name = effect.receipt.intent.client_id
        if self.rng.random() < 0.5:
            raise VenueError("busy")
        if name in self.filled:
            return Filled(contracts=self.filled[name])
        return Absent("its time is over") if self.rng.random() < 0.5 else Unknown("busy")


def test_4_a_thousand_faulted_submits_give_no_duplicate_and_none_is_left_unknown():
    venue = Submits(7)
    for n in range(night(1_000, 10_000)):
        name = client_id(run_tag("r"), n, 0)
        state = LoopState(tag=run_tag("r"), tags=frozenset())
        state = drive(send(state, order(name=name), 30.0), venue)
        while state.pending:
            state = drive(resolve_pending(state), venue)
        known = state.orders[name].filled if name in state.orders else Decimal(0)
        assert known == venue.filled.get(name, Decimal(0))
    assert set(venue.sent.values()) == {1}
    assert set(venue.filled.values()) == {Decimal(-3)}


def test_11_an_order_whose_snapshot_is_old_by_the_time_it_could_be_sent_never_is():
    venue = Submits(7)
    venue.now = 31.0
    state = drive(send(LoopState(tag="r", tags=frozenset()), order(), 30.0), venue)
    assert venue.sent == {}
    assert not state.pending
