"""A range as a liquidity provider says it: ± per cent around a price."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hedgecore import Alternative, Market, PairPool, SpecError, fields
from hedgecore.pools import sizing
from hedgecore.pools.alternatives import one_of

RANGE, AROUND = "range", "around"
NUMBER = r"\d+(?:\.\d+)?"
ONE = re.compile(rf"(?:±|\+/-|\+-)?({NUMBER})%")
TWO = re.compile(rf"-({NUMBER})%/\+({NUMBER})%")
RULE = "a text in per cent: '10%' is 10 % to either side, '-5%/+20%' is 5 % down and 20 % up"


def alternatives() -> dict[str, Alternative]:
    """Alternatives to the fields in a range's table."""
    about = "how far the range goes to either side of `around`"
    centre = "the price that `range` is around; `price` unless given"
    return {
        **sizing.worth_and_amounts("liquidity"),
        RANGE: Alternative(about, "per cent of that price", RULE, ("lower", "upper")),
        AROUND: Alternative(centre, "quote per base", "positive and finite"),
    }


def pool_price(probe: PairPool, given: float | None, market: Market | None) -> float | None:
    """Price of the pool: as given, else the market's; None without either."""
    if given is not None or market is None:
        return given
    base, quote = sizing.market_prices(probe, market)
    return base / quote


def range_edges(probe: PairPool, table: Mapping[str, Any], price: float | None) -> dict[str, float]:
    """Lower and upper price that `range` says; nothing where a table does not say it.

    Raises:
        SpecError: an edge stands beside it, no price is known, or it is no such text.

    """
    for edge in ("lower", "upper"):
        one_of(probe.kind, table, (edge, RANGE))
    if table.get(RANGE) is None:
        if table.get(AROUND) is not None:
            reason = "says what `range` is around: give range, or leave it out"
            raise fields.wrong(probe, AROUND, reason)
        return {}
    if table.get(AROUND) is not None:
        price = fields.real(table[AROUND], fields.POSITIVE, probe, AROUND)
    if price is None:
        raise fields.wrong(probe, RANGE, "needs the price that it is around: give around, or price")
    down, up = _per_cent(table[RANGE], probe.kind)
    return {"lower": price * (100.0 - down) / 100.0, "upper": price * (100.0 + up) / 100.0}


def _per_cent(given: Any, kind: str) -> tuple[float, float]:
    """Per cent that a range goes down, and up."""
    text = given.replace(" ", "") if isinstance(given, str) else ""
    one, two = ONE.fullmatch(text), TWO.fullmatch(text)
    if not one and not two:
        raise SpecError(f"must be {RULE}, not {given!r:.80}", kind=kind, field=RANGE)
    down, up = (one[1], one[1]) if one else two.groups() if two else ("", "")
    if not 0.0 < 100.0 - float(down) < 100.0 + float(up):
        reason = f"{given!r:.80} goes down to 0 or below, or is empty: less than 100 % and above 0"
        raise SpecError(reason, kind=kind, field=RANGE)
    return float(down), float(up)
