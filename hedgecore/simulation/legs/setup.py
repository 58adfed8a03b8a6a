"""Legs of a run: the positions that are hedged, and the instruments that hedge them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from attrs import evolve, frozen

from hedgecore.books.book import Book
from hedgecore.errors import SpecError, did_you_mean
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio, enter
from hedgecore.pools.model import PoolModel
from hedgecore.pools.state import AtState
from hedgecore.simulation.legs.arbitraged import ArbitragedLeg
from hedgecore.simulation.legs.dated import DatedLeg
from hedgecore.simulation.legs.leg import AbstractLeg, PlainLeg, is_deaf


@runtime_checkable
class Expiring(Protocol):
    """Contract that may have a moment of expiry, on the market's clock."""

    expiry: float | None


@frozen(eq=False, kw_only=True)
class Legs:
    """The legs of a run.

    Attributes:
        positions: what is hedged, one leg each.
        amounts: how many of each.
        instruments: one contract of each instrument, as entered at the start.
        traded: the instruments themselves.
        coins: of each, which of the assets its profit is settled in; None for the numeraire.
        margined: of each, whether it is worth its profit since it was entered.
        assets: all that any of them depends on, but the numeraire.

    """

    positions: tuple[AbstractLeg, ...]
    amounts: tuple[float, ...]
    instruments: tuple[AbstractLeg, ...]
    traded: tuple[Instrument, ...]
    coins: tuple[int | None, ...]
    margined: tuple[bool, ...]
    assets: tuple[str, ...]

    @property
    def every(self) -> tuple[AbstractLeg, ...]:
        """Positions, then instruments."""
        return (*self.positions, *self.instruments)

    @property
    def owed(self) -> bool:
        """True if any contract is settled in a coin."""
        return any(coin is not None for coin in self.coins)


def parts(book: Book | Portfolio | Priced) -> list[tuple[str, Any, float]]:
    """(name, priced, amount) of all that is held."""
    if isinstance(book, Book):
        return [(each.name, each.priced, each.amount) for each in book.positions]
    if isinstance(book, Portfolio):
        return [(part.name, part.priced, part.amount) for part in book.parts]
    return [("position", book, 1.0)]


def _at_start(priced: Any, market: Market, moving: frozenset[str] | None) -> Any:
    """Position as a run starts from it.

    A pool at its own state follows its curve; it stays as it is where none of its assets is among
    those that are `moving`.
    """
    if isinstance(priced, AtState) and moving is not None:
        still = moving.isdisjoint(market.assets.underlying(priced.assets))
        return priced if still else enter(priced, market)
    return enter(priced, market)


def set_up_legs(
    book: Book | Portfolio | Priced,
    traded: Sequence[Instrument],
    market: Market,
    *,
    arbitraged: Sequence[str] = (),
    roll: str | None = None,
    moving: frozenset[str] | None = None,
) -> Legs:
    """Legs of a book and of what hedges it, entered at `market`.

    Raises:
        SpecError: `arbitraged` names what is no pool of a pair with a fee, or a leg twice.

    """
    held = parts(book)
    names = [name for name, _, _ in held] + [each.name for each in traded]
    for name in arbitraged:
        check_known(name, [name for name, _, _ in held], "arbitraged")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise SpecError(f"both a position and an instrument are called {twice[0]!r}", kind=KIND)
    own = tuple(
        _arbitraged_leg(name, model, market)
        if name in arbitraged
        else _leg(name, _at_start(model, market, moving), market, None)
        for name, model, _ in held
    )
    hedges = tuple(_leg(each.name, enter(each, market), market, roll) for each in traded)
    seen = [leg.priced.exposure(market).assets for leg in (*own, *hedges)]
    assets = tuple(dict.fromkeys(a for each in seen for a in each if a != market.numeraire))
    settled = [_settlement(each, market, assets) for each in traded]
    return Legs(
        positions=own,
        amounts=tuple(float(amount) for _, _, amount in held),
        instruments=hedges,
        traded=tuple(traded),
        coins=tuple(coin for _, coin in settled),
        margined=tuple(profit for profit, _ in settled),
        assets=assets,
    )


KIND = "simulation"


def check_known(name: str, names: Sequence[str], field: str) -> None:
    """Refuse a name that is none of `names`."""
    if name not in names:
        near = did_you_mean(name, names)
        listed = ", ".join(names) or "none"
        raise SpecError(
            f"no position is called {name!r:.80}{near} ({listed})", kind=KIND, field=field
        )


def _leg(name: str, priced: Any, market: Market, roll: str | None) -> AbstractLeg:
    deaf = is_deaf(priced, market)
    expiry = priced.expiry if isinstance(priced, Expiring) else None
    if expiry is None:
        return PlainLeg(name, priced, deaf)
    underlying = market.assets.underlying(priced.hedges)[0]
    return DatedLeg(
        name=name,
        priced=priced,
        underlying=underlying,
        spot=float(market.price(underlying)),
        expiry=float(expiry),
        tenor=float(expiry) - float(market.time or 0.0),
        roll=roll,
        deaf=deaf,
    )


def _arbitraged_leg(name: str, priced: Any, market: Market) -> ArbitragedLeg:
    model = enter(priced, market)
    if not isinstance(model, PoolModel) or len(model.assets) != 2:  # noqa: PLR2004 - a pair
        raise SpecError(f"{name!r:.80} is no pool of two assets", kind=KIND, field="arbitraged")
    if model.fee is None:
        raise SpecError(f"the fee of {name!r:.80} is unknown", kind=KIND, field="arbitraged")
    base, quote = (market.price(asset) for asset in model.assets)
    try:
        spot = float(model.spot())
    except SpecError:  # it stands where the market does
        spot = float(base / quote)
    return ArbitragedLeg(name=name, priced=model, fee=model.fee, spot=spot)


def _settlement(
    instrument: Instrument, market: Market, assets: Sequence[str]
) -> tuple[bool, int | None]:
    """Flag of a contract that is worth its profit since entry, and the place of its coin.

    Two contracts entered at different prices differ by what is owed in that coin, and in nothing
    else. What is simply owned is the same whenever it was bought. None is the numeraire.
    """
    later = _raise_prices(market, market.assets.underlying(instrument.hedges))
    one, two = (enter(instrument, there).exposure(market) for there in (market, later))
    apart = one - two
    owed = [a for a, d in zip(apart.assets, apart.delta, strict=True) if d and a in assets]
    return bool(apart.value != 0), assets.index(owed[0]) if owed else None


def _raise_prices(market: Market, moved: Sequence[str]) -> Market:
    return evolve(
        market, prices={a: p * (1.1 if a in moved else 1.0) for a, p in market.prices.items()}
    )
