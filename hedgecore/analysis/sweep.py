"""Worth, delta and gamma over a range of one asset's price, before and after a hedge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from attrs import evolve, frozen

from hedgecore.analysis.scenario import hedge_portfolio, moving_portfolio
from hedgecore.books.book import Book
from hedgecore.books.confusions import off_market
from hedgecore.books.magnitudes import refuse_far
from hedgecore.books.part import part_warnings
from hedgecore.books.positions import Position
from hedgecore.errors import SpecError
from hedgecore.hedging.result import Hedge
from hedgecore.market.effective_gamma import effective_exposure, is_density
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.ties import round_for_ties
from hedgecore.pools.model import PoolModel
from hedgecore.views import Drawable, NamedParts, Tabular

SMOOTH = 401
"""Prices of a picture."""
COLUMNS = 3
"""Assets of a picture, at most, unless they are named."""
BESIDE = 1e-12
"""So near to a break, relative to it, are its sides: far enough to survive a change of quote."""


class Seen(NamedTuple):
    """Exposure over prices, with gammas that are densities, and with effective ones."""

    density: Exposure
    effective: Exposure

    @classmethod
    def of(cls, thing: Priced, market: Market, move: float) -> Seen:
        """Both exposures of a thing; a gamma is effective over `move`, a fraction of a price."""
        return cls(thing.exposure(market), effective_exposure(thing, market, move))

    def plus(self, their: Seen) -> Seen:
        """Both exposures of two things together."""
        return Seen(self.density + their.density, self.effective + their.effective)

    @property
    def is_density(self) -> bool:
        """True if every gamma is its density: no move stands in its place."""
        return is_density(self.effective.gamma, self.density.gamma)


@frozen(eq=False)
class SweepCurve:
    """Worth and Greeks over the prices of one asset, each (N,), in the numeraire.

    Attributes:
        worth: in the numeraire.
        delta: units of the asset.
        delta_cash: delta × price.
        gamma: ∂delta/∂price, units of the asset per numeraire; the right limit where it jumps.
        gamma_cash: the change of cash delta per 1 % move, effective wherever the density misleads.

    """

    worth: Array
    delta: Array
    delta_cash: Array
    gamma: Array
    gamma_cash: Array

    @classmethod
    def of(cls, seen: Seen, asset: str, market: Market) -> SweepCurve:
        """Part of an exposure over S = (N,) that is to `asset`, or to what that is a number of."""
        exposure, effective = seen
        root, number = market.assets.multiple(asset) or (asset, 1.0)
        if root not in exposure.assets:
            none = np.zeros(np.shape(exposure.value))
            return cls(exposure.value, none, none, none, none)
        i = exposure.assets.index(root)
        deltas = (exposure.delta[..., i] / number, exposure.delta_cash[..., i])
        gammas = (exposure.gamma[..., i, i] / number**2, effective.gamma_cash[..., i, i])
        return cls(exposure.value, *deltas, *gammas)


@frozen(eq=False, kw_only=True)
class Sweep(Tabular, Drawable, NamedParts[SweepCurve]):
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
        move: of a price, a fraction, that some gammas are over; None where all are densities.
        breaks: prices at which a range begins or ends.
        states: at which state each pool is drawn that the market has left, in sentences.
        warnings: what to doubt of what is shown, in sentences.

    """

    name: str | None
    asset: str
    market: Market
    worth: float
    prices: Array
    before: SweepCurve
    after: SweepCurve | None
    hedge: Hedge | None
    move: float | None
    breaks: tuple[float, ...]
    states: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def price(self) -> float:
        """Price of the asset in the book."""
        return float(self.market.price(self.asset))

    def _parts_by_name(self) -> dict[str, SweepCurve]:
        sides = {"before": self.before, "after": self.after}
        return {name: each for name, each in sides.items() if each is not None}


def sweep(
    book: Book,
    asset: str,
    prices: Array,
    name: str | None = None,
    *,
    hedging: bool = True,
    answer: Hedge | None = None,
) -> Sweep:
    """Worth and Greeks of a book, or of one position, over `prices` (N,) of `asset`.

    With `hedging`, after its hedge too: `answer`, or else what the book asks for.

    Examples:
        >>> book = Book.load("examples/book.toml")
        >>> sweep(book, "WETH", price_grid(1500.0, 2700.0, 3)).after.worth.round(-3).tolist()
        [801000.0, 850000.0, 804000.0]

    """
    refuse_far(f"price of {asset}", np.asarray(prices))
    positions = [each for each in book.lines if name in (None, each.name)]
    market, swept = book.market, book.market.shifted(prices={asset: prices})
    target = moving_portfolio(positions, [asset], market)
    move = book.request.move
    before, off = Seen.of(target, swept, move), off_market(positions, market)
    if answer is None and hedging and book.instruments:
        answer = _hedge_of(book, positions)
    gain = None if answer is None else _hedge_gain(answer, market, swept, move)
    after = None if gain is None else before.plus(gain)
    return Sweep(
        name=name,
        asset=asset,
        market=market,
        worth=float(target.worth(market)),
        prices=prices,
        before=SweepCurve.of(before, asset, market),
        after=None if after is None else SweepCurve.of(after, asset, market),
        hedge=answer,
        move=None if all(each.is_density for each in (before, after) if each) else move,
        breaks=breaks(positions, asset, market),
        states=tuple(
            state_warning(each, [asset], market) for each in positions if each.name in off
        ),
        warnings=part_warnings(book, name, hedging=answer is not None),
    )


