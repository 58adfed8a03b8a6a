"""Arrays of twice the precision: each number an unevaluated sum of two doubles, some 32 digits.

Where a curve is nearly flat, its marginal prices differ by less than a double resolves beside 1,
and what a formula loses there no rearrangement brings back. A `DoubleDouble` stands in for an array
in the same formula, of NumPy functions, and loses half as many digits of twice as many. It is some
thirty times slower, so that only those few points are worked out in it.

Source: Dekker 1971 (see `error_free`); Hida, Li, Bailey, *Library for double-double and quad-double
arithmetic*, 2007.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.error_free import quick_two_sum, two_product, two_sum

LN2 = math.log(2.0)
REST_OF_LN2 = 2.3190468138462996e-17
"""Rest of ln 2 beyond the nearest double."""
HALVINGS, TERMS = 9, 10
"""Of an exponential's argument, and then of its series."""
NEAR_ONE = 0.25
MOST = 64
"""The largest whole power that is worked out by multiplication."""


class DoubleDouble(NDArrayOperatorsMixin):
    """An array of sums high + low, where low is less than the rounding of high.

    What over- or underflows has no low part, and is nan.
    """

    __slots__ = ("high", "low")

    def __init__(self, high: Array, low: Array) -> None:
        self.high: Array = high
        self.low: Array = low

    shape = property(lambda self: self.high.shape)
    ndim = property(lambda self: self.high.ndim)
    size = property(lambda self: self.high.size)

    def __getitem__(self, index: Any) -> DoubleDouble:
        return _map(lambda part: part[index], self)

    def __setitem__(self, index: Any, given: Any) -> None:
        number = double_double(given)
        self.high[index], self.low[index] = number.high, number.low

    def __len__(self) -> int:
        return len(self.high)

    def reshape(self, *shape: int) -> DoubleDouble:
        """The same numbers in another shape."""
        return _map(lambda part: part.reshape(*shape), self)

    def swapaxes(self, one: int, other: int) -> DoubleDouble:
        """The same numbers with two axes exchanged."""
        return _map(lambda part: part.swapaxes(one, other), self)

    def copy(self) -> DoubleDouble:
        """Copy of the same numbers."""
        return _map(np.copy, self)

    def argmax(self, axis: int) -> Any:
        """Index along `axis` of the largest number, as far as doubles tell."""
        return self.high.argmax(axis)

    def sum(self, axis: Any = None) -> Any:
        """Sum over `axis`, one of them, several, or all."""
        axes = range(self.ndim) if axis is None else np.atleast_1d(axis)
        total = self
        for at in sorted((int(each) % self.ndim for each in axes), reverse=True):
            total = _sum_axis(total, at)
        return total

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options or ufunc not in _UFUNCS:
            return NotImplemented
        with np.errstate(all="ignore"):
            return _UFUNCS[ufunc](*map(double_double, inputs))

    def __array_function__(self, function: Any, _: Any, inputs: Any, options: Any) -> Any:
        if function not in _FUNCTIONS:
            return NotImplemented
        return _FUNCTIONS[function](*inputs, **options)


def double_double(number: Any) -> DoubleDouble:
    """Number or array in double-doubles."""
    if isinstance(number, DoubleDouble):
        return number
    high = np.array(number, dtype=np.float64)
    return DoubleDouble(high, np.zeros_like(high))


def to_double(number: Any) -> Any:
    """Array in doubles, which it may be already."""
    return number.high if isinstance(number, DoubleDouble) else number


def _map(move: Callable[[Array], Any], number: DoubleDouble) -> DoubleDouble:
    return DoubleDouble(move(number.high), move(number.low))


def _sum_axis(number: DoubleDouble, axis: int) -> DoubleDouble:
    lead = (slice(None),) * axis
    first, *rest = (number[(*lead, at)] for at in range(number.shape[axis]))
    return reduce(_add, rest, first)


