"""The table [assets] of a book: what is worth what, said once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from hedgecore.books.plausibility import MEANT, price_confusion
from hedgecore.errors import SpecError, at_place, did_you_mean
from hedgecore.market.assets import AssetMap, Claim
from hedgecore.market.claims import Multiple, PoolShare
from hedgecore.market.market import Market
from hedgecore.pools.model import PoolModel

Table: TypeAlias = Mapping[str, Any]
WAYS = {"same_as": (), "of": ("rate",), "of_position": ("supply",)}
"""Keys by which an asset is worth another, and the keys that must stand beside."""
BASIS = 0.005
"""Distance of a stated price from the one that follows, relative, above which a book warns."""
EXAMPLE = '{ same_as = "WETH" }, { of = "WETH", rate = 1.2 } or { of_position = "…", supply = … }'


def asset_map(table: Any, prices: Iterable[str], model: Callable[[str], Any]) -> AssetMap:
    """Claims that a table [assets] states.

    Args:
        table: asset → how it is said to be worth others.
        prices: the assets that are priced, the numeraire among them.
        model: from the name of a position to its model; SpecError where there is none.

    Raises:
        SpecError: a row is wrong; the message starts with "assets" and the asset.

    """
    if not isinstance(table, Mapping):
        raise SpecError("must be a table: write [assets]", field="assets")
    claims = {asset: _claim(asset, row, model) for asset, row in table.items()}
    known = (*prices, *claims)
    for asset, claim in claims.items():
        with at_place(f"assets.{asset}"):
            _check(claim, table, known)
    return AssetMap(claims)


def _claim(asset: str, row: Any, model: Callable[[str], Any]) -> Claim:
    with at_place(f"assets.{asset}"):
        if not isinstance(row, Mapping):
            raise SpecError(f"must be {EXAMPLE}, not {row!r:.80}")
        ways = [way for way in WAYS if way in row]
        if len(ways) != 1:
            both = f"is said by {' and '.join(ways)}, so twice" if ways else "says nothing"
            raise SpecError(f"{both}: write {EXAMPLE}")
        _only(row, (ways[0], *WAYS[ways[0]]))
        return CLAIMS[ways[0]](row, model)


def _only(row: Table, known: tuple[str, ...]) -> None:
    for key in row:
        if key not in known:
            reason = f"no such field{did_you_mean(key, known)} (there are {', '.join(known)})"
            raise SpecError(reason, field=str(key)[:80])
    for key in known:
        if key not in row:
            raise SpecError(f"is needed beside {known[0]}", field=key)


def _name(row: Table, key: str) -> str:
    if not isinstance(row[key], str) or not row[key]:
        raise SpecError(f"must be a name, not {row[key]!r:.80}", field=key)
    return str(row[key])


def _pool_share(row: Table, model: Callable[[str], Any]) -> PoolShare:
    name = _name(row, "of_position")
    pool = model(name)
    if not isinstance(pool, PoolModel):
        raise SpecError(f"{name!r:.80} is no pool", field="of_position")
    return PoolShare(_whole(pool), row["supply"])


def _whole(pool: Any) -> Any:
    """Whole pool that a position is a share of."""
    names = {each.name for each in attrs.fields(type(pool))}
    return attrs.evolve(pool, share=1.0) if "share" in names else pool


CLAIMS: Mapping[str, Callable[[Table, Callable[[str], Any]], Claim]] = {
    "same_as": lambda row, model: Multiple(_name(row, "same_as")),  # noqa: ARG005
    "of": lambda row, model: Multiple(_name(row, "of"), row["rate"]),  # noqa: ARG005
    "of_position": _pool_share,
}


def _check(claim: Claim, table: Table, known: tuple[str, ...]) -> None:
    """Refuse what leads to an asset without a price, and one alias of another."""
    for other in claim.assets:
        if other not in known:
            near = did_you_mean(other, known)
            raise SpecError(f"{other!r:.80} has no price{near}: add it under [prices]")
    row = table.get(claim.assets[0], {}) if claim.multiple == (claim.assets[0], 1.0) else {}
    if "same_as" in row:
        last = row["same_as"]
        raise SpecError(f"{claim.assets[0]} is the same as {last} itself: write {last!r:.80}")


def refuse_basis(stated: Mapping[str, float], market: Market) -> None:
    """Refuse a stated price that contradicts, recognisably, what follows from [assets].

    Raises:
        SpecError: with what it probably is.

    """
    others = {asset: float(price) for asset, price in market.prices.items()}
    for asset, price in stated.items():
        follows = float(market.price(asset))
        why = price_confusion(price, follows, (asset, market.numeraire), others)
        if why is not None:
            reason = f"{price:.7g} is stated, and {follows:.7g} follows from [assets]: {why}"
            raise SpecError(f"{reason}. {MEANT}", kind="prices", field=asset)


def basis_warnings(stated: Mapping[str, float], market: Market) -> Iterator[str]:
    """Sentences on stated prices that differ from what follows from [assets]."""
    for asset, price in stated.items():
        follows = float(market.price(asset))
        if abs(price / follows - 1.0) > BASIS:
            yield (
                f"prices.{asset} is {price:.7g}, and {follows:.7g} follows from [assets], "
                f"{price / follows - 1.0:+.2%} apart: the latter is taken."
            )
