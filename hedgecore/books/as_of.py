"""Moment at which a book's prices held: `as_of`, and how old they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hedgecore.errors import SpecError

OLD = timedelta(days=1)
"""Prices of this age are old."""
APART = timedelta(hours=1)
"""Blocks of two chains that lie further apart are of two markets."""
AHEAD = timedelta(minutes=5)
"""So far clocks of two machines may be apart."""


def moment(given: Any) -> datetime:
    """Moment that a date-time, a date or an ISO text says; UTC unless it says otherwise.

    Raises:
        SpecError: it is none.

    Examples:
        >>> moment("2026-11-27T14:30:00+02:00").isoformat(), moment("2026-11-27").isoformat()
        ('2026-11-27T12:30:00+00:00', '2026-11-27T00:00:00+00:00')

    """
    text = given.isoformat() if isinstance(given, date) else given
    try:
        found = datetime.fromisoformat(text)
        zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
        return zoned.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        right = "a date-time, as 2026-11-27T14:30:00Z"
        raise SpecError(f"must be {right}, not {given!r:.80}", field="as_of") from error


def age_warning(as_of: datetime, now: datetime, of: str = "") -> str | None:
    """Sentence on prices that are a day old or more, or of the future; None on any others.

    Args:
        as_of: moment at which they held.
        now: moment of the caller.
        of: where they are from, " of chain 10" say.

    Examples:
        >>> age_warning(moment("2026-11-27"), moment("2026-11-30"))
        'prices are 3 days old (as_of 2026-11-27T00:00:00+00:00)'

    """
    age, said = now - as_of, f"(as_of {as_of.isoformat()})"
    if age < -AHEAD:
        return f"prices{of} are of the future {said}"
    if age < OLD:
        return None
    return f"prices{of} are {age.days} day{'s' * (age.days > 1)} old {said}"


def apart_warning(moments: Mapping[str, datetime]) -> str | None:
    """Sentence on the oldest and the newest of several chains, if they lie far apart.

    Examples:
        >>> apart_warning({"1": moment("2026-11-27T12:00"), "10": moment("2026-11-27T09:30")})
        'Chain 10 was read 2:30:00 before chain 1: their prices are of two moments.'

    """
    if not moments:
        return None
    first, last = (pick(moments, key=lambda each: moments[each]) for pick in (min, max))
    between = moments[last] - moments[first]
    if between <= APART:
        return None
    return f"Chain {first} was read {between} before chain {last}: their prices are of two moments."
