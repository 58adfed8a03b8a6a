"""Arrays of twice the precision: each number an unevaluated sum of two doubles, some 32 digits.

Where a curve is nearly flat, its marginal prices differ by less than a double resolves beside 1,
and what a formula loses there no rearrangement brings back. An `Extended` stands in for an array
in the same formula, of NumPy functions, and loses half as many digits of twice as many. It is some
thirty times slower, so that only those few points are worked out in it.

Source: Dekker 1971 (see `twofold`); Hida, Li, Bailey, *Library for double-double and quad-double
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
from hedgecore.numerics.exact_division import product_error

LN2 = math.log(2.0)
REST_OF_LN2 = 2.3190468138462996e-17
"""What the logarithm of 2 is more than a double says."""
HALVINGS, TERMS = 9, 10
"""Of an exponential's argument, and then of its series."""
NEAR_ONE = 0.25
MOST = 64
"""The largest whole power that is worked out by multiplication."""


class Extended(NDArrayOperatorsMixin):
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

    def __getitem__(self, index: Any) -> Extended:
        return _moved(lambda part: part[index], self)

    def __setitem__(self, index: Any, given: Any) -> None:
        number = extended(given)
        self.high[index], self.low[index] = number.high, number.low

    def __len__(self) -> int:
        return len(self.high)

    def reshape(self, *shape: int) -> Extended:
        """Return the same numbers in another shape."""
        return _moved(lambda part: part.reshape(*shape), self)

    def swapaxes(self, one: int, other: int) -> Extended:
        """Return the same numbers with two axes exchanged."""
        return _moved(lambda part: part.swapaxes(one, other), self)

    def copy(self) -> Extended:
        """Return the same numbers anew."""
        return _moved(np.copy, self)

    def argmax(self, axis: int) -> Any:
        """Return where along `axis` the largest is, as far as doubles tell."""
        return self.high.argmax(axis)

    def sum(self, axis: Any = None) -> Any:
        """Return the sum over `axis`, one of them, several, or all."""
        axes = range(self.ndim) if axis is None else np.atleast_1d(axis)
        total = self
        for at in sorted((int(each) % self.ndim for each in axes), reverse=True):
            total = _summed(total, at)
        return total

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options or ufunc not in _UFUNCS:
            return NotImplemented
        with np.errstate(all="ignore"):
            return _UFUNCS[ufunc](*map(extended, inputs))

    def __array_function__(self, function: Any, _: Any, inputs: Any, options: Any) -> Any:
        if function not in _FUNCTIONS:
            return NotImplemented
        return _FUNCTIONS[function](*inputs, **options)


def extended(number: Any) -> Extended:
    """Return a number or an array as an `Extended` one."""
    if isinstance(number, Extended):
        return number
    high = np.array(number, dtype=np.float64)
    return Extended(high, np.zeros_like(high))


def rounded(number: Any) -> Any:
    """Return an array in doubles, which it may be already."""
    return number.high if isinstance(number, Extended) else number


def _moved(move: Callable[[Array], Any], number: Extended) -> Extended:
    return Extended(move(number.high), move(number.low))


def _summed(number: Extended, axis: int) -> Extended:
    lead = (slice(None),) * axis
    first, *rest = (number[(*lead, at)] for at in range(number.shape[axis]))
    return reduce(_add, rest, first)


def _tidy(high: Array, low: Array) -> Extended:
    total = high + low
    return Extended(total, low - (total - high))


def _two_sum(one: Array, other: Array) -> tuple[Array, Array]:
    total = one + other
    part = total - one
    return total, (one - (total - part)) + (other - part)


def _add(x: Extended, y: Extended) -> Extended:
    total, error = _two_sum(x.high, y.high)
    low, least = _two_sum(x.low, y.low)
    middle = _tidy(total, error + low)
    return _tidy(middle.high, middle.low + least)


def _subtract(x: Extended, y: Extended) -> Extended:
    return _add(x, _negative(y))


def _negative(x: Extended) -> Extended:
    return Extended(-x.high, -x.low)


def _multiply(x: Extended, y: Extended) -> Extended:
    product = x.high * y.high
    error = product_error(x.high, y.high, product)
    return _tidy(product, error + (x.high * y.low + x.low * y.high))


def _divide(x: Extended, y: Extended) -> Extended:
    first = extended(x.high / y.high)
    rest = _subtract(x, _multiply(first, y))
    second = extended(rest.high / y.high)
    rest = _subtract(rest, _multiply(second, y))
    return _add(_add(first, second), extended(rest.high / y.high))


