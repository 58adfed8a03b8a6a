"""Profit of a book where prices, volatilities and time have moved: by full revaluation.

Every position is priced again in the moved market. Beside it stands the Taylor estimate from the
Greeks at the book's own market, so that the difference shows how far the Greeks carry:

    Δ·dP + ½ dPᵀ Γ dP + Σ vega dσ + Σ rho dr + theta dt + what accrues.

What accrues is the carry that no worth knows: funding and interest, in cash, at the book's prices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve

from hedgecore.analysis.profit import Profit, Scenario
from hedgecore.errors import PriceError, SpecError
from hedgecore.hedging.result import Hedge
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Part, Portfolio, enter
from hedgecore.market.terms import SupportsCarry
from hedgecore.numerics.arrays import Array
from hedgecore.pools.lifetime import refuse_expired
from hedgecore.pools.model import PoolModel
from hedgecore.units import DAYS_PER_YEAR

if TYPE_CHECKING:  # books come at first use
    from hedgecore.books.book import Book
    from hedgecore.books.positions import Position


def scenario(book: Book, there: Market, *, hedge: Hedge | None = None) -> Scenario:
    """Profit of a book from its own market to `there`, S, before and after a hedge.

    Pools that hold an asset whose price moves follow their curve, as functions of the market; the
    others stay as the book takes them. Contracts without an entry price are entered at the book's.
    The hedge is traded at the book's market, in cash, and held; its fees are left out.

    Args:
        book: positions, and the market from which they start: one price of each asset.
        there: markets of shape S, as `Market.shifted` makes them. Time counts from the book's, or
            from 0 where the book has none.
        hedge: ``book.hedge()``, say; None for the positions alone.

    Raises:
        PriceError: the book's prices are arrays, or a profit is not finite.
        SpecError: another numeraire, a time before the book's, or beyond where a curve ends.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> book = Book.load("examples/book.toml")
        >>> there = book.market.shifted(prices={"WETH": [1500.0, 2700.0]})
        >>> scenario(book, there, hedge=book.hedge()).after.full.round(-3).tolist()
        [-50000.0, -46000.0]

    """
    here, days = _start(book.market, there)
    for each in book.lines:
        refuse_expired(each.name, each.priced, float(np.max(days)), "scenario")
    held = moving_portfolio(book.lines, changed_assets(here, there), here)
    before = _profit(held, here, there, days)
    traded = None if hedge is None else hedge_portfolio(hedge, here)
    after = None if traded is None else before + _profit(traded, here, there, days)
    parts = (*held.parts, *(() if traded is None else traded.parts))
    deaf = [each.name for each in parts if each.amount and _deaf(each, here, there)]
    return Scenario(
        book=book, here=here, there=there, days=days, hedge=hedge, before=before, after=after,
        deaf=tuple(dict.fromkeys(deaf)),
        unfunded=_parts_without_funding(parts, here) if np.any(days) else (),
    )  # fmt: skip


def changed_assets(here: Market, there: Market) -> tuple[str, ...]:
    """Assets whose price differs between two markets, anywhere in S.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> book = Book.load("examples/book.toml")
        >>> changed_assets(book.market, book.market.shifted(prices={"WETH": 1500.0}))
        ('WETH',)

    """
    return tuple(a for a in here.prices if np.any(there.price(a) != here.price(a)))


def moving_portfolio(
    positions: Iterable[Position], assets: Iterable[str], market: Market
) -> Portfolio:
    """Portfolio of positions as functions of the prices of `assets`, entered at `market`.

    A pool that holds one of them follows its curve; one that does not stays as the book takes it,
    since nothing moves it.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> book = Book.load("examples/book.toml")
        >>> portfolio = moving_portfolio(book.positions, ["WETH"], book.market)
        >>> portfolio.worth(book.market).round().item()
        850206.0

    """
    names = frozenset(market.assets.underlying(assets))
    return Portfolio((each.name, _follow(each, names, market), each.amount) for each in positions)


def hedge_portfolio(hedge: Hedge, market: Market) -> Portfolio:
    """Portfolio of the contracts that a hedge trades, entered at `market`.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> book = Book.load("examples/book.toml")
        >>> [part.amount for part in hedge_portfolio(book.hedge(), book.market).parts]
        [-138.896, -1.635]

    """
    return Portfolio(
        (each.name, enter(each, market), float(hedge.quantities[each.name]))
        for each in hedge.problem.instruments
    )


def _follow(position: Position, assets: frozenset[str], market: Market) -> Priced:
    model = position.model
    if isinstance(model, PoolModel):
        moves = not assets.isdisjoint(market.assets.underlying(model.assets))
        return model if moves else position.priced
    return enter(model, market)


def _start(market: Market, there: Market) -> tuple[Market, Array]:
    """Book's market, with a time if one passes, and the days that pass, S or less."""
    if market.shape:
        raise PriceError(f"a scenario starts at one price of each asset, not at {market.shape}")
    if there.numeraire != market.numeraire:
        reason = f"is in {there.numeraire!r:.80}, and the book in {market.numeraire!r:.80}"
        raise SpecError(reason, kind="scenario", field="numeraire")
    if there.time is None:
        return market, np.zeros(())
    origin = 0.0 if market.time is None else market.time
    days = DAYS_PER_YEAR * (np.asarray(there.time) - origin)
    if np.any(days < 0):
        reason = f"{np.min(there.time):g} is before the book's, {origin:g}"
        raise SpecError(reason, kind="scenario", field="time")
    return evolve(market, time=origin), days


