"""Reconciling: what an account should hold, from what it held and what happened, and what it does.

The equation is ``expected = before + events``, of each position in contracts, of each balance in
units of its asset, and of each debt in units of its index, so that interest is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import evolve, field, frozen

from hedgecore.interfaces.account import Account, AccountEvent, ContractPosition, EventKind
from hedgecore.live.client_ids import tag_of
from hedgecore.live.orders import Order

UNIT = Decimal("0.000001")
"""Of an asset: so much may the venue's rounding of each event come to, and that of a reading."""
NONE = Decimal(0)
NOTABLE = (EventKind.LIQUIDATION, EventKind.DELEVERAGING, EventKind.EXPIRY, EventKind.TRANSFER)
"""Kinds of events that explain an account, and that a person should know of all the same."""


@frozen(kw_only=True)
class Reconciliation:
    """Result of reading an account.

    Attributes:
        events: ids of those that are new.
        fills: client id → contracts of our own new fills.
        foreign: sentences on orders and fills that are none of ours: somebody else trades here.
        differences: sentences on what no event explains, each with both numbers.
        notable: sentences on what is explained, and should be known.

    """

    events: tuple[str, ...] = ()
    fills: Mapping[str, Decimal] = field(factory=dict)
    foreign: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    notable: tuple[str, ...] = ()


def reconcile(
    before: Account,
    now: Account,
    *,
    seen: Sequence[str],
    tags: frozenset[str],
    orders: Mapping[str, Order],
    booked: Mapping[str, Decimal],
    lots: Mapping[str, Decimal],
    inexact: int = 0,
) -> Reconciliation:
    """Compare an account with what it should be.

    Args:
        before: as it was last explained.
        now: as it is, with its events since.
        seen: ids of events that are counted already: one told twice counts once.
        tags: of the runs whose orders are ours.
        orders: ours that are not done, or not booked: no other may be filled now.
        booked: client id → contracts of their fills that were told before.
        lots: symbol → its lot; a position within less than one is the same.
        inexact: events counted since the balances were equal to what was expected: the venue's
            rounding of each is allowed for, once.

    """
    new = fresh(now.events, seen)
    fills = own_fills(new, orders)
    strange = (_foreign(new, tags, orders), _open(now, orders), _excess(fills, booked, orders))
    return Reconciliation(
        events=tuple(each.id for each in new),
        fills=fills,
        foreign=tuple(text for each in strange for text in each),
        differences=(*_positions(before, now, new, lots), *_balances(before, now, new, inexact)),
        notable=tuple(f"{_description(each)}" for each in new if each.kind in NOTABLE),
    )


def fresh(events: Sequence[AccountEvent], seen: Sequence[str]) -> list[AccountEvent]:
    """Events that are not counted yet, each once, in order."""
    known, found = set(seen), list[AccountEvent]()
    for each in events:
        if each.id not in known:
            known.add(each.id)
            found.append(each)
    return found


def expected_account(before: Account, now: Account, events: Sequence[AccountEvent]) -> Account:
    """Account that is explained, as it was expected, where what was read is a little off.

    So what a venue leaves unsaid adds up, and is a difference once it is a lot, or more than its
    rounding of the events comes to.
    """
    balances, owed = _expected_balances(before, events)
    indices = {**before.debts, **now.debts}
    return evolve(
        now,
        balances={asset: n for asset, n in balances.items() if n or asset in now.balances},
        debts={a: evolve(indices[a], scaled=n) for a, n in owed.items() if n and a in indices},
        positions=_expected_positions(before, now, events),
    )


def is_exact(before: Account, now: Account, events: Sequence[AccountEvent]) -> bool:
    """True if balances and debts are what was expected, to the last digit."""
    return not any(_gaps(before, now, events, NONE))


def _expected_positions(
    before: Account, now: Account, events: Sequence[AccountEvent]
) -> dict[str, ContractPosition]:
    found: dict[str, ContractPosition] = {}
    for symbol, contracts in _expected(before, events).items():
        if contracts:
            there = now.positions.get(symbol, ContractPosition(contracts=contracts))
            found[symbol] = evolve(there, contracts=contracts)
    return found


