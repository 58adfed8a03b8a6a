"""Correlations by pairs of names: complete, possible, and their triangular factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from hedgecore.errors import SpecError, did_you_mean
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.indefinite import blamed_pair

ROUNDING = 1e-12
"""An eigenvalue above minus this is zero."""


def matrix(given: Mapping[str, float], names: Sequence[str]) -> Array:
    """Matrix of ``{"WETH:WBTC": 0.8}``, (n, n): each pair once, in either order.

    Raises:
        SpecError: a pair is missing (unknown is not zero), unknown or there twice; a correlation is
            not from −1 to 1; or no prices can be correlated so, naming the pair to look at first.

    """
    found = np.eye(len(names))
    left = {frozenset(pair) for pair in combinations(names, 2)}
    for key, number in given.items():
        i, j = _places(key, names)
        if frozenset((names[i], names[j])) not in left:
            raise SpecError(f"{key} is there twice, or is an asset with itself")
        left.remove(frozenset((names[i], names[j])))
        found[i, j] = found[j, i] = _number(key, number)
    if left:
        missing = ", ".join(sorted(":".join(n for n in names if n in pair) for pair in left))
        raise SpecError(f"needs {missing}: a correlation that is not known is not zero")
    _possible(found, names)
    return found


def factor(correlations: Array) -> Array:
    """L, lower triangular, with ``L Lᵀ`` the correlations; they may be singular."""
    n = len(correlations)
    lower = np.zeros((n, n))
    for j in range(n):
        rest = correlations[j:, j] - lower[j:, :j] @ lower[j, :j]
        if rest[0] > ROUNDING:
            lower[j:, j] = rest / np.sqrt(rest[0])
    return lower


def _places(key: Any, names: Sequence[str]) -> tuple[int, int]:
    pair = str(key).split(":")
    for name in pair:
        if name not in names:
            near = did_you_mean(name, names)
            raise SpecError(f"{key!r:.80} must name two of {', '.join(names)}{near}")
    if len(pair) != 2:  # noqa: PLR2004 - a pair
        raise SpecError(f"{key!r:.80} must name two assets, like 'WETH:WBTC'")
    return names.index(pair[0]), names.index(pair[1])


def _number(key: str, number: Any) -> float:
    real = isinstance(number, int | float | np.number) and not isinstance(number, bool)
    if not real or not -1 <= number <= 1:
        raise SpecError(f"{key} must be a number from −1 to 1, not {number!r:.80}")
    return float(number)


def _possible(correlations: Array, names: Sequence[str]) -> None:
    """Refuse a matrix with a negative eigenvalue, naming the pair that makes it so the most."""
    least = np.linalg.eigvalsh(correlations)[0]
    if least >= -ROUNDING * len(names):
        return
    i, j = blamed_pair(correlations, names)
    pair = f"{names[i]}:{names[j]} = {correlations[i, j]:g}"
    reason = f"no prices are correlated so (the matrix has the eigenvalue {least:.3g})"
    raise SpecError(f"{reason}: {pair} does not fit the others")
