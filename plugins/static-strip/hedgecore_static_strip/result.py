"""From a problem to a strip, as a hedge."""

from __future__ import annotations

from math import ceil

import numpy as np
from attrs import evolve

from hedgecore import Certificate, Hedge, HedgeError, HedgeProblem
from hedgecore.tables.render import cash
from hedgecore_static_strip import strike_weights
from hedgecore_static_strip.book_payoff import payoff_of
from hedgecore_static_strip.bound import band
from hedgecore_static_strip.listed_options import asset_of, expiry_of, with_time
from hedgecore_static_strip.notes import BY, StripChoice, StripNotes
from hedgecore_static_strip.payoff import Array, Payoff
from hedgecore_static_strip.payoff_matrix import PayoffMatrix
from hedgecore_static_strip.price_range import PriceRange
from hedgecore_static_strip.program import Limits
from hedgecore_static_strip.remez_exchange import Exchange, ExchangeAnswer
from hedgecore_static_strip.strip_instruments import StripInstruments, strip_instruments

FOR_EXPIRY = "a strip is for the worth at expiry, not for today's delta"
LAST = 0.3
"""Of the nodes for the cheapest strip, the part that is kept for any that is near enough."""
SAME = 1e-6
"""Of strips whose error is the least but for this part of it, the cheapest to trade is taken."""


def strip_hedge(
    problem: HedgeProblem,
    span: PriceRange,
    *,
    method: str,
    limits: Limits,
    error: float | None,
    max_nodes: int,
) -> Hedge:
    """Strip as a hedge, or no trade with the reason.

    Args:
        problem: the target, the instruments and the market.
        span: the asset, its range of prices, and the expiry.
        method: "minimax", "interpolate" or "carr-madan".
        limits: what a strip may be.
        error: the most by which the worth may be off, in cash; None for the least there is.
        max_nodes: nodes of branch and bound to take at most.

    """
    there = strip_instruments(problem, span)
    payoff = payoff_of(problem.book, span)
    if not np.any(payoff.slope(there.matrix.knots)):
        raise HedgeError(f"nothing in the book depends on the price of {span.asset}")
    found: StripChoice | str
    if method in strike_weights.WAYS:
        found = _weigh(method, there.matrix, payoff, span.price, lots=limits.lots)
    else:
        _refuse_unknown_fees(there.matrix)
        found = _best(
            limits, there.matrix, payoff, price=span.price, error=error, max_nodes=max_nodes
        )
    if isinstance(found, StripChoice) and error is not None and found.error > error:
        found = f"the strip may be off by {cash(found.error)}, and `error` is {cash(error)}"
    if isinstance(found, str):
        none = Hedge.of(problem, np.zeros(len(problem.instruments)), [f"No trade: {found}."])
        return evolve(none, certificate=Certificate(status="no trade", solver=BY[method]))
    hedge = Hedge.of(problem, _all_contracts(problem, there, found.contracts))
    said = StripNotes(problem, hedge, span, there, payoff, found)
    return evolve(
        hedge,
        notes=tuple(said.notes()),
        certificate=said.certificate(method),
        reasons={span.asset: FOR_EXPIRY},
    )


def _refuse_unknown_fees(matrix: PayoffMatrix) -> None:
    """Raise a HedgeError on a fee that is unknown, where strips are told apart by their cost."""
    for name, fee in zip(matrix.names, matrix.fees, strict=True):
        if np.isnan(fee):
            reason = 'and method = "minimax" takes the cheapest of the strips that are as near'
            raise HedgeError(
                f"the fee of {name!r:.80} is unknown, {reason}: give `fee` in the book, or --fee"
            )


