"""The pool model interface, and how public calls meet a plugin's formulas.

A pool answers one question: what does the position hold at this price? For a fee-free CFMM with
trading function φ, ``V(p) = min { p·x : φ(x) ≥ k }`` is concave, its gradient is the holdings
(envelope theorem) and its Hessian is how they move (Angeris, Evans, Chitra, *Replicating Market
Makers*, 2021). So value is ``p·x``, delta is x, gamma is ∂x/∂p, and a plugin writes x alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, NamedTuple, final

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.errors import SpecError
from hedgecore.market.exposure import Exposure
from hedgecore.market.finite import finite
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.pools.evaluation import Evaluation, fill_greeks, point_greeks
from hedgecore.pools.formulas import call, call_listed
from hedgecore.pools.kernel import Kernel
from hedgecore.pools.shapes import (
    flat_prices,
    number,
    point_matrix,
    point_vector,
    reshape,
)
from hedgecore.pools.state import AtState
from hedgecore.views import Drawable, Viewable


class Greeks(NamedTuple):
    """Value, delta, gamma and holdings of a pool at a price, in units of its quote asset.

    ``value`` S; ``delta`` S+(m,) and ``gamma`` S+(m, m), or S each for two assets; ``holdings``
    S+(n,), the quote's last.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> greeks = pool.greeks(3000.0)
        >>> round(float(greeks.value)), greeks.holdings.round(6).tolist()
        (60000, [10.0, 30000.0])

    """

    value: Array
    delta: Array
    gamma: Array
    holdings: Array


class PoolModel(Viewable, Drawable, ABC):
    """A pool, or a position in one: value, delta and gamma as functions of price.

    Subclass `PairPool`, `BasketPool` or `InvariantPool` with a frozen attrs class; its fields are
    the schema of its table. `price` is the prices of the first m = n − 1 assets in units of the
    last, the quote: shape S+(m,), or S where n = 2. Numbers come back as float64 of shape S+(…),
    a scalar S as ``np.float64``.

    Attributes:
        kind: what a table calls it, in kebab-case.
        assets: n names, the quote last.
        fee: swap fee as a fraction, None where unknown; a field, where a pool has one.
        may_be_short: whether holdings may be negative by design (an LMSR's are).
        accepts_floats: whether `_holdings` and `_gamma` run on Python floats as they do on arrays.
        example: the fields of a table of this kind that builds.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> round(float(pool.delta(3000.0)), 9), round(float(pool.gamma(3000.0)), 9)
        (10.0, -0.001666667)
        >>> pool.value([2900.0, 3100.0]).round(2).tolist()
        [58991.52, 60991.8]

    """

    kind: ClassVar[str]
    assets: tuple[str, ...]
    fee: float | None = None
    may_be_short: ClassVar[bool] = False
    accepts_floats: ClassVar[bool] = False
    example: ClassVar[Mapping[str, Any]] = {}

    def __attrs_post_init__(self) -> None:
        """Check the names, on which everything is aligned."""
        names = self.assets
        if len(names) < 2 or not all(isinstance(name, str) and name for name in names):  # noqa: PLR2004
            reason = f"needs the names of two assets or more, not {names!r:.80}"
            raise SpecError(reason, kind=self.kind, field="assets")
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise SpecError(f"names {twice!r} twice", kind=self.kind, field="assets")

    @final
    def value(self, price: ArrayLike) -> Array:
        """Worth in the quote asset, S.

        Raises:
            PriceError: a price is not positive and finite, or its shape does not fit.

        """
        if one := point_greeks(self._evaluation, price, 1):
            return number(one[0], one[3])
        rows, shape = flat_prices(price, self.kind, self.assets)
        value = np.empty(rows.shape[1:])
        fill_greeks(self._evaluation, rows, value=value)
        return reshape(value, shape)

    @final
    def delta(self, price: ArrayLike) -> Array:
        """Delta ∂value/∂price, amounts held of the non-quote assets, S+(m,), a pair's S."""
        if one := point_greeks(self._evaluation, price, 1):
            return point_vector(one[1], one[3])
        rows, shape = flat_prices(price, self.kind, self.assets)
        delta = np.empty(rows.shape)
        fill_greeks(self._evaluation, rows, holdings=delta)
        return reshape(delta, shape)

    @final
    def gamma(self, price: ArrayLike) -> Array:
        """Gamma ∂delta/∂price, S+(m, m), a pair's S; symmetric and never positive.

        The right limit where it jumps; −inf is legal where delta has a vertical tangent.
        """
        if one := point_greeks(self._evaluation, price, 2):
            return point_matrix(one[2], one[3])
        rows, shape = flat_prices(price, self.kind, self.assets)
        gamma = np.empty((len(rows), *rows.shape))
        fill_greeks(self._evaluation, rows, gamma=gamma)
        return reshape(gamma, shape)

    @final
    def greeks(self, price: ArrayLike) -> Greeks:
        """Value, delta, gamma and all holdings, sharing the work."""
        if one := self._evaluation.at(price):
            return Greeks._make(one)
        rows, shape = flat_prices(price, self.kind, self.assets)
        m, size = rows.shape
        room = np.empty((m * m + m + 2, size))  # one piece, which the next call gets again
        value, held, bend = room[0], room[1 : m + 2], room[m + 2 :]
        fill_greeks(self._evaluation, rows, value=value, holdings=held, gamma=bend)
        square = bend if m == 1 else bend.reshape(m, m, size)
        delta, gamma = reshape(held[:-1], shape), reshape(square, shape)
        return Greeks(reshape(value, shape), delta, gamma, reshape(held, shape))

    @final
    def spot(self) -> Any:
        """Price that the model's own state implies: a float, or (m,) for n > 2.

        Raises:
            SpecError: the model does not know its own state.

        """
        given = call(self.kind, self._spot)
        if given is None:
            raise SpecError("does not know the pool's own price", kind=self.kind)
        rows, _ = flat_prices(given, self.kind, self.assets)
        return reshape(rows.copy(), ())

    @final
    def breakpoints(self) -> tuple[float, ...]:
        """Prices where gamma jumps or is infinite, ascending; pairs only."""
        return tuple(sorted(map(float, call_listed(self.kind, self._breakpoints))))

    @final
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Pairs (price, mass) where delta jumps by mass, ascending; gamma leaves these out."""
        found = call_listed(self.kind, self._atoms)
        return tuple(sorted((float(price), float(mass)) for price, mass in found))

    @final
    def at_state(self) -> Priced:
        """Holdings of *now*, at the pool's own price, whatever the market says.

        Raises:
            SpecError: the model does not know its own state.

        """
        return AtState(self, self.spot())

    @final
    @finite
    def worth(self, market: Market) -> Array:
        """Value in the market's numeraire, S, at the market's prices."""
        return self._worth(market)

    @final
    @partial(finite, endless=True)
    def exposure(self, market: Market) -> Exposure:
        """Value, delta and gamma over all n assets in the market's numeraire."""
        return self._exposure(market)

    # What a plugin may say besides its formulas.

    def _spot(self) -> ArrayLike | None:
        return None

    def _breakpoints(self) -> Iterable[float]:
        return ()

    def _atoms(self) -> Iterable[tuple[float, float]]:
        return ()

    def _current_holdings(self) -> Sequence[float] | None:
        """Holdings now, n amounts, where the state gives them better than x(spot); else None."""
        return None

    def _kernel(self) -> Kernel | None:
        """Compiled loop for long arrays of prices, where the extra `fast` is there."""
        return None

    def _fill(self, prices: Array, holdings: Array, gamma: Array) -> bool:  # noqa: ARG002
        """Fill holdings (n, N) and gamma (m·m, N) at prices (m, N), and tell whether that is done.

        Write it where both share work: N is 8192 at most. The formulas remain, and are the judge.
        """
        return False

    # What the bases say: `PairPool`, `PayoffPool` and `BasketPool`, and nobody else.

    @property
    @abstractmethod
    def _evaluation(self) -> Evaluation:
        """The pool's formulas, for prices of either sort; a base keeps it."""

    @abstractmethod
    def _worth(self, market: Market) -> Array: ...

    @abstractmethod
    def _exposure(self, market: Market) -> Exposure: ...
