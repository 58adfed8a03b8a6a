"""Claims among assets: those whose price is a function of the prices of others.

ETH is one WETH, a wstETH so many WETH, an LP token a part of a pool. Each such *claim* is a priced
thing; what stands at the end of all claims are the *underlying* assets. A market has prices of
those alone, and derives the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

import numpy as np
from attrs import field, frozen

from hedgecore.errors import SpecError

KIND = "assets"


class Claim(Protocol):
    """Content of one unit of an asset: a priced thing that names the assets it depends on.

    Attributes:
        assets: the assets whose prices its own is a function of; claims may be among them.
        multiple: the one asset that it is a fixed number of, and that number; None where it is not.

    """

    @property
    def assets(self) -> tuple[str, ...]: ...  # noqa: D102 - the fields are documented above
    @property
    def multiple(self) -> tuple[str, float] | None: ...  # noqa: D102

    def worth(self, market: Any, /) -> Any:
        """Price of one unit, S, in the numeraire."""
        ...

    def exposure(self, market: Any, /) -> Any:
        """Exposure of one unit, over underlying assets."""
        ...


def _plain(given: Mapping[str, Claim]) -> dict[str, Claim]:
    return dict(given)


@frozen
class AssetMap(Mapping[str, Claim]):
    """Asset → what one of it is; assets that are not in it are underlying.

    Raises:
        SpecError: claims that go round in a circle, which is named.

    """

    claims: Mapping[str, Claim] = field(factory=dict, converter=_plain)

    def __attrs_post_init__(self) -> None:
        for asset in self.claims:
            self._below(asset, ())

    def __getitem__(self, asset: str) -> Claim:
        return self.claims[asset]

    def __iter__(self) -> Iterator[str]:
        return iter(self.claims)

    def __len__(self) -> int:
        return len(self.claims)

    def _below(self, asset: str, above: tuple[str, ...]) -> list[str]:
        """Underlying assets of one asset, in order; `above` are those that led to it."""
        if asset in above:
            circle = " → ".join((*above[above.index(asset) :], asset))
            raise SpecError(f"goes round in a circle: {circle}", kind=KIND, field=asset)
        if asset not in self.claims:
            return [asset]
        below = (self._below(each, (*above, asset)) for each in self.claims[asset].assets)
        return [name for names in below for name in names]

    def underlying(self, assets: Iterable[str]) -> tuple[str, ...]:
        """Underlying assets that `assets` depend on, each once, in order."""
        names = (self._below(asset, ()) for asset in assets)
        return tuple(dict.fromkeys(name for each in names for name in each))

    def multiple(self, asset: str) -> tuple[str, float] | None:
        """Underlying asset that one of `asset` is a fixed number of, and that number.

        None where there is none: of a part of a pool, say.
        """
        number = 1.0
        while asset in self.claims:
            step = self.claims[asset].multiple
            if step is None:
                return None
            asset, number = step[0], number * step[1]
        return asset, number

    def root(self, asset: str) -> str:
        """Underlying asset that one of `asset` is a fixed number of; itself where there is none."""
        return (self.multiple(asset) or (asset, 1.0))[0]

    def underlying_prices(self, prices: Mapping[str, Any]) -> dict[str, Any]:
        """Prices of underlying assets that follow from prices of any assets.

        Raises:
            SpecError: two of them say different prices of one, or one has no price to be moved.

        """
        found: dict[str, Any] = {}
        for asset, price in prices.items():
            if asset not in self.claims:
                _add(found, asset, price, asset)
                continue
            its = self.multiple(asset)
            if its is None:
                many = ", ".join(self.underlying([asset]))
                reason = f"its price follows from those of {many}: give those"
                raise SpecError(reason, kind=KIND, field=asset)
            _add(found, its[0], np.asarray(price) / its[1], asset)
        return found

    def underlying_vols(self, vols: Mapping[str, Any]) -> dict[str, Any]:
        """Volatilities by underlying asset: a fixed number of an asset has that asset's.

        Raises:
            SpecError: two different volatilities of one.

        """
        found: dict[str, Any] = {}
        for asset, vol in vols.items():
            _add(found, self.root(asset), vol, asset)
        return found

    def all_vols(self, vols: Mapping[str, Any]) -> dict[str, Any]:
        """Volatilities of all assets, from those of the underlying ones, which win."""
        own = {a: v for a, v in vols.items() if a not in self.claims or self.multiple(a) is None}
        own = {**self.underlying_vols({a: v for a, v in vols.items() if a not in own}), **own}
        roots = {asset: self.root(asset) for asset in self.claims}
        return {**own, **{asset: own[root] for asset, root in roots.items() if root in own}}


def _add(found: dict[str, Any], root: str, number: Any, asset: str) -> None:
    """Add a number of `root`, as `asset` says it; SpecError where another was said."""
    if root in found and not np.array_equal(found[root], number):
        reason = f"a number of {root} by [assets], and both are given and differ: give one of them"
        raise SpecError(reason, kind=KIND, field=asset)
    found[root] = number
