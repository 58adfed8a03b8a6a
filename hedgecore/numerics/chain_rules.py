"""Partial derivatives of NumPy's functions, first and second, for the chain rule of jets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hedgecore.numerics.arrays import Array

Function = Callable[..., Any]

ONE = 1.0
"""The derivative that is one everywhere: no product is made with this very number."""


def _scale(scale: Array, factor: Array) -> Array:
    """Product scale·factor, 0 where `scale` is: the slope 0·x⁻¹ of x⁰ is 0 at 0 too."""
    return np.where(scale == 0.0, 0.0, scale * factor)


RULES: dict[np.ufunc, dict[tuple[int, ...], Function]] = {
    np.positive: {(0,): lambda *_: ONE},
    np.negative: {(0,): lambda *_: -1},
    np.add: {(0,): lambda *_: ONE, (1,): lambda *_: ONE},
    np.subtract: {(0,): lambda *_: ONE, (1,): lambda *_: -1},
    np.multiply: {(0,): lambda _f, _x, y: y, (1,): lambda _f, x, _y: x, (0, 1): lambda *_: ONE},
    np.divide: {
        (0,): lambda _f, _x, y: 1 / y,
        (1,): lambda f, _x, y: -f / y,
        (0, 1): lambda _f, _x, y: -1 / y / y,
        (1, 1): lambda f, _x, y: 2 * f / y / y,
    },
    np.power: {
        (0,): lambda _f, x, y: _scale(y, x ** (y - 1)),
        (1,): lambda f, x, _y: _scale(f, np.log(x)),
        (0, 0): lambda _f, x, y: _scale(y * (y - 1), x ** (y - 2)),
        (0, 1): lambda _f, x, y: _scale(x ** (y - 1), 1 + y * np.log(x)),
        (1, 1): lambda f, x, _y: _scale(f, np.log(x) ** 2),
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
"""The partial derivatives of f(x, y) that are not zero, by place, as functions of (f, x, y)."""
