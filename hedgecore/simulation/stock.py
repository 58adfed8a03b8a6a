"""What a run follows: the positions that are hedged, and the instruments that hedge them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from attrs import frozen

from hedgecore.book import Book
from hedgecore.errors import SpecError, did_you_mean
from hedgecore.exposure import Instrument, Priced
from hedgecore.market import Market
from hedgecore.pool import PoolModel
from hedgecore.portfolio import Enterable, Portfolio, entered
from hedgecore.positions import Position
from hedgecore.simulation.legs.arbitraged import ArbitragedLeg
from hedgecore.simulation.legs.dated import DatedLeg
from hedgecore.simulation.legs.leg import AbstractLeg, PlainLeg, is_deaf


@runtime_checkable
class Expiring(Protocol):
    """What may have a moment at which it expires, on the market's clock."""

    expiry: float | None


@frozen(eq=False, kw_only=True)
class Stock:
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
    def legs(self) -> tuple[AbstractLeg, ...]:
        """Positions, then instruments."""
        return (*self.positions, *self.instruments)


def parts(
    book: Book | Portfolio | Priced, moving: frozenset[str] | None = None
) -> list[tuple[str, Any, float]]:
    """Return (name, model, amount) of all that is held.

    A pool that holds one of the assets that are `moving` follows its curve; one that does not stays
    as the book takes it, since nothing moves it. None is all assets.
    """
    if isinstance(book, Book):
        return [(each.name, _moved(each, moving), each.amount) for each in book.positions]
    if isinstance(book, Portfolio):
        return [(part.name, part.priced, part.amount) for part in book.parts]
    return [("position", book, 1.0)]


def _moved(position: Position, moving: frozenset[str] | None) -> Any:
    model = position.model
    still = isinstance(model, PoolModel) and not (moving is None or moving & {*model.assets})
    return position.priced if still else model


def stock(
    book: Book | Portfolio | Priced,
    traded: Sequence[Instrument],
    market: Market,
    *,
    arbitraged: Sequence[str] = (),
    roll: str | None = None,
    moving: frozenset[str] | None = None,
) -> Stock:
    """Return the legs of a book and of what hedges it, entered at `market`.

    Raises:
        SpecError: `arbitraged` names what is no pool of a pair with a fee, or a leg twice.

    """
    held = parts(book, moving)
    names = [name for name, _, _ in held] + [each.name for each in traded]
    for name in arbitraged:
        known(name, [name for name, _, _ in held], "arbitraged")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise SpecError(f"both a position and an instrument are called {twice[0]!r}", kind=KIND)
    own = tuple(
        _arbitraged(name, model, market) if name in arbitraged else _leg(name, model, market, None)
        for name, model, _ in held
    )
    hedges = tuple(_leg(each.name, each, market, roll) for each in traded)
    seen = [leg.priced.exposure(market).assets for leg in (*own, *hedges)]
    assets = tuple(dict.fromkeys(a for each in seen for a in each if a != market.numeraire))
    return Stock(
        positions=own,
        amounts=tuple(float(amount) for _, _, amount in held),
        instruments=hedges,
        traded=tuple(traded),
        coins=tuple(_coin(each, market, assets) for each in traded),
        margined=tuple(isinstance(each, Enterable) for each in traded),
        assets=assets,
    )


KIND = "simulation"


def known(name: str, names: Sequence[str], field: str) -> None:
    """Refuse a name that is none of `names`."""
    if name not in names:
        near = did_you_mean(name, names)
        listed = ", ".join(names) or "none"
        raise SpecError(
            f"no position is called {name!r:.80}{near} ({listed})", kind=KIND, field=field
        )


def _leg(name: str, model: Any, market: Market, roll: str | None) -> AbstractLeg:
    priced = entered(model, market)
    deaf = is_deaf(priced, market)
    expiry = priced.expiry if isinstance(priced, Expiring) else None
    if expiry is None:
        return PlainLeg(name, priced, deaf)
    underlying = model.hedges[0]
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


def _arbitraged(name: str, model: Any, market: Market) -> ArbitragedLeg:
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


def _coin(instrument: Any, market: Market, assets: Sequence[str]) -> int | None:
    """Return which asset the profit of an instrument is settled in; None for the numeraire.

    Two contracts entered at different prices differ by what is owed in that coin, and in nothing
    else.
    """
    if not isinstance(instrument, Enterable):
        return None
    underlying = instrument.hedges[0]  # type: ignore[attr-defined]
    later = _raised(market, underlying)
    one, two = (instrument.entered(m).exposure(market) for m in (market, later))
    apart = (one - two).over([*one.assets]).delta
    found = [a for a, d in zip(one.assets, apart, strict=True) if d and a in assets]
    return assets.index(found[0]) if found else None


def _raised(market: Market, asset: str) -> Market:
    prices: Mapping[str, Any] = {**market.prices, asset: 1.1 * market.price(asset)}
    return Market(
        prices=prices, numeraire=market.numeraire, time=market.time, vols=market.vols,
        rates=market.rates,
    )  # fmt: skip
