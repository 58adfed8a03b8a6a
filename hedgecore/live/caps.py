"""Caps: what a loop may order at most, whatever was decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import field, frozen

from hedgecore.books.book import Book
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.live.answer import Answer, is_lower, row_norms
from hedgecore.live.legs import Leg, trade_of
from hedgecore.live.margins import admissible
from hedgecore.live.settings import Caps
from hedgecore.live.snapshot import Snapshot
from hedgecore.live.state import DAY, LoopState

HOUR = 3600.0


@frozen(kw_only=True)
class Capped:
    """Orders that may be placed, and why others may not.

    Attributes:
        legs: in order.
        reasons: why there is less of them than was decided.

    """

    legs: tuple[Leg, ...]
    reasons: tuple[str, ...] = field(default=())


def cap_orders(
    found: Sequence[Leg],
    caps: Caps,
    *,
    made: Answer,
    book: Book,
    snapshot: Snapshot,
    state: LoopState,
) -> Capped:
    """Orders of a decision, within all caps: of one order, of positions, of turnover, of margin."""
    sized = [_within_caps(leg, caps) for leg in found]
    spent, reasons = _within_turnover([each for each in sized if not each.is_dust], caps, state)
    allowed = list[Leg]()
    for name in dict.fromkeys(leg.venue for leg in spent):
        own = [leg for leg in spent if leg.venue == name]
        kept, why = admissible(own, snapshot.venues[name], caps, book)
        allowed += kept
        reasons += why
    ordered = tuple(leg for leg in spent if leg in allowed)
    doubts = () if made.minimises_variance else _row_doubts(ordered, caps, made.given.problem)
    return Capped(legs=() if doubts else ordered, reasons=(*reasons, *doubts))


def cap_reductions(found: Sequence[Leg], caps: Caps, state: LoopState) -> Capped:
    """Reductions that margin asks for: of any size, and within the turnover."""
    spent, reasons = _within_turnover(found, caps, state)
    return Capped(legs=tuple(spent), reasons=tuple(reasons))


def _within_caps(leg: Leg, caps: Caps) -> Leg:
    """Leg within the most of one order and the most of its position."""
    sized = leg.within(caps.max_order_notional)
    if sized.reduces or leg.instrument not in caps.max_position:
        return sized
    most = Decimal(repr(caps.max_position[leg.instrument]))
    return sized.at_most(most - leg.held if leg.contracts > 0 else most + leg.held)


def _within_turnover(
    found: Iterable[Leg], caps: Caps, state: LoopState
) -> tuple[list[Leg], list[str]]:
    """Legs within what may still be traded in this hour and this day."""
    now = state.last or 0.0
    left = {
        "an hour": caps.max_hourly_turnover - state.turnover_since(now - HOUR),
        "a day": caps.max_daily_turnover - state.turnover_since(now - DAY),
    }
    kept, reasons = list[Leg](), list[str]()
    for leg in found:
        window, cash = min(left.items(), key=lambda each: each[1])
        part = leg.within(max(cash, 0.0))
        if part.contracts != leg.contracts:
            reasons.append(
                f"{leg.instrument}: the turnover of {window} leaves {max(cash, 0.0):.6g}"
            )
        if not part.is_dust:
            kept.append(part)
            left = {name: rest - part.notional for name, rest in left.items()}
    return kept, reasons


def _row_doubts(found: Sequence[Leg], caps: Caps, problem: HedgeProblem) -> tuple[str, ...]:
    """Doubts of orders, as they are capped: all of them together, or the first few.

    All of them lower what is open, and no first few of them raise it by more than the cap.
    """
    if not found:
        return ()
    before = row_norms(problem, trade_of((), problem))
    ends = [row_norms(problem, trade_of(found[: n + 1], problem)) for n in range(len(found))]
    for place, norms in enumerate(ends[:-1]):
        if norms[0] > before[0] + caps.excess:
            name = found[place].instrument
            return (f"after {name} alone, {norms[0]:.6g} would be open, and {before[0]:.6g} is",)
    if is_lower(ends[-1], before):
        return ()
    return (f"what may be ordered would leave {ends[-1][0]:.6g} open, and {before[0]:.6g} is",)
