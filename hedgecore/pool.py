"""The pool model interface, and how public calls meet a plugin's formulas.

A pool answers one question: what does the position hold at this price? For a fee-free CFMM with
trading function φ, ``V(p) = min { p·x : φ(x) ≥ k }`` is concave, its gradient is the holdings
(envelope theorem) and its Hessian is how they move (Angeris, Evans, Chitra, *Replicating Market
Makers*, 2021). So value is ``p·x``, delta is x, gamma is ∂x/∂p, and a plugin writes x alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, final

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from hedgecore.errors import HedgecoreError, PluginError, PriceError, SpecError
from hedgecore.exposure import Exposure, Priced, lift
from hedgecore.market import Array, Market
from hedgecore.single import matrix, settled, single, vector


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
        scalars: whether `_holdings` and `_gamma` run on Python floats as they do on arrays.
        example: the fields of a table of this kind that builds.

    """

    kind: ClassVar[str]
    assets: tuple[str, ...]
    fee: float | None = None
    may_be_short: ClassVar[bool] = False
    scalars: ClassVar[bool] = False
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
        if self.scalars and (one := self._alone(price)):
            return np.float64(one[0])
        rows, shape = self._rows(price)
        return _restored(self._sound(rows)[0], shape)

    @final
    def delta(self, price: ArrayLike) -> Any:
        """Return ∂value/∂price, the amounts held of the non-quote assets: S+(m,), a pair's S."""
        if self.scalars and (one := self._alone(price)):
            return vector(one[1][:-1])
        rows, shape = self._rows(price)
        return self._vector(self._sound(rows)[1][:-1], shape)

    @final
    def gamma(self, price: ArrayLike) -> Any:
        """Return ∂delta/∂price: S+(m, m), a pair's S; symmetric and never positive.

        The right limit where it jumps; −inf is legal where delta has a vertical tangent.
        """
        if self.scalars and (one := self._alone(price, bent=True)):
            return matrix(one[2])
        rows, shape = self._rows(price)
        return self._matrix(self._curved(rows, self._sound(rows)[1]), shape)

    @final
    def greeks(self, price: ArrayLike) -> Greeks:
        """Return value, delta, gamma and all holdings, sharing the work."""
        if self.scalars and (one := self._alone(price, bent=True)):
            value, held, bend = one
            return Greeks(np.float64(value), vector(held[:-1]), matrix(bend), np.array(held))
        rows, shape = self._rows(price)
        value, holdings = self._sound(rows)
        gamma = self._matrix(self._curved(rows, holdings), shape)
        delta = self._vector(holdings[:-1], shape)
        return Greeks(_restored(value, shape), delta, gamma, _restored(holdings, shape))

    @final
    def spot(self) -> Any:
        """Return the price that the model's own state implies: a float, or (m,) for n > 2.

        Raises:
            SpecError: the model does not know its own state.

        """
        given = self._spot()
        if given is None:
            raise SpecError("does not know the pool's own price", kind=self.kind)
        rows, _ = self._rows(given)
        return self._vector(rows.copy(), ())

    @final
    def breaks(self) -> tuple[float, ...]:
        """Return the prices where gamma jumps or is infinite, ascending; pairs only."""
        return tuple(sorted(map(float, self._breaks())))

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

    def _breaks(self) -> Iterable[float]:
        return ()

    def _held(self) -> Sequence[float] | None:
        """Return the n amounts held now, where the state gives them better than x(spot)."""
        return None

    # What the bases say: PairPool and BasketPool, and nobody else.

    @abstractmethod
    def _at(self, rows: Array) -> tuple[Array, Iterable[ArrayLike]]:
        """Return value (N,) and n holdings (N,) at prices (m, N) in the quote."""

    @abstractmethod
    def _bend(self, rows: Array, holdings: Array) -> ArrayLike:
        """Return gamma (m, m, N)."""

    @abstractmethod
    def _at_one(self, point: tuple[float, ...]) -> tuple[float, Sequence[float]]:
        """Return the same as `_at` at one point, m prices, all in floats: for `scalars`."""

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
        given, m = _numbers(price), len(self.assets) - 1
        if m > 1 and given.shape[-1:] != (m,):
            wanted = f"a last axis of {m}, the prices of {self.assets[:-1]} in {self.assets[-1]}"
            raise PriceError(f"{self.kind}: price of shape {given.shape} needs {wanted}")
        shape = given.shape if m == 1 else given.shape[:-1]
        rows = given.reshape(1, -1) if m == 1 else np.moveaxis(given, -1, 0).reshape(m, -1)
        if not (rows.min(initial=1.0) > 0 and rows.max(initial=1.0) < np.inf):
            bad = rows[~((rows > 0) & (rows < np.inf))][0]
            raise PriceError(f"{self.kind}: price {bad} must be positive and finite")
        return rows, shape

    def _sound(self, rows: Array) -> tuple[Array, Array]:
        value, holdings = self._called(self._at, rows)
        shape = (len(self.assets), rows.shape[1])
        return self._filled((value,), (1, shape[1]), rows)[0], self._filled(holdings, shape, rows)

    def _curved(self, rows: Array, holdings: Array) -> Array:
        gamma = self._called(self._bend, rows, holdings)
        return self._filled(gamma, (rows.shape[0], *rows.shape), rows)

    def _called(self, formula: Callable[..., Any], *given: Array) -> Any:
        """Return what a plugin's formula says of arrays that it cannot write into.

        PluginError where it tries, or where its shapes do not fit together.
        """
        try:
            with np.errstate(all="ignore"):
                return formula(*map(_sealed, given))
        except HedgecoreError:
            raise
        except ValueError as error:
            raise PluginError(f"{self.kind}: a formula failed: {error}") from error

    def _filled(self, given: Any, shape: tuple[int, ...], rows: Array) -> Array:
        """Return the plugin's answer as a fresh array of `shape`, refusing what does not fit."""
        answer = np.empty(shape)
        try:
            for row, part in zip(answer, given, strict=True):
                np.copyto(row, part, casting="same_kind")
        except (TypeError, ValueError) as error:
            got = f"{given!r:.60} where an array of shape {shape} is due"
            raise PluginError(f"{self.kind}: a formula returned {got} ({error})") from error
        if np.isnan(answer.min(initial=0.0)):
            where = np.isnan(answer).reshape(-1, shape[-1]).any(axis=0)
            price = rows[:, where][:, 0]
            raise PluginError(f"{self.kind}: a formula gave NaN at price {price.tolist()}")
        return answer

    def _vector(self, array: Array, shape: tuple[int, ...]) -> Any:
        return _restored(array[0] if len(array) == 1 else array, shape)

    def _matrix(self, array: Array, shape: tuple[int, ...]) -> Any:
        return _restored(array[0, 0] if len(array) == 1 else array, shape)


