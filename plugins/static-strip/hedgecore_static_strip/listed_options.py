"""ListedOption options, known by what they have: which of them, and when they expire.

Plugins do not import one another: an option is what has the fields of one.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from attrs import evolve

from hedgecore import HedgeError, HedgeProblem, Instrument, Market, Priced, enter
from hedgecore.units import HOURS_PER_YEAR

HOUR = 1 / HOURS_PER_YEAR
"""Options that expire within an hour of one another, in years, expire together."""


@runtime_checkable
class ListedOption(Instrument, Protocol):
    """A European option as exchanges list them; any instrument with these is one.

    Attributes:
        underlying: the asset whose price it is on.
        option_type: "call" or "put".
        strike: in quote coins per unit of the underlying.
        quote: the coin that the strike is in; None where that is the numeraire.
        expiry: on the clock of the market's time, once it is entered.

    """

    @property
    def underlying(self) -> str: ...  # noqa: D102 - documented above
    @property
    def option_type(self) -> str: ...  # noqa: D102
    @property
    def strike(self) -> float: ...  # noqa: D102
    @property
    def quote(self) -> str | None: ...  # noqa: D102
    @property
    def expiry(self) -> float | None: ...  # noqa: D102


@runtime_checkable
class SupportsExpiry(Protocol):
    """Instrument with an expiry: a future."""

    @property
    def expiry(self) -> float | None: ...  # noqa: D102


def with_time(market: Market) -> Market:
    """Market with a time; 0 where it has none, so that expiries are moments."""
    return market if market.time is not None else evolve(market, time=0.0)


def options_of(problem: HedgeProblem, asset: str) -> list[ListedOption]:
    """Options of one asset among the instruments."""
    listed = [each for each in problem.instruments if isinstance(each, ListedOption)]
    return [each for each in listed if each.underlying == asset]


def expiry(option: Priced, market: Market) -> float:
    """Expiry of an option that is entered in a market with a time, years on its clock.

    Raises:
        HedgeError: it does not say.

    """
    held = enter(option, market)
    moment = held.expiry if isinstance(held, SupportsExpiry) else None
    if moment is None:
        raise HedgeError(f"{option!r:.80} has no expiry: it is no option that a strip is made of")
    return float(moment)


def asset_of(problem: HedgeProblem) -> str:
    """Asset whose options make the strip.

    Raises:
        HedgeError: there are no options, or of several assets and the request names none.

    """
    there = sorted(
        {each.underlying for each in problem.instruments if isinstance(each, ListedOption)}
    )
    if not there:
        raise HedgeError("there are no options among the instruments: a strip is made of them")
    asked = problem.request.assets
    if asked is None and len(there) > 1:
        some = ", ".join(there)
        raise HedgeError(f"there are options of {some}: name one of these in `assets`")
    asset = there[0] if asked is None else asked[0]
    if asked is not None and (len(asked) > 1 or asset not in there):
        some, wanted = ", ".join(there), ", ".join(asked)
        raise HedgeError(f"`assets` asks for {wanted}, and the options are of {some}: one of these")
    if asset == problem.market.numeraire:
        raise HedgeError(f"{asset!r} is the numeraire: there is no risk in it to replicate")
    return asset


def expiry_of(problem: HedgeProblem, asset: str, years: float | None) -> tuple[float, float]:
    """Expiry of the strip's options, the first and the last, years on the market's clock.

    Raises:
        HedgeError: they expire at different times and none is chosen, or none at that time.

    """
    market = with_time(problem.market)
    moments = sorted(expiry(each, market) for each in options_of(problem, asset))
    now = float(market.time or 0.0)
    left = ", ".join(dict.fromkeys(f"{moment - now:.6g}" for moment in moments))
    wanted = moments[0] if years is None else now + years
    chosen = [moment for moment in moments if abs(moment - wanted) <= HOUR]
    if not chosen:
        raise HedgeError(f"no option of {asset} expires in {years:.6g} years, but in {left}")
    if years is None and len(chosen) < len(moments):
        reason = "choose one with `expiry_years`"
        raise HedgeError(f"the options of {asset} expire in {left} years: {reason}")
    if chosen[-1] <= now:
        raise HedgeError(f"the options of {asset} have expired")
    return chosen[0], chosen[-1]