def own_fills(events: Sequence[AccountEvent], orders: Mapping[str, Order]) -> dict[str, Decimal]:
    """Client id → contracts that events have filled of our orders."""
    filled: dict[str, Decimal] = {}
    for each in events:
        name = each.client_id
        if each.kind is EventKind.FILL and name is not None and name in orders:
            filled[name] = filled.get(name, NONE) + each.contracts
    return filled


def _foreign(
    events: Sequence[AccountEvent], tags: frozenset[str], orders: Mapping[str, Order]
) -> Iterator[str]:
    """Fills that are of no order of ours that may be filled, a clause each."""
    for each in events:
        if each.kind is EventKind.FILL and each.client_id not in orders:
            ours = tag_of(each.client_id) in tags
            whose = "an order of ours that was over" if ours else "nobody that this loop knows of"
            yield f"{_description(each)}: it is of {whose}"


def _open(now: Account, orders: Mapping[str, Order]) -> Iterator[str]:
    """Open orders that are none of ours, or should be over, a clause each."""
    for client_id in now.open_orders:
        if client_id not in orders or orders[client_id].done:
            yield f"the order {client_id!r:.80} is open, and is none that this loop has placed"


def _excess(
    fills: Mapping[str, Decimal], booked: Mapping[str, Decimal], orders: Mapping[str, Order]
) -> Iterator[str]:
    """Orders with more fills by the account than their venue can have made, a clause each."""
    for name, filled in fills.items():
        order, total = orders[name], booked.get(name, NONE) + filled
        most = order.filled if order.done else order.intent.contracts
        if not min(most, NONE) <= total <= max(most, NONE):
            yield f"{name} has filled {total} by the account, and {most} at most by its venue"


def _description(event: AccountEvent) -> str:
    moved = [f"{event.contracts} {event.symbol}"] if event.symbol else []
    moved += [f"{amount} {asset}" for asset, amount in event.changes.items()]
    return f"{event.kind} {event.id!r:.80} of {', '.join(moved) or 'nothing'}"


def _expected(before: Account, events: Sequence[AccountEvent]) -> dict[str, Decimal]:
    """Contracts that should be held, by symbol."""
    expected = {symbol: each.contracts for symbol, each in before.positions.items()}
    for each in events:
        if each.symbol is not None:
            expected[each.symbol] = expected.get(each.symbol, NONE) + each.contracts
    return expected


def _positions(
    before: Account, now: Account, events: Sequence[AccountEvent], lots: Mapping[str, Decimal]
) -> Iterator[str]:
    expected = _expected(before, events)
    there = {symbol: each.contracts for symbol, each in now.positions.items()}
    for symbol in dict.fromkeys([*expected, *there]):
        want, have = expected.get(symbol, NONE), there.get(symbol, NONE)
        if abs(want - have) >= lots.get(symbol, UNIT) and want != have:
            yield f"{symbol}: {want} contracts are expected, and the account has {have}"


def _balances(
    before: Account, now: Account, events: Sequence[AccountEvent], inexact: int
) -> Iterator[str]:
    """Balances and debts that are further from what is expected than rounding comes to."""
    return _gaps(before, now, events, UNIT * (1 + inexact + len(events)))


def _gaps(
    before: Account, now: Account, events: Sequence[AccountEvent], room: Decimal
) -> Iterator[str]:
    expected, owed = _expected_balances(before, events)
    yield from _apart(expected, now.balances, room, "of it are expected, and the account has")
    scaled = {asset: debt.scaled for asset, debt in now.debts.items()}
    yield from _apart(owed, scaled, room, "of its index should be owed, and the account owes")


def _expected_balances(
    before: Account, events: Sequence[AccountEvent]
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Balances that should be there, by asset, and what should be owed, in units of its index."""
    expected, owed = dict(before.balances), {a: d.scaled for a, d in before.debts.items()}
    for each in events:
        for asset, amount in each.changes.items():
            expected[asset] = expected.get(asset, NONE) + amount
        for asset, amount in each.debts.items():
            owed[asset] = owed.get(asset, NONE) + amount
    return expected, owed


def _apart(
    expected: Mapping[str, Decimal], there: Mapping[str, Decimal], room: Decimal, words: str
) -> Iterator[str]:
    for asset in dict.fromkeys([*expected, *there]):
        want, have = expected.get(asset, NONE), there.get(asset, NONE)
        if abs(want - have) > room:
            yield f"{asset}: {want} {words} {have}"
