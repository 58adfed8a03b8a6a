"""Claims: what one unit of an asset may be, a number of another or a part of a pool."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from attrs import field, frozen

from hedgecore.errors import SpecError
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


class PricedOverAssets(Priced, Protocol):
    """Object that is priced and names the assets that it depends on: a pool."""

    @property
    def assets(self) -> tuple[str, ...]: ...  # noqa: D102 - n names


def _positive(claim: Any, attribute: Any, number: Any) -> None:  # noqa: ARG001 - as attrs asks
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    if not is_number or not 0 < number < np.inf:
        raise SpecError(f"must be positive and finite, not {number!r:.80}", field=attribute.name)


@frozen
class Multiple:
    """A fixed number of another asset: ``Multiple("WETH", 1.2264)`` is one wstETH.

    Attributes:
        of: the other asset.
        rate: how many of it; 1 for a wrapper.

    """

    of: str
    rate: float = field(default=1.0, validator=_positive)

    @property
    def assets(self) -> tuple[str, ...]:
        """The other asset."""
        return (self.of,)

    @property
    def multiple(self) -> tuple[str, float]:
        """The other asset, and how many of it."""
        return self.of, self.rate

    def worth(self, market: Market) -> Array:
        """Price of one unit, S, in the numeraire."""
        return np.asarray(self.rate * market.price(self.of))

    def exposure(self, market: Market) -> Exposure:
        """Exposure of one unit, over underlying assets."""
        return Exposure.of(market, self.worth(market), {self.of: self.rate})


@frozen
class PoolShare:
    """One of the `supply` tokens that a whole pool is divided into, on its curve.

    Attributes:
        pool: the whole pool.
        supply: how many tokens there are.

    """

    pool: PricedOverAssets
    supply: float = field(validator=_positive)
    multiple: None = field(default=None, init=False, repr=False, eq=False)

    @property
    def assets(self) -> tuple[str, ...]:
        """The pool's assets."""
        return self.pool.assets

    def worth(self, market: Market) -> Array:
        """Price of one token, S, in the numeraire."""
        return np.asarray(self.pool.worth(market) / self.supply)

    def exposure(self, market: Market) -> Exposure:
        """Exposure of one token, over underlying assets."""
        return self.pool.exposure(market) * (1.0 / self.supply)