def sweeps(book: Book, answer: Hedge, assets: Sequence[str] | None = None) -> list[Sweep]:
    """Sweeps of a book over half to one and a half times the price of each of some assets.

    By default of those that are hedged: at most `COLUMNS`, the largest in cash before the hedge.

    Raises:
        AssetError: an asset that the book has no price for.
        SpecError: the numeraire, whose price is always 1.

    Examples:
        >>> book = Book.load("examples/book.toml")
        >>> [each.asset for each in sweeps(book, book.hedge())]
        ['WETH', 'WBTC']

    """
    if assets is None:
        cash = round_for_ties(np.abs(answer.before.delta_cash))
        size = dict(zip(answer.before.assets, cash, strict=True))
        assets = sorted(answer.problem.hedged_assets, key=lambda asset: -float(size[asset]))[
            :COLUMNS
        ]
    return [sweep(book, asset, picture_prices(book, asset), answer=answer) for asset in assets]


def picture_prices(book: Book, asset: str) -> Array:
    """Prices of a picture, (N,): half to one and a half times the book's, which is among them.

    Examples:
        >>> book = Book.load("examples/book.toml")
        >>> prices = picture_prices(book, "WETH")
        >>> float(book.market.price("WETH")) in prices
        True

    """
    price = float(book.market.price(asset))
    if asset == book.market.numeraire:
        raise SpecError(f"{asset} is the numeraire, whose price is always 1")
    edges = breaks(book.positions, asset, book.market)
    return np.union1d(price_grid(0.5 * price, 1.5 * price, SMOOTH, edges), [price])


def _hedge_of(book: Book, positions: Sequence[Position]) -> Hedge:
    """Book's own hedge of some of the positions, at the states at which they are taken.

    The request and the solver are those of the book.
    """
    return evolve(book, positions=tuple(positions)).hedge()


def _hedge_gain(answer: Hedge, market: Market, swept: Market, move: float) -> Seen:
    """Exposure in `swept` of what was traded at `market`, worth the profit since.

    The contracts were paid for in cash, so that the hedge changes no worth where it was traded.
    """
    traded = hedge_portfolio(answer, market)
    paid = traded.worth(market)
    there = Seen.of(traded, swept, move)
    return Seen(*(evolve(each, value=each.value - paid) for each in there))


def state_warning(position: Position, assets: Iterable[str], market: Market) -> str:
    """Sentence on the state at which a pool is drawn that the market has left.

    Examples:
        >>> book = Book.load("examples/book.toml")
        >>> outside = next(each for each in book.positions if each.warning(book.market))
        >>> state_warning(outside, ["DAI"], book.market).rpartition(". ")[2]
        'Drawn as the market would have moved it.'

    """
    roots = [{*market.assets.underlying(names)} for names in (assets, position.model.assets)]
    moves = roots[0] & roots[1]
    how = "as the market would have moved it" if moves else "as it stands"
    left = f"the market is outside the pool's fee band: {position.standing}"
    return f"{position.name}: {left}. Drawn {how}."


def breaks(positions: Iterable[Position], asset: str, market: Market) -> tuple[float, ...]:
    """Prices of `asset` at which a pair's range begins or ends, ascending.

    Examples:
        >>> book = Book.load("examples/book.toml")
        >>> [round(at, 2) for at in breaks(book.positions[:1], "WETH", book.market)]
        [1690.93, 2517.47]

    """
    return tuple(sorted({at for each in positions for at in _breaks(each.model, asset, market)}))


def _breaks(model: object, asset: str, market: Market) -> Iterator[float]:
    edges = model.breakpoints() if isinstance(model, PoolModel) else ()
    if not isinstance(model, PoolModel) or not edges:
        return
    base, quote = (_times(name, asset, market) for name in model.assets)
    ratio = float(market.price(model.assets[0]) / market.price(model.assets[1]))
    if base != quote:
        price = float(market.price(asset))
        yield from (price * at / ratio if base else price * ratio / at for at in edges)


def _times(name: str, asset: str, market: Market) -> bool:
    """True if one asset is a fixed number of the other, or the same asset."""
    one, two = (market.assets.multiple(each) for each in (name, asset))
    return one is not None and two is not None and one[0] == two[0]


def price_grid(low: float, high: float, steps: int, between: Sequence[float] = ()) -> Array:
    """Prices from `low` to `high`, (N,), in `steps`, and both sides of each price `between`.

    Examples:
        >>> price_grid(1.0, 3.0, 3).tolist()
        [1.0, 2.0, 3.0]

    """
    sides = [at * side for at in between if low < at < high for side in (1 - BESIDE, 1 + BESIDE)]
    return np.unique([*np.linspace(low, high, steps), *sides])
