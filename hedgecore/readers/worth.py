"""Worth of what was read: prices from the unit to every asset, and what none of them reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from hedgecore.readers.naming import assets_by_name
from hedgecore.readers.options import BookOptions
from hedgecore.readers.pricing import Link, claim_links, claims_of, derive_prices, links, unit_of
from hedgecore.readers.rows import Named, assets_of, holdings_of, unique_rows
from hedgecore.readers.unread import Unread, unread_holding, unread_position
from hedgecore.registry.registry import Registry

Row = dict[str, Any]


@frozen(kw_only=True)
class Worth:
    """Rows of a book, each with a price, and those that have none.

    Attributes:
        read: readings without those of positions that have no price.
        positions: those of them that are positions that are held.
        holdings: balances that have a price.
        assets: of both.
        prices: asset → price in the unit, of all that have one.
        taken: links that say so, in order.
        unit: what prices are in.
        lost_positions: those without a price, each with the assets that lack one.
        lost_holdings: balances without a price, likewise.

    """

    read: Sequence[Named]
    positions: Sequence[Named]
    holdings: Sequence[Row]
    assets: Sequence[str]
    prices: Mapping[str, float]
    taken: Sequence[Link]
    unit: str
    lost_positions: Sequence[tuple[Named, Sequence[str]]]
    lost_holdings: Sequence[tuple[Row, Sequence[str]]]


def worth(
    read: Sequence[Named],
    writing: BookOptions,
    claims: Mapping[str, Any],
    registry: Registry | None,
) -> Worth:
    """Worth of readings; `claims` are the rows of ``[assets]``."""
    every = claims_of(claims)
    found = [link for each in read for link in links(each.name, each.reading, registry)]
    roots = every.underlying(assets_of(_positions(read), _holdings(read), registry))
    unit = writing.numeraire or ("USD" if writing.prices else unit_of(found, roots, every))
    prices, taken = derive_prices({unit: 1.0, **writing.prices}, [*claim_links(every), *found])
    stated = {*prices, *writing.tables.get("assets", {})}

    def missing(assets: Sequence[str]) -> list[str]:
        return [each for each in every.underlying(assets) if each not in stated]

    needs = {each.name: missing(assets_of([each], [], registry)) for each in _positions(read)}
    kept = [each for each in read if not needs.get(each.name)]
    rows = [(row, missing([row["asset"]])) for row in _holdings(kept)]
    holdings = [row for row, lacking in rows if not lacking]
    positions = _positions(kept)
    return Worth(
        read=kept,
        positions=positions,
        holdings=holdings,
        assets=assets_of(positions, holdings, registry),
        prices=prices,
        taken=taken,
        unit=unit,
        lost_positions=[(each, needs[each.name]) for each in read if needs.get(each.name)],
        lost_holdings=[(row, lacking) for row, lacking in rows if lacking],
    )


def without_price(its: Worth, names: Mapping[str, str]) -> list[Unread]:
    """Unread things that have no price, by the reader, or by the token's address."""
    ids = assets_by_name(names)
    positions = (
        unread_position(each, no_price(its.unit, lacking)) for each, lacking in its.lost_positions
    )
    holdings = (
        unread_holding(row, no_price(its.unit, lacking), ids) for row, lacking in its.lost_holdings
    )
    return [*positions, *holdings]


def no_price(unit: str, missing: Sequence[str]) -> str:
    """Sentence on assets that no price leads to, and what to do."""
    return (
        f"no pool that was read leads from {unit} to a price of {', '.join(missing)}: name a"
        f" pool (--pool), a feed (--feed {missing[0]}=0x…), a price (--price {missing[0]}=…),"
        " count in another asset (--numeraire), or leave out what holds it (--skip"
        " READER:ID)"
    )


def _positions(read: Sequence[Named]) -> list[Named]:
    return [each for each in read if each.reading.position is not None and each.reading.held]


def _holdings(read: Sequence[Named]) -> list[Row]:
    return unique_rows(row for each in read for row in holdings_of(each))
