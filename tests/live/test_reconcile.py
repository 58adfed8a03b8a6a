"""Reconciling: 8 an event counts once, and 12 only what nothing explains is a difference."""

from decimal import Decimal

import pytest
from attrs import define, evolve
from hypothesis import given
from hypothesis import strategies as st

from hedgecore.interfaces.account import (
    Account,
    AccountEvent,
    ContractPosition,
    Debt,
    EventKind,
)
from hedgecore.interfaces.orders import Intent, Receipt
from hedgecore.live.client_ids import client_id, run_tag
from hedgecore.live.cycle import Status, status
from hedgecore.live.orders import Order, OrderState
from hedgecore.live.reconcile import reconcile
from live_world import World

TAG = run_tag("ours")
LOTS = {"ETH": Decimal("0.01")}
ONE = client_id(TAG, 1, 0)
SMALL = st.decimals(-1000, 1000, places=3)


def order(contracts=Decimal(-3), state=OrderState.SENT, filled=Decimal(0)):
    intent = Intent(
        client_id=ONE, symbol="ETH", contracts=contracts, limit_price=Decimal(1), expires=0.0
    )
    return Order(
        venue="v", instrument="P", receipt=Receipt(intent=intent), state=state, notional=1.0,
        time=0.0, filled=filled,
    )  # fmt: skip


def account(cash="1000", held="0", *, owed="0", index="1", events=()):
    position = ContractPosition(contracts=Decimal(held))
    return Account(
        time=0.0, balances={"USDC": Decimal(cash)}, positions={"ETH": position},
        debts={"DAI": Debt(scaled=Decimal(owed), index=Decimal(index))}, events=tuple(events),
        cursor="1",
    )  # fmt: skip


def event(kind=EventKind.FUNDING, name="a", **more):
    return AccountEvent(id=name, kind=kind, time=0.0, **more)


def compared(before, now, *, seen=(), orders=(), booked=()):
    return reconcile(
        before, now, seen=seen, tags=frozenset({TAG}), orders=dict(orders), booked=dict(booked),
        lots=LOTS,
    )  # fmt: skip


@given(st.lists(st.tuples(SMALL, SMALL, SMALL), max_size=6), st.randoms())
def test_12_whatever_events_tell_is_explained_in_any_order_and_8_told_twice_counts_once(moves, rng):
    events = [
        event(EventKind.LIQUIDATION, f"e{n}", symbol="ETH", contracts=held,
              changes={"USDC": cash}, debts={"DAI": owed})
        for n, (cash, held, owed) in enumerate(moves)
    ]  # fmt: skip
    total = [sum((each[k] for each in moves), Decimal(0)) for k in range(3)]
    told = [*events, *events]
    rng.shuffle(told)
    now = account(Decimal(1000) + total[0], total[1], owed=total[2], events=told)
    found = compared(account(), now)
    assert (found.differences, found.foreign) == ((), ())
    assert sorted(found.events) == sorted(each.id for each in events)
    again = compared(evolve(now, events=()), now, seen=found.events)
    assert (again.differences, again.events) == ((), ())


@given(st.sampled_from(["cash", "held", "owed"]), SMALL.filter(lambda x: abs(x) >= Decimal("0.01")))
def test_12_what_no_event_tells_is_a_difference_with_both_numbers(what, amount):
    base = {"cash": Decimal(1000), "held": Decimal(0), "owed": Decimal(0)}
    changed = {**base, what: base[what] + amount}
    now = account(changed["cash"], changed["held"], owed=changed["owed"])
    [text] = compared(account(), now).differences
    assert str(changed[what]) in text
    assert str(base[what]) in text


def test_12_interest_moves_the_index_and_is_no_difference():
    found = compared(account(owed="50", index="1.01"), account(owed="50", index="1.02"))
    assert found.differences == ()


def test_12_a_position_within_less_than_a_lot_is_the_same():
    assert compared(account(held="1"), account(held="1.009")).differences == ()
    assert compared(account(held="1"), account(held="1.01")).differences != ()


