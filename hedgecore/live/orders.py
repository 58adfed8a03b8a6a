"""The life of an order, as a table: what can happen where it stands, and where it stands then.

Nothing rests, so an order is intended, sent, and then done. What is sent and not answered is
unknown, and stays so until the venue proves one thing or the other; nothing is assumed of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from attrs import evolve, frozen

from hedgecore.errors import HedgecoreError
from hedgecore.interfaces.orders import Absent, Filled, Intent, Outcome, Receipt, Unknown

POLICY, MARGIN, FLATTEN = "policy", "margin", "flatten"
"""Reason of an order: the policy wants it, margin runs out, or a person wants out."""


class OrderState(StrEnum):
    """State of an order."""

    INTENDED = "intended"
    """Written down; perhaps not a byte of it is sent."""
    SENT = "sent"
    """The venue has taken it."""
    UNKNOWN = "unknown"
    """Perhaps open, perhaps done, perhaps never arrived."""
    FILLED = "filled"
    """Executed in full."""
    CANCELLED = "cancelled"
    """Over; executed in part or not at all."""
    ABSENT = "absent"
    """Not executed, and never will be: the venue proves it."""


class Sign(StrEnum):
    """Signs of what can happen to an order."""

    TAKEN = "taken"
    UNANSWERED = "unanswered"
    FULL = "full"
    PART = "part"
    NONE = "none"


TERMINAL = frozenset({OrderState.FILLED, OrderState.CANCELLED, OrderState.ABSENT})
OPEN = (OrderState.INTENDED, OrderState.SENT, OrderState.UNKNOWN)
ENDS = {
    Sign.FULL: OrderState.FILLED,
    Sign.PART: OrderState.CANCELLED,
    Sign.NONE: OrderState.ABSENT,
}
TRANSITIONS: Mapping[tuple[OrderState, Sign], OrderState] = {
    (OrderState.INTENDED, Sign.TAKEN): OrderState.SENT,
    **{(state, Sign.UNANSWERED): OrderState.UNKNOWN for state in OPEN},
    **{(state, sign): end for state in OPEN for sign, end in ENDS.items()},
}
"""All that can happen. What is done stays as it is; what is unknown is never taken for refused."""


class OrderError(HedgecoreError, ValueError):
    """Event that cannot happen to an order where it stands."""


@frozen(kw_only=True)
class Order:
    """An order of a decision, and where it stands.

    Attributes:
        venue: where it was meant for.
        instrument: that it trades.
        receipt: by which the venue finds it.
        state: where it stands.
        cause: whose it is: the policy's, or that of margin, or of a person who wants out.
        completes: whether all of a decision of the policy is traded once all of it is filled.
        notional: of all of it, cash.
        time: of the snapshot that it was decided on, seconds since 1970.
        filled: contracts bought; 0 as long as it is not done.

    """

    venue: str
    instrument: str
    receipt: Receipt
    state: OrderState = OrderState.INTENDED
    cause: str = POLICY
    completes: bool = False
    notional: float
    time: float
    filled: Decimal = Decimal(0)

    @property
    def intent(self) -> Intent:
        """Intent of the order: what it means to do."""
        return self.receipt.intent

    @property
    def done(self) -> bool:
        """True if the state is final: no fill can follow."""
        return self.state in TERMINAL

    @property
    def full(self) -> bool:
        """True if all of the order was executed."""
        return self.state is OrderState.FILLED

    @property
    def turnover(self) -> float:
        """Cash that it has traded, or still may: all of it, until it is done."""
        part = self.filled / self.intent.contracts if self.done else Decimal(1)
        return self.notional * float(part)

    def after(self, sign: Sign, filled: Decimal = Decimal(0)) -> Order:
        """Order once something has happened to it.

        Raises:
            OrderError: that cannot happen where it stands.

        """
        state = TRANSITIONS.get((self.state, sign))
        if state is None:
            raise OrderError(f"{self.intent.client_id} is {self.state}: {sign} cannot happen to it")
        return evolve(self, state=state, filled=filled)

    def resolve(self, outcome: Outcome) -> Order:
        """Order once its venue has said what became of it."""
        return self.after(sign_of(self.intent, outcome), signed_fill(outcome))


def sign_of(intent: Intent, outcome: Outcome) -> Sign:
    """Sign that a venue's answer is to an order.

    Raises:
        OrderError: more was executed than was ordered, or on the other side.

    """
    match outcome:
        case Unknown():
            return Sign.UNANSWERED
        case Absent():
            return Sign.NONE
        case Filled(contracts=filled):
            part = filled / intent.contracts
            if not 0 <= part <= 1:
                raise OrderError(f"{intent.client_id}: {filled} of {intent.contracts} were filled")
            return Sign.FULL if part == 1 else Sign.PART


def signed_fill(outcome: Outcome) -> Decimal:
    """Contracts that an order has bought, negative where sold."""
    return outcome.contracts if isinstance(outcome, Filled) else Decimal(0)