def _profit(held: Portfolio, here: Market, there: Market, days: Array) -> Profit:
    each = [_cash(part, here) for part in held.parts] if np.any(days) else []
    accrued = days * sum(cash for cash in each if cash is not None)
    full = np.broadcast_to(held.worth(there) - held.worth(here) + accrued, there.shape)
    if not np.isfinite(full).all():
        raise PriceError("a profit is not finite there: move the prices less far")
    terms = [_estimate(part, here, there, days) for part in held.parts if part.amount]
    known = [each for each in terms if each is not None]
    whole = sum(known, np.broadcast_to(accrued, there.shape)) if len(known) == len(terms) else None
    return Profit(full=full, taylor=whole, accrued=None if None in each else accrued)


def _cash(part: Part, market: Market) -> float | None:
    """Cash of a part per day, in the numeraire: the carry, without the decay of the worth."""
    if not isinstance(part.priced, SupportsCarry) or not part.amount:
        return 0.0
    carry = part.priced.carry(market)
    if carry is None:
        return None
    decay = part.priced.exposure(market).other.get("theta", np.zeros(()))
    return part.amount * float(carry - decay / DAYS_PER_YEAR)


def _parts_without_funding(parts: Sequence[Part], market: Market) -> tuple[str, ...]:
    """Names of the parts whose carry is unknown, each once."""
    return tuple(dict.fromkeys(each.name for each in parts if _cash(each, market) is None))


def _estimate(part: Part, here: Market, there: Market, days: Array) -> Array | None:
    """Taylor estimate of a part, S, without what accrues; None where gamma is infinite."""
    seen = part.priced.exposure(here)
    bend = _second(seen, here, there)
    if bend is None:
        return None
    total = bend + days / DAYS_PER_YEAR * seen.other.get("theta", np.zeros(()))
    still = _deaf(part, here, there)
    for name, slope in seen.other.items():
        if not (still and name.startswith("vega:")):
            total = total + slope * _shift(name, here, there)
    return np.asarray(part.amount * total)


def _second(seen: Exposure, here: Market, there: Market) -> Array | None:
    """Δ·dP + ½ dPᵀ Γ dP over the assets that move, S; None where Γ is infinite there."""
    names = changed_assets(here, there)
    which = [i for i, asset in enumerate(seen.assets) if asset in names]
    assets = [seen.assets[i] for i in which]
    step = there.vector(assets) - here.vector(assets)
    gamma = seen.gamma[np.ix_(which, which)]
    if not np.isfinite(gamma).all():
        return None
    slope = seen.delta[which] + 0.5 * np.sum(gamma * step[..., None, :], axis=-1)
    return np.asarray(np.sum(slope * step, axis=-1))


def _shift(name: str, here: Market, there: Market) -> Array:
    """Shift of the volatility or rate of a sensitivity, S; 0 for theta, whose time is apart."""
    what, _, of = name.partition(":")
    tables = {"vega": (here.vols, there.vols), "rho": (here.rates, there.rates)}
    old, new = tables.get(what, ({}, {}))
    shift: Array = np.asarray(new.get(of, 0.0)) - np.asarray(old.get(of, 0.0))
    return shift


def _deaf(part: Part, here: Market, there: Market) -> bool:
    """True if a part has a vega to a volatility that moves, and is worth the same all the same."""
    seen = part.priced.exposure(here).other
    names = [name for name in seen if name.startswith("vega:") and np.any(seen[name])]
    if not any(np.any(_shift(name, here, there)) for name in names):
        return False
    bent = part.priced.worth(evolve(here, vols=there.vols))
    return bool(np.all(bent == part.priced.worth(here)))
