"""Instruments of a strip: the options of one expiry and the underlying, as payoffs in cash.

What an instrument pays is what it says itself, `worth` at expiry as traded now. Of an option that
is held against the payoff of its fields, so that a strike in another unit, or a right that is no
European one, is an error and not a wrong strip.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from hedgecore import HedgeError, HedgeProblem, Instrument, enter
from hedgecore_static_strip.listed_options import (
    HOUR,
    ListedOption,
    SupportsExpiry,
    expiry,
    options_of,
)
from hedgecore_static_strip.payoff import Array
from hedgecore_static_strip.payoff_matrix import PayoffMatrix
from hedgecore_static_strip.price_range import LINEAR, PriceRange, is_linear

RIGHTS = {"call": 1.0, "put": -1.0}


@frozen(eq=False, kw_only=True)
class StripInstruments:
    """The instruments of one strip.

    Attributes:
        options: of one asset and one expiry, their strikes within the range.
        underlying: what moves with the price, one for one.
        matrix: their payoffs in cash.
        unused: name → why an instrument of this asset is left out.

    """

    options: tuple[Instrument, ...]
    underlying: Instrument
    matrix: PayoffMatrix
    unused: dict[str, str]


def strip_instruments(problem: HedgeProblem, span: PriceRange) -> StripInstruments:
    """Options and the underlying of a strip, with their payoffs.

    Raises:
        HedgeError: nothing to make it of, or an option that pays something else than its fields
            say.

    """
    unused: dict[str, str] = {}
    options = [each for each in options_of(problem, span.asset) if _is_usable(each, span, unused)]
    if not options:
        low, high = span.ends
        reason = f"no option of {span.asset} has a strike between {low:g} and {high:g}"
        raise HedgeError(f"{reason}: widen the range, or list more")
    strikes = np.array([_strike(each, span) for each in options])
    knots = np.union1d(strikes, span.ends)
    underlying = _underlying(problem, span, knots, unused)
    signs = np.array([RIGHTS[each.option_type] for each in options])
    pays = [_pays(each, span, knots) for each in options]
    chosen = [*options, underlying]
    payoffs = [np.asarray(enter(each, span.now).worth(span.at(knots))) for each in chosen]
    charged = zip(problem.instruments, problem.unit_fees, strict=True)
    charges = {each.name: np.nan if fee is None else float(fee) for each, fee in charged}
    return StripInstruments(
        options=tuple(options),
        underlying=underlying,
        matrix=PayoffMatrix(
            names=tuple(each.name for each in chosen),
            knots=knots,
            payoffs=np.stack(payoffs, axis=-1),
            strikes=np.searchsorted(knots, strikes),
            puts=signs < 0,
            lots=np.array([each.lot for each in chosen], dtype=float),
            least=np.array([each.min_size for each in chosen], dtype=float),
            premiums=np.array([*_premiums(payoffs, pays, span, knots, options), 0.0]),
            fees=np.array([charges[each.name] for each in chosen]),
        ),
        unused=unused,
    )


def _strike(option: ListedOption, span: PriceRange) -> float:
    return float(option.strike * span.coin(option.quote))


def _is_usable(option: ListedOption, span: PriceRange, unused: dict[str, str]) -> bool:
    low, high = span.ends
    moment = expiry(option, span.now)
    if not span.first - HOUR <= moment <= span.last + HOUR:
        unused[option.name] = "expires at another time"
    elif not low < _strike(option, span) < high:
        unused[option.name] = "its strike is outside the range"
    return option.name not in unused


def _underlying(
    problem: HedgeProblem, span: PriceRange, knots: Array, unused: dict[str, str]
) -> Instrument:
    """Cheapest to trade of what follows the price, one for one, until expiry."""
    there = [e for e in problem.instruments if problem.hedges_of(e) == (span.asset,)]
    found = []
    for each in (e for e in there if not isinstance(e, ListedOption)):
        reason = _defect(each, span, knots)
        if reason:
            unused[each.name] = reason
        else:
            found.append(each)
    if not found:
        said = "; ".join(f"{name}: {why}" for name, why in unused.items())
        reason = f"no underlying of the strip among the instruments{f' ({said})' if said else ''}"
        raise HedgeError(f"there is {reason}: add a perp, spot or future of {span.asset}")
    best = min(found, key=lambda each: np.inf if each.fee is None else each.fee)
    dearer = [each for each in found if each is not best]
    unused.update({each.name: f"{best.name} is the underlying" for each in dearer})
    return best


def _defect(each: Instrument, span: PriceRange, knots: Array) -> str:
    """Reason why an instrument is no underlying; empty where it is one."""
    held = enter(each, span.now)
    if (
        isinstance(held, SupportsExpiry)
        and held.expiry is not None
        and held.expiry < span.first - HOUR
    ):
        return "expires before the options"
    worth = np.asarray(held.worth(span.at(knots)))
    if not is_linear(held, span) or np.ptp(worth) <= LINEAR * np.max(np.abs(knots)):
        return "is not linear in the price"
    return ""


def _pays(option: ListedOption, span: PriceRange, knots: Array) -> Array:
    """Payoff of one contract at the knots by its fields, (m,), cash."""
    if option.option_type not in RIGHTS:
        raise HedgeError(f"{option.name!r} is neither a call nor a put: {option.option_type!r:.80}")
    gain = RIGHTS[option.option_type] * (knots - _strike(option, span))
    return np.asarray(option.contract_size * np.maximum(gain, 0.0))


def _premiums(
    payoffs: Sequence[Array],
    pays: Sequence[Array],
    span: PriceRange,
    knots: Array,
    options: Sequence[ListedOption],
) -> list[float]:
    """Premium of one contract of each, cash: the payoff less the worth as traded now.

    HedgeError where that is no sum of cash and of the asset: then it pays what its fields do not
    say.
    """
    found = []
    for worth, paid, option in zip(payoffs, pays, options, strict=False):
        owed = paid - worth
        line = np.interp(knots, knots[[0, -1]], owed[[0, -1]])
        if not np.max(np.abs(owed - line)) <= LINEAR * np.max(np.abs(paid) + np.abs(owed)):
            at = "at expiry is not that of a European option with its strike and its size"
            raise HedgeError(f"what {option.name!r} is worth {at}")
        found.append(float(np.interp(span.price, knots[[0, -1]], owed[[0, -1]])))
    return found
