"""The accounts of a cycle: each is explained by what has happened, or it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from attrs import evolve

from hedgecore.interfaces.account import Account, ContractTerms
from hedgecore.live.alerting import WARNING, alerts
from hedgecore.live.changes import record
from hedgecore.live.effects import Effects
from hedgecore.live.events import AccountReconciled, DifferenceAdopted
from hedgecore.live.gates import infinities
from hedgecore.live.plan import LivePlan
from hedgecore.live.reconcile import Reconciliation, reconcile
from hedgecore.live.state import LoopState, UnexplainedError


def reconcile_account(
    plan: LivePlan, state: LoopState, venue: str, terms: Mapping[str, ContractTerms]
) -> Effects[tuple[LoopState, tuple[str, ...]]]:
    """Explain an account as it was last read; a person may take its first reading as it is.

    Returns:
        The state, in which the account is explained where there are no differences; and those.

    Raises:
        UnexplainedError: orders or fills are none of ours, and no person has taken them.

    """
    found = compare(state, venue, terms)
    strange = (*found.foreign, *found.differences)
    if plan.adopt and venue not in state.met:
        late = (f"{o.intent.client_id} is not booked" for o in state.unbooked if o.venue == venue)
        event = DifferenceAdopted(
            venue=venue, differences=(*strange, *late), events=found.events, fills=found.fills
        )
        return (yield from record(state, event)), ()
    if found.foreign:
        raise UnexplainedError(f"{venue}: {'; '.join(found.foreign)}")
    if found.differences:
        return state, found.differences
    explained = AccountReconciled(venue=venue, events=found.events, fills=found.fills)
    state = yield from record(state, explained)
    topic = f"events at {venue}: {found.events}"
    return (yield from alerts(state, WARNING, topic, found.notable)), ()


def compare(state: LoopState, venue: str, terms: Mapping[str, ContractTerms]) -> Reconciliation:
    """Reconciliation of an account as it was last read; the first reading explains itself."""
    now = state.read[venue]
    return reconcile(
        state.accounts.get(venue, _plain(now)), now,
        seen=state.seen.get(venue, ()), tags=state.tags, orders=state.orders, booked=state.booked,
        lots={symbol: each.lot for symbol, each in terms.items()},
        inexact=state.inexact.get(venue, 0),
    )  # fmt: skip


def contradictions(one: Account, other: Account, max_age: float) -> Iterator[str]:
    """Clauses on what two readings of one look have of an account that cannot both be so.

    The other one is looked at like any reading; of the first, what would have spoilt it.
    """
    for place, number in infinities(one):
        yield f"{place} was {number}"
    if not 0.0 <= other.time - one.time <= max_age:
        yield f"as of {one.time:.1f}, and then as of {other.time:.1f}"
    for symbol in dict.fromkeys([*one.positions, *other.positions]):
        held, also = (each.positions.get(symbol) for each in (one, other))
        pair = [Decimal(0) if each is None else each.contracts for each in (held, also)]
        if pair[0] != pair[1]:
            yield f"{pair[0]} of {symbol}, and {pair[1]}"


def _plain(account: Account) -> Account:
    return evolve(account, events=())