def _add(x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
    total, error = two_sum(x.high, y.high)
    low, least = two_sum(x.low, y.low)
    high, rest = quick_two_sum(total, error + low)
    return DoubleDouble(*quick_two_sum(high, rest + least))


def _subtract(x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
    return _add(x, _negate(y))


def _negate(x: DoubleDouble) -> DoubleDouble:
    return DoubleDouble(-x.high, -x.low)


def _multiply(x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
    product, error = two_product(x.high, y.high)
    return DoubleDouble(*quick_two_sum(product, error + (x.high * y.low + x.low * y.high)))


def _divide(x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
    first = double_double(x.high / y.high)
    rest = _subtract(x, _multiply(first, y))
    second = double_double(rest.high / y.high)
    rest = _subtract(rest, _multiply(second, y))
    return _add(_add(first, second), double_double(rest.high / y.high))


def _where(mask: Any, x: Any, y: Any) -> DoubleDouble:
    one, other = double_double(x), double_double(y)
    return DoubleDouble(np.where(mask, one.high, other.high), np.where(mask, one.low, other.low))


def _sqrt(x: DoubleDouble) -> DoubleDouble:
    root = double_double(np.sqrt(x.high))
    found = root + (x - root * root) / (2.0 * root)
    return _where(x.high > 0, found, root)


def _cbrt(x: DoubleDouble) -> DoubleDouble:
    root = double_double(np.cbrt(x.high))
    found = root + (x - root * root * root) / (3.0 * root * root)
    return _where(x.high != 0, found, root)


def _expm1_small(x: DoubleDouble) -> DoubleDouble:
    """Difference e^x − 1 where |x| is less than ln 2, to the last digits even where tiny."""
    part = x * 2.0**-HALVINGS
    total = double_double(np.zeros(x.shape))
    for at in range(TERMS, 0, -1):
        total = (1.0 + total) * part / float(at)
    for _ in range(HALVINGS):
        total = total * (2.0 + total)
    return total


def _exp(x: DoubleDouble) -> DoubleDouble:
    times = np.rint(np.clip(x.high, -2000, 2000) / LN2)
    logarithm = DoubleDouble(np.full(x.shape, LN2), np.full(x.shape, REST_OF_LN2))
    grown = 1.0 + _expm1_small(x - times * logarithm)
    half = np.trunc(times / 2).astype(int)
    rest = times.astype(int) - half
    found = _map(lambda part: np.ldexp(np.ldexp(part, half), rest), grown)
    return _where(np.isfinite(x.high), found, np.exp(x.high))


def _expm1(x: DoubleDouble) -> DoubleDouble:
    small = np.abs(x.high) < LN2 / 2
    return _where(small, _expm1_small(_where(small, x, 0.0)), _exp(x) - 1.0)


def _log1p(x: DoubleDouble) -> DoubleDouble:
    guess = double_double(np.log1p(x.high))
    grown = _expm1(guess)
    return _where(np.isfinite(guess.high), guess + (x - grown) / (1.0 + grown), guess)


def _log(x: DoubleDouble) -> DoubleDouble:
    guess = double_double(np.log(x.high))
    far = guess + (x * _exp(-guess) - 1.0)
    near = np.abs(x.high - 1.0) < NEAR_ONE
    found = _where(near, _log1p(_where(near, x - 1.0, 0.0)), far)
    return _where(np.isfinite(guess.high), found, guess)


def _power(x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
    whole = (y.high == np.rint(y.high)) & (y.low == 0) & (np.abs(y.high) <= MOST)
    with_logs = _exp(y * _log(x)) if not whole.all() else x
    times = np.where(whole, np.abs(y.high), 0.0).astype(int)
    product, square = double_double(np.ones(np.broadcast_shapes(x.shape, y.shape))), x
    while times.any():
        product = _where(times % 2 == 1, product * square, product)
        times, square = times // 2, square * square
    found = _where(whole, _where(y.high < 0, 1.0 / product, product), with_logs)
    return _where((x.high > 0) | whole, found, np.power(x.high, y.high))


def _sign(x: DoubleDouble, y: DoubleDouble) -> Array:
    """Number with the sign of x − y, whose size means nothing."""
    apart = x.high - y.high
    return np.where(apart == 0, x.low - y.low, apart)


def _stack(arrays: Any, axis: int = 0) -> DoubleDouble:
    parts = [double_double(each) for each in arrays]
    return DoubleDouble(
        np.stack([each.high for each in parts], axis), np.stack([each.low for each in parts], axis)
    )


_UFUNCS: dict[np.ufunc, Callable[..., Any]] = {
    np.positive: lambda x: x,
    np.negative: _negate,
    np.absolute: lambda x: _where(x.high < 0, _negate(x), x),
    np.add: _add,
    np.subtract: _subtract,
    np.multiply: _multiply,
    np.divide: _divide,
    np.power: _power,
    np.square: lambda x: _multiply(x, x),
    np.reciprocal: lambda x: _divide(double_double(1.0), x),
    np.sqrt: _sqrt,
    np.cbrt: _cbrt,
    np.exp: _exp,
    np.expm1: _expm1,
    np.log: _log,
    np.log1p: _log1p,
    np.maximum: lambda x, y: _where(_sign(x, y) >= 0, x, y),
    np.less: lambda x, y: _sign(x, y) < 0,
    np.less_equal: lambda x, y: _sign(x, y) <= 0,
    np.greater: lambda x, y: _sign(x, y) > 0,
    np.greater_equal: lambda x, y: _sign(x, y) >= 0,
    np.equal: lambda x, y: _sign(x, y) == 0,
    np.not_equal: lambda x, y: _sign(x, y) != 0,
    np.isfinite: lambda x: np.isfinite(x.high + x.low),
    np.isinf: lambda x: np.zeros(x.shape, dtype=bool),
    np.isnan: lambda x: np.isnan(x.high + x.low),
}
_FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.where: _where,
    np.stack: _stack,
    np.zeros_like: lambda x: double_double(np.zeros(x.shape)),
    np.take_along_axis: lambda x, at, axis: _map(
        lambda part: np.take_along_axis(part, at, axis), x
    ),
}
