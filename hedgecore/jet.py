"""Exact first and second derivatives of formulas written in NumPy.

A `Jet` is an array that carries its derivatives along. A formula is called with a jet in place of
an array; each NumPy function in it hands itself over, and applies the chain rule. One that is not
in the tables here raises TypeError naming itself, since its derivatives would be lost in silence.
At a kink the derivatives are those just to the right of it: see `_leading`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from typing import Any, Literal, NoReturn, TypeAlias

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
Shape: TypeAlias = tuple[int, ...]
Function: TypeAlias = Callable[..., Any]
Order: TypeAlias = Literal[1, 2]


class Jet(NDArrayOperatorsMixin):
    """Values of any shape T, with their derivatives in k variables.

    `first` is (k,)+T; `second` is (k, k)+T, or None where only first derivatives are wanted.
    `depends` is (k,)+T: False where a value cannot depend on a variable at all. There a zero
    derivative is zero even times infinity: √max(p - K, 0) is flat below K, not undefined.
    """

    __slots__ = ("depends", "first", "second", "value")

    def __init__(self, value: Any, first: Array, second: Array | None, depends: Any = True) -> None:
        self.value: Array = np.asarray(value, dtype=np.float64)
        self.first = first
        self.second = second
        self.depends: NDArray[np.bool_] = np.broadcast_to(depends, first.shape).astype(bool)

    shape = property(lambda self: self.value.shape, doc="The shape T of the values.")
    ndim = property(lambda self: self.value.ndim, doc="How many axes the values have.")
    size = property(lambda self: self.value.size, doc="How many values there are.")
    dtype = property(lambda self: self.value.dtype, doc="The type of the values: float64.")

    def sum(self, axis: int | Sequence[int] | None = None) -> Any:
        """Return the sum over `axis`, or over all."""
        return _apply(np.sum, (self, axis), {})

    def prod(self, axis: int | None = None) -> Any:
        """Return the product over `axis`, or over all."""
        return _apply(np.prod, (self, axis), {})

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Jet]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, index: Any) -> Jet:
        return _moved(self, lambda places: places[index])

    def __bool__(self) -> NoReturn:
        raise TypeError("a curve's formula cannot branch on its values: use numpy.where")

    def __float__(self) -> NoReturn:
        raise TypeError("a curve's formula cannot use math or float: use numpy, as in numpy.exp")

    def __array__(self, dtype: object = None, copy: object = None) -> NoReturn:
        raise TypeError("a curve's formula cannot use numpy.array or numpy.asarray: stack instead")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__":
            raise TypeError(f"{_name(ufunc)}.{method} is not supported in a curve's formula")
        return _apply(ufunc, inputs, options)

    def __array_function__(self, function: Function, _: Any, inputs: Any, options: Any) -> Any:
        return _apply(function, inputs, options)


def variables(x: ArrayLike, order: Order) -> Jet:
    """Return k variables at N points, `x` of shape (k, N), as a jet to call a formula with."""
    if order not in {1, 2}:
        raise ValueError(f"order must be 1 or 2, not {order!r}")
    value = np.asarray(x, dtype=np.float64)
    k, *points = value.shape
    first = np.zeros((k, *value.shape))
    first[np.arange(k), np.arange(k)] = 1.0
    return Jet(value, first, None if order == 1 else np.zeros((k, k, k, *points)), depends=first)


def variable(x: ArrayLike, order: Order) -> Jet:
    """Return one variable at N points, `x` of shape (N,), as a jet to call a formula with."""
    return variables(np.asarray(x, dtype=np.float64)[None], order)[0]


def derivatives(result: Any, shape: Shape, k: int, order: Order) -> tuple[Array, Array, Any]:
    """Return (value, first, second) of what a formula returned, as new arrays over `shape`.

    A formula may return plain numbers: their derivatives are zero. `second` is None at order 1.
    """
    like = variables(np.zeros(k), order)[0]
    jet = _spread(_jets(like, result)[1], shape)
    return jet.value.copy(), jet.first.copy(), None if jet.second is None else jet.second.copy()


def _scaled(scale: Array, factor: Array) -> Array:
    """Return scale·factor, zero where `scale` is: the slope 0·x⁻¹ of x⁰ is zero at zero too."""
    return np.where(scale == 0.0, 0.0, scale * factor)


# The partial derivatives of f(x, y), by the places of the arguments, as functions of (f, x, y);
# those that are not here are zero.
_RULES: dict[np.ufunc, dict[tuple[int, ...], Function]] = {
    np.positive: {(0,): lambda *_: 1},
    np.negative: {(0,): lambda *_: -1},
    np.add: {(0,): lambda *_: 1, (1,): lambda *_: 1},
    np.subtract: {(0,): lambda *_: 1, (1,): lambda *_: -1},
    np.multiply: {(0,): lambda _f, _x, y: y, (1,): lambda _f, x, _y: x, (0, 1): lambda *_: 1},
    np.divide: {
        (0,): lambda _f, _x, y: 1 / y,
        (1,): lambda f, _x, y: -f / y,
        (0, 1): lambda _f, _x, y: -1 / y / y,
        (1, 1): lambda f, _x, y: 2 * f / y / y,
    },
    np.power: {
        (0,): lambda _f, x, y: _scaled(y, x ** (y - 1)),
        (1,): lambda f, x, _y: _scaled(f, np.log(x)),
        (0, 0): lambda _f, x, y: _scaled(y * (y - 1), x ** (y - 2)),
        (0, 1): lambda _f, x, y: _scaled(x ** (y - 1), 1 + y * np.log(x)),
        (1, 1): lambda f, x, _y: _scaled(f, np.log(x) ** 2),
    },
    np.square: {(0,): lambda _, x: 2 * x, (0, 0): lambda *_: 2},
    np.reciprocal: {(0,): lambda f, _: -f * f, (0, 0): lambda f, _: 2 * f * f * f},
    np.sqrt: {(0,): lambda f, _: 0.5 / abs(f), (0, 0): lambda f, x: -0.25 / abs(f * x)},
    np.cbrt: {(0,): lambda f, _: 1 / (3 * f * f), (0, 0): lambda f, x: -2 / (9 * f * f * x)},
    np.exp: {(0,): lambda f, _: f, (0, 0): lambda f, _: f},
    np.expm1: {(0,): lambda _, x: np.exp(x), (0, 0): lambda _, x: np.exp(x)},
    np.log: {(0,): lambda _, x: 1 / x, (0, 0): lambda _, x: -1 / x / x},
    np.log1p: {(0,): lambda _, x: 1 / (1 + x), (0, 0): lambda _, x: -1 / (1 + x) ** 2},
}


def _chain(ufunc: np.ufunc, *arguments: Any) -> Jet:
    """Return f(u, v) by the chain rule: first is Σ fᵤ·uᵢ, second is Σ fᵤ·uᵢⱼ + Σ fᵤᵥ·uᵢ·vⱼ."""
    values = [_value(argument) for argument in arguments]
    f = np.asarray(ufunc(*values))
    jets = {at: _spread(u, f.shape) for at, u in enumerate(arguments) if isinstance(u, Jet)}
    order = 1 if _jets(*jets.values())[0].second is None else 2
    factors = {
        places: rule(f, *values)
        for places, rule in _RULES[ufunc].items()
        if len(places) <= order and jets.keys() >= set(places)
    }
    first = [_times(factors[at,], u.first, u.depends) for at, u in jets.items()]
    second = [_times(factor, *_bent(jets, *places)) for places, factor in factors.items()]
    depends = reduce(operator.or_, (u.depends for u in jets.values()))
    return Jet(f, sum(first), sum(second) if order > 1 else None, depends)


def _bent(jets: dict[int, Jet], a: int, b: int | None = None) -> tuple[Any, Any]:
    """Return what multiplies fₐ or fₐᵦ in the second derivative, and where it may not be zero."""
    u, v = jets[a], jets[a if b is None else b]
    depends = _pairs(u.depends, v.depends, same=a == b)
    return u.second if b is None else _pairs(u.first, v.first, same=a == b), depends


def _pairs(u: Any, v: Any, *, same: bool) -> Any:
    """Return uᵢ·vⱼ + uⱼ·vᵢ, or uᵢ·uⱼ; of truth values, whether it has a true pair."""
    outer = u[:, None] * v
    return outer if same else outer + outer.swapaxes(0, 1)


def _times(factor: Any, part: Any, depends: NDArray[np.bool_]) -> Any:
    """Return factor·part, zero where `part` is certain to be, though `factor` be infinite."""
    product = factor * part
    return product if np.isfinite(factor).all() else np.where(depends, product, 0.0)


def _where(condition: ArrayLike, x: Any, y: Any) -> Jet:
    mask, jets = np.asarray(condition, dtype=bool), _jets(x, y)
    shape = np.broadcast_shapes(mask.shape, *(jet.shape for jet in jets))
    return _map(lambda _, u, v: np.where(mask, u, v), *(_spread(jet, shape) for jet in jets))


def _preferred(x: Any, y: Any, margin: Any) -> Jet:
    """Return x where `margin` is positive just to the right, or x is nan; y elsewhere."""
    leading = _leading(margin)
    jet = _where((leading >= 0.0) | np.isnan(_value(x)), x, y)
    jet.depends |= (leading == 0.0) & margin.depends
    return jet


def _leading(margin: Jet) -> Array:
    """Return what has the sign of `margin` just to the right: its first term that is not zero.

    With one variable the terms are value, first and second derivative. With several, the point
    moves along the first variable, and infinitely less along each next one, which orders the
    terms as f, f₀, f₀₀, f₁, f₀₁, f₁₁, f₂, …
    """
    terms = [margin.value]
    for j, slope in enumerate(margin.first):
        terms += [slope, *([] if margin.second is None else margin.second[: j + 1, j])]
    return reduce(lambda leading, term: np.where(leading == 0.0, term, leading), terms)


def _sum(x: Jet, axis: int | Sequence[int] | None = None) -> Jet:
    axes = normalize_axis_tuple(range(x.ndim) if axis is None else axis, x.ndim)
    return _map(lambda lead, part: part.sum(axis=tuple(lead + at for at in axes)), x)


def _prod(x: Jet, axis: int | None = None) -> Any:
    """Multiply one after the other: dividing the product would fail where a factor is zero."""
    rows = _moved(x, np.ravel if axis is None else lambda places: np.moveaxis(places, axis, 0))
    return reduce(operator.mul, rows, 1.0)


def _stack(arrays: Sequence[Any], axis: int = 0) -> Jet:
    jets = _jets(*arrays)
    at = normalize_axis_index(axis, jets[0].ndim + 1)
    return _map(lambda lead, *parts: np.stack(parts, axis=lead + at), *jets)


def _map(change: Function, *jets: Jet) -> Jet:
    """Return change(lead, part, …) of each part of `jets`; `lead` axes of variables stand first."""
    seconds = [jet.second for jet in jets if jet.second is not None]
    return Jet(
        change(0, *(jet.value for jet in jets)),
        change(1, *(jet.first for jet in jets)),
        change(2, *seconds) if seconds else None,
        change(1, *(jet.depends for jet in jets)),
    )


def _moved(jet: Jet, move: Callable[[NDArray[np.intp]], NDArray[np.intp]]) -> Jet:
    """Return move(jet), where `move` puts values in other places: an index, a broadcast, ..."""
    places = move(np.arange(jet.size).reshape(jet.shape))
    return _map(lambda lead, part: part.reshape(*part.shape[:lead], -1)[..., places], jet)


def _spread(jet: Jet, shape: Shape) -> Jet:
    if jet.shape == shape:
        return jet
    return _moved(jet, lambda places: np.broadcast_to(places, shape))


def _jets(*arrays: Any) -> list[Jet]:
    """Return all as jets in the same variables: the derivatives of a plain number are zero."""
    jets = [jet for jet in arrays if isinstance(jet, Jet)]
    if len({(len(jet.first), jet.second is None) for jet in jets}) > 1:
        raise TypeError("jets in different variables, or of different orders, cannot be combined")
    return [x if isinstance(x, Jet) else _constant(_value(x), jets[0]) for x in arrays]


def _constant(value: Array, like: Jet) -> Jet:
    zeros = np.zeros((len(like.first), len(like.first), *value.shape))
    return Jet(value, zeros[0], None if like.second is None else zeros, depends=False)


def _value(x: Any) -> Array:
    if isinstance(x, Jet):
        return x.value
    array = np.asarray(x)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"a curve's formula works on real numbers, not on {x!r}")
    return array.astype(np.float64, copy=False)


def _on_values(function: Function, *arguments: Any) -> Any:
    return function(*(_value(argument) for argument in arguments))


_COMPARISONS = (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal)
_SHAPES = (np.zeros_like, np.ones_like, np.full_like, np.shape, np.ndim, np.size)
_KNOWN: dict[Function, Function] = {
    **{ufunc: partial(_chain, ufunc) for ufunc in _RULES},
    **{function: partial(_on_values, function) for function in (*_COMPARISONS, *_SHAPES)},
    np.absolute: lambda x: np.maximum(x, -x),
    np.maximum: lambda x, y: _preferred(x, y, np.subtract(x, y)),
    np.minimum: lambda x, y: _preferred(x, y, np.subtract(y, x)),
    np.clip: lambda x, low, high: np.minimum(np.maximum(x, low), high),
    np.where: _where,
    np.sum: _sum,
    np.prod: _prod,
    np.stack: _stack,
}


def _apply(function: Function, inputs: Any, options: dict[str, Any]) -> Any:
    """Call our version of a NumPy function, or say that there is none."""
    if function not in _KNOWN:
        raise TypeError(
            f"{_name(function)} is not supported in a curve's formula: its derivatives are not "
            f"known to hedgecore; use one of {', '.join(known.__name__ for known in _KNOWN)}"
        )
    if unknown := ", ".join(f"{option}=" for option in options if option != "axis"):
        hint = "; write x = x + y for x += y" if "out" in options else ""
        raise TypeError(f"{_name(function)}: {unknown} is not supported in a curve's formula{hint}")
    with np.errstate(all="ignore"):
        return _KNOWN[function](*inputs, **options)


def _name(function: Function) -> str:
    return f"{function.__module__ or 'ufunc'}.{function.__name__}"
