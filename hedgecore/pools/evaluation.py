"""Evaluation of a pool's formulas: checked prices go in, and checked numbers come out.

An `Evaluation` is the one place where a formula is called, and where a compiled kernel takes its
stead: whatever gives holdings and gamma, for floats or for arrays, is a pool. The functions below
run one over a point, or over an axis of prices in blocks, or give a long one to its kernel.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any, TypeAlias

import numpy as np

from hedgecore.fast import is_fast
from hedgecore.numerics.arrays import Array, read_only
from hedgecore.pools.formulas import call, fill, raise_failure
from hedgecore.pools.kernel import Kernel
from hedgecore.pools.shapes import point, point_numbers

Point: TypeAlias = tuple[float, Sequence[float], Sequence[Sequence[float]]]
"""Value, holdings, and gamma where that is asked for, at one price."""

Fill: TypeAlias = Callable[[Array, Array, Array], bool]
"""`PoolModel._fill` of a pool."""

UNSETTLED = (ArithmeticError, TypeError, ValueError)
"""Failures of a formula on floats that arrays must settle: 1/0, a root of −1, an array of one."""

BLOCK = 8192
"""Prices that a formula sees at once, at most: few enough that the arrays it makes on its way stay
in a cache and come from memory that is at hand (64 KiB each), enough to hide what calls cost."""


class Evaluation(ABC):
    """Holdings, gamma and value of one pool, as its formulas give them.

    Prices are those of the first m = n − 1 assets in the quote: an array (m, N), or a tuple of m
    floats, for which the answers are floats too, where the formulas accept any.
    """

    __slots__ = ("accepts_floats", "fill_all", "kernel", "kind", "m")

    def __init__(self, kind: str, m: int, kernel: Callable[[], Kernel | None]) -> None:
        self.kind, self.m, self.kernel = kind, m, kernel
        self.fill_all: Fill | None = None
        self.accepts_floats = False

    @abstractmethod
    def holdings(self, prices: Any) -> Sequence[Any]:
        """Amounts of the n assets, the quote's last."""

    @abstractmethod
    def gamma(self, prices: Any, holdings: Any) -> Sequence[Sequence[Any]]:
        """Derivatives ∂holdings/∂prices, m rows of m."""

    @abstractmethod
    def value(self, prices: Any, holdings: Any) -> Any:
        """Worth in the quote asset."""

    def by_floats(self, prices: tuple[float, ...], order: int) -> Point | None:
        """Value, holdings and, of order 2, gamma at one price; None where floats cannot say."""
        try:
            holdings = self.holdings(prices)
            value = self.value(prices, holdings)
            gamma = self.gamma(prices, holdings) if order > 1 else ()
        except UNSETTLED:
            return None
        return (value, holdings, gamma) if isinstance(value, float) else None

    @abstractmethod
    def by_arrays(self, prices: tuple[float, ...], order: int) -> Point | None:
        """The same by arrays of one, without NumPy's warnings; NaN is what arrays must settle."""

    def at(self, price: Any) -> tuple[Any, Any, Any, Any] | None:
        """Value, delta, gamma and holdings at one price, by floats; None where they cannot say."""
        one = point_greeks(self, price, 2)
        return None if one is None else point_numbers(*one)


def point_greeks(
    evaluation: Evaluation, price: Any, order: int
) -> tuple[float, Any, Any, int] | None:
    """Value, holdings and, of order 2, gamma at one price, in floats; and the axes of one.

    None where `price` is not plainly one, and where the formulas are not plain either (1/0, NaN,
    numbers of another type): then whole arrays answer, or refuse.
    """
    prices, axes = point(price, evaluation.m)
    if prices is None:
        return None
    try:
        by = evaluation.by_floats if evaluation.accepts_floats else evaluation.by_arrays
        found = by(prices, order)
    except BaseException as error:  # noqa: BLE001 - raised again, in our terms
        raise_failure(evaluation.kind, error)
    if found is None:
        return None
    value, holdings, gamma = found
    if not isfinite(value):
        return None
    for row in gamma:
        for each in row:
            if not (isinstance(each, float) and each == each):  # noqa: PLR0124
                return None
    return value, holdings, gamma, axes