def _chosen(mask: Any, x: Any, y: Any) -> Extended:
    one, other = extended(x), extended(y)
    return Extended(np.where(mask, one.high, other.high), np.where(mask, one.low, other.low))


def _sqrt(x: Extended) -> Extended:
    root = extended(np.sqrt(x.high))
    found = root + (x - root * root) / (2.0 * root)
    return _chosen(x.high > 0, found, root)


def _cbrt(x: Extended) -> Extended:
    root = extended(np.cbrt(x.high))
    found = root + (x - root * root * root) / (3.0 * root * root)
    return _chosen(x.high != 0, found, root)


def _expm1_small(x: Extended) -> Extended:
    """Return e^x − 1 where |x| is less than ln 2, to the last digits even where that is tiny."""
    part = x * 2.0**-HALVINGS
    total = extended(np.zeros(x.shape))
    for at in range(TERMS, 0, -1):
        total = (1.0 + total) * part / float(at)
    for _ in range(HALVINGS):
        total = total * (2.0 + total)
    return total


def _exp(x: Extended) -> Extended:
    times = np.rint(np.clip(x.high, -2000, 2000) / LN2)
    logarithm = Extended(np.full(x.shape, LN2), np.full(x.shape, REST_OF_LN2))
    grown = 1.0 + _expm1_small(x - times * logarithm)
    half = np.trunc(times / 2).astype(int)
    rest = times.astype(int) - half
    found = _moved(lambda part: np.ldexp(np.ldexp(part, half), rest), grown)
    return _chosen(np.isfinite(x.high), found, np.exp(x.high))


def _expm1(x: Extended) -> Extended:
    small = np.abs(x.high) < LN2 / 2
    return _chosen(small, _expm1_small(_chosen(small, x, 0.0)), _exp(x) - 1.0)


def _log1p(x: Extended) -> Extended:
    guess = extended(np.log1p(x.high))
    grown = _expm1(guess)
    return _chosen(np.isfinite(guess.high), guess + (x - grown) / (1.0 + grown), guess)


def _log(x: Extended) -> Extended:
    guess = extended(np.log(x.high))
    far = guess + (x * _exp(-guess) - 1.0)
    near = np.abs(x.high - 1.0) < NEAR_ONE
    found = _chosen(near, _log1p(_chosen(near, x - 1.0, 0.0)), far)
    return _chosen(np.isfinite(guess.high), found, guess)


def _power(x: Extended, y: Extended) -> Extended:
    whole = (y.high == np.rint(y.high)) & (y.low == 0) & (np.abs(y.high) <= MOST)
    with_logs = _exp(y * _log(x)) if not whole.all() else x
    times = np.where(whole, np.abs(y.high), 0.0).astype(int)
    product, square = extended(np.ones(np.broadcast_shapes(x.shape, y.shape))), x
    while times.any():
        product = _chosen(times % 2 == 1, product * square, product)
        times, square = times // 2, square * square
    found = _chosen(whole, _chosen(y.high < 0, 1.0 / product, product), with_logs)
    return _chosen((x.high > 0) | whole, found, np.power(x.high, y.high))


def _sign(x: Extended, y: Extended) -> Array:
    """Return what has the sign of x − y."""
    apart = x.high - y.high
    return np.where(apart == 0, x.low - y.low, apart)


def _stack(arrays: Any, axis: int = 0) -> Extended:
    parts = [extended(each) for each in arrays]
    return Extended(
        np.stack([each.high for each in parts], axis), np.stack([each.low for each in parts], axis)
    )


_UFUNCS: dict[np.ufunc, Callable[..., Any]] = {
    np.positive: lambda x: x,
    np.negative: _negative,
    np.absolute: lambda x: _chosen(x.high < 0, _negative(x), x),
    np.add: _add,
    np.subtract: _subtract,
    np.multiply: _multiply,
    np.divide: _divide,
    np.power: _power,
    np.square: lambda x: _multiply(x, x),
    np.reciprocal: lambda x: _divide(extended(1.0), x),
    np.sqrt: _sqrt,
    np.cbrt: _cbrt,
    np.exp: _exp,
    np.expm1: _expm1,
    np.log: _log,
    np.log1p: _log1p,
    np.maximum: lambda x, y: _chosen(_sign(x, y) >= 0, x, y),
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
    np.where: _chosen,
    np.stack: _stack,
    np.zeros_like: lambda x: extended(np.zeros(x.shape)),
    np.take_along_axis: lambda x, at, axis: _moved(
        lambda part: np.take_along_axis(part, at, axis), x
    ),
}