@frozen(eq=False)
class AtState:
    """A pool as it stands: its holdings do not move with the market, its curvature is known.

    Within the fee band nobody moves a pool. Delta is what it holds; gamma is the curve's at the
    pool's own spot, lifted with the market's prices, so that ``P·Δ = V`` and ``ΓP = 0`` hold.

    """

    model: PoolModel
    spot: Any

    def entered(self, market: Market) -> PoolModel:  # noqa: ARG002 - as `Enterable` asks
        """Return the pool on its curve: where prices move far enough it follows them."""
        return self.model

    def worth(self, market: Market) -> Array:
        """Return the worth of what is held at the market's prices, S."""
        return np.asarray(np.sum(market.vector(self.model.assets) * self._held(), axis=-1))

    def exposure(self, market: Market) -> Exposure:
        """Return the exposure of what is held, with the curvature at the pool's own spot."""
        held, m = self._held(), len(self.model.assets) - 1
        gamma = self.model._curved(*self._point(held))  # noqa: SLF001 - one module, one interface
        shape = (1,) * len(market.shape)
        return lift(self.model.assets, list(held), gamma.reshape((m, m, *shape)), market)

    def _held(self) -> Array:
        held = self.model._held()  # noqa: SLF001
        return np.array(self.model.greeks(self.spot).holdings if held is None else held)

    def _point(self, held: Array) -> tuple[Array, Array]:
        """Return the spot and what is held there as one point of the curve: (m, 1), (n, 1)."""
        return np.reshape(self.spot, (-1, 1)), held[:, None]


def _sealed(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view


def _numbers(given: ArrayLike) -> Array:
    try:
        array = np.asarray(given)
        if array.dtype.kind not in "iuf":
            raise TypeError(f"dtype {array.dtype}")  # noqa: TRY301
    except (TypeError, ValueError) as error:
        raise PriceError(f"a price is a number or an array, not {given!r:.80} ({error})") from error
    return array.astype(np.float64, copy=False)


def _restored(array: Array, shape: tuple[int, ...]) -> Any:
    """Return lead+(N,) as S+lead; a scalar as np.float64."""
    lead = array.ndim - 1
    back = array.reshape((*array.shape[:-1], *shape))
    return np.moveaxis(back, range(lead), range(-lead, 0))[()] if lead else back[()]
