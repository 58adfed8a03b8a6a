"""Exact first and second derivatives of formulas written in NumPy.

A `Jet` is an array that carries its derivatives along: a formula called with one applies the
chain rule in each NumPy function. One that is not in the tables here raises TypeError naming it.
At a kink the derivatives are those just to the right: see `_leading_part`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, reduce
from typing import Any, NoReturn, TypeAlias, cast

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike, NDArray

from hedgecore.numerics.chain_rules import ONE, RULES

Array: TypeAlias = NDArray[np.float64]
Shape: TypeAlias = tuple[int, ...]
Function: TypeAlias = Callable[..., Any]


class Jet(NDArrayOperatorsMixin):
    """Values of any shape T, with their derivatives in k variables.

    `first` is (k,)+T; `second` is (k, k)+T, or None where only first derivatives are wanted.
    `depends` is (k,)+T: False where a value cannot depend on a variable at all, so that its zero
    derivative is zero even times infinity: √max(p - K, 0) is flat below K, not undefined.
    """

    __slots__ = ("depends", "first", "second", "value")

    def __init__(
        self, value: Any, first: Array, second: Any, *, depends: NDArray[np.bool_]
    ) -> None:
        self.value: Array = _value(value)
        self.first = first
        self.second: Array | None = second
        self.depends = depends

    shape = property(lambda self: self.value.shape, doc="The shape T of the values.")
    ndim = property(lambda self: self.value.ndim, doc="How many axes the values have.")
    size = property(lambda self: self.value.size, doc="How many values there are.")
    dtype = property(lambda self: self.value.dtype, doc="The type of the values: float64.")

    def sum(self, axis: int | Sequence[int] | None = None) -> Any:
        """Sum over `axis`, or over all."""
        return _apply(np.sum, (self, axis), {})

    def prod(self, axis: int | None = None) -> Any:
        """Product over `axis`, or over all."""
        return _apply(np.prod, (self, axis), {})

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Jet]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, index: Any) -> Jet:
        if isinstance(index, int | slice):
            return _map(lambda lead, part: part[(*lead * (slice(None),), index)], self)
        return _rearrange(self, lambda places: places[index])

    def __bool__(self) -> NoReturn:
        raise TypeError("a curve's formula cannot branch on its values: use numpy.where")

    def __float__(self) -> NoReturn:
        raise TypeError("a curve's formula cannot use math or float: use numpy, as in numpy.exp")

    def __array__(self, dtype: object = None, copy: object = None) -> NoReturn:
        raise TypeError("a curve's formula cannot use numpy.array or asarray: use numpy.stack")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__":
            raise TypeError(f"numpy.{ufunc.__name__}.{method} is not supported in a formula")
        return _apply(ufunc, inputs, options)

    def __array_function__(self, function: Function, _: Any, inputs: Any, options: Any) -> Any:
        return _apply(function, inputs, options)


def variables(x: ArrayLike, order: int) -> Jet:
    """Variables, k at N points, `x` of shape (k, N), as a jet to call a formula with."""
    if order not in {1, 2}:
        raise ValueError(f"order must be 1 or 2, not {order!r}")
    value = _value(x)
    k, *points = value.shape
    first = np.zeros((k, *value.shape))
    first[np.arange(k), np.arange(k)] = 1.0
    return Jet(
        value, first, None if order == 1 else np.zeros((k, k, k, *points)), depends=first > 0
    )


def variable(x: ArrayLike, order: int) -> Jet:
    """One variable at N points, `x` of shape (N,), as a jet to call a formula with."""
    return variables(np.asarray(x, dtype=np.float64)[None], order)[0]


def derivatives(result: Any, shape: Shape, k: int, order: int) -> tuple[Array, Array, Any]:
    """(value, first, second or None) of a formula's result, jet or plain, over `shape`; no −0."""
    jet = _spread(_jets(variables(np.zeros(k), order)[0], result)[1], shape)
    return jet.value.copy(), jet.first + 0.0, None if jet.second is None else jet.second + 0.0