def fill_greeks(
    evaluation: Evaluation,
    prices: Array,
    *,
    value: Array | None = None,
    holdings: Array | None = None,
    gamma: Array | None = None,
) -> None:
    """Fill what is given: value (N,), holdings (n or m, N), gamma (m, m, N) or (m·m, N)."""
    m, size = prices.shape
    bend = None if gamma is None else gamma.reshape(m * m, size)
    if is_fast(size) and (kernel := evaluation.kernel()) is not None:
        if call(evaluation.kind, kernel.fill, prices, value, holdings, bend):
            return
    elif _fill_in_place(evaluation, prices, value, holdings, bend):
        return
    with np.errstate(all="ignore"):
        for block in blocks(size):
            part = read_only(np.ascontiguousarray(prices[:, block]))
            held = _holdings(evaluation, part, None if holdings is None else holdings[:, block])
            if value is not None:
                worth = call(evaluation.kind, evaluation.value, part, held)
                fill(evaluation.kind, (worth,), value[None, block], part)
            if bend is not None:
                _gamma(evaluation, part, held, bend[:, block])


def _fill_in_place(
    evaluation: Evaluation,
    prices: Array,
    value: Array | None,
    holdings: Array | None,
    gamma: Array | None,
) -> bool:
    """Fill all of it block by block, and tell whether that went; no, where not all is asked for."""
    fill_all = evaluation.fill_all
    if fill_all is None or value is None or gamma is None or holdings is None:
        return False
    if len(holdings) == len(prices):
        return False
    with np.errstate(all="ignore"):
        for at in blocks(prices.shape[1]):
            part = read_only(np.ascontiguousarray(prices[:, at]))
            held, bend = holdings[:, at], gamma[:, at]
            if not call(evaluation.kind, fill_all, part, held, bend):
                return False
            if not _fill_worth(part, held, value[at]) or not all(map(_is_finite, bend)):
                return False
    return True


def _fill_worth(prices: Array, holdings: Array, value: Array) -> bool:
    """Fill value p·x + y, (N,), and tell whether all is finite, holdings too."""
    np.multiply(prices[0], holdings[0], out=value)
    for i in range(1, len(prices)):
        value += prices[i] * holdings[i]
    value += holdings[-1]
    return _is_finite(value)


def _is_finite(row: Array) -> bool:
    """True where all numbers (N,) are finite; False, too, where their squares are not."""
    return isfinite(row.dot(row))


def gamma_at(evaluation: Evaluation, prices: Array, holdings: Array) -> Array:
    """Gamma (m, m, N) where holdings (n, N) are known, which need not be those at the prices."""
    m, size = prices.shape
    with np.errstate(all="ignore"):
        answer = np.empty((m * m, size))
        return _gamma(evaluation, read_only(prices), holdings, answer).reshape(m, m, size)


def _holdings(evaluation: Evaluation, prices: Array, answer: Array | None) -> Array:
    """All n holdings: in `answer` where that has room for them, else beside its m."""
    m, size = prices.shape
    whole = answer is not None and len(answer) > m
    room = answer if answer is not None and whole else np.empty((m + 1, size))
    held = fill(evaluation.kind, call(evaluation.kind, evaluation.holdings, prices), room, prices)
    if answer is not None and not whole:
        answer[...] = held[:m]
    return held


def _gamma(evaluation: Evaluation, prices: Array, holdings: Array, answer: Array) -> Array:
    rows = call(evaluation.kind, evaluation.gamma, prices, read_only(holdings))
    entries = [entry for row in rows for entry in row]
    return fill(evaluation.kind, entries, answer, prices, endless=True)


def blocks(size: int) -> Iterator[slice]:
    """Blocks of an axis of `size`; one at least."""
    for start in range(0, max(size, 1), BLOCK):
        yield slice(start, min(start + BLOCK, size))
