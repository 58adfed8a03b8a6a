"""Moment at which a book's prices held: `as_of`, and how old they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hedgecore.errors import SpecError

OLD = timedelta(days=1)
"""Prices of this age are old."""
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


def age_warning(as_of: datetime, now: datetime) -> str | None:
    """Sentence on prices that are a day old or more, or of the future; None on any others.

    Examples:
        >>> age_warning(moment("2026-11-27"), moment("2026-11-30"))
        'prices are 3 days old (as_of 2026-11-27T00:00:00+00:00)'

    """
    age, said = now - as_of, f"(as_of {as_of.isoformat()})"
    if age < -AHEAD:
        return f"prices are of the future {said}"
    if age < OLD:
        return None
    return f"prices are {age.days} day{'s' * (age.days > 1)} old {said}"
