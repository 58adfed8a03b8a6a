"""Losses of positions while their delta is hedged, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hedgecore.tables.render import cash

Rates = Mapping[str, float | None]


def net_remarks(rates: Rates, unit: str) -> Iterator[str]:
    """Sentence on each position whose loss is its own, so that no gamma is taken for a gain."""
    for name, rate in rates.items():
        yield (
            f"The gamma of {name} is not all: while its delta is hedged it {_loses(rate, unit)}, "
            "with what convexity gains or loses in that."
        )


def rate_remarks(rates: Rates, unit: str) -> Iterator[str]:
    """Sentences on what hedged positions lose, and of which that is unknown."""
    known = {name: rate for name, rate in rates.items() if rate}
    unknown = [name for name, rate in rates.items() if rate is None]
    if not known:
        return
    each = ", ".join(f"{name} {cash(rate)}" for name, rate in known.items())
    yield f"Delta-hedged and without fees, a day costs by the book's volatilities, {unit}: {each}."
    if unknown:
        yield f"That of {', '.join(unknown)} is unknown: it needs [vols] of each asset."


def _loses(rate: float | None, unit: str) -> str:
    if rate is None:
        return "loses an amount that is unknown: give its volatility"
    return f"{'loses' if rate >= 0 else 'gains'} {cash(abs(rate))} {unit} a day"