@pytest.mark.parametrize("name", [None, "web-1", client_id(run_tag("theirs"), 1, 0)])
def test_10_a_fill_that_is_of_no_order_of_ours_is_foreign(name):
    fill = event(EventKind.FILL, symbol="ETH", contracts=Decimal(1), client_id=name)
    [text] = compared(account(), account(held="1", events=[fill]), orders={ONE: order()}).foreign
    assert "nobody" in text


def test_10_an_open_order_that_is_none_of_ours_is_foreign():
    now = evolve(account(), open_orders=(ONE, "web-1"))
    [text] = compared(account(), now, orders={ONE: order()}).foreign
    assert "'web-1' is open" in text
    done = order(state=OrderState.CANCELLED)
    assert len(compared(account(), now, orders={ONE: done}).foreign) == 2


def test_4_a_fill_beyond_what_was_ordered_or_told_is_foreign():
    fill = event(EventKind.FILL, symbol="ETH", contracts=Decimal(-3), client_id=ONE)
    now = account(held="-3", events=[fill])
    assert compared(account(), now, orders={ONE: order()}).foreign == ()
    assert compared(account(), now, orders={ONE: order(Decimal(-2))}).foreign
    part = order(state=OrderState.CANCELLED, filled=Decimal(-1))
    assert compared(account(), now, orders={ONE: part}).foreign
    assert compared(account(), now, orders={ONE: order()}, booked={ONE: Decimal(-1)}).foreign


def test_what_is_explained_and_should_be_known_is_said():
    events = [event(EventKind.LIQUIDATION, "l", symbol="ETH", contracts=Decimal(2)), event()]
    found = compared(account(), account(held="2", events=events))
    assert found.notable == ("liquidation 'l' of 2 ETH",)


def drift(world, readings, cash="0", owed="0", kind=None):
    """Look so often, each time after a balance and a debt have changed by what no event tells."""
    for _ in range(readings):
        world.passing(12.0)
        world.venue.cash += Decimal(cash)
        world.owed += Decimal(owed)
        if kind is not None:
            world.venue.happen(kind, paid=Decimal("-0.25"))
        world.cycle()


@define
class Owing(World):
    """A world whose venue is owed a little too."""

    owed: Decimal = Decimal(50)

    def ReadAccount(self, effect):  # noqa: N802
        debt = Debt(scaled=self.owed, index=Decimal("1.01"))
        return evolve(World.ReadAccount(self, effect), debts={"USDC": debt})


@pytest.mark.parametrize("what", ["cash", "owed"])
def test_12_what_is_less_than_rounding_each_time_adds_up_and_halts(what):
    world = Owing()
    world.cycle()
    drift(world, 20, **{what: "0.0000004"})
    assert status(world.state) is Status.HALTED
    assert "USDC: " in world.disk.halt
    assert len(world.placed) == 1


def test_12_a_drift_is_known_after_a_restart_too():
    world = Owing()
    world.cycle()
    drift(world, 2, cash="0.0000004")
    world.restart()
    drift(world, 3, cash="0.0000004")
    assert status(world.state) is not Status.WATCHING


def test_12_what_a_venue_rounds_of_each_event_is_allowed_for_and_no_more():
    """Thirty payments, each rounded by less than a millionth, are no difference."""
    world = Owing()
    world.cycle()
    drift(world, 30, cash="0.0000009", kind=EventKind.FUNDING)
    assert status(world.state) is Status.WATCHING
    drift(world, 7, cash="0.0000019", kind=EventKind.FUNDING)
    assert status(world.state) is not Status.WATCHING


def test_12_once_balances_are_exact_again_what_was_rounded_before_allows_for_nothing():
    world = Owing()
    world.cycle()
    drift(world, 30, cash="0.0000009", kind=EventKind.FUNDING)
    drift(world, 1, cash="-0.0000270")
    assert world.state.inexact == {"sim": 0}
    drift(world, 1, cash="0.0000021")
    assert status(world.state) is Status.WAITING