def price_range(
    problem: HedgeProblem, low: float, high: float, expiry_years: float | None
) -> PriceRange:
    """Range of prices of the asset whose options make the strip, at their expiry.

    Raises:
        HedgeError: arrays of prices, Greeks in the request, or a price outside the range.

    """
    if problem.market.shape:
        raise HedgeError("strip takes one price of each asset: solve one market at a time")
    if problem.request.neutral != ("delta",) or problem.request.cross_gamma:
        reason = "a strip offsets the payoff at expiry, not Greeks of today"
        raise HedgeError(f"{reason}: leave `neutral` and `cross` out")
    asset = asset_of(problem)
    now = with_time(problem.market)
    price = float(now.price(asset))
    if not low < price < high:
        ends = f"from {low:g} to {high:g}"
        raise HedgeError(f"the price of {asset}, {price:g}, is outside the range {ends}")
    first, last = expiry_of(problem, asset, expiry_years)
    return PriceRange(asset=asset, now=now, ends=(low, high), first=first, last=last)


def _weigh(
    method: str, matrix: PayoffMatrix, payoff: Payoff, price: float, *, lots: bool
) -> StripChoice:
    """Strip by weights of the strikes."""
    aim = strike_weights.WAYS[method](payoff, matrix.knots, price)
    contracts = strike_weights.contracts(matrix, aim, price, lots=lots)
    at = matrix.knots if method == "interpolate" else np.array([price])
    level = payoff.value(at) + np.interp(at, matrix.knots, matrix.pays(contracts))
    its = band(payoff, matrix.knots, matrix.pays(contracts), matrix.gross(contracts))
    return StripChoice(contracts=contracts, band=its, level=float(np.mean(level)))


def _best(
    limits: Limits,
    matrix: PayoffMatrix,
    payoff: Payoff,
    *,
    price: float,
    error: float | None,
    max_nodes: int,
) -> StripChoice | str:
    """Strip of the least error, or the cheapest within the error that is allowed."""
    aim = strike_weights.polygon(payoff, matrix.knots, price)
    near = strike_weights.contracts(matrix, aim, price, lots=False)
    search = Exchange(payoff, matrix, limits, near, max_nodes)
    return _nearest(search) if error is None else _cheapest(search, error)


def _nearest(search: Exchange) -> StripChoice | str:
    """Strip of the least error; of those the cheapest that is found."""
    least = search.least_error()
    if isinstance(least, str):
        return f"no strip was found ({least})"
    cheap = search.least_cost(least.band.half * (1 + SAME))
    kept = cheap if isinstance(cheap, ExchangeAnswer) else least
    return _proved_choice(kept, kept.band.half, least.bound)


def _cheapest(search: Exchange, error: float) -> StripChoice | str:
    """Cheapest strip within an error; if none is found, what error is the least."""
    cheap = evolve(search, max_nodes=ceil((1 - LAST) * search.max_nodes)).least_cost(error)
    if isinstance(cheap, ExchangeAnswer):
        cost = float(search.matrix.fees @ np.abs(cheap.contracts))
        return _proved_choice(cheap, cost, min(cheap.bound, cost))
    least = search.least_error()
    if isinstance(least, str):
        return f"no strip was found ({least})"
    if least.band.half > error:
        return f"the least error that these options allow is {cash(least.band.half)}, above `error`"
    return _proved_choice(least, float(search.matrix.fees @ np.abs(least.contracts)), -np.inf)


def _proved_choice(kept: ExchangeAnswer, objective: float, bound: float) -> StripChoice:
    return StripChoice(
        contracts=kept.contracts,
        band=kept.band,
        level=kept.band.middle,
        objective=float(objective),
        gap=float(max(0.0, objective - max(bound, 0.0))),
    )


def _all_contracts(problem: HedgeProblem, there: StripInstruments, contracts: Array) -> Array:
    """Contracts of every instrument of the problem, 0 of those that are not used."""
    chosen = [*there.options, there.underlying]
    places = {each.name: i for i, each in enumerate(problem.instruments)}
    whole = np.zeros(len(problem.instruments))
    whole[[places[each.name] for each in chosen]] = contracts
    return whole