def _chain(ufunc: np.ufunc, *arguments: Any) -> Jet:
    """Jet of f(u, v) by the chain rule: first is Σ fᵤ·uᵢ, second is Σ fᵤ·uᵢⱼ + Σ fᵤᵥ·uᵢ·vⱼ."""
    values = [_value(argument) for argument in arguments]
    f = ufunc(*values)
    jets = {at: _spread(u, f.shape) for at, u in enumerate(arguments) if isinstance(u, Jet)}
    order = 1 if _jets(*jets.values())[0].second is None else 2
    factors = {
        places: rule(f, *values)
        for places, rule in RULES[ufunc].items()
        if len(places) <= order and jets.keys() >= set(places)
    }
    depends = reduce(operator.or_, (u.depends for u in jets.values()))
    second = _second_derivative(f, jets, factors) if order > 1 else None
    return Jet(f, _first_derivative(jets, factors), second, depends=depends)


def _first_derivative(jets: dict[int, Any], factors: dict[tuple[int, ...], Any]) -> Any:
    """Σ fᵤ·uᵢ; what cannot matter is looked for only where something is infinite."""
    plain = _total(_product(factors[at,], u.first) for at, u in jets.items())
    if np.isfinite(plain).all():
        return plain
    return _total(_times(factors[at,], u.first, u.depends) for at, u in jets.items())


def _second_derivative(f: Array, jets: dict[int, Any], factors: dict[tuple[int, ...], Any]) -> Any:
    """Σ fᵤ·uᵢⱼ + Σ fᵤᵥ·uᵢ·vⱼ; an infinite fᵤᵤ outgrows fᵤ, as at the root of zero."""
    both = [places for places in factors if len(places) > 1]
    pairs = {(a, b): _pairs(jets[a].first, jets[b].first, same=a == b) for a, b in both}
    plain = _total(_product(factors[at,], u.second) for at, u in jets.items())
    if pairs:
        plain = plain + _total(_product(factors[at], pair) for at, pair in pairs.items())
    if np.isfinite(plain).all():
        return plain
    bent = _total(_times(factors[at,], u.second, u.depends, u.depends) for at, u in jets.items())
    bends: Any = 0.0
    for (a, b), pair in pairs.items():
        bends = bends + _times(factors[a, b], pair, jets[a].depends, jets[b].depends)
    known = np.isfinite(f) & np.isfinite(_total(u.second for u in jets.values()))
    return np.where(np.isinf(bends) & known, bends, bent + bends)


def _total(terms: Iterable[Any]) -> Any:
    return reduce(operator.add, terms)


def _product(factor: Any, part: Any) -> Any:
    return part if factor is ONE else factor * part


def _pairs(u: Any, v: Any, *, same: bool) -> Any:
    """Products uᵢ·uⱼ where v is the same, uᵢ·vⱼ + uⱼ·vᵢ otherwise; of truth values, and/or."""
    outer = u[:, None] * v
    return outer if same else outer + outer.swapaxes(0, 1)


def _times(factor: Any, part: Any, depends: Any, also: Any = None) -> Any:
    """Product factor·part, 0 where a variable cannot matter, whatever is infinite beside it."""
    product = _product(factor, part)
    if np.isfinite(product).all():
        return product
    return np.where(depends if also is None else _pairs(depends, also, same=False), product, 0.0)


def _where(condition: ArrayLike, x: Any, y: Any) -> Jet:
    mask, jets = np.asarray(condition, dtype=bool), _jets(x, y)
    shape = np.broadcast_shapes(mask.shape, *(jet.shape for jet in jets))
    return _map(lambda _, u, v: np.where(mask, u, v), *(_spread(jet, shape) for jet in jets))


def _prefer(x: Any, y: Any, margin: Any) -> Jet:
    """Jet x where `margin` is positive just to the right, or x is nan; y elsewhere."""
    leading = _leading_part(margin)
    jet = _where((leading >= 0.0) | np.isnan(_value(x)), x, y)
    also = (leading == 0.0) & margin.depends
    return Jet(jet.value, jet.first, jet.second, depends=jet.depends | also)


