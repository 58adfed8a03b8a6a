"""Amounts of flows beside what the positions are worth: in smallest units, or in cash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log
from typing import TYPE_CHECKING

from hedgecore.books.confusions import weight
from hedgecore.books.track_record import CAPITAL, Flow
from hedgecore.market.market import Market

if TYPE_CHECKING:
    from hedgecore.books.positions import Position

MUCH = 100.0
"""Worth of one flow, in that of all positions, above which it may be in another unit."""
UNLIKELY = 1e4
"""The same above which an amount is hardly meant, whatever it is."""
LEAST, MOST = 0.001, 2.0
"""The same of an amount as it is meant."""
DECIMALS = (6, 8, 18)
"""Decimals of most tokens."""


def amount_confusions(
    flows: Sequence[Flow], positions: Sequence[Position], market: Market
) -> Iterator[tuple[Flow, str]]:
    """Flows whose amounts are recognisably in another unit, each with what is probably meant.

    Deposits are compared with what is held or was withdrawn, all else with that or the deposits.

    Args:
        flows: of any type.
        positions: what is held.
        market: prices of today.

    """
    for flow, ratio in _large(flows, positions, market):
        meant = _unit(flow, ratio, market)
        if meant is not None:
            yield flow, f"{_said(flow, ratio)}: {meant}"


def amount_distances(
    flows: Sequence[Flow], positions: Sequence[Position], market: Market
) -> Iterator[tuple[Flow, str]]:
    """Flows whose amounts are far more than the positions are worth, each with a sentence."""
    for flow, ratio in _large(flows, positions, market):
        if ratio > UNLIKELY:
            yield flow, _said(flow, ratio)


def _large(
    flows: Sequence[Flow], positions: Sequence[Position], market: Market
) -> Iterator[tuple[Flow, float]]:
    """Flows of more than `MUCH` of what they are compared with, and how much more."""
    worths = [(flow, _worth(flow, market)) for flow in flows]
    if not worths:
        return
    held = max(sum(weight(each, market) for each in positions), _capital(worths, -1.0))
    whole = max(held, _capital(worths, 1.0))
    for flow, worth in worths:
        scale = held if flow.type == CAPITAL else whole
        if scale and worth > MUCH * scale:
            yield flow, worth / scale


def _worth(flow: Flow, market: Market) -> float:
    """Worth of a flow at the prices of today; 0 where its asset has none."""
    if flow.asset not in (market.numeraire, *market.prices, *market.assets):
        return 0.0
    return abs(flow.amount) * float(market.price(flow.asset))


def _capital(worths: Sequence[tuple[Flow, float]], sign: float) -> float:
    """Worth of all that was put in, or taken out where the sign is negative."""
    return sum(worth for flow, worth in worths if flow.type == CAPITAL and flow.amount * sign > 0)


def _said(flow: Flow, ratio: float) -> str:
    return f"its amount is {flow.amount:.7g} {flow.asset}, worth {ratio:.3g} times the positions"


def _unit(flow: Flow, ratio: float, market: Market) -> str | None:
    """Unit that an amount probably is in, and what is meant; None where none brings it near."""
    cash = float(market.price(flow.asset))
    units = {f"in smallest units, of {n} decimals": 10.0**n for n in DECIMALS}
    units |= {f"its worth in {market.numeraire}": cash} if cash > MUCH else {}
    near = {words: each for words, each in units.items() if LEAST <= ratio / each <= MOST}
    if not near:
        return None
    words = min(near, key=lambda each: abs(log(ratio / near[each])))
    return f"it is probably {words}, and {flow.amount / near[words]:.6g} is meant"
