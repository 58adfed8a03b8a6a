"""Timing of a book's trades, as JSON and as sentences."""

from __future__ import annotations

from typing import Any

from hedgecore.analysis.trade_timing import TradeTiming
from hedgecore.decisions.decide import Reason
from hedgecore.tables.render import amount


def document(timing: TradeTiming) -> dict[str, Any]:
    """Mapping for JSON: whether now, what is asked for, and prices by hedged asset."""
    return {
        "kind": timing.kind,
        "now": timing.now,
        "fraction": timing.fraction,
        "band": timing.band,
        "prices": {
            asset: {"below": below, "above": above}
            for asset, (below, above) in timing.prices.items()
        },
        "orders": timing.orders,
    }


def sentences(timing: TradeTiming) -> list[str]:
    """One line of each hedged asset, and the orders where they are due."""
    if timing.now:
        orders = [_order(name, each) for name, each in timing.orders.items() if each]
        return [f"now: {', '.join(orders)}", *_parts(timing)]
    small = [", and less than can be ordered"] if timing.reason is Reason.SIZE else [""]
    return [f"not yet{small[0]}", *_parts(timing)]


def _order(name: str, contracts: float) -> str:
    return f"{'buy' if contracts > 0 else 'sell'} {abs(contracts):,.7g} {name}"


def _parts(timing: TradeTiming) -> list[str]:
    return [
        f"{asset}: delta {part:.2g} × the band's half-width"
        f"{_where(*timing.prices[asset], now=timing.now)}"
        for asset, part in timing.band.items()
    ]


def _where(below: float | None, above: float | None, *, now: bool) -> str:
    """Clause on the prices of a trade."""
    if now:
        return ""
    known = " or ".join(amount(each) for each in (below, above) if each is not None)
    return f"; trades at {known or 'no price from a fifth to five times its own'}"
