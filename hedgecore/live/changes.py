"""Changes of what a loop knows: by one event after another, each written down before it counts.

`after` is the one way, in the loop and when a journal is read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import reduce
from typing import Any

from attrs import evolve

from hedgecore.interfaces.account import Account
from hedgecore.live import events
from hedgecore.live.effects import Effects, Record
from hedgecore.live.memory import memory_after_decision, memory_after_fill
from hedgecore.live.orders import Sign
from hedgecore.live.reconcile import expected_account, fresh, is_exact
from hedgecore.live.snapshot import Snapshot
from hedgecore.live.state import DAY, LoopState

SEEN = 10_000
"""So many ids of events are remembered, of each venue."""


NUMBER = re.compile(r"[0-9a-fA-F]{8,}|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
"""Number, hash or id: sentences that differ in these alone say the same of other numbers."""


def after(state: LoopState, event: Any) -> LoopState:
    """State once something has happened."""
    return CHANGES[type(event)](state, event)


def record(state: LoopState, event: Any) -> Effects[LoopState]:
    """State once something has happened, and is written down: durable before it counts."""
    yield Record(state.cycle, event)
    return after(state, event)


def follow(
    state: LoopState, effects: Effects[LoopState]
) -> Effects[tuple[LoopState, Exception | None]]:
    """State that effects come to, with no error; or what was recorded until one, and that.

    An order that is written down, and perhaps sent, is known whatever fails after it.
    """
    try:
        effect = next(effects)
        while True:
            try:
                answer = yield effect
            except Exception as error:  # noqa: BLE001 - raised where the effect was asked for
                effect = effects.throw(error)
            else:
                state = after(state, effect.event) if isinstance(effect, Record) else state
                effect = effects.send(answer)
    except StopIteration as end:
        return end.value, None
    except Exception as error:  # noqa: BLE001 - whoever keeps the state says what it takes of it
        return state, error


def restore_state(start: LoopState, past: Iterable[Any]) -> LoopState:
    """State of a run that begins once all of the past has happened."""
    return evolve(reduce(after, past, start), met=frozenset(), flattened=None)


def _snapshot(state: LoopState, event: Any) -> LoopState:
    recent = tuple(each for each in state.turnover if each[0] > event.time - DAY)
    told = {topic: time for topic, time in state.told.items() if time > event.time - DAY}
    read = {name: venue.account for name, venue in event.venues.items()}
    whose = {name: venue.identity for name, venue in event.venues.items()}
    kept = {
        n: each for n, each in state.accounts.items() if n not in whose or state.same(n, whose[n])
    }
    book, stamp = event.book, state.stamp
    if book.reorganised or not stamp or stamp["block"] <= book.stamp.get("block", 0):
        stamp = book.stamp
    return evolve(
        state,
        identities={**state.identities, **whose},
        accounts=kept,
        last=event.time,
        read=read,
        stamp=stamp,
        sizes=_sizes_at_first(book.sizes) if state.last is None else state.sizes,
        notes=book.notes,
        turnover=recent,
        told=told,
        flattened=None,
    )


def _sizes_at_first(sizes: Mapping[str, int | None]) -> Mapping[str, int | None]:
    """Sizes of the positions that a book has as it is first read."""
    return {name: size for name, size in sizes.items() if size is not None}


def _decision(state: LoopState, event: Any) -> LoopState:
    memory = memory_after_decision(event)
    return evolve(state, decision=event, memory=memory, step=event.step + 1)


def _intent(state: LoopState, event: Any) -> LoopState:
    order = event.order
    return evolve(state, orders={**state.orders, order.intent.client_id: order})


def _sent(state: LoopState, event: Any) -> LoopState:
    order = state.orders[event.client_id]
    sign = Sign.TAKEN if event.error is None else Sign.UNANSWERED
    return evolve(state, orders={**state.orders, event.client_id: order.after(sign)})


def _outcome(state: LoopState, event: Any) -> LoopState:
    order = state.orders[event.client_id].resolve(event.outcome)
    known = evolve(state, orders={**state.orders, event.client_id: order})
    if not order.done:
        return known
    spent = (*state.turnover, (order.time, order.turnover))
    memory = memory_after_fill(state.memory, state.decision, order)
    failures = 0 if order.filled else state.failures + 1
    return _drop_settled(
        evolve(known, memory=memory, turnover=spent, failures=failures, failed=order.time)
    )


def _account(state: LoopState, event: Any) -> LoopState:
    return evolve(state, read={**state.read, event.venue: event.account})


def _reconcile(state: LoopState, event: Any) -> LoopState:
    now, before = state.read[event.venue], state.accounts.get(event.venue)
    if before is None:
        return _explain(state, event, now)
    new = fresh(now.events, state.seen.get(event.venue, ()))
    exact = is_exact(before, now, new)
    inexact = 0 if exact else state.inexact.get(event.venue, 0) + len(new)
    return _explain(state, event, expected_account(before, now, new), inexact)


def _adopt(state: LoopState, event: Any) -> LoopState:
    kept = {n: o for n, o in state.orders.items() if o.venue != event.venue or not o.done}
    return _explain(evolve(state, orders=kept), event, state.read[event.venue])


def _explain(state: LoopState, event: Any, account: Account, inexact: int = 0) -> LoopState:
    """State in which an account is explained; its events and fills are counted."""
    booked, venue = dict(state.booked), event.venue
    for client_id, contracts in event.fills.items():
        booked[client_id] = booked.get(client_id, Decimal(0)) + contracts
    found = evolve(
        state,
        booked=booked,
        inexact={**state.inexact, venue: inexact},
        seen={**state.seen, venue: (*state.seen.get(venue, ()), *event.events)[-SEEN:]},
        accounts={**state.accounts, venue: evolve(account, events=())},
        differences={name: each for name, each in state.differences.items() if name != venue},
        met=state.met | {venue},
    )
    return _drop_settled(found)


def _drop_settled(state: LoopState) -> LoopState:
    """State without the orders that are done and whose fills their accounts have told."""
    over = {
        name for name, each in state.orders.items()
        if each.done and state.booked.get(name, Decimal(0)) == each.filled
    }  # fmt: skip
    return evolve(
        state,
        orders={name: each for name, each in state.orders.items() if name not in over},
        booked={name: each for name, each in state.booked.items() if name not in over},
    )


def _position(state: LoopState, event: Any) -> LoopState:
    return evolve(state, sizes={**state.sizes, event.position: event.after})


def _wait(state: LoopState, event: Any) -> LoopState:
    counted = {name: _repeats(state, name, each) for name, each in event.differences.items()}
    return evolve(
        state, waiting=not event.over, reasons=event.reasons, clean=event.clean, differences=counted
    )


def _repeats(
    state: LoopState, venue: str, differences: tuple[str, ...]
) -> tuple[tuple[str, ...], int]:
    """Differences of an account, and in how many readings the same things were different."""
    before, count = state.differences.get(venue, ((), 0))
    same = [NUMBER.sub("0", each) for each in before] == [NUMBER.sub("0", e) for e in differences]
    return differences, count + 1 if same else 1


def _alert(state: LoopState, event: Any) -> LoopState:
    return evolve(state, told={**state.told, event.topic: state.last or 0.0})


def _beat(state: LoopState, event: Any) -> LoopState:  # noqa: ARG001 - as all changes
    return state


CHANGES: Mapping[type, Callable[[LoopState, Any], LoopState]] = {
    Snapshot: _snapshot,
    events.DecisionMade: _decision,
    events.OrderIntended: _intent,
    events.OrderSent: _sent,
    events.OrderResolved: _outcome,
    events.AccountRead: _account,
    events.AccountReconciled: _reconcile,
    events.DifferenceAdopted: _adopt,
    events.PositionChanged: _position,
    events.HedgeFlattened: lambda state, event: evolve(state, flattened=event),
    events.LoopWaiting: _wait,
    events.LoopHalted: lambda state, event: evolve(state, halted=event.reason),
    events.LoopResumed: lambda state, event: evolve(state, halted=None, differences={}),  # noqa: ARG005
    events.AlertRaised: _alert,
    events.LoopBeat: _beat,
}
"""Event → what it changes."""
