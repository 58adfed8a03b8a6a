"""Worth, delta and gamma over a range of one asset's price, before and after a hedge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from attrs import evolve, frozen

from hedgecore import (
    Book,
    Exposure,
    Hedge,
    Market,
    PoolModel,
    Portfolio,
    Position,
    Priced,
    entered,
    hedge,
)
from hedgecore.market import Array

BESIDE = 1e-12
"""So near to a break, relative to it, are its sides: far enough to survive a change of quote."""


@frozen(eq=False)
class Curve:
    """What something is worth over the prices of one asset, all in the numeraire; each (N,).

    Attributes:
        worth: in the numeraire.
        delta: units of the asset.
        delta_cash: delta × price.
        gamma: ∂delta/∂price, units of the asset per numeraire; the right limit where it jumps.
        gamma_cash: the change of cash delta per 1 % move.

    """

    worth: Array
    delta: Array
    delta_cash: Array
    gamma: Array
    gamma_cash: Array

    @classmethod
    def of(cls, exposure: Exposure, asset: str) -> Curve:
        """Return the part of an exposure over S = (N,) that is to `asset`."""
        if asset not in exposure.assets:
            none = np.zeros(np.shape(exposure.value))
            return cls(exposure.value, none, none, none, none)
        i = exposure.assets.index(asset)
        deltas = (exposure.delta[..., i], exposure.delta_cash[..., i])
        gammas = (exposure.gamma[..., i, i], exposure.gamma_cash[..., i, i])
        return cls(exposure.value, *deltas, *gammas)


@frozen(eq=False, kw_only=True)
class Sweep:
    """A book, or one position of it, over the prices of one asset.

    Attributes:
        name: of the position; None for the whole book.
        asset: whose price moves; all other prices are the book's.
        market: the book's.
        worth: at the book's market, where the hedge changes nothing.
        prices: (N,), ascending.
        before: without the hedge.
        after: with the hedge that was computed, and traded, at the book's own market; None if none.
        hedge: that hedge.
        breaks: prices at which a range begins or ends.
        warnings: of the positions in it.

    """

    name: str | None
    asset: str
    market: Market
    worth: float
    prices: Array
    before: Curve
    after: Curve | None
    hedge: Hedge | None
    breaks: tuple[float, ...]
    warnings: tuple[str, ...]

    @property
    def price(self) -> float:
        """The asset's price in the book."""
        return float(self.market.price(self.asset))


def sweep(
    book: Book, asset: str, prices: Array, name: str | None = None, *, hedging: bool = True
) -> Sweep:
    """Return a book, or its position called `name`, over `prices` (N,) of `asset`."""
    positions = [each for each in book.positions if name in (None, each.name)]
    market, swept = book.market, _at(book.market, asset, prices)
    target = moving(positions, asset, market)
    before = target.exposure(swept)
    answer = hedge_of(book, positions) if hedging and book.instruments else None
    after = None if answer is None else before + gains(answer, market, swept)
    return Sweep(
        name=name,
        asset=asset,
        market=market,
        worth=float(target.worth(market)),
        prices=prices,
        before=Curve.of(before, asset),
        after=None if after is None else Curve.of(after, asset),
        hedge=answer,
        breaks=breaks(positions, asset, market),
        warnings=tuple(_drawn(each, asset) for each in positions if each.warning(market)),
    )


def hedge_of(book: Book, positions: Sequence[Position]) -> Hedge:
    """Return the hedge of some of the book's positions, at the states at which it takes them."""
    held = Portfolio((each.name, each.priced, each.amount) for each in positions)
    return hedge(held, with_=book.instruments, market=book.market, request=book.request)


def gains(answer: Hedge, market: Market, swept: Market) -> Exposure:
    """Return in `swept` what was traded at `market`: its worth is the profit since.

    The contracts were paid for in cash, so that the hedge changes no worth where it was traded.
    """
    traded = Portfolio(
        (each.name, entered(each, market), float(answer.quantities[each.name]))
        for each in answer.problem.instruments
    )
    there = traded.exposure(swept)
    return evolve(there, value=there.value - traded.worth(market))


def _drawn(position: Position, asset: str) -> str:
    """Return at which state a pool is drawn that the market has left."""
    how = "as the market would have moved it" if asset in position.model.assets else "as it stands"
    left = f"the market is outside the pool's fee band: {position.standing}"
    return f"{position.name}: {left}. Drawn {how}."


def moving(positions: Iterable[Position], asset: str, market: Market) -> Portfolio:
    """Return positions as functions of the price of `asset`, entered at `market`.

    A pool that holds the asset follows its curve; one that does not stays as the book takes it,
    since nothing moves it.
    """
    return Portfolio((each.name, _moving(each, asset, market), each.amount) for each in positions)


def _moving(position: Position, asset: str, market: Market) -> Priced:
    model = position.model
    if isinstance(model, PoolModel):
        return model if asset in model.assets else position.priced
    return entered(model, market)


def breaks(positions: Iterable[Position], asset: str, market: Market) -> tuple[float, ...]:
    """Return the prices of `asset` at which a pair's range begins or ends, ascending."""
    return tuple(sorted({at for each in positions for at in _breaks(each.model, asset, market)}))


def _breaks(model: object, asset: str, market: Market) -> Iterator[float]:
    if isinstance(model, PoolModel) and asset in model.assets:
        base, quote = model.assets if model.breaks() else ("", "")
        for at in model.breaks():
            price = market.price(quote) * at if asset == base else market.price(base) / at
            yield float(price)


def grid(low: float, high: float, steps: int, between: Sequence[float] = ()) -> Array:
    """Return `steps` prices from `low` to `high`, and both sides of each price `between`."""
    sides = [at * side for at in between if low < at < high for side in (1 - BESIDE, 1 + BESIDE)]
    return np.unique([*np.linspace(low, high, steps), *sides])


def _at(market: Market, asset: str, prices: Array) -> Market:
    return evolve(market, prices={**market.prices, asset: prices})
