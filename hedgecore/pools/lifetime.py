"""Lifetime of a thing: nothing is valued beyond the expiry of a curve."""

from __future__ import annotations

from hedgecore.errors import SpecError
from hedgecore.market.frozen import SupportsExpiry
from hedgecore.market.instrument import Priced
from hedgecore.market.portfolio import Tradable
from hedgecore.pools.state import AtState
from hedgecore.units import DAYS_PER_YEAR


def refuse_expired(name: str, priced: Priced, days: float, kind: str) -> None:
    """Refuse a thing whose expiry is within so many days from now, and that does not settle there.

    Raises:
        SpecError: with what to do, about the field `days` of a `kind`.

    """
    thing = _bare(priced)
    if not isinstance(thing, SupportsExpiry) or days < DAYS_PER_YEAR * thing.years_left():
        return
    left = f"{DAYS_PER_YEAR * thing.years_left():.6g}"
    reason = (
        f"{days:.6g} are too many: {name!r:.80} expires in {left} days, and its curve with it. End "
        f"before that, or {thing.expiry_advice()}"
    )
    raise SpecError(reason, kind=kind, field="days")


def _bare(priced: Priced) -> Priced:
    """Thing itself, of one that is taken at its own state, or is traded."""
    if isinstance(priced, AtState):
        model: Priced = priced.model
        return model
    return priced.priced if isinstance(priced, Tradable) else priced
