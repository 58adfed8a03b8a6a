"""The pool model interface, and how public calls meet a plugin's formulas.

A pool answers one question: what does the position hold at this price? For a fee-free CFMM with
trading function φ, ``V(p) = min { p·x : φ(x) ≥ k }`` is concave, its gradient is the holdings
(envelope theorem) and its Hessian is how they move (Angeris, Evans, Chitra, *Replicating Market
Makers*, 2021). So value is ``p·x``, delta is x, gamma is ∂x/∂p, and a plugin writes x alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isnan
from typing import Any, ClassVar, NamedTuple, final

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.errors import HedgecoreError, PluginError, PriceError, SpecError
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array, blocks, numbers, restored, sealed
from hedgecore.pools.scalar import matrix, settled, single, vector
from hedgecore.pools.state import AtState


class Greeks(NamedTuple):
    """What a pool is worth and holds at a price, in units of its quote asset.

    ``value`` S; ``delta`` S+(m,) and ``gamma`` S+(m, m), or S each for two assets; ``holdings``
    S+(n,), the quote's last.
    """

    value: Any
    delta: Any
    gamma: Any
    holdings: Any


class PoolModel(ABC):
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
    def value(self, price: ArrayLike) -> Any:
        """Return the worth in the quote asset, S.

        Raises:
            PriceError: a price is not positive and finite, or its shape does not fit.

        """
        if self.accepts_floats and (one := self._alone(price)):
            return np.float64(one[0])
        rows, shape = self._rows(price)
        value = np.empty(rows.shape[1:])
        self._answer(rows, value=value)
        return restored(value, shape)

    @final
    def delta(self, price: ArrayLike) -> Any:
        """Return ∂value/∂price, the amounts held of the non-quote assets: S+(m,), a pair's S."""
        if self.accepts_floats and (one := self._alone(price)):
            return vector(one[1])
        rows, shape = self._rows(price)
        delta = np.empty(rows.shape)
        self._answer(rows, holdings=delta)
        return restored(delta, shape)

    @final
    def gamma(self, price: ArrayLike) -> Any:
        """Return ∂delta/∂price: S+(m, m), a pair's S; symmetric and never positive.

        The right limit where it jumps; −inf is legal where delta has a vertical tangent.
        """
        if self.accepts_floats and (one := self._alone(price, bent=True)):
            return matrix(one[2])
        rows, shape = self._rows(price)
        gamma = np.empty((len(rows), *rows.shape))
        self._answer(rows, gamma=gamma)
        return restored(gamma, shape)

    @final
    def greeks(self, price: ArrayLike) -> Greeks:
        """Return value, delta, gamma and all holdings, sharing the work."""
        if self.accepts_floats and (one := self._alone(price, bent=True)):
            value, held, bend = one
            return Greeks(np.float64(value), vector(held), matrix(bend), np.array(held))
        rows, shape = self._rows(price)
        m, size = rows.shape
        value, holdings, bend = np.empty(size), np.empty((m + 1, size)), np.empty((m, m, size))
        self._answer(rows, value, holdings, bend)
        return Greeks(*(restored(each, shape) for each in (value, holdings[:-1], bend, holdings)))

    @final
    def spot(self) -> Any:
        """Return the price that the model's own state implies: a float, or (m,) for n > 2.

        Raises:
            SpecError: the model does not know its own state.

        """
        given = self._spot()
        if given is None:
            raise SpecError("does not know the pool's own price", kind=self.kind)
        return restored(self._rows(given)[0].copy(), ())

    @final
    def breakpoints(self) -> tuple[float, ...]:
        """Return the prices where gamma jumps or is infinite, ascending; pairs only."""
        return tuple(sorted(map(float, self._breakpoints())))

    @final
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Return (price, mass) where delta jumps by mass, ascending; gamma leaves these out."""
        return tuple(sorted((float(price), float(mass)) for price, mass in self._atoms()))

    @final
    def at_state(self) -> Priced:
        """Return what the pool holds *now*, at its own price, whatever the market says.

        Raises:
            SpecError: the model does not know its own state.

        """
        return AtState(self, self.spot())

    @final
    def worth(self, market: Market) -> Array:
        """Return the value in the market's numeraire, S, at the market's prices."""
        return self._worth(market)

    @final
    def exposure(self, market: Market) -> Exposure:
        """Return value, delta and gamma over all n assets in the market's numeraire."""
        return self._exposure(market)

    # What a plugin may say besides its formulas.

    def _spot(self) -> ArrayLike | None:
        return None

    def _breakpoints(self) -> Iterable[float]:
        return ()

    def _atoms(self) -> Iterable[tuple[float, float]]:
        return ()

    def _current_holdings(self) -> Sequence[float] | None:
        """Return the n amounts held now, where the state gives them better than x(spot)."""
        return None

    # What the bases say: PairPool and BasketPool, and nobody else.

    @abstractmethod
    def _at(self, rows: Array) -> tuple[ArrayLike, Iterable[ArrayLike]]:
        """Return value (N,) and n holdings (N,) at prices (m, N) in the quote."""

    @abstractmethod
    def _bend(self, rows: Array, holdings: Array) -> Iterable[ArrayLike]:
        """Return gamma: its m·m entries (N,), row by row."""

    @abstractmethod
    def _at_one(self, point: tuple[float, ...]) -> tuple[float, Sequence[float]]:
        """Return the same as `_at` at one point, m prices, all in floats: for `accepts_floats`."""

    @abstractmethod
    def _bend_one(
        self, point: tuple[float, ...], holdings: Sequence[float]
    ) -> Sequence[Sequence[float]]:
        """Return the same as `_bend` at one point, m rows of m floats."""

    @abstractmethod
    def _worth(self, market: Market) -> Array: ...

    @abstractmethod
    def _exposure(self, market: Market) -> Exposure: ...

    # The seam: prices in, flat and checked; numbers out, checked and shaped.

    def _alone(self, price: Any, *, bent: bool = False) -> tuple[Any, Any, Any] | None:
        """Return value, holdings and gamma at one price in floats; None: the arrays must say."""
        point = single(price, len(self.assets) - 1)
        if point is None:
            return None
        try:
            value, holdings = self._at_one(point)
            gamma = self._bend_one(point, holdings) if bent else ()
        except (ArithmeticError, ValueError):
            return None
        return (value, holdings, gamma) if settled(value, gamma) else None

    def _rows(self, price: ArrayLike) -> tuple[Array, tuple[int, ...]]:
        """Return the prices as (m, N), and S."""
        given, m = numbers(price), len(self.assets) - 1
        if m > 1 and given.shape[-1:] != (m,):
            wanted = f"a last axis of {m}, the prices of {self.assets[:-1]} in {self.assets[-1]}"
            raise PriceError(f"{self.kind}: price of shape {given.shape} needs {wanted}")
        shape = given.shape if m == 1 else given.shape[:-1]
        rows = given.reshape(1, -1) if m == 1 else np.moveaxis(given, -1, 0).reshape(m, -1)
        if not (rows.min(initial=1.0) > 0 and rows.max(initial=1.0) < np.inf):
            bad = rows[~((rows > 0) & (rows < np.inf))][0]
            raise PriceError(f"{self.kind}: price {bad} must be positive and finite")
        return rows, shape

    def _answer(
        self,
        rows: Array,
        value: Array | None = None,
        holdings: Array | None = None,
        gamma: Array | None = None,
    ) -> None:
        """Fill what is given, block by block: value (N,), m or n holdings, gamma (m, m, N)."""
        m, size = rows.shape
        entries = rows if gamma is None else gamma.reshape(m * m, size)
        with np.errstate(all="ignore"):
            for block in blocks(size, m):
                part = sealed(rows[:, block])
                worth, held = self._called(self._at, part)
                if value is not None:
                    self._filled((worth,), value[None, block], part)
                held = self._kept(held, part, None if holdings is None else holdings[:, block])
                if gamma is not None:
                    bend = self._called(self._bend, part, sealed(held))
                    self._filled(bend, entries[:, block], part)

    def _kept(self, given: Any, rows: Array, answer: Array | None) -> Array:
        """Return the n holdings, in `answer` where that has room for all, else its part of them."""
        m, size = rows.shape
        if answer is not None and len(answer) > m:
            return self._filled(given, answer, rows)
        held = self._filled(given, np.empty((m + 1, size)), rows)
        if answer is not None:
            answer[...] = held[:m]
        return held

    @np.errstate(all="ignore")
    def _curved(self, rows: Array, holdings: Array) -> Array:
        gamma = self._called(self._bend, sealed(rows), sealed(holdings))
        return self._filled(gamma, np.empty((len(rows) ** 2, rows.shape[1])), rows)

    def _called(self, formula: Callable[..., Any], *given: Array) -> Any:
        """Return what a plugin's formula says of arrays that it cannot write into.

        PluginError where it tries, or where its shapes do not fit together.
        """
        try:
            return formula(*given)
        except HedgecoreError:
            raise
        except ValueError as error:
            raise PluginError(f"{self.kind}: a formula failed: {error}") from error
        except Exception as error:
            error.add_note(f"in a formula of {self.kind!r}")
            raise

    def _filled(self, given: Any, answer: Array, rows: Array) -> Array:
        """Return `answer`, filled with what a formula gave; what does not fit is refused."""
        try:
            for row, part in zip(answer, given, strict=True):
                np.copyto(row, part, casting="same_kind")
        except (TypeError, ValueError) as error:
            got = f"{given!r:.60} where an array of shape {answer.shape} is due"
            raise PluginError(f"{self.kind}: a formula returned {got} ({error})") from error
        if isnan(np.minimum.reduce(answer, axis=None, initial=0.0)):
            where = np.isnan(answer).reshape(-1, answer.shape[-1]).any(axis=0)
            price = rows[:, where][:, 0]
            raise PluginError(f"{self.kind}: a formula gave NaN at price {price.tolist()}")
        return answer