def _leading_part(margin: Jet) -> Array:
    """Leading term of `margin`, whose sign it has just to the right: the first that is not 0.

    With one variable the terms are f, f′, f″. With several, the point moves along the first, and
    infinitely less along each next one, which orders them as f, f₀, f₀₀, f₁, f₀₁, f₁₁, f₂, …
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
    rows = _rearrange(x, np.ravel if axis is None else lambda places: np.moveaxis(places, axis, 0))
    return reduce(operator.mul, rows, 1.0)


def _stack(arrays: Sequence[Any], axis: int = 0) -> Jet:
    jets = _jets(*arrays)
    at = normalize_axis_index(axis, jets[0].ndim + 1)
    return _map(lambda lead, *parts: np.stack(parts, axis=lead + at), *jets)


def _map(change: Function, *jets: Jet) -> Jet:
    """Jet of change(lead, part, …) of each part of `jets`; `lead` axes of variables stand first."""
    seconds = [jet.second for jet in jets if jet.second is not None]
    return Jet(
        change(0, *(jet.value for jet in jets)),
        change(1, *(jet.first for jet in jets)),
        change(2, *seconds) if seconds else None,
        depends=change(1, *(jet.depends for jet in jets)).astype(bool, copy=False),
    )


def _rearrange(jet: Jet, move: Callable[[NDArray[np.intp]], NDArray[np.intp]]) -> Jet:
    """Jet of move(jet), where `move` puts values in other places: an index, a broadcast, ..."""
    places = move(np.arange(jet.size).reshape(jet.shape))
    return _map(lambda lead, part: part.reshape(*part.shape[:lead], -1)[..., places], jet)


def _spread(jet: Jet, shape: Shape) -> Jet:
    return jet if jet.shape == shape else _rearrange(jet, lambda at: np.broadcast_to(at, shape))


def _jets(*arrays: Any) -> list[Jet]:
    """All as jets in the same variables: the derivatives of a plain number are zero."""
    jets = [jet for jet in arrays if isinstance(jet, Jet)]
    if len({(len(jet.first), jet.second is None) for jet in jets}) > 1:
        raise TypeError("jets in different variables, or of different orders, cannot be combined")
    return [x if isinstance(x, Jet) else _constant(_value(x), jets[0]) for x in arrays]


def _constant(value: Array, like: Jet) -> Jet:
    zeros = np.zeros((len(like.first), len(like.first), *value.shape))
    second = None if like.second is None else zeros
    return Jet(value, zeros[0], second, depends=zeros[0] > 0)


def _value(x: Any) -> Array:
    if isinstance(x, NDArrayOperatorsMixin):
        return x.value if isinstance(x, Jet) else cast("Array", x)  # or of another precision
    array = np.asarray(x)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"a curve's formula works on real numbers, not on {x!r}")
    return array.astype(np.float64, copy=False)


def _on_values(function: Function, *arguments: Any) -> Any:
    return function(*(_value(argument) for argument in arguments))


_COMPARISONS = (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal)
_SHAPES = (np.zeros_like, np.ones_like, np.shape, np.ndim, np.size)
_KNOWN: dict[Function, Function] = {
    **{ufunc: partial(_chain, ufunc) for ufunc in RULES},
    **{function: partial(_on_values, function) for function in (*_COMPARISONS, *_SHAPES)},
    np.absolute: lambda x: np.maximum(x, -x),
    np.maximum: lambda x, y: _prefer(x, y, np.subtract(x, y)),
    np.minimum: lambda x, y: _prefer(x, y, np.subtract(y, x)),
    np.clip: lambda x, low, high: np.minimum(np.maximum(x, low), high),
    np.full_like: lambda x, fill: np.full_like(_value(x), fill),
    np.where: _where,
    np.sum: _sum,
    np.prod: _prod,
    np.stack: _stack,
}


def _name(function: Function) -> str:
    return f"{getattr(function, '__module__', 'ufunc')}.{function.__name__}"  # scipy's have none


def _apply(function: Function, inputs: Any, options: dict[str, Any]) -> Any:
    """Call our version of a NumPy function, or say that there is none."""
    if function not in _KNOWN:
        raise TypeError(
            f"{_name(function)} is not supported in a curve's formula: its derivatives are not "
            "known to hedgecore: write _gamma too, or use "
            f"{', '.join(known.__name__ for known in _KNOWN)}"
        )
    if unknown := ", ".join(f"{option}=" for option in options if option != "axis"):
        raise TypeError(
            f"{_name(function)}: {unknown} is not supported in a formula (nor is x += y)"
        )
    with np.errstate(all="ignore"):
        return _KNOWN[function](*inputs, **options)
